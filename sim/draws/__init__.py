"""All randomness of a run: named, keyed, counter-based streams."""
