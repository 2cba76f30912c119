"""What the world used this month, by lane: the inputs of next month's feedbacks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import Ground, State
from sim.equations import choice
from sim.equations.jit import part
from sim.equations.supply import WorldUse
from sim.world.parameters import SegmentParams

Floats = NDArray[np.float64]


@part
def total_up(g: Ground, origin: Floats, s: SegmentParams, state: State, use: WorldUse) -> None:
    """Shares of blocs in users and spend, of open weights, and China's industrial adoption."""
    offerings, width = state.use.shape[0], use.industry.shape[0]
    for j in range(width):
        total = spent = cn_open = open_weights = 0.0
        for k in range(offerings):
            total += state.use[k, j]
            spent += state.spend[k, j]
            cn_open += state.use[k, j] * g.cn_open[k]
            open_weights += state.use[k, j] * g.open_weights[k]
        for b in range(3):
            used = paid = 0.0
            for k in range(offerings):
                used += state.use[k, j] * origin[k, b]
                paid += state.spend[k, j] * origin[k, b]
            use.use[b, j] = used / choice.some(total)
            use.spend[b, j] = paid / choice.some(spent)
        use.cn_open[j] = cn_open / choice.some(total)
        use.open_weights[j] = open_weights / choice.some(total)
        if g.china >= 0:
            adopted = weight = 0.0
            for segment in range(s.industrial.shape[0]):
                adopted += state.adoption[g.china, segment, j] * s.industrial[segment, j]
                weight += s.industrial[segment, j]
            use.industry[j] = adopted / choice.some(weight)
