"""One scenario run over replicates: its tables, folder and manifest."""
