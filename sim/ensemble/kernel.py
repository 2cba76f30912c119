"""One month of all economies over lanes; the counterpart of `sim.model.country`.

Every formula is an equation of `sim.equations`, inlined; this file holds loops and order only.
Sixteen runs go through an economy together (`sim.equations.packs`); what they need meanwhile stays
in registers and in a few rows of scratch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.appraise import appraise
from sim.ensemble.arrays import Ground, Lanes, Seen, State, Work
from sim.ensemble.settling import build
from sim.ensemble.surroundings import see_partners, see_prices
from sim.equations import adoption, choice, cost, network
from sim.equations.jit import part
from sim.equations.packs import WIDTH, fill, load, store
from sim.world.parameters import OfferingParams, Params, SegmentParams, WorldLevers

Floats = NDArray[np.float64]


@part
def advance_economies(
    t: int,
    keep_bill: bool,
    g: Ground,
    refresh: NDArray[np.bool_],
    p: Params[Floats],
    s: SegmentParams,
    o: OfferingParams,
    constants: Floats,
    taste: Floats,
    effect: Floats,
    lever: WorldLevers,
    supply: Seen,
    state: State,
    lanes: Lanes,
    work: Work,
) -> None:
    """Steps 4 to 9 of month t for every economy; reads the portfolios of t-1.

    keep_bill: whether `lanes.bill` is wanted this month.
    """
    lanes.use[:] = 0.0
    lanes.spend[:] = 0.0
    for q in range(state.share.shape[0]):
        for c in range(g.online.shape[0]):
            if refresh[t, c]:
                appraise(t, c, q, g, p, s, o, constants, taste, lever, state, work)
            see_prices(t, c, q, g, p, o, lever, supply, state, lanes, work)
            see_partners(t, c, q, g, p, lever, supply, state, work)
            work.use[:] = 0.0
            work.local_use[:] = 0.0
            left, exponent = load(supply.offline, (q, 0)), load(p.adoption_ceiling_exponent, (q, 0))
            store(work.ceiling, (0,), adoption.ceiling(g.online[c], left, exponent))
            for segment in range(state.share.shape[2]):
                appeal(t, c, segment, q, keep_bill, g, p, s, o, lever, supply, state, lanes, work)
                share_out(q, p, work)
                adopt(c, segment, q, g, s, effect, supply, state, lanes, work)
                renew(c, segment, q, g, s, o, supply, state, lanes, work)
            build(t, c, q, g, p, state, lanes, work)


@part
def appeal(
    t: int,
    c: int,
    segment: int,
    q: int,
    keep_bill: bool,
    g: Ground,
    p: Params[Floats],
    s: SegmentParams,
    o: OfferingParams,
    lever: WorldLevers,
    supply: Seen,
    state: State,
    lanes: Lanes,
    work: Work,
) -> None:
    """Bill, burden, utility and attraction of every offering; attractions by nest."""
    seat_weight, tokens = load(s.seat_weight, (q, segment, 0)), load(supply.tokens, (q, segment, 0))
    paying = load(s.paying, (q, segment, 0))
    per_budget = cost.per_budget(load(s.budget_share, (q, segment, 0)), g.income_month[c])
    work.nests[:] = 0.0
    for k in range(work.pull.shape[0]):
        mask, nest = state.mask[c, segment, k], g.nest[k]
        if mask == 0.0 and k != g.reference:
            store(work.pull, (k, 0), 0.0)
            store(work.bill, (k, 0), 0.0)
            if keep_bill:
                store(lanes.bill, (c, segment, k, q * WIDTH), 0.0)
            continue
        seat = cost.seat_price(
            load(o.seat_usd_month, (q, k, 0)), lever.us_price_cut[t], g.packaged[k]
        )
        cut = cost.package_discount(lever.us_allies_package[t], g.ally[c], g.packaged[k])
        price = cost.monthly_price(seat, seat_weight, tokens, load(work.unit, (k, 0)), cut)
        bill = price * paying * mask
        store(work.bill, (k, 0), bill)
        if keep_bill:
            store(lanes.bill, (c, segment, k, q * WIDTH), bill)
        burden = cost.burden(price, per_budget)
        if k == g.reference:
            store(work.reference_burden, (0,), burden * g.pays[t, c, segment])
        pull = choice.attraction(utility(c, segment, k, q, burden, g, s, supply, state, work), mask)
        if g.imitative:
            pull = choice.imitated(
                pull, load(state.share, (q, c, segment, k, 0)), load(p.choice_entry, (q, 0))
            )
        store(work.pull, (k, 0), pull)
        store(work.nests, (nest, 0), load(work.nests, (nest, 0)) + pull)


@part
def utility(
    c: int,
    segment: int,
    k: int,
    q: int,
    burden: float,
    g: Ground,
    s: SegmentParams,
    supply: Seen,
    state: State,
    work: Work,
) -> float:
    """Utility of one offering to a segment, from its terms."""
    habit = network.habit(
        load(s.imitation, (q, segment, 0)),
        load(work.exposure, (k, 0)),
        load(s.lock_in, (q, segment, 0)),
        load(state.stock, (q, c, segment, k, 0)),
    )
    value: float = choice.utility(
        load(state.standing, (q, c, segment, k, 0)),
        load(supply.quality, (q, segment, k, 0))
        + load(supply.attention, (q, segment, k, 0)) * g.abroad[c, k],
        load(s.price_sensitivity, (q, segment, 0)),
        burden,
        0.0,
        load(s.affinity_weight, (q, segment, 0)) * load(work.bond, (k, 0)),
        habit,
        load(work.common, (k, 0)),
    )
    return value


@part
def share_out(q: int, p: Params[Floats], work: Work) -> None:
    """Nested logit: from attractions by nest to the factor of each nest, and the total."""
    similarity, total = load(p.choice_similarity, (q, 0)), fill(0.0)
    for n in range(work.nests.shape[0]):
        weight = choice.nest_attraction(load(work.nests, (n, 0)), similarity)
        store(work.weights, (n, 0), weight)
        total = total + weight
    for n in range(work.nests.shape[0]):
        factor = choice.nest_factor(load(work.nests, (n, 0)), load(work.weights, (n, 0)), total)
        store(work.weights, (n, 0), factor)
    store(work.total, (0,), total)


@part
def adopt(
    c: int,
    segment: int,
    q: int,
    g: Ground,
    s: SegmentParams,
    effect: Floats,
    supply: Seen,
    state: State,
    lanes: Lanes,
    work: Work,
) -> None:
    """Adoption of a segment relaxes towards its target; its users follow."""
    some = 0.0
    for k in range(work.pull.shape[0]):
        some = max(some, state.mask[c, segment, k])
    index = adoption.adoption_index(
        load(supply.kappa, (q, segment, 0)),
        load(s.burden_sensitivity, (q, segment, 0)),
        load(work.reference_burden, (0,)),
        load(s.reach_weight, (q, segment, 0)),
        load(state.log_reach, (q, c, segment, 0)),
        load(s.value_weight, (q, segment, 0)),
        choice.inclusive_value(load(work.total, (0,))),
        load(effect, (q, c, 0)),
    )
    level = adoption.adopted(
        load(state.adoption, (q, c, segment, 0)),
        adoption.adoption_target(load(work.ceiling, (0,)), index, some),
        load(s.speed, (q, segment, 0)),
        some,
    )
    store(state.adoption, (q, c, segment, 0), level)
    store(lanes.adoption, (c, segment, q * WIDTH), level)
    store(work.users, (0,), g.people[c] * load(s.potential, (q, segment, 0)) * level)


@part
def renew(
    c: int,
    segment: int,
    q: int,
    g: Ground,
    s: SegmentParams,
    o: OfferingParams,
    supply: Seen,
    state: State,
    lanes: Lanes,
    work: Work,
) -> None:
    """The part of use up for renewal is chosen anew; installed base, users and spend follow."""
    offerings, kept = work.pull.shape[0], fill(0.0)
    for k in range(offerings):
        kept = kept + load(state.share, (q, c, segment, k, 0)) * state.mask[c, segment, k]
    anew = choice.part_anew(kept, load(s.churn, (q, segment, 0)))
    factor, memory = choice.kept_factor(kept, anew), load(s.memory, (q, segment, 0))
    users = load(work.users, (0,))
    tokens, local_use = users * load(supply.tokens, (q, segment, 0)), load(work.local_use, (0,))
    for k in range(offerings):
        share = choice.renewed(
            load(state.share, (q, c, segment, k, 0)) * state.mask[c, segment, k],
            factor,
            choice.choice_share(load(work.pull, (k, 0)), load(work.weights, (g.nest[k], 0))),
            anew,
        )
        store(state.share, (q, c, segment, k, 0), share)
        store(lanes.share, (c, segment, k, q * WIDTH), share)
        stock = network.installed_base(load(state.stock, (q, c, segment, k, 0)), share, memory)
        store(state.stock, (q, c, segment, k, 0), stock)
        store(work.use, (k, 0), load(work.use, (k, 0)) + users * share)
        if g.hosted_locally[k] > 0.0:
            local_use = local_use + tokens * share * load(o.local_weight, (q, k, 0))
        if g.sells[k] > 0.0:
            spend = load(lanes.spend, (k, q * WIDTH)) + users * share * load(work.bill, (k, 0))
            store(lanes.spend, (k, q * WIDTH), spend)
    store(work.local_use, (0,), local_use)
