"""Whether the two worlds of a claim can be made from a scenario: paths, values, months, places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.claims.claim import Contrast, Setting
from sim.errors import OutsideHorizon, SchemaError
from sim.scenario.check import check_range, unknown
from sim.scenario.economies import at_place, read_economies
from sim.scenario.pattern import expand
from sim.scenario.schema import Structure, month_index
from sim.scenario.yaml_lines import Document, Key

if TYPE_CHECKING:
    from sim.scenario.resolved import Resolved


def check_contrast(contrast: Contrast, resolved: Resolved, doc: Document, key: Key) -> None:
    """Raise UnknownKey, OutOfRange, SchemaError, OutsideHorizon or UnknownEconomy at its line."""
    for side in ("on", "off"):
        for path, value in getattr(contrast, side).items():
            _check_setting(path, value, resolved, doc, (*key, side, path))
    if contrast.start is not None:
        check_month(contrast.start, resolved, doc, (*key, "start"))
    if contrast.economies:
        _check_economies(contrast, resolved, doc, (*key, "economies"))


def check_month(label: str, resolved: Resolved, doc: Document, key: Key) -> None:
    """Raise OutsideHorizon for a month that the scenario does not simulate."""
    t, months = month_index(label) - resolved.horizon.start, resolved.horizon.n_months
    if not 0 <= t < months:
        first, last = resolved.horizon.label(0), resolved.horizon.label(months - 1)
        raise doc.error(OutsideHorizon, f"{label} is not simulated", key, f"{first} to {last}")


def _check_setting(path: str, value: Setting, resolved: Resolved, doc: Document, key: Key) -> None:
    group, _, leaf = path.partition(".")
    if group == "structure":
        if leaf not in Structure.model_fields:
            raise unknown(leaf, Structure.model_fields, doc, key, "structure key")
        return
    if isinstance(value, bool):
        switches = [f"offerings.{name}" for name in resolved.offerings]
        if path not in switches:
            raise unknown(path, switches, doc, key, "switch")
        return
    quantities = resolved.quantities
    found = expand(path, quantities)
    if not found:
        raise unknown(path, quantities, doc, key, "path")
    if isinstance(value, str):
        raise doc.error(SchemaError, f"expected a number, found '{value}'", key)
    for name in found:
        check_range(value, quantities[name], doc, key, name)


def _check_economies(contrast: Contrast, resolved: Resolved, doc: Document, key: Key) -> None:
    for path in (*contrast.on, *contrast.off):
        lever = resolved.levers.get(path)
        if lever is None or lever.scope != "economy":
            raise doc.error(SchemaError, f"'{path}' has no value of single economies", key)
    with at_place(doc, key):
        read_economies().select(contrast.economies)
