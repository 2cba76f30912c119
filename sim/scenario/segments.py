"""What stands elsewhere in a scenario for a segment's sake, when one is added or removed.

Bans of a bloc's services stand with the levers, and every offering has a taste constant for each
segment.
"""

from __future__ import annotations

from typing import Any

from sim.errors import InputError, SchemaError
from sim.scenario.check import show, unknown
from sim.scenario.draft import Draft, Kind, Place
from sim.scenario.schema import BLOCS
from sim.scenario.yaml_lines import Raw

TASKS = ("routine", "professional", "frontier")
_TOLERANCE = 1e-9


def ban_path(bloc: str, segment: str) -> str:
    """Lever: part of a segment's use of a bloc's services that an economy stops."""
    return f"ban.{bloc}.{segment}"


def remove_block(draft: Draft, kind: Kind, name: str, place: Place) -> None:
    """Take away a segment or an offering with all that belongs to it. Raises UnknownKey."""
    there: dict[str, Any] = getattr(draft, kind)
    if name not in there:
        raise unknown(name, there, *place, kind.removesuffix("s"))
    del there[name], draft.places[f"{kind}.{name}"]
    draft.drop(path for path in draft.quantities if path.startswith(f"{kind}.{name}."))
    if kind == "segments":
        _forget_segment(draft, name, place)


def _forget_segment(draft: Draft, name: str, place: Place) -> None:
    """Constants and bans of a removed segment; events that go with it are listed."""
    bans = {ban_path(bloc, name) for bloc in BLOCS}
    tastes = {f"offerings.{offering}.constant.{name}" for offering in draft.offerings}
    draft.drop((bans | tastes) & set(draft.quantities))
    gone = [dated for dated in draft.events if dated.event.lever in bans]
    draft.events = [dated for dated in draft.events if dated.event.lever not in bans]
    if gone:
        names = ", ".join(e.event.id or f"{e.event.lever} {e.event.on}" for e in gone)
        where = place.doc.where(place.key)
        draft.warnings.append(f"{where}: events of the removed segment '{name}' go too: {names}")


def check_needed(draft: Draft, path: str, raw: Raw, place: Place) -> None:
    """A path that is not there may be added if a new segment lacks it, and only whole.

    Raises UnknownKey, SchemaError.
    """
    doc, key = place
    group, offering, block, segment, *_ = [*path.split(".", 3), "", "", ""]
    known = offering in draft.offerings and segment in draft.segments
    if (group, block) != ("offerings", "constant") or not known:
        raise unknown(path, draft.quantities, doc, key, "path")
    if not isinstance(raw, dict):
        hint = "Write {value: ..., unit: ..., range: [lo, hi], source: ..., confidence: ...,"
        message = f"new with the segment '{segment}': expected a quantity, found {show(raw)}"
        raise doc.error(SchemaError, message, key, f"{hint} evidence: ...}}")


def check_segments(draft: Draft) -> None:
    """Raise SchemaError for a new segment without constants, or for odd task weights."""
    for name in draft.segments:
        _check_constants(draft, name)
        _check_tasks(draft, name)


def _check_constants(draft: Draft, segment: str) -> None:
    """A layer that adds a segment must say what it thinks of the offerings that are there."""
    doc, key = draft.places[f"segments.{segment}"]
    if doc is draft.base:
        return
    for name in draft.offerings:
        inherited = draft.places[f"offerings.{name}"].doc is draft.base
        path = f"offerings.{name}.constant"
        if inherited and f"{path}.{segment}" not in draft.quantities:
            hint = f"Set {path}.{segment} as a whole quantity"
            raise doc.error(SchemaError, f"'{segment}' is missing in {path}", key, hint)


def _check_tasks(draft: Draft, segment: str) -> None:
    """The tasks of a segment are shared out: their weights sum to 1."""
    paths = [f"segments.{segment}.{task}" for task in TASKS]
    weights = [draft.quantities[path].value for path in paths if path in draft.quantities]
    if len(weights) == len(paths) and abs(sum(weights) - 1.0) > _TOLERANCE:
        raise _odd_tasks(draft, segment, weights)


def _odd_tasks(draft: Draft, segment: str, weights: list[float]) -> InputError:
    doc, key = draft.places[f"segments.{segment}"]
    places = {task: draft.places[f"segments.{segment}.{task}"] for task in TASKS}
    moved = [task for task in TASKS if places[task].doc is not doc]
    said = ", ".join(f"{task} {weight:g}" for task, weight in zip(TASKS, weights, strict=True))
    message = f"the task weights of '{segment}' ({said}) sum to {sum(weights):.10g}, not to 1"
    if not moved:
        return doc.error(SchemaError, message, key, "Make them sum to 1")
    # settings on the command line come last, so one of them is the likeliest cause
    task = min(moved, key=lambda t: places[t].doc.numbered)
    others = " and ".join(f"segments.{segment}.{t}" for t in TASKS if t != task)
    doc, key = places[task]
    return doc.error(SchemaError, message, key, f"Set {others} as well")
