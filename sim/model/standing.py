"""What of an economy's readiness does not change during a run; made once by both drivers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import Numbers
from sim.equations import adoption
from sim.lanes.jit import rows
from sim.world.economies import Economies

Floats = NDArray[np.float64]

effect_rows = rows(adoption.economy_effect)


def economy_effects(e: Economies, n: Numbers) -> Floats:
    """[Y + 1, C, lane] log odds of using AI that belong to an economy, in each January: what stays
    (`adoption.economy_effect`) and what growth of its own adds.
    """
    p = n.params
    standing = effect_rows(
        p.adoption_economy_sd,
        n.adoption,
        p.adoption_language_weight,
        e.unserved[:, None],
        p.adoption_openness_weight,
        e.openness_log[:, None],
    )
    return standing + grown(n.growth, p.adoption_growth_sd, p.adoption_growth_persistence)


def grown(draws: Floats, spread: Floats, persistence: Floats) -> Floats:
    """[Y + 1, C, lane] log odds that growth of its own added to an economy's adoption by each
    January; 0 in the first.

    Growth of a year is AR(1) over years, standing spread `spread` [lane], from standard normals
    draws [Y, C, lane].
    """
    rate, level = draws[0], [np.zeros_like(draws[0])]
    for year in range(len(draws)):
        if year:
            rate = persistence * rate + np.sqrt(1.0 - persistence**2) * draws[year]
        level.append(level[-1] + spread * rate)
    return np.array(level)
