"""What an economy's use leaves behind, eight runs at a time (see `sim.ensemble.kernel`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import Ground, Lanes, State, Work
from sim.equations import choice, feedback
from sim.equations.jit import part
from sim.equations.packs import WIDTH, choose, fill, load, store
from sim.world.parameters import Params

Floats = NDArray[np.float64]


@part
def build(
    t: int,
    c: int,
    q: int,
    g: Ground,
    p: Params[Floats],
    state: State,
    lanes: Lanes,
    work: Work,
) -> None:
    """Portfolio of the economy, demand on its hardware, and what its use does to affinity."""
    now, total = t % 2, fill(0.0)
    for k in range(work.use.shape[0]):
        use = load(work.use, (k, 0))
        total = total + use
        store(lanes.use, (k, q * WIDTH), load(lanes.use, (k, q * WIDTH)) + use)
    store(state.local_demand, (q, c, 0), load(work.local_use, (0,)))
    inverse = 1.0 / choice.some(total)
    for k in range(work.use.shape[0]):
        share = load(work.use, (k, 0)) * inverse
        store(state.portfolio, (now, q, c, k, 0), share)
        store(lanes.portfolio, (c, k, q * WIDTH), share)
    speed = load(p.affinity_drift_speed, (q, 0))
    for b in range(3):
        lean = fill(0.0)
        for k in range(work.use.shape[0]):
            weight = g.origin[c, k, b]
            if weight > 0.0:
                lean = lean + load(state.portfolio, (now, q, c, k, 0)) * weight
        lean = choose(total > 0.0, lean, load(state.blocs, (q, c, b, 0)))
        store(state.blocs, (q, c, b, 0), lean)
        if t <= g.reference_month:
            store(state.bloc_reference, (q, c, b, 0), lean)
        drift = feedback.alignment_drift(
            load(state.drift, (q, c, b, 0)), lean, load(state.bloc_reference, (q, c, b, 0)), speed
        )
        store(state.drift, (q, c, b, 0), drift)
