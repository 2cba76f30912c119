"""Designs, execution, storage and resumption of runs."""
