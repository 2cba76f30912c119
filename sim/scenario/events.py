"""Checks dated events and puts them in the order in which they take hold."""

from __future__ import annotations

from collections.abc import Iterable

from sim.errors import DuplicateKey, OutOfRange, OutsideHorizon, SchemaError
from sim.scenario.check import check_range, unknown
from sim.scenario.draft import Dated, Draft
from sim.scenario.economies import at_place, read_economies
from sim.scenario.levers import LABORATORIES, LOCAL
from sim.scenario.quantity import Lever, Quantity
from sim.scenario.schema import CHANGES, FIRST_MONTH, Event, Span, month_index, month_label


def check_event(draft: Draft, dated: Dated) -> None:
    """Lever known, value in its range, economies known, source known. Raises InputError kinds."""
    event, (doc, key), _ = dated
    lever = draft.quantities.get(event.lever)
    if not isinstance(lever, Lever):
        levers = [path for path, q in draft.quantities.items() if isinstance(q, Lever)]
        raise unknown(event.lever, levers, doc, (*key, "lever"), "lever")
    if event.to is not None:
        check_range(event.to, lever, doc, (*key, "to"), event.lever)
    if event.economies is not None:
        if lever.scope == "world" and event.lever not in LOCAL:
            message = f"{event.lever} acts on laboratories and releases, of which the world has one"
            hint = f"Leave economies out; they can be named with {', '.join(LOCAL)}"
            raise doc.error(SchemaError, message, (*key, "economies"), hint)
        _members(dated)


def check_past(draft: Draft, dated: Dated) -> None:
    """Warn of a lever that acts through releases and is moved while releases are still dated."""
    event, (doc, key), _ = dated
    last = draft.quantities.get("world.dated_months")
    bloc = LABORATORIES.get(event.lever)
    local = event.economies is not None  # acts on what economies have, not on laboratories
    if doc is draft.base or bloc is None or last is None or local:
        return
    until = month_label(month_index(FIRST_MONTH) + int(last.value))
    if event.on < until and bloc in draft.structure.dated_releases:
        where = doc.where((*key, "on"))
        draft.warnings.append(
            f"{where}: {event.lever} moves what laboratories have from {event.on} on, but releases "
            f"before {until} are dated: what users get follows from then on only"
        )


def check_horizon(draft: Draft, added: Iterable[Dated], span: Span, policy: bool) -> None:
    """Events of a scenario must lie inside its horizon; a policy's only earn a warning."""
    for event, (doc, key), _ in added:
        if span.start <= event.on <= span.end:
            continue
        message = f"{event.on} is outside the horizon {span.start} to {span.end}"
        if not policy:
            hint = "Move the event or the horizon"
            raise doc.error(OutsideHorizon, message, (*key, "on"), hint)
        draft.warnings.append(f"{doc.where((*key, 'on'))}: {event.lever}: {message}")


def order_events(draft: Draft) -> list[Dated]:
    """Events in force inside the horizon, by month and rank.

    One that began before the first month is in force from it; one that is over by then, or begins
    after the last month, is left out. At one month a later layer wins; two of one layer are an
    error.
    """
    start, end = draft.span.start, draft.span.end
    result: list[Dated] = []
    left_out = 0
    for dated in sorted(draft.events, key=_order):
        event = dated.event
        if event.on > end or (event.until is not None and event.until <= start):
            left_out += 1
            continue
        clamped = event.model_copy(update={"on": max(event.on, start), "rank": 0})
        _place(result, Dated(clamped, dated.place, dated.layer), event)
    if left_out:
        draft.warnings.append(f"{left_out} events have no month in {start} to {end}: left out")
    return sorted(result, key=_canonical)


def check_relative(draft: Draft, events: list[Dated]) -> None:
    """Raise OutOfRange where what `times` and `add` make of a lever leaves its range."""
    for lever in dict.fromkeys(d.event.lever for d in events if d.event.to is None):
        own = [dated for dated in events if dated.event.lever == lever]
        own.sort(key=lambda dated: CHANGES.index(dated.event.kind))
        days = {d.event.on for d in own} | {d.event.until for d in own if d.event.until}
        members = [None if d.event.economies is None else _members(d) for d in own]
        alike = {tuple(m is None or iso3 in m for m in members) for iso3 in read_economies().rows}
        for here in sorted(alike):
            there = [dated for dated, inside in zip(own, here, strict=True) if inside]
            for day in sorted(day for day in days if day <= draft.span.end):
                _check_value(draft.quantities[lever], there, day)


def _check_value(lever: Quantity, events: list[Dated], day: str) -> None:
    """events: those of one lever that concern some economy, as they take effect."""
    value, last = lever.value, None
    for dated in events:
        event = dated.event
        if event.on <= day and (event.until is None or day < event.until):
            value = event.changed(value)
            last = dated if event.to is None else last
    low, high = lever.range
    if last is not None and not low <= value <= high:
        (doc, key), event = last.place, last.event
        message = f"the change {event.change} makes {value:g} of {event.lever} in {day}"
        raise doc.error(OutOfRange, message, (*key, event.kind), lever.allowed())


def _order(dated: Dated) -> tuple[str, int, int, str]:
    event = dated.event
    # policies share a layer: what they multiply and add must not depend on their sequence
    return event.on, dated.layer, event.rank, event.change if event.to is None else ""


def _canonical(dated: Dated) -> tuple[str, int, str, tuple[str, ...], str]:
    event = dated.event
    return event.on, event.rank, event.lever, event.economies or (), event.change


def _place(result: list[Dated], new: Dated, original: Event) -> None:
    """Append ``new`` ranked above what it meets; drop what it hides for good."""
    rank = 0
    for old in list(result):
        if old.event.lever != new.event.lever or old.event.on != new.event.on:
            continue
        if old.event.kind != new.event.kind:  # they stack, whatever their order
            continue
        if not _overlap(old, new):
            continue
        _refuse_twins(old, new, original)
        if _hides(new.event, old.event):
            result.remove(old)
        else:
            rank = max(rank, old.event.rank + 1)
    event = new.event.model_copy(update={"rank": rank})
    result.append(Dated(event, new.place, new.layer))


def _refuse_twins(old: Dated, new: Dated, original: Event) -> None:
    same_layer = old.layer == new.layer and original.on == new.event.on
    if not same_layer or original.rank > 0:
        return
    doc, key = new.place
    if new.event.to is None:  # policies side by side multiply; one file says it once
        if old.place.doc is not doc:
            return
    elif _says_the_same(old.event, new.event):
        return
    message = (
        f"{new.event.lever} at {new.event.on} is also set at {old.place.doc.where(old.place.key)}"
    )
    raise doc.error(DuplicateKey, message, key, "Keep one of the two events")


def _says_the_same(one: Event, other: Event) -> bool:
    return (one.change, one.until, one.economies) == (other.change, other.until, other.economies)


def _hides(new: Event, old: Event) -> bool:
    if new.economies != old.economies or new.to is None:
        return False
    return new.until is None or (old.until is not None and old.until <= new.until)


def _overlap(one: Dated, other: Dated) -> bool:
    if one.event.economies is None or other.event.economies is None:
        return True
    if one.event.economies == other.event.economies:
        return True
    return bool(_members(one) & _members(other))


def _members(dated: Dated) -> frozenset[str]:
    event, (doc, key), _ = dated
    with at_place(doc, (*key, "economies")):
        return read_economies().select(event.economies or ("all",))
