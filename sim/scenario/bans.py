"""Levers that stop part of the use of a bloc's services, or of one offering, in a segment.

There is one for every bloc and every offering, and for every segment, without being declared; what
a file declares itself keeps its own source.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.errors import SchemaError
from sim.scenario.draft import Draft, Place
from sim.scenario.quantity import Lever
from sim.scenario.schema import BLOCS, Source

_SOURCE = "definition"
_NONE = Lever(
    value=0.0,
    unit="fraction",
    range=(0.0, 1.0),
    source=_SOURCE,
    confidence="assumed",
    evidence="prior only",
    scope="economy",
)


def ban_path(banned: str, segment: str) -> str:
    """Lever: part of a segment's use of a bloc's services, or of an offering, that an economy
    stops. banned: name of the bloc or the offering.
    """
    return f"ban.{banned}.{segment}"


def declare_bans(draft: Draft) -> None:
    """Add the bans that are not there yet: 0 everywhere. Raises SchemaError for an offering that
    has the name of a bloc.
    """
    for name in draft.offerings:
        if name in BLOCS:
            doc, key = draft.places[f"offerings.{name}"]
            message = f"an offering may not have the name of a bloc ('{name}')"
            raise doc.error(SchemaError, message, key, f"Rename it, for example {name}_model")
    for segment in draft.segments:
        for name in (*BLOCS, *draft.offerings):
            if (path := ban_path(name, segment)) not in draft.quantities:
                owner = f"segments.{segment}" if name in BLOCS else f"offerings.{name}"
                draft.quantities[path], draft.places[path] = _NONE, draft.places[owner]
                draft.sources.setdefault(
                    _SOURCE, Source(title="Definition of this model", licence="MIT")
                )


def forget_bans(draft: Draft, paths: Iterable[str], what: str, place: Place) -> None:
    """Take bans away with what they are about; events that go with them are listed.

    what: what is removed, in words.
    """
    bans = set(paths)
    draft.drop(bans & set(draft.quantities))
    gone = [dated for dated in draft.events if dated.event.lever in bans]
    draft.events = [dated for dated in draft.events if dated.event.lever not in bans]
    if gone:
        names = ", ".join(e.event.id or f"{e.event.lever} {e.event.on}" for e in gone)
        where = place.doc.where(place.key)
        draft.warnings.append(f"{where}: events of the removed {what} go too: {names}")
