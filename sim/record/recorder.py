"""The watcher of a run: reduces every economy as soon as it is done, and every month at its end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.lanes.jit import inner
from sim.lanes.packs import WIDTH
from sim.model.facts import Given
from sim.model.state import Memory
from sim.model.watch import watching
from sim.record.accumulators import Accumulator
from sim.record.channels import Instruments, add_audiences
from sim.record.plan import see_world
from sim.record.plan_arrays import ReductionPlan
from sim.record.reduce import Economy, begin_month, collect, end_month, expect_rest, expect_share

Floats = NDArray[np.float64]


class Recorder(NamedTuple):
    """Where a block's months are reduced to. `acc.work.live` says which runs count."""

    seen: Instruments
    plan: ReductionPlan
    acc: Accumulator
    adding: int  # 1 to add a block, -1 to take exactly that back


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


def _begin(watcher: Recorder, t: int, given: Given, memory: Memory) -> None:  # noqa: ARG001
    watcher.acc.work.audience[:] = 0.0
    begin_month(t, given.segments.churn, watcher.plan, watcher.acc)


def _ahead(watcher: Recorder, t: int, c: int, segment: int, offering: int) -> None:
    q = watcher.plan.record_slot[t]
    if q >= 0:
        expect_share(q, c, segment, offering, watcher.plan, watcher.acc)


def _ahead_of(watcher: Recorder, t: int, c: int) -> None:
    q = watcher.plan.record_slot[t]
    if q >= 0:
        expect_rest(q, c, watcher.plan, watcher.acc)


def _economy(watcher: Recorder, t: int, place: int, given: Given, memory: Memory) -> None:
    state, acc = memory.state, watcher.acc
    share, adoption = state.offering.share, state.segment.adoption
    choice = memory.work.choice
    economy = Economy(share, adoption, choice.bill, choice.tokens)
    collect(t, place, economy, watcher.adding, watcher.plan, acc)
    c = given.ground.order[place]
    add_audiences(c, watcher.seen, share, adoption, choice.tokens, acc.work.audience)


def _end(watcher: Recorder, t: int, given: Given, memory: Memory) -> bool:
    """False in the month in which a run that counts breaks; of it, economies were recorded."""
    supply, state, here = memory.supply, memory.state, watcher.acc.work
    if not sound(supply.bloc.latent, state.sums.use, here.live):
        return False
    see_world(watcher.seen, memory, given, here)
    end_month(t, here.series, watcher.adding, watcher.plan, watcher.acc)
    return True


watching(Recorder, begin=_begin, ahead=_ahead, ahead_of=_ahead_of, economy=_economy, end=_end)
