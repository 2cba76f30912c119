"""What the supply side needs to know of the offerings and of dated releases."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.world.axes import BLOCS
from sim.world.build import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Catalogue(NamedTuple):
    """What the scenario says about offerings, as index and weight arrays."""

    track: Ints  # [offering] track for routine and professional tasks
    track_frontier: Ints  # [offering] track for frontier tasks
    origin: Floats  # [offering, bloc] whose models they are
    price_track: Ints  # [offering]
    dated: Floats  # [period, released track] capability of dated releases, NaN where none
    dated_until: Ints  # [bloc] first period in which releases are random


def catalogue(world: World) -> Catalogue:
    """The catalogue of a world's scenario."""
    offerings = world.resolved.offerings.values()
    rows = [[offering.from_bloc(bloc) for bloc in BLOCS] for offering in offerings]
    return Catalogue(
        world.track,
        world.track_frontier,
        np.array(rows),
        world.price_track,
        world.dated,
        world.dated_until,
    )
