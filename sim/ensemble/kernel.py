"""One month of all economies over lanes; the counterpart of `sim.model.country`.

Every formula is an equation of `sim.equations`, inlined; this file holds loops and order only.
A block is one pack of runs (`sim.equations.packs`): they go through an economy together, and what
they need meanwhile stays in registers and in a few rows of scratch. Logarithms of all offerings are
taken in one loop and exponentials in the next: a processor works on several of one kind at once,
while one after the other would wait for each other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.appraise import appraise
from sim.ensemble.arrays import Ground, Inputs, Memory, State, Work
from sim.ensemble.settling import build
from sim.ensemble.surroundings import see_bloc, see_partners, see_prices
from sim.equations import adoption, choice, cost, network
from sim.equations.fetch import fetch_pack
from sim.equations.jit import part
from sim.equations.packs import fill, load, store
from sim.equations.supply import Supply
from sim.results.accumulators import Accumulator
from sim.results.channels import Instruments, add_audiences
from sim.results.reduce import collect, expect_rest, expect_share
from sim.results.statics import Statics
from sim.world.parameters import OfferingParams, Params, SegmentParams, WorldLevers

Floats = NDArray[np.float64]


@part
def advance_economies(
    t: int,
    keep_bill: bool,
    seen: Instruments,
    count: int,
    statics: Statics,
    acc: Accumulator,
    given: Inputs,
    memory: Memory,
) -> None:
    """Steps 4 to 9 of month t for every economy; reads the portfolios of t-1.

    keep_bill: whether `state.bill` is wanted this month. count: 1 to reduce each economy as soon as
    it is done, while its numbers are at hand; -1 to take that back; 0 to reduce nothing.
    """
    g, p, s, o, lever = given.ground, given.params, given.segments, given.offerings, given.lever
    supply, state, work = memory.supply, memory.state, memory.work
    state.use[:] = 0.0
    state.spend[:] = 0.0
    q = statics.record_slot[t] if count != 0 else -1
    see_partners(g, supply, state)
    for place in range(g.online.shape[0]):
        c = statics.order[place]
        if given.refresh[t, c]:
            appraise(t, c, g, p, s, o, given.constants, given.taste, lever, state, work)
        see_prices(t, c, g, p, o, lever, supply, state, work)
        see_bloc(t, c, g, p, lever, state, work)
        for segment in range(state.share.shape[1]):
            price(t, c, segment, keep_bill, q, statics, acc, g, s, lever, supply, state, work)
        for segment in range(state.share.shape[1]):
            appeal(c, segment, g, p, s, supply, state, work)
        share_out(p, work)
        if q >= 0:
            expect_rest(q, c, statics, acc)
        left, exponent = load(supply.offline, ()), load(p.adoption_ceiling_exponent, ())
        ceiling = adoption.ceiling(g.online[c], left, exponent)
        for segment in range(state.share.shape[1]):
            adopt(c, segment, g, s, given.effect, ceiling, supply, state, work)
        work.use[:] = 0.0
        work.local_use[:] = 0.0
        for segment in range(state.share.shape[1]):
            renew(c, segment, g, s, o, given.hosted_locally, supply, state, work)
        build(t, c, g, p, state, work)
        if count != 0:
            collect(
                t, place, state.share, state.adoption, work.bill, supply.tokens, count, statics,
                acc,
            )  # fmt: skip
            add_audiences(c, seen, state.share, state.adoption, acc.work.audience)


@part
def price(
    t: int,
    c: int,
    segment: int,
    keep_bill: bool,
    q: int,
    statics: Statics,
    acc: Accumulator,
    g: Ground,
    s: SegmentParams,
    lever: WorldLevers,
    supply: Supply,
    state: State,
    work: Work,
) -> None:
    """Bill and burden of every offering to a segment.

    Logarithms take long: meanwhile the state that is needed next is asked for, and, in a recorded
    month (q >= 0), what recording will change.
    """
    seat_weight, tokens = load(s.seat_weight, (segment,)), load(supply.tokens, (segment,))
    paying = load(s.paying, (segment,))
    per_budget = cost.per_budget(load(s.budget_share, (segment,)), g.income_month[c])
    for k in range(g.nest.shape[0]):
        fetch_pack(state.standing, (c, segment, k))
        fetch_pack(state.stock, (c, segment, k))
        fetch_pack(state.share, (c, segment, k))
        if q >= 0:
            expect_share(q, c, segment, k, statics, acc)
        if state.anywhere[c, segment, k] == 0.0 and k != g.reference:
            store(work.bill, (segment, k), 0.0)
            if keep_bill:
                store(state.bill, (c, segment, k), 0.0)
            continue
        cut = cost.package_discount(lever.us_allies_package[t], g.ally[c], g.packaged[k])
        month = cost.monthly_price(
            load(work.seat, (k,)), seat_weight, tokens, load(work.unit, (k,)), cut
        )
        bill = month * paying * load(state.mask, (c, segment, k))
        store(work.bill, (segment, k), bill)
        if keep_bill:
            store(state.bill, (c, segment, k), bill)
        burden = cost.burden(month, per_budget)
        store(work.burden, (segment, k), burden)
        if k == g.reference:
            store(work.reference_burden, (segment,), burden * g.pays[t, c, segment])


@part
def appeal(
    c: int,
    segment: int,
    g: Ground,
    p: Params[Floats],
    s: SegmentParams,
    supply: Supply,
    state: State,
    work: Work,
) -> None:
    """Utility and attraction of every offering to a segment; attractions by nest."""
    work.nests[segment] = 0.0
    for k in range(g.nest.shape[0]):
        nest = g.nest[k]
        if state.anywhere[c, segment, k] == 0.0:
            store(work.pull, (segment, k), 0.0)
            continue
        mask = load(state.mask, (c, segment, k))
        pull = choice.attraction(utility(c, segment, k, g, s, supply, state, work), mask)
        if g.imitative:
            share, entry = load(state.share, (c, segment, k)), load(p.choice_entry, ())
            pull = choice.imitated(pull, share, entry)
        store(work.pull, (segment, k), pull)
        store(work.nests, (segment, nest), load(work.nests, (segment, nest)) + pull)


@part
def utility(
    c: int,
    segment: int,
    k: int,
    g: Ground,
    s: SegmentParams,
    supply: Supply,
    state: State,
    work: Work,
) -> float:
    """Utility of one offering to a segment, from its terms."""
    habit = network.habit(
        load(s.imitation, (segment,)),
        load(state.exposure, (c, k)),
        load(s.lock_in, (segment,)),
        load(state.stock, (c, segment, k)),
    )
    value: float = choice.utility(
        load(state.standing, (c, segment, k)),
        load(supply.quality, (segment, k)) + load(supply.attention, (segment, k)) * g.abroad[c, k],
        load(s.price_sensitivity, (segment,)),
        load(work.burden, (segment, k)),
        0.0,
        load(s.affinity_weight, (segment,)) * load(work.bond, (k,)),
        habit,
        load(work.common, (k,)),
    )
    return value


@part
def share_out(p: Params[Floats], work: Work) -> None:
    """Nested logit: from attractions by nest to the factor of each nest, and the total."""
    similarity = load(p.choice_similarity, ())
    for segment in range(work.nests.shape[0]):
        for n in range(work.nests.shape[1]):
            weight = choice.nest_attraction(load(work.nests, (segment, n)), similarity)
            store(work.weights, (segment, n), weight)
    for segment in range(work.nests.shape[0]):
        total = fill(0.0)
        for n in range(work.nests.shape[1]):
            total = total + load(work.weights, (segment, n))
        store(work.total, (segment,), total)
        for n in range(work.nests.shape[1]):
            factor = choice.nest_factor(
                load(work.nests, (segment, n)), load(work.weights, (segment, n)), total
            )
            store(work.weights, (segment, n), factor)


@part
def adopt(
    c: int,
    segment: int,
    g: Ground,
    s: SegmentParams,
    effect: Floats,
    ceiling: float,
    supply: Supply,
    state: State,
    work: Work,
) -> None:
    """Adoption of a segment relaxes towards its target; its users follow."""
    some = load(state.any_feasible, (c, segment))
    index = adoption.adoption_index(
        load(supply.kappa, (segment,)),
        load(s.burden_sensitivity, (segment,)),
        load(work.reference_burden, (segment,)),
        load(s.reach_weight, (segment,)),
        load(state.log_reach, (c, segment)),
        load(s.value_weight, (segment,)),
        choice.inclusive_value(load(work.total, (segment,))),
        load(effect, (c,)),
    )
    level = adoption.adopted(
        load(state.adoption, (c, segment)),
        adoption.adoption_target(ceiling, index, some),
        load(s.speed, (segment,)),
        some,
    )
    store(state.adoption, (c, segment), level)
    store(work.users, (segment,), g.people[c] * load(s.potential, (segment,)) * level)


@part
def renew(
    c: int,
    segment: int,
    g: Ground,
    s: SegmentParams,
    o: OfferingParams,
    hosted_locally: Floats,
    supply: Supply,
    state: State,
    work: Work,
) -> None:
    """The part of use up for renewal is chosen anew; installed base, users and spend follow."""
    offerings, kept = g.nest.shape[0], fill(0.0)
    for k in range(offerings):
        kept = kept + load(state.share, (c, segment, k)) * load(state.mask, (c, segment, k))
    anew = choice.part_anew(kept, load(s.churn, (segment,)))
    factor, memory = choice.kept_factor(kept, anew), load(s.memory, (segment,))
    users = load(work.users, (segment,))
    tokens, local_use = users * load(supply.tokens, (segment,)), load(work.local_use, ())
    for k in range(offerings):
        share = choice.renewed(
            load(state.share, (c, segment, k)) * load(state.mask, (c, segment, k)),
            factor,
            choice.choice_share(
                load(work.pull, (segment, k)), load(work.weights, (segment, g.nest[k]))
            ),
            anew,
        )
        store(state.share, (c, segment, k), share)
        stock = network.installed_base(load(state.stock, (c, segment, k)), share, memory)
        store(state.stock, (c, segment, k), stock)
        store(work.use, (k,), load(work.use, (k,)) + users * share)
        if hosted_locally[k] > 0.0:
            local_use = local_use + tokens * share * load(o.local_weight, (k,))
        if g.sells[k] > 0.0:
            spend = load(state.spend, (k,)) + users * share * load(work.bill, (segment, k))
            store(state.spend, (k,), spend)
    store(work.local_use, (), local_use)
