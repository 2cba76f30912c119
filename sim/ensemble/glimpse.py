"""A few runs kept as they are, for somebody who waits: groups, leaders, and what the world uses.

Nothing is binned. The live page reads its first numbers off this.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.block import Block
from sim.lanes.jit import inner
from sim.lanes.packs import WIDTH, aligned, choose, fill, load, store, total
from sim.model.state import Given, Memory
from sim.model.watch import watching
from sim.record.recorder import run_sound
from sim.record.users import Users, new_users, see_users

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Months to watch between two looks at whether somebody still waits (a hundredth of a second).
MONTHS = 12


class Glimpse(NamedTuple):
    """What is kept. T months, K months kept run by run, G groups, C economies, S segments,
    O offerings, W runs of a pack; people in persons.
    """

    slot: Ints  # [T] place of a month among those kept run by run, -1: none
    groups: Ints  # [C, M] groups of an economy, ended by -1
    live: Floats  # [W] 1 for runs that count and have been finite so far
    users: Floats  # [K, G, O, W] by offering
    segments: Floats  # [K, S, O, W] the world's, by segment
    spend: Floats  # [K, O, W] USD a month, the world
    economy: Floats  # [K or 0, C, O, W] share of the economy's use
    adoption: Floats  # [K or 0, C, W]
    share_sum: Floats  # [T, C, O] over live runs
    leading: NDArray[np.int16]  # [T, C, O] live runs in which the offering is used most
    adopted_sum: Floats  # [T, C] over live runs
    here: Users  # of the economy at hand


def new_glimpse(
    kept: tuple[int, ...], months: int, member: Floats, segments: int, offerings: int, runs: int
) -> Glimpse:
    """Nothing seen yet. kept: months kept run by run; member [G, C] 0 or 1; runs:
    of the block, the first ones of the pack. `economy` and `adoption` have no room: see `detailed`.
    """
    K, (G, C) = len(kept), member.shape
    slot = np.full(months, -1, dtype=np.int64)
    slot[list(kept)] = np.arange(K)
    groups = np.full((C, int(member.sum(axis=0).max()) + 1), -1, dtype=np.int64)
    for c in range(C):
        of = np.flatnonzero(member[:, c])
        groups[c, : len(of)] = of
    live = aligned(WIDTH)
    live[:runs] = 1.0
    return Glimpse(
        slot=slot,
        groups=groups,
        live=live,
        users=aligned(K, G, offerings, WIDTH),
        segments=aligned(K, segments, offerings, WIDTH),
        spend=aligned(K, offerings, WIDTH),
        economy=aligned(0, C, offerings, WIDTH),
        adoption=aligned(0, C, WIDTH),
        share_sum=np.zeros((months, C, offerings)),
        leading=np.zeros((months, C, offerings), dtype=np.int16),
        adopted_sum=np.zeros((months, C)),
        here=new_users(segments, offerings),
    )


def detailed(seen: Glimpse) -> Glimpse:
    """The same with room for every economy run by run."""
    K, _, O, _ = seen.users.shape  # noqa: E741
    C = len(seen.groups)
    return seen._replace(economy=aligned(K, C, O, WIDTH), adoption=aligned(K, C, WIDTH))


def watch(block: Block, months: int, seen: Glimpse) -> None:
    """Advance a block by some months and keep what there is to see."""
    block.advance(months, seen)


def _end(watcher: Glimpse, t: int, given: Given, memory: Memory) -> bool:
    state = memory.state
    for j in range(WIDTH):
        if not run_sound(j, memory.supply.bloc.latent, state.sums.use):
            watcher.live[j] = 0.0
    for c in range(state.segment.adoption.shape[0]):
        see_economy(t, c, given, memory, watcher)
    if watcher.slot[t] >= 0:
        for k in range(state.sums.spend.shape[0]):
            store(watcher.spend, (watcher.slot[t], k), load(state.sums.spend, (k,)))
    return True


watching(Glimpse, end=_end)


@inner
def see_economy(t: int, c: int, given: Given, memory: Memory, seen: Glimpse) -> None:
    """One economy in month t; its scratch is over and serves as work space."""
    state, row = memory.state, memory.work.bloc.tie
    q, on = seen.slot[t], load(seen.live, ()) > 0.0
    users, everyone = 0.0, 0.0
    see_users(
        c,
        given.ground.economy.people[c],
        given.segments.potential,
        state.offering.share,
        state.segment.adoption,
        seen.here,
    )
    for s in range(state.segment.adoption.shape[1]):
        everyone = everyone + load(seen.here.could, (s,))
        users = users + load(seen.here.reached, (s,))
        if q >= 0:
            for k in range(state.offering.share.shape[2]):
                before = load(seen.segments, (q, s, k))
                store(seen.segments, (q, s, k), before + load(seen.here.use, (s, k)))
    adopted = users * choose(everyone > 0.0, 1.0 / everyone, 0.0)
    seen.adopted_sum[t, c] = total(choose(on, adopted, 0.0))
    most, first = fill(0.0), fill(-1.0)
    for k in range(state.offering.share.shape[2]):
        share = load(state.portfolio, (k, c))
        seen.share_sum[t, c, k] = total(choose(on, share, 0.0))
        first = choose(share > most, float(k), first)
        most = choose(share > most, share, most)
        if q >= 0:
            for i in range(seen.groups.shape[1]):
                g = seen.groups[c, i]
                if g < 0:
                    break
                store(seen.users, (q, g, k), load(seen.users, (q, g, k)) + users * share)
            if seen.economy.shape[0] > 0:
                store(seen.economy, (q, c, k), share)
    if q >= 0 and seen.adoption.shape[0] > 0:
        store(seen.adoption, (q, c), adopted)
    store(row, (0,), choose(on, first, -1.0))
    for j in range(WIDTH):
        if row[0, j] >= 0.0:
            seen.leading[t, c, int(row[0, j])] += 1
