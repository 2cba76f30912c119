"""A block's whole course: its months, each reduced as soon as it is over, in one compiled call."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import Inputs, Memory
from sim.ensemble.month import advance_month
from sim.equations.jit import borrowing, inner
from sim.equations.packs import WIDTH
from sim.results.accumulators import Accumulator
from sim.results.channels import Instruments
from sim.results.plan import see_world
from sim.results.reduce import begin_month, end_month
from sim.results.statics import Statics

Floats = NDArray[np.float64]


@borrowing
def run_months(
    months: int,
    seen: Instruments,
    count: int,
    statics: Statics,
    acc: Accumulator,
    given: Inputs,
    memory: Memory,
) -> int:
    """Advance and reduce the first months; returns how many were, before a run that counts broke.

    `acc.work.live` says which runs count. Of the month in which one breaks, economies are recorded;
    doing the same with count = -1 takes exactly that back.
    """
    here, p, supply, state = acc.work, given.params, memory.supply, memory.state
    api_weight = given.offerings.api_weight
    for t in range(months):
        here.audience[:] = 0.0
        begin_month(t, given.segments.churn, statics, acc)
        advance_month(t, False, seen, count, statics, acc, given, memory)
        if not sound(supply.latent, state.use, here.live):
            return t
        see_world(
            seen, supply, state.scarcity, here.audience, api_weight,
            p.observe_aggregator_selection, p.observe_visits_per_user, here.every, here.series,
        )  # fmt: skip
        end_month(t, supply.tokens, here.series, count, statics, acc)
    return months


@inner
def sound(latent: Floats, use: Floats, live: Floats) -> bool:
    """Whether capabilities and the world's users by offering are finite in the runs that count."""
    found = True
    for j in range(WIDTH):
        found = found and (live[j] == 0.0 or run_sound(j, latent, use))
    return found


@inner
def run_sound(j: int, latent: Floats, use: Floats) -> bool:
    """Whether capabilities [B, W] and the world's users by offering [O, W] are finite in run j."""
    found = True
    for b in range(latent.shape[0]):
        found = found and np.isfinite(latent[b, j])
    for k in range(use.shape[0]):
        found = found and np.isfinite(use[k, j])
    return found
