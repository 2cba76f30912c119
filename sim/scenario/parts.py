"""Reads the nested parts of a file: trees of quantities, offerings, segments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from sim.errors import SchemaError, nearest
from sim.scenario.check import check, expect_mapping, show, unknown
from sim.scenario.quantity import Frozen, Quantity
from sim.scenario.schema import Offering, Segment, Task
from sim.scenario.yaml_lines import Document, Key, Raw, dotted

#: The block of an offering or a task that has a quantity for each segment.
BY_SEGMENT: dict[type[Frozen], str] = {Offering: "constant", Task: "size"}
#: Path, quantity, and where it is said.
type Leaf[Q: Quantity] = tuple[str, Q, Key]


def read_tree[Q: Quantity](
    raw: Raw, model: type[Q], doc: Document, key: Key, prefix: str = ""
) -> Iterator[Leaf[Q]]:
    """Every leaf of a nested block.

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


def read_block[F: Frozen](
    raw: Raw, facts: type[F], doc: Document, key: Key
) -> tuple[F, list[Leaf[Quantity]]]:
    """A segment or an offering: the facts it must state, and its quantities by the rest of
    their path. Every key that is no fact is an attribute; an offering has constants as well.
    """
    block = expect_mapping(raw, doc, key)
    if facts is Segment and not isinstance(block.get("label"), str):
        raise doc.error(SchemaError, "the key 'label' is missing or not text", key, "Add it")
    nested = BY_SEGMENT.get(facts)
    legal = set(facts.model_fields) | ({nested} if nested else set())
    leaves: list[Leaf[Quantity]] = []
    for name, node in block.items():
        if name not in legal:
            if not isinstance(node, dict):
                raise unknown(name, legal, doc, (*key, name), "key")
            leaves.append((name, check(Quantity, node, doc, (*key, name)), (*key, name)))
    said = {name: node for name, node in block.items() if name in facts.model_fields}
    known = check(facts, said, doc, key)
    if nested:
        if block.get(nested) is None:
            raise doc.error(SchemaError, f"the key '{nested}' is missing", key, "Add it")
        here = (*key, nested)
        for name, each, _ in read_tree(block[nested], Quantity, doc, here):
            leaves.append((f"{nested}.{name}", each, (*here, name)))
    return known, leaves


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
