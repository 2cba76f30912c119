"""The report: one HTML file about one run or several, complete in itself, for people to pass on.

``sim.report.write.write_report`` makes it. The file opens from disk, asks the network for nothing,
and is the same bytes for the same run folders.
"""
