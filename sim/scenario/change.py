"""Changes a quantity or an offering in part; what is not said stays as it was."""

from __future__ import annotations

from typing import Any

from sim.errors import SchemaError, UnitMismatch
from sim.scenario.check import check, expect_mapping, show, unknown
from sim.scenario.draft import Draft, Place
from sim.scenario.quantity import Lever, Quantity
from sim.scenario.schema import Offering, OfferingFacts, QuantityPart
from sim.scenario.yaml_lines import Raw


def changed(old: Quantity, raw: Raw, place: Place) -> Quantity:
    """``old`` with a new centre (a number) or new parts (a mapping).

    Raises UnitMismatch, OutOfRange, UnknownKey, SchemaError.
    """
    doc, key = place
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        raw = {"value": raw}
    if not isinstance(raw, dict) or not raw:
        hint = "Write a number, {value: ..., unit: ...} or {fix: true}"
        raise doc.error(
            SchemaError, f"expected a number or a mapping, found {show(raw)}", key, hint
        )
    check(QuantityPart, raw, doc, key)
    unit = raw.get("unit", old.unit)
    if unit != old.unit:
        hint = f"Convert the value to {old.unit}"
        message = f"the unit '{unit}' is not '{old.unit}'"
        raise doc.error(UnitMismatch, message, (*key, "unit"), hint)
    whole = old.model_dump(mode="json")
    if raw.get("draw") is not None and "fix" not in raw:
        whole["fix"] = False
    model = Lever if isinstance(old, Lever) else Quantity
    return check(model, {**whole, **raw}, doc, key)


def merge_offering(draft: Draft, name: str, raw: Raw, place: Place) -> None:
    """Lay a block over an offering that is there: facts, attributes and constants it names.

    A quantity that the offering has may be a number or parts of one; a new one must be whole.
    Raises SchemaError, UnknownKey, UnitMismatch, OutOfRange.
    """
    doc, key = place
    block, old = expect_mapping(raw, doc, key), draft.offerings[name]
    legal = OfferingFacts.model_fields
    said = {k: v for k, v in block.items() if k in legal}
    facts = check(OfferingFacts, {**{k: getattr(old, k) for k in legal}, **said}, doc, key)
    rest = {k: v for k, v in block.items() if k not in legal and k != "constant"}
    for k, v in rest.items():
        if k not in old.attributes and not isinstance(v, dict):
            raise unknown(k, {*legal, "constant", *old.attributes}, doc, (*key, k), "key")
    here = Place(doc, (*key, "constant"))
    taste = expect_mapping(block.get("constant"), doc, here.key)
    attributes = _merged(draft, old.attributes, rest, place)
    constant = _merged(draft, old.constant, taste, here)
    draft.offerings[name] = Offering(
        **dict(facts),
        attributes=old.attributes | attributes,
        constant=old.constant | constant,
    )
    draft.note(f"offerings.{name}", attributes, place)
    draft.note(f"offerings.{name}.constant", constant, here)


def _merged(
    draft: Draft, old: dict[str, Quantity], block: dict[str, Any], place: Place
) -> dict[str, Quantity]:
    """The quantities that ``block`` changes or adds, their sources cited."""
    doc, key = place
    found = {}
    for name, raw in block.items():
        here = (*key, name)
        known = name in old
        found[name] = (
            changed(old[name], raw, Place(doc, here)) if known else check(Quantity, raw, doc, here)
        )
    draft.cite_all(found, place)
    return found
