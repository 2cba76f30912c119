"""What an economy's use leaves behind (see `sim.ensemble.kernel`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import Ground, State, Work
from sim.equations import choice, feedback
from sim.equations.jit import part
from sim.equations.packs import choose, fill, load, store
from sim.world.parameters import Params

Floats = NDArray[np.float64]


@part
def build(
    t: int,
    c: int,
    g: Ground,
    p: Params[Floats],
    state: State,
    work: Work,
) -> None:
    """Portfolio of the economy, demand on its hardware, and what its use does to affinity."""
    total = fill(0.0)
    for k in range(work.use.shape[0]):
        use = load(work.use, (k,))
        total = total + use
        store(state.use, (k,), load(state.use, (k,)) + use)
    store(state.local_demand, (c,), load(work.local_use, ()))
    inverse = 1.0 / choice.some(total)
    for k in range(work.use.shape[0]):
        share = load(work.use, (k,)) * inverse
        store(state.portfolio, (k, c), share)
    speed = load(p.affinity_drift_speed, ())
    for b in range(3):
        lean = fill(0.0)
        for k in range(work.use.shape[0]):
            weight = g.origin[c, k, b]
            if weight > 0.0:
                lean = lean + load(state.portfolio, (k, c)) * weight
        lean = choose(total > 0.0, lean, load(state.blocs, (c, b)))
        store(state.blocs, (c, b), lean)
        if t <= g.reference_month:
            store(state.bloc_reference, (c, b), lean)
        drift = feedback.alignment_drift(
            load(state.drift, (c, b)), lean, load(state.bloc_reference, (c, b)), speed
        )
        store(state.drift, (c, b), drift)
