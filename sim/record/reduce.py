"""One month of a block of runs into the accumulator: the entry point of all drivers.

Call order: `begin_block` once per block, `reduce_month` for t = 0, 1, ... . The engine's own
loop calls what it is made of: `begin_month`, `collect` for every economy, `end_month`. If a run
turns out to have failed after months of it were recorded, repeat the block with `count = -1` and
the same masks, empty the sums (`clear_sums`), and run it once more without that run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.lanes.fetch import fetch_pack
from sim.lanes.held import held
from sim.lanes.jit import borrowing, inner, part
from sim.lanes.packs import load, total, widened
from sim.record.economies import (
    add_amounts,
    add_chat,
    add_december,
    add_to_atom,
    over_all,
    record_economy,
    see_chat,
    warm_rest,
    warm_share,
)
from sim.record.groups import record_groups
from sim.record.measure import record_outcomes, watch_gap
from sim.record.spheres import leading_bloc
from sim.record.switching import add_margins, bound, renew, sum_margins
from sim.record.users import see_users

if TYPE_CHECKING:
    from sim.record.accumulators import Accumulator
    from sim.record.plan_arrays import ReductionPlan

Floats = NDArray[np.float64]


class Shown(NamedTuple):
    """What L runs show of a month. All float64, runs last; L is a pack in compiled code."""

    share: Floats  # [C, S, O, L] of the segment's use: sums to 1, or 0 where adoption is 0
    adoption: Floats  # [C, S, L]
    bill: Floats  # [C, S, O, L] USD per user-month
    tokens: Floats  # [C, S, O, L] million a user-month
    renewal: Floats  # [S, L] part of users who chose anew this month
    indicators: Floats  # [I, L] NaN: undefined


def reduce_month(
    t: int, shown: Shown, live: NDArray[np.bool_], count: int, plan: ReductionPlan, acc: Accumulator
) -> None:
    """Reduce month ``t`` of L <= 16 runs, live bool [L]; count +1, or -1 to take a block back."""
    acc.work.live[:] = 0.0
    acc.work.live[: len(live)] = live
    record_month(t, Shown(*map(widened, shown)), count, held(plan), held(acc))


@borrowing
def record_month(t: int, shown: Shown, count: int, plan: ReductionPlan, acc: Accumulator) -> None:
    """`reduce_month` on packs; `acc.work.live` says which runs count."""
    begin_month(t, shown.renewal, plan, acc)
    for place in range(shown.share.shape[0]):
        c = plan.order[place]
        economy = Economy(shown.share, shown.adoption, shown.bill[c], shown.tokens[c])
        collect(t, place, economy, count, plan, acc)
    end_month(t, shown.indicators, count, plan, acc)


@inner
def begin_month(t: int, renewal: Floats, plan: ReductionPlan, acc: Accumulator) -> None:
    """Empty what is added up over economies."""
    work = acc.work
    work.atom_reached[:] = 0.0
    work.atom_use[:] = 0.0
    work.chat[:] = 0.0
    renew(renewal, work.settled)
    if plan.record_slot[t] >= 0:
        work.margin[:] = 0.0
    if plan.record_slot[t] >= 0 or plan.outcome_slot[t] >= 0:
        work.atom_spend[:] = 0.0
        work.atom_tokens[:] = 0.0


@part
def expect_share(q: int, c: int, s: int, o: int, plan: ReductionPlan, acc: Accumulator) -> None:
    """Ask for the memory that `collect` will change for an offering of economy ``c``."""
    if plan.with_flows:
        fetch_pack(acc.work.previous, (c, s, o))
    if plan.with_economies:
        warm_share(q, (c, s, o), _axes(plan, acc), acc.book)


@part
def expect_rest(q: int, c: int, plan: ReductionPlan, acc: Accumulator) -> None:
    """Ask for the memory that `collect` will change for economy ``c`` beside shares."""
    if plan.with_economies:
        warm_rest(q, c, _axes(plan, acc), acc.book)


@part
def _axes(plan: ReductionPlan, acc: Accumulator) -> tuple[int, int, int]:
    """Economies, segments with all, offerings."""
    return plan.order.shape[0], acc.work.level.shape[0], acc.work.users.use.shape[1]


class Economy(NamedTuple):
    """What `collect` reads: share and adoption of all economies, bill and tokens of one's users."""

    share: Floats  # [C, S, O, W]
    adoption: Floats  # [C, S, W]
    bill: Floats  # [S, O, W]
    tokens: Floats  # [S, O, W]


@part
def collect(
    t: int, place: int, economy: Economy, count: int, plan: ReductionPlan, acc: Accumulator
) -> None:
    """The economy at a place of the order into its own cells, into its cell of membership, flows
    and the channel.
    """
    work, c, share, adoption = acc.work, plan.order[place], economy.share, economy.adoption
    a, q = plan.atom_of[c], plan.record_slot[t]
    y, k = plan.december_slot[t], plan.outcome_slot[t]
    see_users(c, plan.people[c], work.potential, share, adoption, work.users)
    add_to_atom(a, work)
    see_chat(c, share, adoption, plan, work)
    if plan.with_economies:
        add_chat(t, c, adoption, plan, acc, count)
    if plan.with_flows and q >= 0:
        bound(c, work.users.reached, work.before, work.settled, work.bound)
        region = plan.flow_of[c] if plan.flow_of[c] >= 0 else work.margin.shape[0] - 1
        add_margins(c, region, share, work.previous, work.bound, work.met, work.margin)
    if q >= 0 or k >= 0:
        add_amounts(a, economy.bill, work.users.use, work.atom_spend)
        add_amounts(a, economy.tokens, work.users.use, work.atom_tokens)
        over_all(c, adoption, work)
    if q >= 0 and plan.with_economies:
        record_economy(q, c, share, plan, acc, count)
    if y >= 0 and plan.with_economies:
        add_december(y, c, economy.bill, economy.tokens, acc)
    if k >= 0:
        leading_bloc(c, plan, acc)


@borrowing
def end_month(
    t: int, indicators: Floats, count: int, plan: ReductionPlan, acc: Accumulator
) -> None:
    """What is known once all economies are in: flows, groups, the world, named outcomes."""
    n, work, q = int(total(load(acc.work.live, ()))), acc.work, plan.record_slot[t]
    if n == 0:
        return
    acc.runs[t] += n
    if q >= 0:
        work.settled[:] = 1.0
        if plan.with_flows and t > 0:
            sum_margins(q, work.margin, work.live, acc.flow)
    record_groups(t, indicators, count, plan, acc)
    watch_gap(indicators, plan.lag_indicator, acc.streak)
    if plan.outcome_slot[t] >= 0:
        record_outcomes(plan.outcome_slot[t], indicators, plan, acc)
