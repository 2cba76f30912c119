"""What the equations need of a scenario's offerings: one to measure against, tracks they know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import SchemaError, UnknownKey
from sim.scenario import Resolved
from sim.world.axes import PRICE_TRACKS, TRACKS

Ints = NDArray[np.int64]
TrackName = Literal["track", "track_frontier", "price_track"]
LEGAL_TRACKS: dict[TrackName, Sequence[str]] = {
    "track": TRACKS,
    "track_frontier": TRACKS,
    "price_track": PRICE_TRACKS,
}


def reference_offering(resolved: Resolved) -> int:
    """Position of the first US service: its price and reach are what adoption responds to.

    Raises SchemaError if there is none.
    """
    for k, offering in enumerate(resolved.offerings.values()):
        if offering.access == "service" and dict(offering.origin) == {"us": 1.0}:
            return k
    raise SchemaError(
        "no offering is a US service, which adoption is measured against",
        file=resolved.layers[-1] if resolved.layers else None,
        path="offerings",
        hint="Keep one with access: service and origin: {us: 1}",
    )


def track_index(resolved: Resolved, attribute: TrackName) -> Ints:
    """[O] position of each offering's track in the code list. Raises UnknownKey."""
    names, found = LEGAL_TRACKS[attribute], []
    for offering, o in resolved.offerings.items():
        value = getattr(o, attribute) or o.track
        if value not in names:
            file, _, line = resolved.origin.get(f"offerings.{offering}", "").rpartition(":")
            raise UnknownKey(
                f"unknown {attribute} '{value}'",
                file=file or None,
                line=int(line) if line.isdigit() else None,
                path=f"offerings.{offering}.{attribute}",
                hint=f"Legal: {', '.join(names)}",
            )
        found.append(names.index(value))
    return np.array(found, dtype=np.int64)
