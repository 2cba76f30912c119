"""The month of one economy: steps 4 to 9 of `sim.model.month`, top to bottom.

Order only; every formula is one of `sim.equations`. The text serves one run and a pack of runs
(`sim.lanes.views`): `at(fields, index)` is a place whose numbers are read and set by name. In a
pack, logarithms of all offerings are taken in one loop and exponentials in the next, because a
processor works on several of one kind at once.
"""

from __future__ import annotations

from typing import Any

from sim.equations import (
    adoption,
    awareness,
    choice,
    feedback,
    history,
    network,
    sovereignty,
    tasks,
)
from sim.lanes.elementary import log
from sim.lanes.jit import part
from sim.lanes.packs import choose, load, store
from sim.lanes.views import at
from sim.model.appraisal import appraise
from sim.model.expense import price, see_costs
from sim.model.facts import Given
from sim.model.state import Memory
from sim.model.terms import (
    ADOPTION_ECONOMY,
    ADOPTION_INCOME,
    ADOPTION_VALUE,
    ANEW,
    AWARENESS,
    CEILING,
    CHOSEN,
    DRIFT,
    ECOSYSTEM,
    GOODWILL,
    IMITATION,
    INDEX,
    KNOWN,
    LOCK_IN,
    NEST,
    PRICE,
    READINESS,
    SPEED,
    STANDARDS,
    TARGET,
    TASKS,
    UTILITY,
)
from sim.model.watch import ahead_of, thorough, told

_YEAR = 12


@part
def advance_economy(t: int, c: int, watcher: Any, given: Given, memory: Memory) -> None:  # noqa: ANN401
    """Month t of economy c; reads what others used in t-1."""
    segments = memory.state.segment.adoption.shape[1]
    if given.refresh[t, c]:
        appraise(t, c, watcher, given, memory)
    see_costs(t, c, given, memory)
    see_blocs(t, c, given, memory)
    see_past(c, given, memory)
    for segment in range(segments):
        price(t, c, segment, watcher, given, memory)
    for segment in range(segments):
        attract(t, c, segment, watcher, given, memory)
    form_nests(c, watcher, given, memory)
    for segment in range(segments):
        do_tasks(c, segment, watcher, given, memory)
    ahead_of(watcher, t, c)
    for segment in range(segments):
        adopt(t, c, segment, watcher, given, memory)
    memory.work.offering.use[:] = 0.0
    memory.work.family.use[:] = 0.0
    store(memory.work.local_use, (), 0.0)
    for segment in range(segments):
        renew(c, segment, watcher, given, memory)
    build(t, c, given, memory)


@part
def see_blocs(t: int, c: int, given: Given, memory: Memory) -> None:
    """What shared standards and the drift of affinity add, by offering."""
    g, p, lever = given.ground, at(given.params, ()), at(given.lever_of, (t, c))
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
def see_past(c: int, given: Given, memory: Memory) -> None:
    """What was built on families, what withdrawals did to trust, who among partners uses AI."""
    g, p, state, work = given.ground, at(given.params, ()), memory.state, memory.work
    for f in range(work.family.use.shape[0]):
        at(work.family, (f,)).familiarity = history.familiarity(
            at(state.family, (c, f)).ecosystem, p.ecosystem_scale
        )
    met = 0.0
    for k in range(g.nest.shape[0]):
        one = at(state.relation, (c, k))
        gone = history.missing(one.once, one.reach)
        lost = history.trust(one.trust, gone, p.trust_depth, p.trust_fall, p.trust_healing)
        one.trust = lost
        luck = at(state.region, (g.region[c], k)).goodwill * g.offering.from_blocs[k]
        at(work.offering, (k,)).standing = luck + lost
        met = met + load(state.exposure, (c, k))
    at(state.economy, (c,)).met = met


@part
def attract(
    t: int,
    c: int,
    segment: int,
    watcher: Any,  # noqa: ANN401
    given: Given,
    memory: Memory,
) -> None:
    """Awareness, utility and attraction of every offering to a segment; attractions by nest."""
    g, state, work = given.ground, memory.state, memory.work
    work.nest.total[segment] = 0.0
    for k in range(g.nest.shape[0]):
        here, one = at(state.offering, (c, segment, k)), at(work.choice, (segment, k))
        known = told(watcher, (c, segment, k), KNOWN, notice(t, (c, segment, k), given, memory))
        here.known = known
        if state.reachable[c, segment, k] == 0.0 and not thorough(watcher):
            one.pull = 0.0
            continue
        told(watcher, (c, segment, k), AWARENESS, log(known))
        value = utility((c, segment, k), watcher, given, memory)
        reach = here.reach * at(work.offering, (k,)).served
        pull = choice.attraction(value, reach, known)
        if g.imitative:
            pull = choice.imitated(pull, here.share, at(given.params, ()).choice_entry)
        one.pull = pull
        nest = at(work.nest, (segment, g.nest[k]))
        nest.total = nest.total + pull


@part
def notice(t: int, place: tuple[int, int, int], given: Given, memory: Memory) -> float:
    """Awareness of an offering after this month; place as in `standing`."""
    c, segment, k = place
    state, s = memory.state, at(given.segments, (segment,))
    here, draws = at(state.offering, (c, segment, k)), at(memory.supply.offering, (segment, k))
    away = given.ground.abroad[c, k]
    heard = awareness.heard(
        away * draws.abroad + (1.0 - away) * draws.home,
        s.word_of_mouth,
        at(state.segment, (c, segment)).adoption * here.share,
        s.partner_talk,
        load(state.exposure, (c, k)),
    )
    found: float = awareness.known(
        here.known,
        heard,
        s.forgetting,
        s.seed,
        given.ground.launched[t, c, k],
    )
    return found


@part
def utility(place: tuple[int, int, int], watcher: Any, given: Given, memory: Memory) -> float:  # noqa: ANN401
    """Utility of one offering to a segment, from its terms; place as in `standing`."""
    c, segment, k = place
    g, state, work = given.ground, memory.state, memory.work
    s, here = at(given.segments, (segment,)), at(state.offering, (c, segment, k))
    offer = at(work.offering, (k,))
    exposure = load(state.exposure, (c, k)) / choice.some(at(state.economy, (c,)).met)
    familiar = at(work.family, (g.family[k],)).familiarity
    burden = at(work.choice, (segment, k)).burden
    value: float = (
        here.standing
        - told(watcher, place, PRICE, s.price_sensitivity * burden)
        + told(watcher, place, DRIFT, s.affinity_weight * offer.bond)
        + told(watcher, place, IMITATION, s.imitation * exposure)
        + told(watcher, place, LOCK_IN, s.lock_in * here.stock)
        + told(watcher, place, ECOSYSTEM, s.ecosystem_weight * familiar)
        + told(watcher, place, GOODWILL, offer.standing)
        + told(watcher, place, STANDARDS, offer.common)
    )
    return told(watcher, place, UTILITY, value)


@part
def form_nests(c: int, watcher: Any, given: Given, memory: Memory) -> None:  # noqa: ANN401
    """Nested logit: offerings of one nest take use from each other first. What all that is in reach
    is worth does not rest on nests: one more offering never lowers it.
    """
    g, work, similarity = given.ground, memory.work, at(given.params, ()).choice_similarity
    segments, nests = work.nest.total.shape[0], work.nest.total.shape[1]
    for segment in range(segments):
        for n in range(nests):
            nest = at(work.nest, (segment, n))
            nest.total = choice.nest_factor(nest.total, similarity)
    for segment in range(segments):
        for k in range(g.nest.shape[0]):
            one, factor = at(work.choice, (segment, k)), at(work.nest, (segment, g.nest[k])).total
            told(watcher, (c, segment, k), NEST, log(factor))
            one.nested = one.pull * factor


@part
def do_tasks(c: int, segment: int, watcher: Any, given: Given, memory: Memory) -> None:  # noqa: ANN401
    """Choice in every task: what all that is in reach is worth, and the portfolio over tasks."""
    work, worth = memory.work, memory.supply.task.worth
    s, offerings, steps = at(given.segments, (segment,)), worth.shape[2], worth.shape[1]
    for q in range(steps):
        total = 0.0
        for k in range(offerings):
            total = total + at(work.choice, (segment, k)).pull * load(worth, (segment, q, k))
        at(work.task, (segment, q)).odds = tasks.odds(s.offer_scale, total)
    value = 0.0
    for q in range(steps):
        task, size = at(work.task, (segment, q)), load(given.sizes, (segment, q))
        value = value + tasks.value(size, task.odds)
        task.odds = tasks.weight(size, s.offer_scale, task.odds)
    at(work.segment, (segment,)).value = value
    everything = 0.0
    for k in range(offerings):
        one, mixed = at(work.choice, (segment, k)), 0.0
        for q in range(steps):
            mixed = mixed + load(worth, (segment, q, k)) * at(work.task, (segment, q)).odds
        told(watcher, (c, segment, k), TASKS, log(mixed))
        one.chosen = one.nested * mixed
        everything = everything + one.chosen
    inverse = 1.0 / choice.some(everything)
    for k in range(offerings):
        one = at(work.choice, (segment, k))
        one.chosen = told(watcher, (c, segment, k), CHOSEN, one.chosen * inverse)


@part
def adopt(
    t: int,
    c: int,
    segment: int,
    watcher: Any,  # noqa: ANN401
    given: Given,
    memory: Memory,
) -> None:
    """Adoption of a segment relaxes towards its target; its users follow."""
    g, s, p = given.ground, at(given.segments, (segment,)), at(given.params, ())
    here, work = at(memory.state.segment, (c, segment)), at(memory.work.segment, (segment,))
    some, place, income = here.any_feasible, (c, segment, 0), g.path.income_log[t, c]
    told(watcher, place, ADOPTION_INCOME, s.income_weight * income)
    told(watcher, place, ADOPTION_VALUE, s.value_weight * work.value)
    index = adoption.index(
        told(watcher, place, READINESS, s.kappa),
        s.income_weight,
        income,
        s.value_weight,
        work.value,
        told(watcher, place, ADOPTION_ECONOMY, readiness(t, c, given)),
    )
    told(watcher, place, INDEX, index)
    ceiling = told(
        watcher,
        place,
        CEILING,
        adoption.ceiling(s.ceiling, g.path.online_log[t, c], p.adoption_online_exponent),
    )
    target = told(watcher, place, TARGET, adoption.target(ceiling, index, some))
    speed = adoption.speed(
        s.speed_start,
        s.speed_spread,
        here.adoption / ceiling,
        s.speed_partners,
        at(memory.state.economy, (c,)).met,
    )
    told(watcher, place, SPEED, speed)
    level = adoption.adopted(here.adoption, target, speed, p.adoption_fall, some)
    here.adoption = level
    work.users = g.economy.people[c] * s.potential * level


@part
def readiness(t: int, c: int, given: Given) -> float:
    """What an economy adds to the log odds of adoption: between two Januaries, on a line."""
    year, part_of = t // _YEAR, (t % _YEAR) / float(_YEAR)
    then, later = load(given.effect, (year, c)), load(given.effect, (year + 1, c))
    found: float = then + part_of * (later - then)
    return found


@part
def renew(c: int, segment: int, watcher: Any, given: Given, memory: Memory) -> None:  # noqa: ANN401
    """The part of use up for renewal is chosen anew; installed base, users and spend follow."""
    g, s, state, work = given.ground, at(given.segments, (segment,)), memory.state, memory.work
    offerings, before, total = g.nest.shape[0], 0.0, 0.0
    for k in range(offerings):
        before = before + at(state.offering, (c, segment, k)).latent
    anew = told(watcher, (c, segment, 0), ANEW, choice.part_anew(before, s.churn))
    for k in range(offerings):
        here, one = at(state.offering, (c, segment, k)), at(work.choice, (segment, k))
        latent = choice.renewed(here.latent, one.chosen, anew)
        here.latent = latent
        total = total + latent * choice.mask(here.reach)
    users, level = at(work.segment, (segment,)).users, at(state.segment, (c, segment)).adoption
    local_use = load(work.local_use, ())
    for k in range(offerings):
        here, one = at(state.offering, (c, segment, k)), at(work.choice, (segment, k))
        share = choice.shown(here.latent, choice.mask(here.reach), total)
        here.share = share
        here.stock = network.installed_base(here.stock, share, s.memory)
        offer, family = at(work.offering, (k,)), at(work.family, (g.family[k],))
        offer.use = offer.use + users * share
        family.use = family.use + s.builds * level * share
        if given.hosted_locally[k] > 0.0:
            tokens = users * share * one.tokens
            local_use = local_use + tokens * at(given.offerings, (k,)).local_weight
        if g.offering.sells[k] > 0.0:
            sums = at(state.sums, (k,))
            sums.spend = sums.spend + users * share * one.bill
    store(work.local_use, (), local_use)


@part
def build(t: int, c: int, given: Given, memory: Memory) -> None:
    """Portfolio, ecosystems, demand on own hardware, and what use does to affinity."""
    g, p, state, work = given.ground, at(given.params, ()), memory.state, memory.work
    total = 0.0
    for k in range(g.nest.shape[0]):
        use, sums = at(work.offering, (k,)).use, at(state.sums, (k,))
        total = total + use
        sums.use = sums.use + use
    at(state.economy, (c,)).local_demand = load(work.local_use, ())
    inverse, each = 1.0 / choice.some(total), 1.0 / g.economy.people[c]
    for k in range(g.nest.shape[0]):
        use = at(work.offering, (k,)).use
        store(state.portfolio, (k, c), use * inverse)
        store(state.used, (k, c), use * each)
    for f in range(work.family.use.shape[0]):
        own, world = at(work.family, (f,)).use, at(memory.use.family, (f,))
        here = at(state.family, (c, f))
        used = history.spread_use(own, world.built, p.ecosystem_spill)
        here.ecosystem = history.ecosystem(
            here.ecosystem, p.ecosystem_decay, p.ecosystem_growth, used
        )
        world.sum = world.sum + g.economy.people[c] * own
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
        one.drift = feedback.alignment_drift(one.drift, lean, one.reference, p.affinity_drift_speed)
