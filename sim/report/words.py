"""What a scenario changes, in plain words, from the difference of two resolved scenarios."""

from __future__ import annotations

from sim.scenario import Event, Quantity, Resolved
from sim.scenario.diff import Difference, differences

MOST = 60  # sentences; a report is no diff


def sentences(base: Resolved, other: Resolved) -> list[str]:
    """A sentence for every difference, events first; empty for the same world.

    Beyond ``MOST`` the last sentence says how many are left out and which command lists them.
    """
    found = [*_events(base, other), *_values(base, other)]
    if len(found) > MOST:
        left = len(found) - MOST
        found = [*found[:MOST], f"And {left} more; spheres diff lists all of them."]
    return found


def _events(base: Resolved, other: Resolved) -> list[str]:
    added = [event for event in other.events if event not in base.events]
    gone = [event for event in base.events if event not in other.events]
    return [_set(event, other) for event in added] + [
        f"Dropped: {_lower(_set(event, base))}" for event in gone
    ]


def _set(event: Event, scenario: Resolved) -> str:
    lever = scenario.levers[event.lever]
    until = f" until {_month(event.until)}" if event.until else " on"
    where = "" if event.economies is None else f" in {', '.join(event.economies)}"
    unit = "" if lever.unit == "1" else f" {lever.unit}"
    label = f" ({event.label})" if event.label else ""
    return (
        f"From {_month(event.on)}{until}, {words(event.lever)} {_does(event, unit)}{where}{label};"
        f" without any event it is {lever.value:g}."
    )


def _does(event: Event, unit: str) -> str:
    if event.times is not None:
        return f"is {event.times:g} times what it would be"
    if event.add is not None:
        return f"is {event.add:+g}{unit} against what it would be"
    return f"is {event.to:g}{unit}"


def _values(base: Resolved, other: Resolved) -> list[str]:
    left, right = base.quantities, other.quantities
    found = []
    for item in differences(base, other):
        if item.path.startswith("events."):
            continue
        one, two = left.get(item.path), right.get(item.path)
        found.append(_quantity(item, one, two) if one and two else _plain(item))
    return found


def _quantity(item: Difference, one: Quantity, two: Quantity) -> str:
    unit = "" if two.unit == "1" else f" {two.unit}"
    if one.value != two.value:
        return f"{_upper(words(item.path))} is {two.value:g}{unit} instead of {one.value:g}."
    return f"{_upper(words(item.path))} keeps its value; what is said of it: {item.b or 'nothing'}."


def _plain(item: Difference) -> str:
    if not item.a:
        return f"Added: {words(item.path)}, {item.b}."
    if not item.b:
        return f"Taken away: {words(item.path)} (it was {item.a})."
    return f"{_upper(words(item.path))} is {item.b} instead of {item.a}."


def words(path: str) -> str:
    """A dotted path as words, with the path itself, which is what files and commands call it."""
    parts = [part.replace("_", " ") for part in path.split(".")]
    return f"{' / '.join(parts)} [{path}]"


def _month(label: str) -> str:
    names = (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    )  # fmt: skip
    year, month = label.split("-")
    return f"{names[int(month) - 1]} {year}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
