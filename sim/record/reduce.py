"""One month of a block of runs into the accumulator: the entry point of all drivers.

Call order: `begin_block` once per block, `reduce_month` for t = 0, 1, ... . The engine's own
loop calls what it is made of: `begin_month`, `collect` for every economy, `end_month`. If a run
turns out to have failed after months of it were recorded, repeat the block with `count = -1` and
the same masks, empty the sums (`clear_sums`), and run it once more without that run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.lanes.fetch import fetch_pack
from sim.lanes.held import held
from sim.lanes.jit import borrowing, inner, part
from sim.lanes.packs import load, total, widened
from sim.record.economies import (
    add_chat,
    add_december,
    add_spend,
    add_users,
    leading_bloc,
    over_all,
    record_economy,
    see_chat,
    warm_rest,
    warm_share,
)
from sim.record.groups import record_groups
from sim.record.outcomes import record_outcomes, watch_gap
from sim.record.switching import add_margins, bound, renew, sum_margins

if TYPE_CHECKING:
    from sim.record.accumulators import Accumulator
    from sim.record.statics import Statics

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
    """Reduce month ``t`` of L <= 16 runs. All float64, runs last.

    share [C, S, O, L] of the segment's use (sums to 1, or 0 where adoption is 0); adoption
    [C, S, L]; bill [C, S, O, L] USD per user-month; tokens_per_user [S, L] million a month; renewal
    [S, L] part of users who chose anew this month; indicators [I, L], NaN = undefined; live bool
    [L]; count +1, or -1 to take a block back.
    """
    acc.work.live[:] = 0.0
    acc.work.live[: len(live)] = live
    record_month(
        t,
        widened(share),
        widened(adoption),
        widened(bill),
        widened(tokens_per_user),
        widened(renewal),
        widened(indicators),
        count,
        held(statics),
        held(acc),
    )


@borrowing
def record_month(
    t: int,
    share: Floats,
    adoption: Floats,
    bill: Floats,
    tokens_per_user: Floats,
    renewal: Floats,
    indicators: Floats,
    count: int,
    statics: Statics,
    acc: Accumulator,
) -> None:
    """`reduce_month` on packs; `acc.work.live` says which runs count."""
    begin_month(t, renewal, statics, acc)
    for place in range(share.shape[0]):
        of_economy = bill[statics.order[place]]
        collect(t, place, share, adoption, of_economy, tokens_per_user, count, statics, acc)
    end_month(t, tokens_per_user, indicators, count, statics, acc)


@inner
def begin_month(t: int, renewal: Floats, statics: Statics, acc: Accumulator) -> None:
    """Empty what is added up over economies."""
    work = acc.work
    work.atom_reached[:] = 0.0
    work.atom_use[:] = 0.0
    work.chat[:] = 0.0
    renew(renewal, work.settled)
    if statics.record_slot[t] >= 0:
        work.margin[:] = 0.0
    if statics.record_slot[t] >= 0 or statics.outcome_slot[t] >= 0:
        work.atom_spend[:] = 0.0


@part
def alive(acc: Accumulator) -> int:
    """How many runs count."""
    return int(total(load(acc.work.live, ())))


@part
def expect_share(q: int, c: int, s: int, o: int, statics: Statics, acc: Accumulator) -> None:
    """Ask for the memory that `collect` will change for an offering of economy ``c``."""
    if statics.with_flows:
        fetch_pack(acc.work.previous, (c, s, o))
    if statics.with_economies:
        warm_share(q, c, s, o, _axes(statics, acc), acc.cells, acc.shelf)


@part
def expect_rest(q: int, c: int, statics: Statics, acc: Accumulator) -> None:
    """Ask for the memory that `collect` will change for economy ``c`` beside shares."""
    if statics.with_economies:
        warm_rest(q, c, _axes(statics, acc), acc.cells, acc.shelf)


@part
def _axes(statics: Statics, acc: Accumulator) -> tuple[int, int, int]:
    """Economies, segments with all, offerings."""
    return statics.order.shape[0], acc.work.level.shape[0], acc.work.use.shape[1]


@part
def collect(
    t: int,
    place: int,
    share: Floats,
    adoption: Floats,
    bill: Floats,
    tokens_per_user: Floats,
    count: int,
    statics: Statics,
    acc: Accumulator,
) -> None:
    """The economy at a place of the order into its own cells, into its cell of membership, flows
    and the channel. bill [S, O, W] is the economy's own.
    """
    work, s, c, n = acc.work, statics.consumers, statics.order[place], alive(acc)
    a, q = statics.atom_of[c], statics.record_slot[t]
    y, k, people = statics.december_slot[t], statics.outcome_slot[t], statics.people[c]
    add_users(
        c,
        a,
        share,
        adoption,
        people,
        work.potential,
        work.reached,
        work.use,
        work.atom_reached,
        work.atom_use,
    )
    see_chat(
        c,
        s,
        share,
        adoption,
        people * load(work.potential, (s,)),
        statics.observed[c],
        statics.cn_weight,
        statics.deepseek_weight,
        work.part,
        work.chat,
    )
    if statics.with_economies:
        add_chat(
            t,
            q,
            c,
            s,
            adoption,
            work.part,
            work.live,
            n,
            work.used,
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
        add_margins(c, region, share, work.previous, work.bound, work.met, work.margin)
    if q >= 0 or k >= 0:
        add_spend(a, bill, work.use, work.atom_spend)
        over_all(c, adoption, people, work.potential, work.use, work.level, work.whole)
    if q >= 0 and statics.with_economies:
        record_economy(
            q,
            c,
            share,
            work.level,
            work.whole,
            work.part,
            work.live,
            n,
            work.used,
            statics.economy_table,
            work.row,
            acc.cells,
            acc.shelf,
            count,
        )
    if y >= 0 and statics.with_economies:
        add_december(y, c, work.use, bill, tokens_per_user, work.live, work.row, acc.economy_level)
    if k >= 0:
        leading_bloc(c, statics.atom_home[a], statics.origin, work.whole, work.leader, work.row)


@borrowing
def end_month(
    t: int,
    tokens_per_user: Floats,
    indicators: Floats,
    count: int,
    statics: Statics,
    acc: Accumulator,
) -> None:
    """What is known once all economies are in: flows, groups, the world, named outcomes."""
    n, work, q = alive(acc), acc.work, statics.record_slot[t]
    if n == 0:
        return
    acc.runs[t] += n
    if q >= 0:
        work.settled[:] = 1.0
        if statics.with_flows and t > 0:
            sum_margins(q, work.margin, work.live, acc.flow)
    record_groups(t, tokens_per_user, indicators, n, count, statics, acc)
    watch_gap(indicators, statics.lag_indicator, acc.streak)
    if statics.outcome_slot[t] >= 0:
        record_outcomes(statics.outcome_slot[t], indicators, statics, acc)
