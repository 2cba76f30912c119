"""The month of one economy: steps 4 to 9 of `sim.model.month`, top to bottom.

Order only; every formula is one of `sim.equations`. The text serves one run and a pack of runs
(`sim.lanes.views`): `at(fields, index)` is a place whose numbers are read and set by name. In a
pack, logarithms of all offerings are taken in one loop and exponentials in the next, because a
processor works on several of one kind at once.
"""

from __future__ import annotations

from typing import Any

from sim.equations import access, adoption, choice, cost, feedback, network, sovereignty
from sim.lanes.fetch import fetch_pack
from sim.lanes.jit import part
from sim.lanes.packs import choose, load, store
from sim.lanes.views import at
from sim.model.appraisal import appraise
from sim.model.facts import Given
from sim.model.state import Memory
from sim.model.terms import (
    ADOPTION_ECONOMY,
    ADOPTION_PRICE,
    ADOPTION_REACH,
    ADOPTION_VALUE,
    ANEW,
    ATTENTION,
    BURDEN,
    CAPABILITY,
    CEILING,
    CHOSEN,
    DRIFT,
    IMITATION,
    INDEX,
    LOCK_IN,
    PRICE,
    PRICE_MONTH,
    READINESS,
    STANDARDS,
    TARGET,
    UTILITY,
)
from sim.model.watch import ahead, ahead_of, thorough, told, wants_bill


@part
def advance_economy(t: int, c: int, watcher: Any, given: Given, memory: Memory) -> None:  # noqa: ANN401
    """Month t of economy c; reads the portfolios of t-1."""
    segments = memory.state.segment.adoption.shape[1]
    if given.refresh[t, c]:
        appraise(t, c, watcher, given, memory)
    see_costs(t, c, given, memory)
    see_blocs(t, c, given, memory)
    for segment in range(segments):
        price(t, c, segment, watcher, given, memory)
    for segment in range(segments):
        attract(c, segment, watcher, given, memory)
    share_out(given, memory)
    ahead_of(watcher, t, c)
    p, work = at(given.params, ()), memory.work
    ceiling = adoption.ceiling(
        given.ground.economy.online[c],
        at(memory.supply.world, ()).offline,
        p.adoption_ceiling_exponent,
    )
    for segment in range(segments):
        adopt(c, segment, ceiling, watcher, given, memory)
    work.offering.use[:] = 0.0
    store(work.local_use, (), 0.0)
    for segment in range(segments):
        renew(c, segment, watcher, given, memory)
    build(t, c, given, memory)


@part
def see_costs(t: int, c: int, given: Given, memory: Memory) -> None:
    """Chip access, scarcity, cost of local tokens, prices, and accelerators of next month (3)."""
    g, p, lever = given.ground, at(given.params, ()), at(given.lever, (t,))
    here, own = at(g.economy, (c,)), at(memory.state.economy, (c,))
    world = at(memory.supply.world, ())
    chips = access.chip_access(
        here.capped,
        lever.us_chip_controls_tier2_cap * here.tier2,
        lever.us_chip_controls_tightness,
        lever.us_chip_controls_leakage,
    )
    own.chip_access = chips
    capacity = cost.local_capacity(
        own.accelerators, g.inference_share, world.throughput, p.cost_local_utilisation
    )
    scarcity = cost.scarcity(own.local_demand, capacity, p.cost_scarcity_steepness)
    own.scarcity = scarcity
    saving = cost.power_saving(p.cost_low_power_saving, lever.cn_low_power_chips, here.belt_road)
    local = cost.local_cost(
        world.hourly * saving,
        cost.control_premium(p.cost_local_control_premium, chips),
        scarcity,
        p.cost_local_energy_usd_hour * saving,
        world.throughput,
        p.cost_local_utilisation,
        p.cost_local_staff_income_share * here.income_month,
        p.cost_local_volume_mtok_month,
    )
    local = cost.aided(local, p.cost_aid_discount, lever.cn_aid, here.belt_road)
    own.local_cost = local
    own.accelerators = cost.accelerators_next(
        own.accelerators,
        p.cost_accelerator_retirement,
        here.gdp_month * p.cost_accelerator_gdp_share,
        p.cost_accelerator_usd,
        chips,
        cost.granted(
            at(given.lever_of, (t, c)).gulf_buildout,
            lever.cn_aid,
            here.belt_road,
            p.cost_aid_accelerators_month,
        ),
    )
    for k in range(g.nest.shape[0]):
        o, work = at(given.offerings, (k,)), at(memory.work.offering, (k,))
        api = load(memory.supply.api, (g.price_track[k],))
        work.unit = cost.unit_price(api, o.api_weight, local, o.local_weight)
        work.seat = cost.seat_price(o.seat_usd_month, lever.us_price_cut, g.offering.packaged[k])


@part
def see_blocs(t: int, c: int, given: Given, memory: Memory) -> None:
    """What shared standards and the drift of affinity add, by offering."""
    g, p, lever = given.ground, at(given.params, ()), at(given.lever, (t,))
    for k in range(g.nest.shape[0]):
        work = at(memory.work.offering, (k,))
        bond, bloc_share = 0.0, 0.0
        for b in range(g.bloc.votes.shape[1]):
            of, one = g.origin[c, k, b], at(memory.state.bloc, (c, b))
            if of > 0.0:
                bond = bond + of * one.drift
                bloc_share = bloc_share + of * one.blocs
        work.bond = bond
        pull = sovereignty.standards_pull(lever.standards_reach, p.standards_gain, bloc_share)
        work.common = g.offering.from_blocs[k] * pull


@part
def price(t: int, c: int, segment: int, watcher: Any, given: Given, memory: Memory) -> None:  # noqa: ANN401
    """Bill and burden of every offering to a segment.

    Logarithms take long: meanwhile the state that is needed next is asked for, and what the watcher
    will change.
    """
    g, s, state = given.ground, at(given.segments, (segment,)), memory.state
    package, ally = at(given.lever, (t,)).us_allies_package, g.economy.ally[c]
    tokens, asked = at(memory.supply.segment, (segment,)).tokens, wants_bill(watcher, t)
    per_budget = cost.per_budget(s.budget_share, g.economy.income_month[c])
    for k in range(g.nest.shape[0]):
        fetch_pack(state.offering.standing, (c, segment, k))
        fetch_pack(state.offering.stock, (c, segment, k))
        fetch_pack(state.offering.share, (c, segment, k))
        ahead(watcher, t, c, segment, k)
        here, work = at(state.offering, (c, segment, k)), at(memory.work.choice, (segment, k))
        left_out = state.reachable[c, segment, k] == 0.0 and not thorough(watcher)
        if left_out and k != g.reference:
            work.bill = 0.0
            if asked:
                here.bill = 0.0
            continue
        offer = at(memory.work.offering, (k,))
        cut = cost.package_discount(package, ally, g.offering.packaged[k])
        month = cost.monthly_price(offer.seat, s.seat_weight, tokens, offer.unit, cut)
        bill = month * s.paying * here.mask
        work.bill = bill
        if asked:
            here.bill = bill
        told(watcher, (c, segment, k), PRICE_MONTH, month)
        burden = cost.burden(month, per_budget)
        work.burden = told(watcher, (c, segment, k), BURDEN, burden)
        if k == g.reference:
            at(memory.work.segment, (segment,)).burden = burden * g.pays[t, c, segment]


@part
def attract(c: int, segment: int, watcher: Any, given: Given, memory: Memory) -> None:  # noqa: ANN401
    """Utility and attraction of every offering to a segment; attractions by nest."""
    g, state, work = given.ground, memory.state, memory.work
    work.nest.total[segment] = 0.0
    for k in range(g.nest.shape[0]):
        here, one = at(state.offering, (c, segment, k)), at(work.choice, (segment, k))
        if state.reachable[c, segment, k] == 0.0 and not thorough(watcher):
            one.pull = 0.0
            continue
        value = utility((c, segment, k), watcher, given, memory)
        pull = choice.attraction(value, here.mask)
        if g.imitative:
            pull = choice.imitated(pull, here.share, at(given.params, ()).choice_entry)
        one.pull = pull
        nest = at(work.nest, (segment, g.nest[k]))
        nest.total = nest.total + pull


@part
def utility(place: tuple[int, int, int], watcher: Any, given: Given, memory: Memory) -> float:  # noqa: ANN401
    """Utility of one offering to a segment, from its terms; place as in `standing`."""
    c, segment, k = place
    s, here = at(given.segments, (segment,)), at(memory.state.offering, (c, segment, k))
    worth, offer = at(memory.supply.offering, (segment, k)), at(memory.work.offering, (k,))
    exposure = load(memory.state.exposure, (c, k))
    burden = at(memory.work.choice, (segment, k)).burden
    attention = worth.attention * given.ground.abroad[c, k]
    told(watcher, place, CAPABILITY, worth.quality)
    told(watcher, place, ATTENTION, attention)
    told(watcher, place, PRICE, s.price_sensitivity * burden)
    told(watcher, place, IMITATION, s.imitation * exposure)
    told(watcher, place, LOCK_IN, s.lock_in * here.stock)
    value = choice.utility(
        here.standing,
        worth.quality + attention,
        s.price_sensitivity,
        burden,
        0.0,
        told(watcher, place, DRIFT, s.affinity_weight * offer.bond),
        network.habit(s.imitation, exposure, s.lock_in, here.stock),
        told(watcher, place, STANDARDS, offer.common),
    )
    return told(watcher, place, UTILITY, value)


@part
def share_out(given: Given, memory: Memory) -> None:
    """Nested logit: from attractions by nest to the factor of each nest, and the total."""
    work, similarity = memory.work, at(given.params, ()).choice_similarity
    segments, nests = work.nest.total.shape[0], work.nest.total.shape[1]
    for segment in range(segments):
        for n in range(nests):
            nest = at(work.nest, (segment, n))
            nest.weight = choice.nest_attraction(nest.total, similarity)
    for segment in range(segments):
        total = 0.0
        for n in range(nests):
            total = total + at(work.nest, (segment, n)).weight
        at(work.segment, (segment,)).total = total
        for n in range(nests):
            nest = at(work.nest, (segment, n))
            nest.weight = choice.nest_factor(nest.total, nest.weight, total)


@part
def adopt(
    c: int,
    segment: int,
    ceiling: float,
    watcher: Any,  # noqa: ANN401
    given: Given,
    memory: Memory,
) -> None:
    """Adoption of a segment relaxes towards its target; its users follow."""
    g, s = given.ground, at(given.segments, (segment,))
    here, work = at(memory.state.segment, (c, segment)), at(memory.work.segment, (segment,))
    some = here.any_feasible
    value, place = choice.inclusive_value(work.total), (c, segment, 0)
    told(watcher, place, ADOPTION_PRICE, s.burden_sensitivity * work.burden)
    told(watcher, place, ADOPTION_REACH, s.reach_weight * here.log_reach)
    told(watcher, place, ADOPTION_VALUE, s.value_weight * value)
    index = adoption.adoption_index(
        told(watcher, place, READINESS, at(memory.supply.segment, (segment,)).kappa),
        s.burden_sensitivity,
        work.burden,
        s.reach_weight,
        here.log_reach,
        s.value_weight,
        value,
        told(watcher, place, ADOPTION_ECONOMY, load(given.effect, (c,))),
    )
    told(watcher, place, INDEX, index)
    told(watcher, place, CEILING, ceiling)
    target = told(watcher, place, TARGET, adoption.adoption_target(ceiling, index, some))
    level = adoption.adopted(here.adoption, target, s.speed, some)
    here.adoption = level
    work.users = g.economy.people[c] * s.potential * level


@part
def renew(c: int, segment: int, watcher: Any, given: Given, memory: Memory) -> None:  # noqa: ANN401
    """The part of use up for renewal is chosen anew; installed base, users and spend follow."""
    g, s, state, work = given.ground, at(given.segments, (segment,)), memory.state, memory.work
    offerings, kept = g.nest.shape[0], 0.0
    for k in range(offerings):
        here = at(state.offering, (c, segment, k))
        kept = kept + here.share * here.mask
    anew = told(watcher, (c, segment, 0), ANEW, choice.part_anew(kept, s.churn))
    factor, users = choice.kept_factor(kept, anew), at(work.segment, (segment,)).users
    tokens = users * at(memory.supply.segment, (segment,)).tokens
    local_use = load(work.local_use, ())
    for k in range(offerings):
        here, one = at(state.offering, (c, segment, k)), at(work.choice, (segment, k))
        nest, offer = at(work.nest, (segment, g.nest[k])), at(work.offering, (k,))
        chosen = choice.choice_share(one.pull, nest.weight)
        told(watcher, (c, segment, k), CHOSEN, chosen)
        share = choice.renewed(here.share * here.mask, factor, chosen, anew)
        here.share = share
        here.stock = network.installed_base(here.stock, share, s.memory)
        offer.use = offer.use + users * share
        if given.hosted_locally[k] > 0.0:
            local_use = local_use + tokens * share * at(given.offerings, (k,)).local_weight
        if g.offering.sells[k] > 0.0:
            sums = at(state.sums, (k,))
            sums.spend = sums.spend + users * share * one.bill
    store(work.local_use, (), local_use)


@part
def build(t: int, c: int, given: Given, memory: Memory) -> None:
    """Portfolio of the economy, demand on its hardware, and what its use does to affinity."""
    g, state, work = given.ground, memory.state, memory.work
    total = 0.0
    for k in range(g.nest.shape[0]):
        use, sums = at(work.offering, (k,)).use, at(state.sums, (k,))
        total = total + use
        sums.use = sums.use + use
    at(state.economy, (c,)).local_demand = load(work.local_use, ())
    inverse = 1.0 / choice.some(total)
    for k in range(g.nest.shape[0]):
        store(state.portfolio, (k, c), at(work.offering, (k,)).use * inverse)
    speed = at(given.params, ()).affinity_drift_speed
    for b in range(g.bloc.votes.shape[1]):
        one, lean = at(state.bloc, (c, b)), 0.0
        for k in range(g.nest.shape[0]):
            weight = g.origin[c, k, b]
            if weight > 0.0:
                lean = lean + load(state.portfolio, (k, c)) * weight
        lean = choose(total > 0.0, lean, one.blocs)
        one.blocs = lean
        if t <= g.reference_month:
            one.reference = lean
        one.drift = feedback.alignment_drift(one.drift, lean, one.reference, speed)
