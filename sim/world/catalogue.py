"""What the supply side is told of the offerings and of dated releases."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Catalogue(NamedTuple):
    """Index and weight arrays. O offerings, B blocs, T months."""

    track: Ints  # [O] track for routine and professional tasks
    track_frontier: Ints  # [O] track for frontier tasks
    origin: Floats  # [O, B] whose models they are
    price_track: Ints  # [O]
    dated: Floats  # [T, released track] capability of dated releases, NaN where none
    dated_until: Ints  # [B] first month in which releases are random
