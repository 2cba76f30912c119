"""The Mesa model: one run, readable; the reference for the ensemble engine."""
