"""What can be moved on the page: every lever and every uncertainty, with what is known about it."""

from __future__ import annotations

import math
from typing import Any

from sim.charts.palette import BLOC_COLOURS, BLOC_LABELS, NO_ADOPTION, offering_colours
from sim.scenario import Lever, Quantity, Resolved
from sim.scenario.economies import read_economies
from sim.scenario.layers import read_layer, shipped_names
from sim.scenario.levers import in_effect
from sim.scenario.schema import PolicyFile, month_index
from sim.web.scenario_runs import ScenarioRuns
from sim.web.selection import Selection, resolve
from sim.web.view_data import group_names

_SHORT = {"us": "US", "cn": "China", "api": "API", "gdp": "GDP", "rnd": "R&D", "usd": "USD"}
_WIDE = 60.0  # a range of more is too coarse for a slider


def library() -> dict[str, Any]:
    """Scenarios and policies that ship: name, what it says."""
    found: dict[str, list[dict[str, str]]] = {"scenarios": [], "policies": []}
    for name, path in shipped_names().items():
        file = read_layer(path).file
        kind = "policies" if isinstance(file, PolicyFile) else "scenarios"
        found[kind].append({"name": name, "says": file.narrative})
    return found


def describe(selection: Selection, runs: ScenarioRuns) -> dict[str, Any]:
    """The scenario before any move: its axes, and everything that can be moved."""
    before = resolve(selection.model_copy(update={"moves": ()}))
    horizon = before.horizon
    return {
        "name": before.name,
        "narrative": before.narrative,
        "months": [horizon.label(t) for t in range(horizon.n_months)],
        "start": _after_the_known(before),
        "segments": [{"name": n, "label": s.label} for n, s in before.segments.items()],
        "offerings": _offerings(before),
        "blocs": [
            {"name": n, "label": label, "colour": BLOC_COLOURS[n]}
            for n, label in BLOC_LABELS.items()
        ],
        "no_use": NO_ADOPTION,
        "groups": group_names(runs),
        "economies": {iso3: read_economies().rows[iso3]["name"] for iso3 in runs.world.iso3},
        "quantities": [_entry(before, path, q) for path, q in before.quantities.items()],
        "selectors": selectors(),
        "warnings": list(before.warnings),
    }


def selectors() -> list[dict[str, str]]:
    """Groups of economies that a lever can be moved in: regions, income groups, memberships."""
    table = read_economies()
    kinds = (("region", "region"), ("income", "income_group"))
    found = []
    for kind, column in kinds:
        names = sorted({row[column] for row in table.rows.values()} - {""})
        found += [{"value": f"{kind}:{name}", "label": f"in {kind} {name}"} for name in names]
    found += [{"value": f"group:{g}", "label": f"in group {g}"} for g in table.groups()]
    found += [{"value": code, "label": f"in {row['name']}"} for code, row in table.rows.items()]
    return found


def _offerings(resolved: Resolved) -> list[dict[str, str]]:
    """In stacking order."""
    colours = offering_colours(resolved.offerings)
    return [
        {"name": name, "label": resolved.offerings[name].label, "colour": colour}
        for name, colour in colours.items()
    ]


def _after_the_known(resolved: Resolved) -> str:
    """The month after the last dated event: the first that a policy can still change."""
    months = [month_index(event.on) for event in resolved.events]
    horizon = resolved.horizon
    last = max(months, default=horizon.start) - horizon.start
    return horizon.label(min(last + 1, horizon.n_months - 1))


def _entry(resolved: Resolved, path: str, quantity: Quantity) -> dict[str, Any]:
    source = resolved.sources.get(quantity.source)
    low, high = slider(quantity)
    lever = isinstance(quantity, Lever)
    return {
        "path": path,
        "label": label(path),
        "kind": "lever" if lever else "uncertainty",
        "scope": quantity.scope if isinstance(quantity, Lever) else "world",
        "unit": quantity.unit,
        "value": quantity.value,
        "now": _last_value(resolved, path) if lever else quantity.value,
        "range": list(quantity.range),
        "slider": [low, high],
        "log": low > 0 and high / low > _WIDE,
        "draw": None if quantity.draw is None else f"{quantity.draw.kind} {quantity.draw.scale:g}",
        "source": quantity.source if source is None else source.title,
        "confidence": quantity.confidence,
        "evidence": quantity.evidence,
        "note": quantity.note,
    }


def label(path: str) -> str:
    """A path as words: `us.chip_controls.tightness` -> `US chip controls: tightness`."""
    group, _, leaf = path.rpartition(".")
    words = " ".join(
        _SHORT.get(word, word) for word in group.replace("_", " ").replace(".", " ").split()
    )
    last = " ".join(_SHORT.get(word, word) for word in leaf.replace("_", " ").split())
    text = f"{words}: {last}" if words else last
    return text[:1].upper() + text[1:]


def _last_value(resolved: Resolved, path: str) -> float:
    """A lever's value after all events that last and hold everywhere."""
    value = resolved.levers[path].value
    for _, event in in_effect(resolved.events):
        if event.lever == path and event.until is None and event.economies is None:
            value = float(event.changed(value))
    return value


def slider(quantity: Quantity) -> tuple[float, float]:
    """The part of the legal range that a slider spans; a field beside it takes all of it."""
    low, high = quantity.range
    value, draw = quantity.value, quantity.draw
    if draw is not None and draw.kind == "normal":
        return max(low, value - 4 * draw.scale), min(high, value + 4 * draw.scale)
    if draw is not None and draw.kind == "lognormal":
        reach = math.exp(4 * draw.scale)
        return max(low, value / reach), min(high, value * reach)
    if high - low <= _WIDE or value == 0:
        return low, high
    near, far = sorted((value / 10, value * 10))
    return max(low, near), min(high, far)
