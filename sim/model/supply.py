"""The world's part of a month: frontier and releases, prices, what capability is worth.

Steps 1 to 3 of `sim.model.month`, and with them the values that step 6 shares between economies.
Order only; the formulas are in `sim.equations`. Text for one run or a pack of them: see
`sim.lanes.views`.
"""

from __future__ import annotations

import numpy as np

from sim.equations import awareness, cost, feedback, frontier, tasks
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
    """Initial state: latent capabilities, and what is released at the start."""
    p, supply = at(given.params, ()), memory.supply
    at(supply.bloc, (US,)).latent = p.frontier_us_start
    at(supply.bloc, (CN,)).latent = p.frontier_cn_start
    at(supply.bloc, (OTHER,)).latent = p.frontier_other_start
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
    advance_worth(given, memory)
    advance_prices(t, given, memory)


@inner
def remember_reference(use: Use) -> None:
    """Keep this month's use as the reference that feedbacks are measured against."""
    for bloc in range(use.bloc.users.shape[0]):
        now, then = at(use.bloc, (bloc,)), at(use.bloc_reference, (bloc,))
        then.users = now.users
        then.spend = now.spend
    world, before = at(use.world, ()), at(use.world_reference, ())
    before.cn_open = world.cn_open
    before.us_closed = world.us_closed
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
        if bloc == OTHER:
            compute = compute * lever.other_compute_boost
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
        happens = frontier.release_happens(load(draws.release, (t, track)), own.interval)
        if t < cat.dated_until[track]:
            capability = cat.dated[t, track]
            happens = 0.0
            if not np.isnan(capability):
                if t == 0 or not cat.dated[t - 1, track] >= capability:  # nor NaN before the first
                    happens = 1.0
                store(supply.released, (track,), frontier.released(now, capability, 1.0))
                labs.latent = larger(labs.latent, capability)
        else:
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
        if bloc == US:
            new_us = new_us + attention
        if bloc == CN:
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
    """Prices, what hardware costs and serves, and China's weight in trade in month t."""
    p, lever, g = at(given.params, ()), at(given.lever, (t,)), given.ground
    supply, use = memory.supply, at(memory.use.world, ())
    world = at(supply.world, ())
    months, past = t - g.reference_month, t - g.last_dated
    undated = past if past > 0.0 else 0.0
    decline, base = p.cost_decline, p.cost_us_closed_markup
    before = at(memory.use.world_reference, ()).us_closed
    world.markup = cost.markup(
        base,
        cost.share_felt(use.us_closed, before, undated),
        before,
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
    world.throughput = cost.declined(
        p.cost_local_tokens_mtok_hour, -p.cost_local_throughput_growth, months
    )
    world.hourly = cost.declined(
        p.cost_cn_open_local_accelerator_usd_hour, p.cost_local_accelerator_decline, months
    )
    world.accelerator = cost.declined(
        p.cost_accelerator_usd, p.cost_local_accelerator_decline, months
    )


@inner
def advance_worth(given: Given, memory: Memory) -> None:
    """What models do well in every task, what that is worth to each segment, how much it is used
    for, and the attention that offerings draw.
    """
    supply, cat = memory.supply, given.catalogue
    see_tracks(given, memory)
    segments, steps, offerings = supply.task.worth.shape[:3]
    deepest = 0.0
    for segment in range(segments):
        s, most, then = at(given.segments, (segment,)), 0.0, 0.0
        for q in range(steps):
            task, size = at(given.tasks, (q,)), load(given.sizes, (segment, q))
            reference = tasks.done_well(given.ground.capability, task.threshold, task.width)
            then = then + size * task.tokens * reference
            best = at(supply.track, (BEST_OPEN, q)).part
            most = most + size * task.tokens * best
        deepest = deepest + s.builds * most / then
        for k in range(offerings):
            tokens = 0.0
            for q in range(steps):
                task, size = at(given.tasks, (q,)), load(given.sizes, (segment, q))
                track = cat.track_frontier[k] if cat.hard[q] > 0.0 else cat.track[k]
                part = at(supply.track, (track, q)).part
                at(supply.task, (segment, q, k)).worth = tasks.worth(part, s.task_exponent)
                tokens = tokens + size * task.tokens * part
            at(supply.offering, (segment, k)).tokens = tasks.tokens(
                s.tokens_mtok_month, tokens, then
            )
            draw_attention(segment, k, given, memory)
    at(supply.world, ()).volume = at(given.params, ()).cost_local_volume_mtok_month * deepest


@inner
def see_tracks(given: Given, memory: Memory) -> None:
    """What the models of every track do well, task by task."""
    track, released = memory.supply.track, memory.supply.released
    for i in range(released.shape[0]):
        capability = load(released, (i,))
        for q in range(track.part.shape[1]):
            task = at(given.tasks, (q,))
            at(track, (i, q)).part = tasks.done_well(capability, task.threshold, task.width)


@inner
def draw_attention(segment: int, k: int, given: Given, memory: Memory) -> None:
    """Part of a segment's people that an offering's vendors and the news reach this month."""
    supply, origin, p = memory.supply, given.catalogue.origin, at(given.params, ())
    s, there, buzz = at(given.segments, (segment,)), at(supply.offering, (segment, k)), 0.0
    for b in range(origin.shape[1]):
        buzz = buzz + origin[k, b] * at(supply.bloc, (b,)).buzz
    effort = at(given.offerings, (k,)).effort
    there.home = awareness.attention(s.effort, 1.0, p.attention_gain, buzz)
    there.abroad = awareness.attention(s.effort, effort, p.attention_gain, buzz)
