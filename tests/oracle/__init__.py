"""The oracle: a plain NumPy reading of the month that judges the engine and the Mesa model.

It is written for clarity and shares with them only the formulas of `sim.equations` and the numbers
of a setting. Order and bookkeeping are its own: a class each for the world's supply, for what an
economy thinks of an offering, for an economy, and for the world. Read `oracle.world` first.
"""
