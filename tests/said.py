"""Scenarios from a few lines of text, and whether they read back as they were."""

from sim.scenario import load, load_text
from sim.world.pack import check_read

BASELINE = load("baseline")


def said(text, extends="baseline", name="new"):
    """The scenario that says `text` and nothing else; its first line is the fourth of the file."""
    head = f"schema_version: 1\nname: {name}\nextends: {extends}\n"
    return load_text(head + text, "new.yaml")


def kept(resolved):
    """The scenario itself: read back from what it writes it is the same, with nothing unread."""
    again = load_text(resolved.to_yaml(), "again.yaml")
    assert again == resolved
    assert again.hash == resolved.hash
    assert list(again.offerings) == list(resolved.offerings)
    check_read(again)
    return resolved


def event(lever, change, more=""):
    """One event of January 2027, as a line of a list."""
    return f"  - {{on: 2027-01, lever: {lever}, {change}, confidence: assumed{more}}}\n"
