"""Lays segments, offerings and tasks of a file over a draft; one that is `like` another copies it.

`like: NAME` takes everything from a block of the same kind, of this file or of one below; what is
said beside it counts instead. A copied segment takes the constants, sizes and so on that others
have for it; bans and events of the one it copies are not copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.errors import OutsideHorizon, SchemaError
from sim.scenario.bans import declare_bans
from sim.scenario.change import merge_block
from sim.scenario.check import show, unknown
from sim.scenario.draft import FACTS, KINDS, Draft, Kind, Place, check_name
from sim.scenario.parts import BY_SEGMENT
from sim.scenario.schema import NEVER
from sim.scenario.segments import remove_block
from sim.scenario.tasks import seat_task
from sim.scenario.yaml_lines import Document, Raw

LIKE = "like"


def lay_blocks(draft: Draft, said: Mapping[Kind, Mapping[str, Raw]], doc: Document) -> None:
    """Add, change, copy and remove the blocks that a file names, in any order of its own; axes keep
    the order of the file. Raises SchemaError, UnknownKey and others.
    """
    for kind in KINDS:
        for name in said[kind]:
            check_name(kind, name, Place(doc, (kind, name)))
    copied: dict[str, str] = {}
    for kind in KINDS:
        before = list(getattr(draft, kind))
        for name in _sources_first(draft, kind, said[kind], doc):
            source = _lay(draft, kind, name, said[kind][name], doc)
            if kind == "segments" and source is not None:
                copied[name] = source
        _restore_order(draft, kind, before, said[kind], doc)
        _copy_by_segment(draft, copied)
    _check_launches(draft, said["offerings"], doc)
    declare_bans(draft)


def _lay(draft: Draft, kind: Kind, name: str, raw: Raw, doc: Document) -> str | None:
    """One block; the name of the block it copies, if it does."""
    place = Place(doc, (kind, name))
    if raw is None and doc is not draft.base:
        remove_block(draft, kind, name, place)
        return None
    source: str | None = _source(raw)
    if source is not None:
        _copy(draft, kind, source, name, place)
        rest = {key: value for key, value in raw.items() if key != LIKE}
        merge_block(draft, kind, name, rest, place)
    elif name in getattr(draft, kind):
        merge_block(draft, kind, name, raw, place)
    else:
        draft.put_block(kind, name, raw, doc)
    return source


def _check_launches(draft: Draft, said: Mapping[str, Raw], doc: Document) -> None:
    """Raise OutsideHorizon for a launch after the last month of the file that says it; a scenario
    over it that ends earlier does without.
    """
    end = draft.span.end
    for name, raw in said.items():
        if isinstance(raw, dict) and "from" in raw:
            for month in draft.offerings[name].launches.values():
                if month != NEVER and month > end:
                    message = f"the launch in {month} comes after the last month, {end}"
                    hint = "Launch it earlier, let the horizon end later, or leave the offering out"
                    raise doc.error(OutsideHorizon, message, ("offerings", name, "from"), hint)


def _source(raw: Raw) -> Any:  # noqa: ANN401 - whatever stands there
    return raw.get(LIKE) if isinstance(raw, dict) else None


def _sources_first(draft: Draft, kind: Kind, blocks: Mapping[str, Raw], doc: Document) -> list[str]:
    """Names of blocks, each after the one it copies. Raises SchemaError for a circle, UnknownKey
    for one that is not there.
    """
    found: dict[str, None] = {}

    def visit(name: str, trail: tuple[str, ...]) -> None:
        key, source = (kind, name, LIKE), _source(blocks[name])
        if source is not None:
            if not isinstance(source, str):
                message = f"expected the name of one of the {kind}, found {show(source)}"
                raise doc.error(SchemaError, message, key, "Write like: NAME")
            if source in (name, *trail):
                circle = " -> ".join(
                    [*trail[trail.index(source) :], name, source]
                    if source in trail
                    else [name, source]
                )
                hint = "Let one of them stand without like"
                raise doc.error(SchemaError, f"{kind} copy each other: {circle}", key, hint)
            legal = {*getattr(draft, kind), *blocks} - {n for n, b in blocks.items() if b is None}
            if source not in legal:
                raise unknown(source, legal - {name}, doc, key, kind.removesuffix("s"))
            if source in blocks and source not in found:
                visit(source, (*trail, name))
        found.setdefault(name)

    for name in blocks:
        if name not in found:
            visit(name, ())
    return list(found)


def _copy(draft: Draft, kind: Kind, source: str, name: str, place: Place) -> None:
    there: dict[str, Any] = getattr(draft, kind)
    old, path = there[source], f"{kind}.{name}."
    own: dict[str, Any] = {"label": f"{old.label} ({name})"}
    if kind == "offerings":
        own["launches_of"] = old.launches_of or source
    there[name] = old.model_copy(update=own)
    draft.drop([other for other in draft.quantities if other.startswith(path)])
    draft.places[f"{kind}.{name}"] = place
    start = f"{kind}.{source}."
    for other, quantity in list(draft.quantities.items()):
        if other.startswith(start):
            draft.quantities[path + other.removeprefix(start)] = quantity
            draft.places[path + other.removeprefix(start)] = place


def _copy_by_segment(draft: Draft, copied: Mapping[str, str]) -> None:
    """What others say of the segment that a new one copies, where they do not speak of it."""
    for new, source in copied.items():
        for kind in KINDS:
            nested = BY_SEGMENT.get(FACTS[kind])
            for owner in getattr(draft, kind) if nested else ():
                path = f"{kind}.{owner}.{nested}"
                theirs = draft.quantities.get(f"{path}.{source}")
                if theirs is not None and f"{path}.{new}" not in draft.quantities:
                    draft.quantities[f"{path}.{new}"] = theirs
                    draft.places[f"{path}.{new}"] = draft.places[f"segments.{new}"]


def _restore_order(
    draft: Draft, kind: Kind, before: list[str], said: Mapping[str, Raw], doc: Document
) -> None:
    """What was there first, then what is new in the order of the file; a task by its threshold."""
    there: dict[str, Any] = getattr(draft, kind)
    new = [name for name in said if name in there and name not in before]
    setattr(draft, kind, {n: there[n] for n in [*(b for b in before if b in there), *new]})
    if kind == "tasks" and doc is not draft.base:
        for name in new:
            seat_task(draft, name)
