"""One month of every lane into the accumulator: the entry point of both drivers.

Call order: `begin_block(acc)` once per block of lanes, `reduce_month` for t = 0, 1, ... . If a
lane turns out to have failed after months of it were recorded, repeat the block with `count = -1`
and the same masks, empty the sums (`clear_sums`), and run it once more without that lane.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.equations.jit import borrowing
from sim.results.economies import (
    add_chat,
    add_december,
    add_spend,
    add_users,
    clear_atom,
    leading_bloc,
    living,
    over_all,
    record_economy,
    see_chat,
    users_of,
    where_used,
)
from sim.results.groups import (
    as_tokens,
    gather_group,
    reached_of,
    record_group,
    record_indicators,
    record_levels,
    record_world_chat,
    with_sums,
)
from sim.results.outcomes import record_outcomes, watch_gap
from sim.results.switching import add_margins, bound, keep_shares, renew, sum_margins

if TYPE_CHECKING:
    from sim.results.accumulators import Accumulator
    from sim.results.statics import Statics

Floats = NDArray[np.float64]


def reduce_month(
    t: int,
    share: Floats,
    adoption: Floats,
    bill: Floats,
    tokens_per_user: Floats,
    renewal: Floats,
    indicators: Floats,
    live: NDArray[np.bool_],
    count: int,
    statics: Statics,
    acc: Accumulator,
) -> None:
    """Reduce month ``t``. All float64, C-contiguous, lanes last.

    share [C, S, O, L] of the segment's use (sums to 1, or 0 where adoption is 0); adoption
    [C, S, L]; bill [C, S, O, L] USD per user-month; tokens_per_user [S, L] million a month; renewal
    [S, L] part of users who chose anew this month; indicators [I, L], NaN = undefined; live bool
    [L]; count +1, or -1 to take a block back. Releases the interpreter lock.
    """
    flat = (len(share), -1)
    n = _economies(
        t,
        share,
        share.reshape(flat),
        adoption,
        bill,
        bill.reshape(flat),
        tokens_per_user,
        renewal,
        live,
        count,
        statics,
        acc,
    )
    if n > 0:
        _groups(t, tokens_per_user, indicators, n, count, statics, acc)
        if statics.outcome_slot[t] >= 0:
            record_outcomes(int(statics.outcome_slot[t]), indicators, live, statics, acc)


@borrowing
def _economies(
    t: int,
    share: Floats,
    share_flat: Floats,
    adoption: Floats,
    bill: Floats,
    bill_flat: Floats,
    tokens_per_user: Floats,
    renewal: Floats,
    live: NDArray[np.bool_],
    count: int,
    statics: Statics,
    acc: Accumulator,
) -> int:
    """Economies into their own cells, into cells of membership, flows and the channel.

    Returns how many lanes are alive.
    """
    work, s = acc.work, statics.consumers
    n = living(live, work.alive)
    if n == 0:
        return 0
    acc.runs[t] += n
    work.atom_reached[:] = 0.0
    work.chat[:] = 0.0
    work.margin[:] = 0.0
    q, y, k = statics.record_slot[t], statics.december_slot[t], statics.outcome_slot[t]
    renew(renewal, work.settled)
    last = -1
    for place in range(share.shape[0]):
        c = statics.order[place]
        a = statics.atom_of[c]
        if a != last:
            clear_atom(a, q >= 0 or k >= 0, work.atom_use_flat, work.atom_spend)
        last = a
        users_of(c, share, adoption, statics.potential, work.reached, work.use)
        add_users(a, work.reached, work.use_flat, work.atom_reached, work.atom_use_flat)
        see_chat(
            c,
            s,
            share,
            adoption,
            statics.potential[c, s],
            statics.observed[c],
            statics.cn_weight,
            statics.deepseek_weight,
            work.part,
            work.chat,
        )
        if statics.with_economies:
            m = where_used(adoption[c], s, work.alive, n, work.lanes)
            add_chat(
                t,
                q,
                c,
                m,
                work.part,
                work.alive,
                n,
                work.lanes,
                statics.economy_table,
                work.row,
                acc.cells,
                acc.shelf,
                acc.chat_sum,
                count,
            )
        if statics.with_flows and q >= 0:
            bound(c, work.reached, work.before, work.settled, work.bound)
            region = statics.flow_of[c] if statics.flow_of[c] >= 0 else work.margin.shape[0] - 1
            add_margins(c, region, share, work.previous, work.bound, work.moves, work.margin)
            keep_shares(c, share_flat, work.previous_flat)
        if q >= 0 or k >= 0:
            add_spend(a, c, bill_flat, work.use_flat, work.atom_spend)
            over_all(c, adoption, statics.potential, work.use, work.level, work.whole)
        if q >= 0 and statics.with_economies:
            record_economy(
                q,
                c,
                share,
                work.level,
                work.whole,
                work.part,
                work.alive,
                n,
                work.lanes,
                statics.economy_table,
                work.row,
                acc.cells,
                acc.shelf,
                count,
            )
        if y >= 0 and statics.with_economies:
            add_december(
                y,
                c,
                work.use,
                bill,
                tokens_per_user,
                work.alive,
                n,
                acc.economy_level,
            )
        if k >= 0:
            leading_bloc(
                c, statics.atom_home[a], statics.origin, work.whole, work.part, work.leader
            )

    if q >= 0:
        work.settled[:] = 1.0
    if statics.with_flows and t > 0 and q >= 0:
        sum_margins(q, work.margin, work.alive, n, work.row, acc.flow)
    return n


@borrowing
def _groups(
    t: int,
    tokens_per_user: Floats,
    indicators: Floats,
    n: int,
    count: int,
    statics: Statics,
    acc: Accumulator,
) -> None:
    """Groups from their atoms: share and adoption; in recorded months users, tokens and spend.
    Then what belongs to the world: its channel and the indicators.
    """
    work, groups, q = acc.work, statics.member.shape[0], statics.record_slot[t]
    for g in range(groups):
        gather_group(g, statics.member, work.atom_use_flat, work.use_flat)
        with_sums(work.use, work.group)
        reached_of(g, statics.member, work.atom_reached, statics.group_potential, work.level)
        record_group(
            t,
            g,
            groups,
            work.group,
            work.level,
            work.part,
            work.alive,
            n,
            work.lanes,
            statics.group_table,
            work.row,
            acc.cells,
            acc.shelf,
            count,
        )
        if q < 0:
            continue
        for v in range(3):
            if v == 1:
                as_tokens(work.group, tokens_per_user, work.other)
            elif v == 2:
                gather_group(g, statics.member, work.atom_spend, work.use_flat)
                with_sums(work.use, work.other)
            record_levels(
                q,
                g,
                v,
                work.group if v == 0 else work.other,
                statics.group_potential,
                work.alive,
                n,
                work.row,
                acc.cells,
                acc.shelf,
                count,
            )
    people = statics.group_potential[0, statics.consumers]
    record_world_chat(
        t,
        people,
        work.chat,
        work.part,
        work.alive,
        n,
        work.lanes,
        statics.economy_table,
        work.row,
        acc.cells,
        acc.shelf,
        count,
    )
    record_indicators(t, indicators, work.alive, n, work.row, acc.cells, acc.shelf, count)
    watch_gap(indicators, statics.lag_indicator, acc.streak)
