"""The month: read this first.

`STEPS` is its order. `advance_month` is one month of the world, `run_months` a course of them; both
are compiled, and serve a pack of runs as they serve one. The Mesa model (`sim.model.mesa`) calls
the same three parts: `open_month`, `advance_economy` for every country, `close_month`. Countries
read t-1 and write t, so the order in which they are activated cannot matter.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.extending import overload
from numpy.typing import NDArray

from sim.equations import choice, history, network
from sim.lanes.bits import fma
from sim.lanes.jit import borrowing, inner, part
from sim.lanes.packs import load, store
from sim.lanes.views import at
from sim.model.economy import advance_economy
from sim.model.facts import Given, Ground
from sim.model.state import Memory
from sim.model.supply import advance_supply
from sim.model.watch import OPTIONS, Nobody, begin, economy, end, looks_within, wants_bill

Floats = NDArray[np.float64]

#: What happens in a month, in this order, and where it stands.
STEPS = (
    ("levers", "dated policy, read from the paths of the scenario"),
    ("frontier", "capability of the blocs, releases, attention"),
    ("costs", "API prices, own hardware and what it can serve, tokens per user"),
    ("exposure", "what trade partners used last month"),
    (
        "reach",
        "who can be reached by what (kept between the months it changes in), and who knows it",
    ),
    ("value", "utility of every offering; what its models are worth in every task"),
    ("choice", "by task; the part of use that is up for renewal"),
    ("adoption", "relaxes towards a target that rests on the value of all that is in reach"),
    ("memory", "ecosystems, trust, installed base, accelerators, affinity, the world's totals"),
    ("invariants", r"shares in \[0, 1\], summing to one where anybody uses AI"),
    ("record", "the month's arrays, for whoever listens"),
)


@borrowing
def run_months(first: int, last: int, watcher: Any, given: Given, memory: Memory) -> int:  # noqa: ANN401
    """Months first .. last - 1, until the watcher has seen enough; returns the month after the last
    one that it went on from.
    """
    for t in range(first, last):
        begin(watcher, t, given, memory)
        pass_month(watcher, t, given, memory)
        if not end(watcher, t, given, memory):
            return t
    return last


def pass_month(watcher: Any, t: int, given: Given, memory: Memory) -> None:  # noqa: ANN401
    """`advance_month`; for those who do not look within it, the one that all of them share."""
    raise NotImplementedError


@overload(pass_month, jit_options=OPTIONS, strict=False)
def _pass_month(watcher: Any, t: int, given: Given, memory: Memory) -> Any:  # noqa: ANN401, ARG001
    if looks_within(watcher):
        return lambda watcher, t, given, memory: advance_month(t, watcher, given, memory)
    return lambda watcher, t, given, memory: quiet_month(t, wants_bill(watcher, t), given, memory)


@inner
def quiet_month(t: int, bill: bool, given: Given, memory: Memory) -> None:
    """A month that nobody looks into: compiled once, whoever watches its beginning and end."""
    advance_month(t, Nobody(bill), given, memory)


@part
def advance_month(t: int, watcher: Any, given: Given, memory: Memory) -> None:  # noqa: ANN401
    """Steps 1 to 9 of month t."""
    open_month(t, given, memory)
    order = given.ground.order
    for place in range(order.shape[0]):
        advance_economy(t, order[place], watcher, given, memory)
        economy(watcher, t, place, given, memory)
    close_month(given, memory)


@inner
def open_month(t: int, given: Given, memory: Memory) -> None:
    """What the world offers (1 to 3), and what economies see of each other (4)."""
    advance_supply(t, given, memory)
    memory.state.sums.use[:] = 0.0
    memory.state.sums.spend[:] = 0.0
    memory.use.family.sum[:] = 0.0
    feel(t, given, memory)
    see_partners(given.ground, memory)


@inner
def feel(t: int, given: Given, memory: Memory) -> None:
    """Goodwill of every region towards every offering after a month's luck."""
    region, p = memory.state.region, at(given.params, ())
    for r in range(region.goodwill.shape[0]):
        for k in range(region.goodwill.shape[1]):
            one = at(region, (r, k))
            one.goodwill = history.goodwill(
                one.goodwill,
                p.goodwill_persistence,
                p.goodwill_world_sd,
                load(given.draws.mood, (t, k)),
                p.goodwill_region_sd,
                load(given.draws.regional, (t, r, k)),
            )


@inner
def see_partners(g: Ground, memory: Memory) -> None:
    """Exposure of every economy to what its partners used last month.

    One offering at a time: its users fit into the processor's nearest cache.
    """
    state, scale = memory.state, at(memory.supply.world, ()).china_scale
    china = max(g.china, 0)
    for k in range(state.used.shape[0]):
        for c in range(g.order.shape[0]):
            exposure = network.partner_exposure(
                add_partners(c, k, g, state.used),
                g.economy.weight_china[c],
                load(state.used, (k, china)),
                scale,
            )
            store(state.exposure, (c, k), exposure)


@part
def add_partners(c: int, k: int, g: Ground, used: Floats) -> float:
    """Sum over partners of weight x use; four sums in turn, so that none has to wait."""
    of = slice(g.partner_start[c], g.partner_start[c + 1])
    partner, weight = g.partner[of], g.partner_weight[of]
    a, b, d, e = 0.0, 0.0, 0.0, 0.0
    fours = len(partner) // 4
    for i in range(fours):
        j = 4 * i
        a = fma(weight[j], load(used, (k, partner[j])), a)
        b = fma(weight[j + 1], load(used, (k, partner[j + 1])), b)
        d = fma(weight[j + 2], load(used, (k, partner[j + 2])), d)
        e = fma(weight[j + 3], load(used, (k, partner[j + 3])), e)
    for j in range(4 * fours, len(partner)):
        a = fma(weight[j], load(used, (k, partner[j])), a)
    found: float = (a + b) + (d + e)
    return found


@inner
def close_month(given: Given, memory: Memory) -> None:
    """Step 9, the world's part: shares of blocs in users and spend, of open weights, and China's
    industrial adoption, for the feedbacks of next month.
    """
    g, state, use = given.ground, memory.state, memory.use
    offerings, world = g.nest.shape[0], at(memory.use.world, ())
    total, spent, cn_open, us_closed = 0.0, 0.0, 0.0, 0.0
    for k in range(offerings):
        sums, what = at(state.sums, (k,)), at(g.offering, (k,))
        total = total + sums.use
        spent = spent + sums.spend
        cn_open = cn_open + sums.use * what.cn_open
        us_closed = us_closed + sums.use * what.packaged
    for b in range(use.bloc.users.shape[0]):
        used, paid, bloc = 0.0, 0.0, at(use.bloc, (b,))
        for k in range(offerings):
            sums, weight = at(state.sums, (k,)), given.catalogue.origin[k, b]
            used = used + sums.use * weight
            paid = paid + sums.spend * weight
        bloc.users = used / choice.some(total)
        bloc.spend = paid / choice.some(spent)
    world.cn_open = cn_open / choice.some(total)
    world.us_closed = us_closed / choice.some(total)
    people = 0.0
    for c in range(g.order.shape[0]):
        people = people + g.economy.people[c]
    for f in range(use.family.built.shape[0]):
        family = at(use.family, (f,))
        family.built = family.sum / people
    if g.china >= 0:
        adopted, weight = 0.0, 0.0
        for segment in range(state.segment.adoption.shape[1]):
            industrial = at(given.segments, (segment,)).industrial
            adopted = adopted + at(state.segment, (g.china, segment)).adoption * industrial
            weight = weight + industrial
        world.industry = adopted / choice.some(weight)


@inner
def recount(given: Given, memory: Memory) -> None:
    """The sums over economies anew, in their own order, from what is in the state: where agents act
    in an order of their own, no bit may depend on it. Bills must have been kept.
    """
    g, state, families = given.ground, memory.state, memory.use.family
    state.sums.use[:] = 0.0
    state.sums.spend[:] = 0.0
    families.sum[:] = 0.0
    for c in g.order:
        for k in range(g.nest.shape[0]):
            use, sums, family = 0.0, at(state.sums, (k,)), at(families, (g.family[k],))
            for segment in range(state.segment.adoption.shape[1]):
                here = at(state.offering, (c, segment, k))
                level, s = at(state.segment, (c, segment)).adoption, at(given.segments, (segment,))
                users = g.economy.people[c] * s.potential * level
                use = use + users * here.share
                family.sum = family.sum + g.economy.people[c] * s.builds * level * here.share
                if g.offering.sells[k] > 0.0:
                    sums.spend = sums.spend + users * here.share * here.bill
            sums.use = sums.use + use
