"""The claims ledger, and what the model says to each claim."""
