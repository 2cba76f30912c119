"""What stands elsewhere in a scenario for a segment's sake, when one is added or removed.

Bans of a bloc's services stand with the levers, and every offering has a taste constant for each
segment.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import InputError, SchemaError
from sim.scenario.check import check, show
from sim.scenario.draft import Draft, Place, add_constant
from sim.scenario.quantity import Quantity
from sim.scenario.schema import BLOCS
from sim.scenario.yaml_lines import Document, Raw

TASKS = ("routine", "professional", "frontier")
_TOLERANCE = 1e-9


def ban_path(bloc: str, segment: str) -> str:
    """Lever: part of a segment's use of a bloc's services that an economy stops."""
    return f"ban.{bloc}.{segment}"


def check_some_left(draft: Draft, doc: Document) -> None:
    """Raise SchemaError if ``doc`` leaves a world without users."""
    if not draft.segments:
        raise doc.error(SchemaError, "no segment is left", ("segments",), "Keep one")


def forget_segment(draft: Draft, name: str, place: Place) -> None:
    """Take away what belongs to a removed segment; events that go with it are listed."""
    for key, offering in draft.offerings.items():
        constant = {k: q for k, q in offering.constant.items() if k != name}
        draft.offerings[key] = offering.model_copy(update={"constant": constant})
    bans = {ban_path(bloc, name) for bloc in BLOCS}
    for path in bans:
        draft.levers.pop(path, None)
    gone = [dated for dated in draft.events if dated.event.lever in bans]
    draft.events = [dated for dated in draft.events if dated.event.lever not in bans]
    if gone:
        names = ", ".join(e.event.id or f"{e.event.lever} {e.event.on}" for e in gone)
        where = place.doc.where(place.key)
        draft.warnings.append(f"{where}: events of the removed segment '{name}' go too: {names}")


def _needs(draft: Draft) -> Iterator[tuple[str, tuple[str, str]]]:
    """Flat paths that segments still lack -> (segment, offering)."""
    for segment in draft.segments:
        for name, offering in draft.offerings.items():
            if segment not in offering.constant:
                yield f"offerings.{name}.constant.{segment}", (segment, name)


def add_needed(draft: Draft, path: str, raw: Raw, place: Place) -> bool:
    """Add the whole quantity ``raw`` if ``path`` is one that a new segment still lacks.

    False, and nothing done, for any other path. Raises SchemaError, OutOfRange.
    """
    need = dict(_needs(draft)).get(path)
    if need is None:
        return False
    doc, key = place
    segment, offering = need
    if not isinstance(raw, dict):
        hint = "Write {value: ..., unit: ..., range: [lo, hi], source: ..., confidence: ...,"
        message = f"new with the segment '{segment}': expected a quantity, found {show(raw)}"
        raise doc.error(SchemaError, message, key, f"{hint} evidence: ...}}")
    new = check(Quantity, raw, doc, key)
    draft.cite(new.source, Place(doc, (*key, "source")), inline=True)
    draft.places[path] = place
    add_constant(draft, offering, segment, new)
    return True


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
    for name, offering in draft.offerings.items():
        inherited = draft.places[f"offerings.{name}"].doc is draft.base
        if inherited and segment not in offering.constant:
            path = f"offerings.{name}.constant"
            hint = f"Set {path}.{segment} as a whole quantity"
            raise doc.error(SchemaError, f"'{segment}' is missing in {path}", key, hint)


def _check_tasks(draft: Draft, segment: str) -> None:
    """The tasks of a segment are shared out: their weights sum to 1."""
    attributes = draft.segments[segment].attributes
    if not all(task in attributes for task in TASKS):
        return
    total = sum(attributes[task].value for task in TASKS)
    if abs(total - 1.0) > _TOLERANCE:
        raise _odd_tasks(draft, segment, total)


def _odd_tasks(draft: Draft, segment: str, total: float) -> InputError:
    whole = draft.places[f"segments.{segment}"]
    moved = [task for task in TASKS if _place(draft, segment, task).doc is not whole.doc]
    said = ", ".join(f"{t} {draft.segments[segment].attributes[t].value:g}" for t in TASKS)
    message = f"the task weights of '{segment}' ({said}) sum to {total:.10g}, not to 1"
    if not moved:
        return whole.doc.error(SchemaError, message, whole.key, "Make them sum to 1")
    # settings on the command line come last, so one of them is the likeliest cause
    task = min(moved, key=lambda t: _place(draft, segment, t).doc.numbered)
    others = " and ".join(f"segments.{segment}.{t}" for t in TASKS if t != task)
    doc: Document = _place(draft, segment, task).doc
    return doc.error(
        SchemaError, message, _place(draft, segment, task).key, f"Set {others} as well"
    )


def _place(draft: Draft, segment: str, task: str) -> Place:
    return draft.places[f"segments.{segment}.{task}"]
