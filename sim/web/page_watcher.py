"""The watcher of the live page: keeps a few runs as they are, for somebody who waits.

Groups, leaders, and what the world uses; nothing is binned.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.lanes.jit import inner
from sim.lanes.packs import WIDTH, aligned, choose, fill, load, store, total
from sim.model.facts import Given
from sim.model.state import Memory
from sim.model.watch import watching
from sim.record.recorder import sound
from sim.record.users import Users, new_users, see_users

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class PageWatcher(NamedTuple):
    """What is kept of a block. T months, K months kept run by run, G groups, C economies,
    S segments, O offerings, W runs of a pack; people in persons.
    """

    slot: Ints  # [T] place of a month among those kept run by run, -1: none
    groups: Ints  # [C, M] groups of an economy, ended by -1
    live: Floats  # [W] 1 for runs that count
    users: Floats  # [K, G, O, W] by offering
    segments: Floats  # [K, S, O, W] the world's, by segment
    spend: Floats  # [K, O, W] USD a month, the world
    economy: Floats  # [K or 0, C, O, W] share of the economy's use
    adoption: Floats  # [K or 0, C, W]
    share_sum: Floats  # [T, C, O] over live runs
    leading: NDArray[np.int16]  # [T, C, O] live runs in which the offering is used most
    adopted_sum: Floats  # [T, C] over live runs
    here: Users  # of the economy at hand


def new_page_watcher(
    kept: tuple[int, ...], months: int, member: Floats, segments: int, offerings: int, runs: Bools
) -> PageWatcher:
    """Nothing seen yet. kept: months kept run by run; member [G, C] 0 or 1; runs [L]:
    those of the block that count. `economy` and `adoption` have no room: see `detailed`.
    """
    K, (G, C) = len(kept), member.shape
    slot = np.full(months, -1, dtype=np.int64)
    slot[list(kept)] = np.arange(K)
    groups = np.full((C, int(member.sum(axis=0).max()) + 1), -1, dtype=np.int64)
    for c in range(C):
        of = np.flatnonzero(member[:, c])
        groups[c, : len(of)] = of
    live = aligned(WIDTH)
    live[: len(runs)] = runs
    return PageWatcher(
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


def detailed(watcher: PageWatcher) -> PageWatcher:
    """The same with room for every economy run by run."""
    K, _, O, _ = watcher.users.shape  # noqa: E741
    C = len(watcher.groups)
    return watcher._replace(economy=aligned(K, C, O, WIDTH), adoption=aligned(K, C, WIDTH))


def _end(watcher: PageWatcher, t: int, given: Given, memory: Memory) -> bool:
    """False in the month in which a run that counts breaks."""
    state = memory.state
    if not sound(memory.supply.bloc.latent, state.sums.use, watcher.live):
        return False
    for c in range(state.segment.adoption.shape[0]):
        see_economy(t, c, given, memory, watcher)
    if watcher.slot[t] >= 0:
        for k in range(state.sums.spend.shape[0]):
            store(watcher.spend, (watcher.slot[t], k), load(state.sums.spend, (k,)))
    return True


watching(PageWatcher, end=_end)


@inner
def see_economy(t: int, c: int, given: Given, memory: Memory, watcher: PageWatcher) -> None:
    """One economy in month t; its scratch is over and serves as work space."""
    state, row = memory.state, memory.work.bloc.tie
    q, on = watcher.slot[t], load(watcher.live, ()) > 0.0
    users, everyone = 0.0, 0.0
    see_users(
        c,
        given.ground.economy.people[c],
        given.segments.potential,
        state.offering.share,
        state.segment.adoption,
        watcher.here,
    )
    for s in range(state.segment.adoption.shape[1]):
        everyone = everyone + load(watcher.here.could, (s,))
        users = users + load(watcher.here.reached, (s,))
        if q >= 0:
            for k in range(state.offering.share.shape[2]):
                before = load(watcher.segments, (q, s, k))
                store(watcher.segments, (q, s, k), before + load(watcher.here.use, (s, k)))
    adopted = users * choose(everyone > 0.0, 1.0 / everyone, 0.0)
    watcher.adopted_sum[t, c] = total(choose(on, adopted, 0.0))
    most, first = fill(0.0), fill(-1.0)
    for k in range(state.offering.share.shape[2]):
        share = load(state.portfolio, (k, c))
        watcher.share_sum[t, c, k] = total(choose(on, share, 0.0))
        first = choose(share > most, float(k), first)
        most = choose(share > most, share, most)
        if q >= 0:
            for i in range(watcher.groups.shape[1]):
                g = watcher.groups[c, i]
                if g < 0:
                    break
                store(watcher.users, (q, g, k), load(watcher.users, (q, g, k)) + users * share)
            if watcher.economy.shape[0] > 0:
                store(watcher.economy, (q, c, k), share)
    if q >= 0 and watcher.adoption.shape[0] > 0:
        store(watcher.adoption, (q, c), adopted)
    store(row, (0,), choose(on, first, -1.0))
    for j in range(WIDTH):
        if row[0, j] >= 0.0:
            watcher.leading[t, c, int(row[0, j])] += 1
