"""Copies of a resolved scenario that differ in some quantities; nothing else moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario.change import changed
from sim.scenario.draft import Place
from sim.scenario.quantity import Lever, Quantity
from sim.scenario.resolved import Resolved
from sim.scenario.yaml_lines import Document


def with_values(resolved: Resolved, values: Mapping[str, float]) -> Resolved:
    """The scenario with these quantities fixed: no draw is left on them. Raises OutOfRange."""
    known = resolved.quantities()
    doc = Document(None, {}, "design", numbered=False)
    fixed = {
        path: changed(known[path], {"value": value, "fix": True}, Place(doc, (path,)))
        for path, value in values.items()
    }
    return with_quantities(resolved, fixed)


def with_quantities(resolved: Resolved, quantities: Mapping[str, Quantity]) -> Resolved:
    """The scenario with these quantities, by flat path, in the place of its own."""
    update: dict[str, Any] = {
        "parameters": dict(resolved.parameters),
        "levers": dict(resolved.levers),
        "segments": dict(resolved.segments),
        "offerings": dict(resolved.offerings),
    }
    for path, new in quantities.items():
        _put(update, path, new)
    return resolved.model_copy(update=update)


def _put(parts: dict[str, Any], path: str, new: Quantity) -> None:
    """Replace one quantity by its flat path."""
    group, *rest = path.split(".")
    if path in parts["parameters"] or path in parts["levers"]:
        parts["levers" if isinstance(new, Lever) else "parameters"][path] = new
        return
    block = "constant" if rest[1] == "constant" else "attributes"
    owner = parts[group][rest[0]]
    inner = {**getattr(owner, block), rest[-1]: new}
    parts[group][rest[0]] = owner.model_copy(update={block: inner})
