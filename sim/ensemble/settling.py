"""What an economy's use adds up to, over lanes (see `sim.ensemble.kernel`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import Ground, Lanes, Work
from sim.equations import choice, feedback
from sim.equations.jit import inner
from sim.equations.supply import Supply
from sim.world.parameters import OfferingParams, Params, SegmentParams

Floats = NDArray[np.float64]


@inner
def tally(
    c: int,
    segment: int,
    g: Ground,
    s: SegmentParams,
    o: OfferingParams,
    supply: Supply,
    lanes: Lanes,
    work: Work,
) -> None:
    """Users and spend of a segment into the economy's and the world's totals."""
    offerings, width = work.use.shape
    for j in range(width):
        work.value[j] = g.people[c] * s.potential[segment, j] * lanes.adoption[c, segment, j]
    for j in range(width):
        work.total[j] = work.value[j] * supply.tokens[segment, j]
    for k in range(offerings):
        for j in range(width):
            work.use[k, j] += work.value[j] * lanes.share[c, segment, k, j]
        if g.hosted_locally[k] > 0.0:
            for j in range(width):
                work.local_use[j] += (
                    work.total[j] * lanes.share[c, segment, k, j] * o.local_weight[k, j]
                )
        if g.sells[k] > 0.0:
            for j in range(width):
                lanes.spend[k, j] += (
                    work.value[j] * lanes.share[c, segment, k, j] * lanes.bill[c, segment, k, j]
                )


@inner
def build(t: int, c: int, g: Ground, p: Params[Floats], lanes: Lanes, work: Work) -> None:
    """Portfolio of the economy, demand on its hardware, and what its use does to affinity."""
    width = work.total.shape[0]
    now = lanes.portfolio[t % 2]
    work.kept[:] = 0.0
    for k in range(work.use.shape[0]):
        for j in range(width):
            work.kept[j] += work.use[k, j]
        for j in range(width):
            lanes.use[k, j] += work.use[k, j]
    for j in range(width):
        lanes.local_demand[c, j] = work.local_use[j]
    for j in range(width):
        work.value[j] = 1.0 / choice.some(work.kept[j])
    for k in range(work.use.shape[0]):
        for j in range(width):
            now[c, k * width + j] = work.use[k, j] * work.value[j]
    for b in range(3):
        lean(t, c, b, g, p, now, lanes, work)


@inner
def lean(
    t: int, c: int, b: int, g: Ground, p: Params[Floats], now: Floats, lanes: Lanes, work: Work
) -> None:
    """Share of bloc b in the economy's use (kept where nobody uses AI), and drift of affinity."""
    width = work.total.shape[0]
    work.total[:] = 0.0
    for k in range(work.use.shape[0]):
        weight = g.origin[c, k, b]
        if weight > 0.0:
            for j in range(width):
                work.total[j] += now[c, k * width + j] * weight
    for j in range(width):
        lanes.blocs[c, b, j] = work.total[j] if work.kept[j] > 0.0 else lanes.blocs[c, b, j]
    if t <= g.reference_month:
        for j in range(width):
            lanes.bloc_reference[c, b, j] = lanes.blocs[c, b, j]
    for j in range(width):
        lanes.drift[c, b, j] = feedback.alignment_drift(
            lanes.drift[c, b, j],
            lanes.blocs[c, b, j],
            lanes.bloc_reference[c, b, j],
            p.affinity_drift_speed[j],
        )
