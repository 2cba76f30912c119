"""One month of every lane into the accumulator: the entry point of both drivers.

Call order: `begin_block(acc)` once per block of lanes, `reduce_month` for t = 0, 1, ... . If a
lane turns out to have failed after months of it were recorded, repeat the block with `count = -1`
and the same masks, empty the sums (`clear_sums`), and run it once more without that lane.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.results.compiled import borrowing
from sim.results.economies import (
    add_chat,
    add_december,
    add_to_atom,
    economy_use,
    leading_bloc,
    living,
    record_economy,
)
from sim.results.groups import (
    gather_group,
    reached_of,
    record_group,
    record_indicators,
    record_levels,
    record_world_chat,
    users_to_tokens,
)
from sim.results.layout import (
    ADOPTION,
    ASSORTATIVITY,
    GAP_CLOSED,
    HERFINDAHL,
    INDICATOR,
    LEADS,
    LED_BY,
    MODULARITY,
    SPEND,
    USE_SHARE,
)
from sim.results.spheres import (
    count_led,
    herfindahl,
    over_segments,
    structure,
    total_of,
    weigh_family,
)
from sim.results.switching import add_margins, sum_margins

if TYPE_CHECKING:
    from sim.results.accumulators import Accumulator
    from sim.results.statics import Statics

Floats = NDArray[np.float64]
_MONTHS_TO_CLOSE = 3


@borrowing
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

    share [C, S, O, L] of the segment's use (0 where adoption is 0); adoption [C, S, L]; bill
    [C, S, O, L] USD per user-month; tokens_per_user [S, L] million a month; renewal [S, L] part of
    users who chose anew this month; indicators [I, L], NaN = undefined; live bool [L]; count +1, or
    -1 to take a block back.
    """
    n = living(live, acc.alive)
    if n == 0:
        return
    acc.runs[t] += n
    reduce_economies(t, share, adoption, bill, tokens_per_user, renewal, n, count, statics, acc)
    for g in range(statics.member.shape[0]):
        gather_group(g, statics.member, acc.atom_use, acc.atom_spend, acc.use, acc.spend)
        reached_of(g, statics.member, acc.atom_reached, statics.group_potential, acc.level)
        record_group(t, g, n, count, statics, acc)
        record_levels(t, g, 0, acc.use, n, count, statics, acc)
        record_levels(t, g, 2, acc.spend, n, count, statics, acc)
        users_to_tokens(acc.use, tokens_per_user)
        record_levels(t, g, 1, acc.use, n, count, statics, acc)
    record_indicators(t, indicators, n, count, acc)
    watch_gap(indicators, statics.lag_indicator, acc.streak)
    if statics.outcome_slot[t] >= 0:
        record_outcomes(statics.outcome_slot[t], indicators, live, statics, acc)


@borrowing
def reduce_economies(
    t: int,
    share: Floats,
    adoption: Floats,
    bill: Floats,
    tokens_per_user: Floats,
    renewal: Floats,
    n: int,
    count: int,
    statics: Statics,
    acc: Accumulator,
) -> None:
    """Economies into their own cells, into cells of membership, flows and the channel."""
    acc.atom_use[:] = 0.0
    acc.atom_spend[:] = 0.0
    acc.atom_reached[:] = 0.0
    acc.chat[:] = 0.0
    acc.margin[:] = 0.0
    december = statics.december_slot[t]
    regions = acc.margin.shape[0] - 1
    for k in range(share.shape[0]):
        c = statics.order[k]
        a = statics.atom_of[c]
        economy_use(c, share, adoption, bill, statics.potential, acc.use, acc.spend, acc.level)
        add_to_atom(
            a,
            c,
            statics.potential,
            acc.use,
            acc.spend,
            acc.level,
            acc.atom_use,
            acc.atom_spend,
            acc.atom_reached,
        )
        add_chat(t, c, n, count, share, statics, acc)
        if statics.with_economies:
            record_economy(t, c, share, n, count, statics, acc)
            if december >= 0:
                add_december(december, c, tokens_per_user, n, acc)
        if statics.outcome_slot[t] >= 0:
            leading_bloc(c, statics.atom_home[a], statics.origin, acc.use, acc.leader)
        if statics.with_flows:
            region = statics.flow_of[c]
            add_margins(
                c,
                region if region >= 0 else regions,
                acc.use,
                acc.previous,
                renewal,
                acc.part,
                acc.margin,
            )
    record_world_chat(t, n, count, statics, acc)
    if statics.with_flows and t > 0:
        sum_margins(t, acc.margin, acc.alive, n, acc.flow)


@borrowing
def watch_gap(indicators: Floats, lag: int, streak: NDArray[np.int64]) -> None:
    """Count months in a row with a Chinese lag of 0 or less; -1 once it lasted three months."""
    if lag < 0:
        return
    for j in range(streak.shape[0]):
        if streak[j] < 0:
            continue
        streak[j] = streak[j] + 1 if indicators[lag, j] <= 0.0 else 0
        if streak[j] >= _MONTHS_TO_CLOSE:
            streak[j] = -1


@borrowing
def record_outcomes(
    k: int, indicators: Floats, live: NDArray[np.bool_], statics: Statics, acc: Accumulator
) -> None:
    """The named outcomes of every live lane at outcome month ``k``."""
    over_segments(acc.atom_use, acc.atom_sum[0])
    over_segments(acc.atom_spend, acc.atom_sum[1])
    structure(acc.leader, statics.trade, statics.strength, acc.structure)
    row = acc.part[0, 0]
    for i in range(statics.outcome_kind.shape[0]):
        kind, g, item = statics.outcome_kind[i], statics.outcome_group[i], statics.outcome_item[i]
        outcome_row(kind, g, item, indicators, statics, acc, row, acc.part[0, 1])
        for j in range(row.shape[0]):
            acc.outcome[i, k, j] = row[j] if live[j] else np.nan


@borrowing
def outcome_row(
    kind: int,
    g: int,
    item: int,
    indicators: Floats,
    statics: Statics,
    acc: Accumulator,
    row: Floats,
    part: Floats,
) -> None:
    """One named outcome of all lanes into ``row`` [L]; ``part`` [L] is work space."""
    member, use, spend = statics.member, acc.atom_sum[0], acc.atom_sum[1]
    if kind == USE_SHARE:
        weigh_family(g, statics.family, item, member, statics.atom_home, use, row)
        total_of(g, member, use, part)
        for j in range(row.shape[0]):
            row[j] = row[j] / part[j]
    elif kind == SPEND:
        weigh_family(g, statics.family, item, member, statics.atom_home, spend, row)
    elif kind == ADOPTION:
        reached_of(g, member, acc.atom_reached, statics.group_potential, acc.level)
        copy_row(acc.level[0, acc.level.shape[1] - 1], row)
    elif kind == HERFINDAHL:
        herfindahl(member, use, row, part)
    elif kind == MODULARITY:
        copy_row(acc.structure[0], row)
    elif kind == ASSORTATIVITY:
        copy_row(acc.structure[1], row)
    else:
        for j in range(row.shape[0]):
            row[j] = of_lane(kind, item, j, indicators, acc)


@borrowing
def copy_row(values: Floats, row: Floats) -> None:
    """Copy values [L] into ``row`` (a slice assignment would allocate)."""
    for j in range(row.shape[0]):
        row[j] = values[j]


@borrowing
def of_lane(kind: int, item: int, j: int, indicators: Floats, acc: Accumulator) -> float:
    """Outcomes that are a series or a count of one lane."""
    found = np.nan
    if kind == INDICATOR:
        found = indicators[item, j]
    elif kind == GAP_CLOSED:
        found = 1.0 if acc.streak[j] < 0 else 0.0
    elif kind == LEADS:
        found = 1.0 if indicators[item, j] < 0.0 else 0.0
    elif kind == LED_BY:
        found = count_led(j, item, acc.leader)
    return found
