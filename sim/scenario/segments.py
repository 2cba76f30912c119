"""What stands elsewhere in a scenario for a segment's sake, when one is added or removed.

Bans of a bloc's services stand with the levers, and every offering has a taste constant for each
segment.
"""

from __future__ import annotations

from typing import Any

from sim.errors import SchemaError
from sim.scenario.bans import ban_path, forget_bans
from sim.scenario.check import show, unknown
from sim.scenario.draft import Draft, Kind, Place
from sim.scenario.schema import BLOCS
from sim.scenario.yaml_lines import Raw


def remove_block(draft: Draft, kind: Kind, name: str, place: Place) -> None:
    """Take away a segment or an offering with all that belongs to it. Raises UnknownKey."""
    there: dict[str, Any] = getattr(draft, kind)
    if name not in there:
        raise unknown(name, there, *place, kind.removesuffix("s"))
    del there[name], draft.places[f"{kind}.{name}"]
    draft.drop(path for path in draft.quantities if path.startswith(f"{kind}.{name}."))
    if kind == "segments":
        each = {f"offerings.{offering}.constant.{name}" for offering in draft.offerings}
        each |= {f"tasks.{task}.size.{name}" for task in draft.tasks}
        draft.drop(each & set(draft.quantities))
        bans = [ban_path(other, name) for other in (*BLOCS, *draft.offerings)]
        forget_bans(draft, bans, f"segment '{name}'", place)
    elif kind == "offerings":
        bans = [ban_path(name, segment) for segment in draft.segments]
        forget_bans(draft, bans, f"offering '{name}'", place)


def check_needed(draft: Draft, path: str, raw: Raw, place: Place) -> None:
    """A path that is not there may be added if a new segment lacks it, and only whole.

    Raises UnknownKey, SchemaError.
    """
    doc, key = place
    group, owner, block, segment, *_ = [*path.split(".", 3), "", "", ""]
    known = owner in {**draft.offerings, **draft.tasks} and segment in draft.segments
    if (group, block) not in (("offerings", "constant"), ("tasks", "size")) or not known:
        raise unknown(path, draft.quantities, doc, key, "path")
    if not isinstance(raw, dict):
        hint = "Write {value: ..., unit: ..., range: [lo, hi], source: ..., confidence: ...,"
        message = f"new with the segment '{segment}': expected a quantity, found {show(raw)}"
        raise doc.error(SchemaError, message, key, f"{hint} evidence: ...}}")


def check_segments(draft: Draft) -> None:
    """A layer that adds a segment must say what it thinks of the offerings that are there, and how
    much of its work each task is. Raises SchemaError.
    """
    blocks = [(f"offerings.{name}", "constant") for name in draft.offerings]
    blocks += [(f"tasks.{name}", "size") for name in draft.tasks]
    for segment in draft.segments:
        doc, key = draft.places[f"segments.{segment}"]
        if doc is draft.base:
            continue
        for owner, block in blocks:
            path, inherited = f"{owner}.{block}", draft.places[owner].doc is draft.base
            if inherited and f"{path}.{segment}" not in draft.quantities:
                hint = f"Set {path}.{segment} as a whole quantity"
                raise doc.error(SchemaError, f"'{segment}' is missing in {path}", key, hint)
