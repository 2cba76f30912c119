"""What changes by itself about economies, month by month: people online, incomes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.scenario import Resolved
from sim.world.economies import Economies
from sim.world.parameters import WorldParams

Floats = NDArray[np.float64]


def online(resolved: Resolved, e: Economies, w: WorldParams) -> Floats:
    """[T, C] fraction of people online: as in the tables until the reference month, then a part
    `adoption.internet_closing` of those offline follows every year.
    """
    months = np.arange(resolved.horizon.n_months) - w.world_reference_month
    left = np.exp(-w.adoption_internet_closing * np.maximum(0.0, months) / 12.0)
    return np.asarray(1.0 - (1.0 - e.online) * left[:, None])


def income_log(resolved: Resolved, e: Economies) -> Floats:
    """[T, C] ln(income / reference income)."""
    return np.repeat(e.income_log[None, :], resolved.horizon.n_months, axis=0)
