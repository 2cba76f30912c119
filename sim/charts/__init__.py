"""Charts: a table in, Axes out, nothing shown and no global state touched.

Every chart is a function of tables in the shape of the run folder (``sim.charts.tables``) and
draws on the Axes or Figure it is given. ``sim.charts.registry`` lists them,
``sim.charts.save.save_all`` draws them all for a run folder. Colours come from
``sim.charts.palette`` only, so that an offering looks the same in every chart.
"""
