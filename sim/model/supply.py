"""The world's part of a month: frontier and releases, prices, what capability is worth.

Steps 1 to 3 of `sim.model.month`, and with them the values that step 6 shares between economies.
Order only; the formulas are in `sim.equations`. Text for one run or a pack of them: see
`sim.lanes.views`.
"""

from __future__ import annotations

import numpy as np

from sim.equations import adoption, cost, feedback, frontier
from sim.lanes.elementary import larger
from sim.lanes.jit import borrowing, inner
from sim.lanes.packs import choose, load, store
from sim.lanes.views import at
from sim.model.facts import Given
from sim.model.state import Memory, Use
from sim.world.axes import (
    BEST_OPEN,
    CN,
    CN_CLOSED,
    CN_OPEN,
    DOMESTIC,
    OTHER,
    OTHER_OPEN,
    PRICE_CN_OPEN,
    PRICE_OTHER_OPEN,
    PRICE_US_CLOSED,
    PRICE_US_OPEN,
    RELEASED_BY,
    RELEASED_TRACKS,
    US,
    US_CLOSED,
    US_OPEN,
)


@borrowing
def start_supply(given: Given, memory: Memory) -> None:
    """Initial state: latent capabilities, what is released at the start, awareness."""
    p, supply = at(given.params, ()), memory.supply
    at(supply.bloc, (US,)).latent = p.frontier_us_start
    at(supply.bloc, (CN,)).latent = p.frontier_cn_start
    at(supply.bloc, (OTHER,)).latent = p.frontier_other_start
    for segment in range(supply.segment.known.shape[0]):
        at(supply.segment, (segment,)).known = at(given.segments, (segment,)).awareness_start
    store(supply.released, (US_CLOSED,), p.frontier_us_start)
    store(supply.released, (US_OPEN,), p.frontier_us_start - p.release_gap_us_open)
    store(supply.released, (CN_CLOSED,), p.frontier_cn_start - p.release_gap_cn_closed)
    store(supply.released, (CN_OPEN,), p.frontier_cn_start - p.release_gap_cn_open)
    store(supply.released, (OTHER_OPEN,), p.frontier_other_start - p.release_gap_other_open)


@inner
def advance_supply(t: int, given: Given, memory: Memory) -> None:
    """Steps 1 to 3 of month t, in their order."""
    if t <= given.ground.reference_month:
        remember_reference(memory.use)
    advance_frontier(t, given, memory)
    advance_releases(t, given, memory)
    advance_prices(t, given, memory)
    advance_appeal(given, memory)


@inner
def remember_reference(use: Use) -> None:
    """Keep this month's use as the reference that feedbacks are measured against."""
    for bloc in range(use.bloc.users.shape[0]):
        now, then = at(use.bloc, (bloc,)), at(use.bloc_reference, (bloc,))
        then.users = now.users
        then.spend = now.spend
    world, before = at(use.world, ()), at(use.world_reference, ())
    before.cn_open = world.cn_open
    before.open_weights = world.open_weights
    before.industry = world.industry


@inner
def advance_frontier(t: int, given: Given, memory: Memory) -> None:
    """Latent capability of every bloc after month t."""
    p, lever, supply, use = at(given.params, ()), at(given.lever, (t,)), memory.supply, memory.use
    on = given.ground.feedbacks
    tightness = lever.us_chip_controls_tightness
    opened = frontier.openness_after_deterrence(
        lever.us_openness, p.frontier_openness_deterrence, p.frontier_openness_spillover
    )
    at(supply.world, ()).us_openness = opened
    leader = load(supply.bloc.latent, (0,))
    for bloc in range(1, supply.bloc.latent.shape[0]):
        leader = larger(leader, load(supply.bloc.latent, (bloc,)))
    for bloc in range(supply.bloc.latent.shape[0]):
        own, labs = at(given.blocs, (bloc,)), at(supply.bloc, (bloc,))
        compute, support, drag, gain = own.compute, 0.0, 0.0, 0.0
        rate = frontier.spillover_rate(own.catch_up, p.frontier_openness_spillover, opened)
        if bloc == US:
            compute = compute * lever.us_compute_boost
            rate, drag = own.catch_up, lever.us_reporting_drag
            gain = on * from_use(bloc, given, use)
        if bloc == CN:
            chips = frontier.obtainable_chips(
                p.frontier_cn_chip_demand, tightness, lever.us_chip_controls_leakage
            )
            compute = lever.cn_compute_boost * frontier.effective_compute(
                chips,
                p.frontier_cn_domestic_chips,
                lever.cn_domestic_efficiency,
                frontier.algorithmic_efficiency(tightness, p.frontier_cn_induced_efficiency),
            )
            support, drag = lever.cn_rnd_support, lever.cn_economy_drag
            gain = on * (
                from_use(bloc, given, use)
                + feedback.community_feedback(
                    p.feedback_community_gain,
                    at(use.world, ()).cn_open,
                    at(use.world_reference, ()).cn_open,
                )
            )
        labs.latent = frontier.advance(
            labs.latent,
            frontier.pace(compute, p.frontier_elasticity),
            frontier.pace_factor(own.pace, support, drag, gain),
            frontier.catch_up(labs.latent, leader, rate),
            p.frontier_shock_sd * load(given.draws.shock, (t, bloc)),
        )


@inner
def from_use(bloc: int, given: Given, use: Use) -> float:
    """What revenue and deployment data add to a bloc's pace."""
    p = at(given.params, ())
    now, then = at(use.bloc, (bloc,)), at(use.bloc_reference, (bloc,))
    return feedback.pace_feedback(
        p.feedback_revenue_gain,
        now.spend,
        then.spend,
        p.feedback_data_gain,
        now.users,
        then.users,
    )


@inner
def advance_releases(t: int, given: Given, memory: Memory) -> None:
    """Releases of month t (dated or random) and the attention they draw."""
    p, lever, draws, cat = at(given.params, ()), at(given.lever, (t,)), given.draws, given.catalogue
    supply, use, on = memory.supply, memory.use, given.ground.feedbacks
    response = on * feedback.openness_response(
        p.feedback_openness_gain, at(use.world, ()).cn_open, at(use.world_reference, ()).cn_open
    )
    new_us, new_cn = lever.buzz_us, lever.buzz_cn
    for track in range(RELEASED_TRACKS):
        bloc, now = RELEASED_BY[track], load(supply.released, (track,))
        own, labs = at(given.tracks, (track,)), at(supply.bloc, (bloc,))
        if t < cat.dated_until[bloc]:
            capability = cat.dated[t, track]
            if not np.isnan(capability):
                store(supply.released, (track,), frontier.released(now, capability, 1.0))
                labs.latent = larger(labs.latent, capability)
            continue
        happens = frontier.release_happens(load(draws.release, (t, track)), own.interval)
        gap = own.gap
        if track == US_OPEN:
            gap = frontier.opened_gap(gap, at(supply.world, ()).us_openness, response)
        if track == CN_OPEN:
            happens = choose(load(draws.opened, (t,)) >= lever.cn_openness, 0.0, happens)
            gap = gap + lever.cn_release_delay
        available = frontier.offered(
            labs.latent, gap, p.release_size_sd, load(draws.size, (t, track))
        )
        store(supply.released, (track,), frontier.released(now, available, happens))
        attention = happens * frontier.release_buzz(
            load(draws.buzz, (t, bloc)), p.release_buzz_mean
        )
        if track == US_CLOSED:
            new_us = new_us + attention
        if track == CN_OPEN:
            new_cn = new_cn + attention
    best = larger(
        load(supply.released, (US_OPEN,)),
        larger(load(supply.released, (CN_OPEN,)), load(supply.released, (OTHER_OPEN,))),
    )
    store(supply.released, (BEST_OPEN,), best)
    store(supply.released, (DOMESTIC,), best - p.release_gap_domestic)
    half = p.attention_half_life
    us, cn = at(supply.bloc, (US,)), at(supply.bloc, (CN,))
    us.buzz = frontier.buzz_left(us.buzz, half, new_us)
    cn.buzz = frontier.buzz_left(cn.buzz, half, new_cn)


@inner
def advance_prices(t: int, given: Given, memory: Memory) -> None:
    """Prices, tokens per user, readiness to adopt, and China's weight in trade in month t."""
    p, lever, g = at(given.params, ()), at(given.lever, (t,)), given.ground
    supply, use = memory.supply, at(memory.use.world, ())
    world = at(supply.world, ())
    months, past = t - g.reference_month, t - g.last_dated
    undated = past if past > 0.0 else 0.0
    decline, base = p.cost_decline, p.cost_us_closed_markup
    world.markup = cost.markup(
        base,
        cost.substitutes_felt(use.open_weights, p.cost_us_closed_substitutes, undated),
        p.cost_us_closed_substitutes,
        p.cost_us_closed_pass_through,
        lever.us_monetisation,
    )
    unit_cost = cost.declined(lever.price_us_closed / (1.0 + base), decline, undated)
    listed = cost.api_price(unit_cost, world.markup, lever.us_price_cut)
    store(supply.api, (PRICE_US_CLOSED,), listed)
    store(supply.api, (PRICE_US_OPEN,), cost.declined(lever.price_us_open, decline, undated))
    store(supply.api, (PRICE_CN_OPEN,), cost.declined(lever.price_cn_open, decline, undated))
    store(supply.api, (PRICE_OTHER_OPEN,), cost.declined(lever.price_other_open, decline, undated))
    world.china_scale = feedback.trade_scale(
        g.feedbacks * p.feedback_trade_gain,
        use.industry,
        at(memory.use.world_reference, ()).industry,
    )
    for segment in range(supply.segment.tokens.shape[0]):
        s, there = at(given.segments, (segment,)), at(supply.segment, (segment,))
        there.tokens = cost.grown(s.tokens_mtok_month, s.tokens_growth, months)
        there.kappa = adoption.readiness(
            s.kappa, s.kappa_growth, months, p.adoption_saturation_months
        )
    world.offline = adoption.offline_left(p.adoption_internet_closing, months / 12.0)
    world.throughput = cost.declined(
        p.cost_local_tokens_mtok_hour, -p.cost_local_throughput_growth, months
    )
    world.hourly = cost.declined(
        p.cost_cn_open_local_accelerator_usd_hour, p.cost_local_accelerator_decline, months
    )


@inner
def advance_appeal(given: Given, memory: Memory) -> None:
    """Awareness, and what capability and attention are worth to each segment (steps 2 and 6)."""
    p, supply, cat = at(given.params, ()), memory.supply, given.catalogue
    best = larger(load(supply.released, (US_CLOSED,)), load(supply.released, (CN_CLOSED,)))
    best = larger(best, load(supply.released, (BEST_OPEN,)))
    us, cn = at(supply.bloc, (US,)), at(supply.bloc, (CN,))
    for segment in range(supply.segment.known.shape[0]):
        s, there = at(given.segments, (segment,)), at(supply.segment, (segment,))
        there.known = frontier.awareness(
            there.known, cn.buzz, s.awareness_per_buzz, s.word_of_mouth
        )
        for offering in range(cat.track.shape[0]):
            general = load(supply.released, (cat.track[offering],))
            top = load(supply.released, (cat.track_frontier[offering],))
            missing = frontier.tier_shortfall(
                s.routine,
                s.professional,
                s.frontier,
                frontier.shortfall(p.tasks_routine_anchor, general),
                frontier.shortfall(p.tasks_professional_anchor, general),
                frontier.shortfall(best, top),
            )
            worth = at(supply.offering, (segment, offering))
            worth.quality = frontier.capability_value(s.lag_weight, missing)
            worth.attention = frontier.attention_value(
                s.novelty,
                cat.origin[offering, US],
                cat.origin[offering, CN],
                us.buzz,
                cn.buzz,
                there.known,
            )
