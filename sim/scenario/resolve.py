"""``load``: from a name, policies and single settings to one complete scenario."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sim.errors import SchemaError
from sim.scenario.apply import apply_layer, drop_events
from sim.scenario.begin import start_draft
from sim.scenario.check import check_range, unknown
from sim.scenario.claim_ids import check_claim_ids
from sim.scenario.draft import KINDS, Dated, Draft, Place
from sim.scenario.economies import at_place, read_economies
from sim.scenario.events import (
    check_event,
    check_horizon,
    check_past,
    check_relative,
    order_events,
)
from sim.scenario.layers import Layer, read_chain, read_policy, read_set, text_chain
from sim.scenario.parts import check_same_keys
from sim.scenario.paths import check_paths
from sim.scenario.quantity import blocks
from sim.scenario.resolved import Resolved
from sim.scenario.schema import Horizon, Offering, month_index
from sim.scenario.segments import check_segments
from sim.scenario.stacking import check_compatible
from sim.scenario.tasks import check_tasks


def load(
    name_or_path: str | Path, policies: Sequence[str] = (), sets: Sequence[str] = ()
) -> Resolved:
    """A shipped name (``baseline``, also ``baseline+policy``) or the path of a scenario file.

    ``policies``: names or paths, laid over it in no particular order (``none`` is skipped,
    ``a+b`` means both). ``sets``: ``path=value`` texts, applied last.
    Raises the subclasses of InputError.
    """
    base, *more = split_names(str(name_or_path))
    names = [*more, *(part for policy in policies for part in split_names(policy))]
    stacked = [read_policy(name) for name in dict.fromkeys(names) if name != "none"]
    return _assemble(read_chain(base), stacked, [read_set(text) for text in sets])


def load_text(text: str, file: str) -> Resolved:
    """A scenario given as text (YAML); ``file`` is what messages call it. It may extend shipped
    scenarios only. Raises the subclasses of InputError.
    """
    return _assemble(text_chain(text, file), [], [])


def _assemble(chain: list[Layer], stacked: list[Layer], singles: list[Layer]) -> Resolved:
    for layer in [*chain, *stacked, *singles]:
        check_claim_ids(layer.doc)
    draft = start_draft(chain[0])
    for order, layer in enumerate(chain):
        apply_layer(draft, layer, order)
        check_horizon(draft, _of_layer(draft, order), draft.span, policy=False)
    _apply_policies(draft, stacked, len(chain))
    check_compatible(singles, draft.quantities)
    for layer in singles:
        apply_layer(draft, layer, len(chain))
    files = tuple(layer.doc.file for layer in [*chain, *stacked, *singles])
    return _finish(draft, files)


def split_names(text: str) -> list[str]:
    """``a+b`` as its parts; a path stays whole."""
    return [text] if "/" in text or text.endswith((".yaml", ".yml")) else text.split("+")


def _of_layer(draft: Draft, order: int) -> list[Dated]:
    return [dated for dated in draft.events if dated.layer == order]


def _apply_policies(draft: Draft, stacked: list[Layer], order: int) -> None:
    """All policies share one order: what they do must not depend on their sequence."""
    check_compatible(stacked, draft.quantities)
    for layer in stacked:
        drop_events(draft, layer)
    for layer in stacked:
        kept = layer.file.model_copy(update={"drop_events": ()})
        apply_layer(draft, Layer(layer.doc, kept), order)
    check_horizon(draft, _of_layer(draft, order), draft.span, policy=True)
    for name in sorted(layer.file.name for layer in stacked):
        draft.name += f"+{name}"


def _finish(draft: Draft, files: tuple[str, ...]) -> Resolved:
    _check_blocks(draft)
    _check_economies(draft)
    check_paths(draft)
    for dated in draft.events:
        check_event(draft, dated)
        check_past(draft, dated)
        if dated.event.source is not None:
            doc, key = dated.place
            draft.cite(dated.event.source, Place(doc, (*key, "source")), inline=True)
    events = order_events(draft)
    check_relative(draft, events)
    start = month_index(draft.span.start)
    months = month_index(draft.span.end) - start + 1
    places = draft.places | {f"events[{i}]": dated.place for i, dated in enumerate(events)}
    return Resolved(
        name=draft.name,
        narrative=draft.narrative,
        claims=draft.claims,
        horizon=Horizon(start=start, n_months=months),
        structure=draft.structure,
        sources=draft.sources,
        segments=draft.segments,
        offerings={name: o.within(draft.span.end) for name, o in draft.offerings.items()},
        tasks=draft.tasks,
        quantities=draft.quantities,
        events=tuple(dated.event for dated in events),
        countries=draft.countries,
        paths=draft.paths,
        warnings=tuple(draft.warnings),
        layers=files,
        origin={path: place.doc.where(place.key) for path, place in places.items()},
    )


def _check_blocks(draft: Draft) -> None:
    found = blocks(draft.quantities)
    for kind in KINDS[::-1]:
        owners = [f"{kind}.{name}" for name in getattr(draft, kind)]
        check_same_keys({o: found.get(o, {}) for o in owners}, draft.places)
    check_segments(draft)
    check_tasks(draft)
    for kind, block in (("offerings", "constant"), ("tasks", "size")):
        each = {
            f"{kind}.{name}.{block}": draft.places[f"{kind}.{name}"]
            for name in getattr(draft, kind)
        }
        places = {path: (doc, (*key, block)) for path, (doc, key) in each.items()}
        check_same_keys({o: found.get(o, {}) for o in each}, places, set(draft.segments))
    for name, offering in draft.offerings.items():
        lever = offering.only_where_lever
        if lever is not None and lever not in found["levers"]:
            doc, key = draft.places[f"offerings.{name}"]
            raise unknown(lever, found["levers"], doc, (*key, "only_where_lever"), "lever")


def _check_economies(draft: Draft) -> None:
    for name, offering in draft.offerings.items():
        doc, key = draft.places[f"offerings.{name}"]
        for word in ("only_in", "not_in"):
            if selectors := getattr(offering, word):
                with at_place(doc, (*key, word)):
                    read_economies().select(selectors)
        _check_launches(offering, Place(doc, (*key, "from")))
    for iso3, values in draft.countries.items():
        for column, value in values.items():
            place = draft.places[f"countries.{iso3}.{column}"]
            _check_codes([iso3], Place(place.doc, place.key[:2]))
            _check_column(draft, column, value, place)


def _check_launches(offering: Offering, place: Place) -> None:
    """Raise UnknownEconomy for a selector, SchemaError for two that contradict each other."""
    with at_place(*place):
        rivals = read_economies().rivals(offering.launches)
    if rivals is not None:
        message = f"{rivals[0]} and {rivals[1]} name the same economies with different months"
        raise place.doc.error(SchemaError, message, place.key, "Keep one of them")


def _check_codes(codes: Iterable[str], place: Place) -> None:
    with at_place(*place):
        for iso3 in codes:
            read_economies().known(iso3)


def _check_column(draft: Draft, column: str, value: float, place: Place) -> None:
    quantity = draft.quantities.get(f"country.{column}")
    if quantity is not None:
        check_range(value, quantity, *place)
        return
    country = [p.removeprefix("country.") for p in draft.quantities if p.startswith("country.")]
    legal = {*read_economies().numeric(), *country}
    if column not in legal:
        raise unknown(column, legal, *place, "column")
