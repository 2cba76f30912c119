"""Reads the nested parts of a file: trees of quantities, offerings, segments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from sim.errors import SchemaError, nearest
from sim.scenario.check import check, expect_mapping, show, unknown
from sim.scenario.quantity import Quantity, plain
from sim.scenario.schema import Offering, OfferingFacts, Segment
from sim.scenario.yaml_lines import Document, Key, Raw, dotted

Q = TypeVar("Q", bound=Quantity)


def read_tree[Q: Quantity](
    raw: Raw, model: type[Q], doc: Document, key: Key, prefix: str = ""
) -> Iterator[tuple[str, Q, Key]]:
    """Flat path, quantity and place of every leaf of a nested block.

    A mapping that holds anything but mappings is a leaf.
    """
    for name, node in expect_mapping(raw, doc, key).items():
        here, path = (*key, name), f"{prefix}{name}"
        if not isinstance(node, dict) or not node:
            hint = "A quantity is {value: ..., unit: ..., range: [lo, hi], source: ..., ...}"
            message = f"expected a quantity or a group of quantities, found {show(node)}"
            raise doc.error(SchemaError, message, here, hint)
        if any(not isinstance(child, dict) for child in node.values()):
            yield path, check(model, node, doc, here), here
        else:
            yield from read_tree(node, model, doc, here, f"{path}.")


def read_offering(raw: Raw, doc: Document, key: Key) -> Offering:
    """One offering: the facts it must state; every other key is an attribute."""
    block = expect_mapping(raw, doc, key)
    legal = {*OfferingFacts.model_fields, "constant"}
    facts = {name: value for name, value in block.items() if name in legal}
    taste = facts.pop("constant", None)
    attributes = _read_attributes(block, legal, doc, key)
    known = check(OfferingFacts, facts, doc, key)
    if taste is None:
        raise doc.error(SchemaError, "the key 'constant' is missing", key, "Add it")
    here: Key = (*key, "constant")
    constant = {path: q for path, q, _ in read_tree(taste, Quantity, doc, here)}
    return Offering(**dict(known), attributes=attributes, constant=constant)


def read_segment(raw: Raw, doc: Document, key: Key) -> Segment:
    """One segment: a label; every other key is an attribute."""
    block = expect_mapping(raw, doc, key)
    if not isinstance(block.get("label"), str):
        raise doc.error(SchemaError, "the key 'label' is missing or not text", key, "Add it")
    attributes = _read_attributes(block, {"label"}, doc, key)
    return Segment(label=block["label"], attributes=attributes)


def _read_attributes(
    block: dict[str, Any], legal: set[str], doc: Document, key: Key
) -> dict[str, Quantity]:
    attributes: dict[str, Quantity] = {}
    for name, node in block.items():
        if name in legal:
            continue
        if not isinstance(node, dict):
            raise unknown(name, legal, doc, (*key, name), "key")
        attributes[name] = check(Quantity, node, doc, (*key, name))
    return attributes


def check_same_keys(
    blocks: Mapping[str, Mapping[str, Quantity]],
    places: Mapping[str, tuple[Document, Key]],
    expected: set[str] | None = None,
) -> None:
    """Every block must have the same keys. Raises UnknownKey or SchemaError at the odd one out.

    Expected are the given keys, or else those that at least half of the blocks have.
    """
    if expected is None:
        counts = Counter(name for block in blocks.values() for name in block)
        expected = {name for name, n in counts.items() if 2 * n >= len(blocks)}
    for owner, block in blocks.items():
        doc, key = places[owner]
        for name in block:
            if name not in expected:
                raise unknown(name, expected, doc, (*key, name), "key")
        for name in sorted(expected - set(block)):
            hint = nearest(name, block) or "The others have it; add it here"
            message = f"'{name}' is missing in {dotted(key)}"
            raise doc.error(SchemaError, message, (*key, name), hint)


def offering_block(offering: Offering) -> dict[str, Any]:
    """An offering as a file says it."""
    block = plain(offering)
    attributes = block.pop("attributes", {})
    constant = block.pop("constant", {})
    return {"origin": {}, **block, **dict(sorted(attributes.items())), "constant": constant}


def segment_block(segment: Segment) -> dict[str, Any]:
    """A segment as a file says it."""
    block = plain(segment)
    return {"label": segment.label, **dict(sorted(block["attributes"].items()))}
