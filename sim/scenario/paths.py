"""What moves over time without an event: parameters and facts of economies with dated points.

    paths:
      adoption.internet_closing: {2025-01: 0.04, 2030-01: 0.08}
      economies.group:eu.income_growth: {2026-01: 0.02}

Between two points a path is linear, before the first and after the last one flat. A parameter may
move if the model reads it month by month; of facts of an economy the selector that names fewest
economies counts.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sim.errors import OutOfRange, SchemaError
from sim.scenario.check import show, unknown
from sim.scenario.draft import Draft, Place
from sim.scenario.economies import at_place, read_economies
from sim.scenario.quantity import Lever
from sim.scenario.schema import MONTH
from sim.scenario.yaml_lines import Raw

#: Parameters that are read month by month; `sim.world.paths` says by whom.
MOVABLE = ("adoption.internet_closing",)
ECONOMIES = "economies."


class Fact(NamedTuple):
    """A fact of an economy that may move."""

    unit: str
    low: float
    high: float


FACTS = {
    "online": Fact("fraction of people", 0.0, 1.0),
    "income_growth": Fact("1 per year", -0.5, 0.5),
}


def split_fact(path: str) -> tuple[str, str] | None:
    """(selector, fact) of a path of economies, None for one of a parameter."""
    if not path.startswith(ECONOMIES):
        return None
    selector, _, fact = path.removeprefix(ECONOMIES).rpartition(".")
    return selector, fact


def put_path(draft: Draft, path: str, raw: Raw, place: Place) -> None:
    """Add or replace a path, or take an inherited one away (nothing is said of it)."""
    doc, key = place
    if raw is None:
        if path not in draft.paths:
            raise unknown(path, draft.paths, doc, key, "path to take away")
        del draft.paths[path], draft.places[f"paths.{path}"]
        return
    if not isinstance(raw, dict) or not raw:
        hint = "Write {2026-01: 0.08, 2030-01: 0.14}"
        message = f"expected months with values, found {show(raw) if raw != {} else 'nothing'}"
        raise doc.error(SchemaError, message, key, hint)
    for month, value in raw.items():
        if not re.fullmatch(MONTH, month):
            message = f"expected a month such as 2026-07, found {show(month)}"
            raise doc.error(SchemaError, message, (*key, month))
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            message = f"expected a number, found {show(value)}"
            raise doc.error(SchemaError, message, (*key, month))
    draft.paths[path] = {month: float(raw[month]) for month in sorted(raw)}
    draft.places[f"paths.{path}"] = place


def check_paths(draft: Draft) -> None:
    """Every path is of something that may move, and stays in its range. Raises InputError kinds."""
    facts: dict[str, dict[str, dict[str, float]]] = {}
    for path, points in draft.paths.items():
        place = draft.places[f"paths.{path}"]
        found = split_fact(path)
        if found is None:
            low, high, allowed = _parameter(draft, path, place)
        else:
            selector, fact = found
            low, high, allowed = _fact(selector, fact, place)
            facts.setdefault(fact, {})[selector] = points
        for month, value in points.items():
            if not low <= value <= high:
                key = (*place.key, month)
                message = f"{value:g} is outside the range of {path}"
                raise place.doc.error(OutOfRange, message, key, allowed)
    for fact, said in facts.items():
        rivals = read_economies().rivals(said)
        if rivals is not None:
            places = [draft.places[f"paths.{ECONOMIES}{name}.{fact}"] for name in rivals]
            doc, key = max(places, key=lambda place: place.doc.line(place.key))
            message = f"{rivals[0]} and {rivals[1]} name the same economies with different values"
            raise doc.error(SchemaError, message, key, "Keep one of them")


def _parameter(draft: Draft, path: str, place: Place) -> tuple[float, float, str]:
    quantity = draft.quantities.get(path)
    if quantity is None:
        legal = {*MOVABLE, *(f"{ECONOMIES}KEN.{fact}" for fact in FACTS)}
        raise unknown(path, legal, *place, "path")
    if isinstance(quantity, Lever):
        hint = f"Write an event: {{on: ..., lever: {path}, to: ...}}"
        raise place.doc.error(SchemaError, f"{path} is a lever, which events move", place.key, hint)
    if path not in MOVABLE:
        facts = ", ".join(f"{ECONOMIES}<selector>.{fact}" for fact in FACTS)
        message = f"the model reads {path} as one number for all months"
        hint = f"May move: {', '.join(MOVABLE)}, {facts}"
        raise place.doc.error(SchemaError, message, place.key, hint)
    return (*quantity.range, quantity.allowed())


def _fact(selector: str, fact: str, place: Place) -> tuple[float, float, str]:
    if fact not in FACTS:
        raise unknown(fact, FACTS, *place, "fact of an economy that may move")
    with at_place(*place):
        read_economies().select([selector])
    unit, low, high = FACTS[fact]
    return low, high, f"Allowed: {low:g} to {high:g} ({unit})"
