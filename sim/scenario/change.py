"""Changes a quantity or a block in part; what is not said stays as it was."""

from __future__ import annotations

from typing import Any

from sim.errors import SchemaError, UnitMismatch
from sim.scenario.check import check, expect_mapping, show, unknown
from sim.scenario.draft import FACTS, Draft, Kind, Place
from sim.scenario.parts import BY_SEGMENT
from sim.scenario.quantity import Lever, Quantity, blocks
from sim.scenario.schema import QuantityPart
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


def merge_block(draft: Draft, kind: Kind, name: str, raw: Raw, place: Place) -> None:
    """Lay a block over a segment, an offering or a task that is there: facts, attributes and
    what it says by segment.

    A quantity that it has may be a number or parts of one; a new one must be whole.
    Raises SchemaError, UnknownKey, UnitMismatch, OutOfRange.
    """
    doc, key = place
    model = FACTS[kind]
    there: dict[str, Any] = getattr(draft, kind)
    block, old = expect_mapping(raw, doc, key), there[name]
    legal, nested = model.model_fields, BY_SEGMENT.get(model)
    said = {k: v for k, v in block.items() if k in legal}
    facts = {k: getattr(old, k) for k in legal}
    for one, other in (("only_in", "not_in"), ("not_in", "only_in")):
        if said.get(one) and other not in said:  # where it exists is said anew
            facts[other] = ()
    there[name] = check(model, {**facts, **said}, doc, key)
    path = f"{kind}.{name}"
    draft.places[path] = place
    for k, v in block.items():
        if k in legal or k == nested:
            continue
        if f"{path}.{k}" not in draft.quantities and not isinstance(v, dict):
            has = blocks(draft.quantities)[path]
            raise unknown(k, {*legal, *([nested] if nested else []), *has}, doc, (*key, k), "key")
        put_part(draft, f"{path}.{k}", v, Place(doc, (*key, k)))
    if nested:
        here = (*key, nested)
        for k, v in expect_mapping(block.get(nested), doc, here).items():
            put_part(draft, f"{path}.{nested}.{k}", v, Place(doc, (*here, k)))


def put_part(draft: Draft, path: str, raw: Raw, place: Place) -> None:
    """Set a quantity from what is said of it; one that is new must be whole."""
    old = draft.quantities.get(path)
    new = check(Quantity, raw, *place) if old is None else changed(old, raw, place)
    draft.put(path, new, place)
