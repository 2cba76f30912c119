"""Copies of a resolved scenario that differ in some quantities; nothing else moves."""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.change import changed
from sim.scenario.draft import Place
from sim.scenario.quantity import Quantity
from sim.scenario.resolved import Resolved
from sim.scenario.yaml_lines import Document


def with_values(resolved: Resolved, values: Mapping[str, float]) -> Resolved:
    """The scenario with these quantities fixed: no draw is left on them. Raises OutOfRange."""
    known = resolved.quantities
    doc = Document(None, {}, "design", numbered=False)
    fixed = {
        path: changed(known[path], {"value": value, "fix": True}, Place(doc, (path,)))
        for path, value in values.items()
    }
    return with_quantities(resolved, fixed)


def with_quantities(resolved: Resolved, quantities: Mapping[str, Quantity]) -> Resolved:
    """The scenario with these quantities, by path, in the place of its own."""
    return resolved.model_copy(update={"quantities": resolved.quantities | dict(quantities)})


def without_offering(resolved: Resolved, name: str) -> Resolved:
    """The scenario without one of its offerings and the quantities that belong to it."""
    owners = (f"offerings.{name}.", f"ban.{name}.")
    update = {
        "offerings": {key: o for key, o in resolved.offerings.items() if key != name},
        "quantities": {p: q for p, q in resolved.quantities.items() if not p.startswith(owners)},
    }
    return resolved.model_copy(update=update)
