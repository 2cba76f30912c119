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
    """[C, lane] log odds of using AI that belong to an economy; see `adoption.economy_effect`."""
    p = n.params
    return effect_rows(
        p.adoption_economy_sd,
        n.adoption,
        p.adoption_income_weight,
        e.income_log[:, None],
        p.adoption_language_weight,
        e.unserved[:, None],
        p.adoption_openness_weight,
        e.openness_log[:, None],
    )
