"""What an economy pays for an offering over what the world does, month by month."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.scenario import Resolved
from sim.world.pack import LeverPaths

Floats = NDArray[np.float64]


def token_factor(resolved: Resolved, levers: LeverPaths, iso3: Sequence[str]) -> Floats:
    """[T, C, O] price of tokens."""
    return np.ones((resolved.horizon.n_months, len(iso3), len(resolved.offerings)))


def seat_factor(resolved: Resolved, levers: LeverPaths, iso3: Sequence[str]) -> Floats:
    """[T, C, O] price of subscriptions."""
    return np.ones((resolved.horizon.n_months, len(iso3), len(resolved.offerings)))
