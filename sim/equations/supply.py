"""The world's part of a month: its state, the frontier and releases (step 2).

Nothing here belongs to one economy, so both drivers call this one compiled function over lanes
(the Mesa model has one lane). It holds the order of the equations, and no formula of its own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws.world import SupplyDraws
from sim.equations import feedback, frontier
from sim.equations.jit import borrowing, inner
from sim.world.axes import (
    BEST_OPEN,
    BLOCS,
    CN,
    CN_CLOSED,
    CN_OPEN,
    DOMESTIC,
    OTHER,
    OTHER_OPEN,
    PRICE_TRACKS,
    TRACKS,
    US,
    US_CLOSED,
    US_OPEN,
)
from sim.world.catalogue import Catalogue
from sim.world.parameters import Params, SegmentParams, WorldLevers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Supply(NamedTuple):
    """State and outputs of the world's month; last axis is the lane."""

    latent: Floats  # [bloc] capability inside the labs, frontier-months
    released: Floats  # [track] best capability that users can get, frontier-months
    buzz: Floats  # [bloc] attention left from releases
    known: Floats  # [segment] share aware of Chinese offerings abroad
    markup: Floats  # [] mark-up of US closed models
    api: Floats  # [price track] USD per million tokens
    tokens: Floats  # [segment] million tokens per user-month
    quality: Floats  # [segment, offering] utility from capability
    attention: Floats  # [segment, offering] utility abroad from awareness and novelty
    china_scale: Floats  # [] weight of China's trade column
    us_openness: Floats  # [] openness of US releases after deterrence
    kappa: Floats  # [segment] readiness to adopt, log odds
    offline: Floats  # [] part of those offline at the reference who still are
    throughput: Floats  # [] million tokens per accelerator-hour at full load
    hourly: Floats  # [] USD per accelerator-hour, before premium and scarcity


def empty_supply(segments: int, offerings: int, lanes: int) -> Supply:
    """Arrays of a supply side that has not started."""
    zero = np.zeros
    wide = (segments, offerings, lanes)
    return Supply(
        latent=zero((len(BLOCS), lanes)),
        released=zero((len(TRACKS), lanes)),
        buzz=zero((len(BLOCS), lanes)),
        known=zero((segments, lanes)),
        markup=zero(lanes),
        api=zero((len(PRICE_TRACKS), lanes)),
        tokens=zero((segments, lanes)),
        quality=zero(wide),
        attention=zero(wide),
        china_scale=np.ones(lanes),
        us_openness=zero(lanes),
        kappa=zero((segments, lanes)),
        offline=zero(lanes),
        throughput=zero(lanes),
        hourly=zero(lanes),
    )


class WorldUse(NamedTuple):
    """What the world used last month, by lane; the reference month's values beside it."""

    use: Floats  # [bloc] share of users
    spend: Floats  # [bloc] share of spend
    cn_open: Floats  # [] share of users on Chinese open weights
    open_weights: Floats  # [] share of users on any open weights
    industry: Floats  # [] adoption of China's industrial segments
    reference: Floats  # [9] the nine numbers above, in the reference month


@inner
def remember_reference(use: WorldUse) -> None:
    """Store this month's shares as the reference that feedbacks are measured against."""
    for lane in range(use.industry.shape[0]):
        for bloc in range(3):
            use.reference[bloc, lane] = use.use[bloc, lane]
            use.reference[3 + bloc, lane] = use.spend[bloc, lane]
        use.reference[6, lane] = use.cn_open[lane]
        use.reference[7, lane] = use.open_weights[lane]
        use.reference[8, lane] = use.industry[lane]


@borrowing
def start_supply(p: Params[Floats], s: SegmentParams, state: Supply) -> None:
    """Initial state: latent capabilities, nothing released yet, awareness at its start."""
    for lane in range(state.markup.shape[0]):
        state.latent[US, lane] = p.frontier_us_start[lane]
        state.latent[CN, lane] = p.frontier_cn_start[lane]
        state.latent[OTHER, lane] = p.frontier_other_start[lane]
        for segment in range(state.known.shape[0]):
            state.known[segment, lane] = s.awareness_start[segment, lane]
        state.buzz[:, lane] = 0.0
        state.released[US_CLOSED, lane] = p.frontier_us_start[lane]
        state.released[US_OPEN, lane] = p.frontier_us_start[lane] - p.release_gap_us_open[lane]
        state.released[CN_CLOSED, lane] = p.frontier_cn_start[lane] - p.release_gap_cn_closed[lane]
        state.released[CN_OPEN, lane] = p.frontier_cn_start[lane] - p.release_gap_cn_open[lane]
        state.released[OTHER_OPEN, lane] = (
            p.frontier_other_start[lane] - p.release_gap_other_open[lane]
        )


@inner
def advance_frontier(
    t: int,
    p: Params[Floats],
    lever: WorldLevers,
    use: WorldUse,
    draws: SupplyDraws,
    on: float,
    state: Supply,
) -> None:
    """Latent capability of the three blocs after month t. `on`: 1 with feedbacks, 0 without."""
    tightness = lever.us_chip_controls_tightness[t]
    leakage = lever.us_chip_controls_leakage[t]
    for lane in range(state.markup.shape[0]):
        opened = frontier.openness_after_deterrence(
            lever.us_openness[t],
            p.frontier_openness_deterrence[lane],
            p.frontier_openness_spillover[lane],
        )
        state.us_openness[lane] = opened
        chips = frontier.obtainable_chips(p.frontier_cn_chip_demand[lane], tightness, leakage)
        algorithms = frontier.algorithmic_efficiency(
            tightness, p.frontier_cn_induced_efficiency[lane]
        )
        compute_cn = lever.cn_compute_boost[t] * frontier.effective_compute(
            chips, p.frontier_cn_domestic_chips[lane], lever.cn_domestic_efficiency[t], algorithms
        )
        compute_us = p.frontier_us_compute[lane] * lever.us_compute_boost[t]
        eta = p.frontier_elasticity[lane]
        gain_us = on * feedback.pace_feedback(
            p.feedback_revenue_gain[lane],
            use.spend[US, lane],
            use.reference[3 + US, lane],
            p.feedback_data_gain[lane],
            use.use[US, lane],
            use.reference[US, lane],
        )
        gain_cn = on * (
            feedback.pace_feedback(
                p.feedback_revenue_gain[lane],
                use.spend[CN, lane],
                use.reference[3 + CN, lane],
                p.feedback_data_gain[lane],
                use.use[CN, lane],
                use.reference[CN, lane],
            )
            + feedback.community_feedback(
                p.feedback_community_gain[lane], use.cn_open[lane], use.reference[6, lane]
            )
        )
        factor_us = frontier.pace_factor(
            p.frontier_us_pace[lane], 0.0, lever.us_reporting_drag[t], gain_us
        )
        factor_cn = frontier.pace_factor(
            p.frontier_cn_pace[lane], lever.cn_rnd_support[t], lever.cn_economy_drag[t], gain_cn
        )
        us, cn, other = state.latent[US, lane], state.latent[CN, lane], state.latent[OTHER, lane]
        leader = max(us, max(cn, other))
        spill = p.frontier_openness_spillover[lane]
        rate_cn = frontier.spillover_rate(p.frontier_cn_catch_up[lane], spill, opened)
        rate_other = frontier.spillover_rate(p.frontier_other_catch_up[lane], spill, opened)
        sd = p.frontier_shock_sd[lane]
        state.latent[US, lane] = frontier.advance(
            us,
            frontier.pace(compute_us, eta),
            factor_us,
            frontier.catch_up(us, leader, p.frontier_us_catch_up[lane]),
            sd * draws.shock[t, US, lane],
        )
        state.latent[CN, lane] = frontier.advance(
            cn,
            frontier.pace(compute_cn, eta),
            factor_cn,
            frontier.catch_up(cn, leader, rate_cn),
            sd * draws.shock[t, CN, lane],
        )
        state.latent[OTHER, lane] = frontier.advance(
            other,
            frontier.pace(p.frontier_other_compute[lane], eta),
            p.frontier_other_pace[lane],
            frontier.catch_up(other, leader, rate_other),
            sd * draws.shock[t, OTHER, lane],
        )


@inner
def advance_releases(
    t: int,
    p: Params[Floats],
    lever: WorldLevers,
    use: WorldUse,
    draws: SupplyDraws,
    cat: Catalogue,
    on: float,
    state: Supply,
) -> None:
    """Releases of month t (dated or random) and the attention they draw."""
    for lane in range(state.markup.shape[0]):
        response = on * feedback.openness_response(
            p.feedback_openness_gain[lane], use.cn_open[lane], use.reference[6, lane]
        )
        gap_us_open = frontier.opened_gap(
            p.release_gap_us_open[lane], state.us_openness[lane], response
        )
        gaps = (
            0.0,
            gap_us_open,
            p.release_gap_cn_closed[lane],
            p.release_gap_cn_open[lane] + lever.cn_release_delay[t],
            p.release_gap_other_open[lane],
        )
        intervals = (
            p.release_interval_us_closed[lane],
            p.release_interval_us_open[lane],
            p.release_interval_cn_closed[lane],
            p.release_interval_cn_open[lane],
            p.release_interval_other_open[lane],
        )
        blocs = (US, US, CN, CN, OTHER)
        new_us, new_cn = lever.buzz_us[t], lever.buzz_cn[t]
        for track in range(5):
            bloc = blocs[track]
            if t < cat.dated_until[bloc]:
                capability = cat.dated[t, track]
                if not np.isnan(capability):
                    state.released[track, lane] = frontier.released(
                        state.released[track, lane], capability, 1.0
                    )
                    state.latent[bloc, lane] = max(state.latent[bloc, lane], capability)
                continue
            happens = frontier.release_happens(draws.release[t, track, lane], intervals[track])
            if track == CN_OPEN and draws.opened[t, lane] >= lever.cn_openness[t]:
                happens = 0.0
            available = frontier.offered(
                state.latent[bloc, lane],
                gaps[track],
                p.release_size_sd[lane],
                draws.size[t, track, lane],
            )
            state.released[track, lane] = frontier.released(
                state.released[track, lane], available, happens
            )
            attention = happens * frontier.release_buzz(
                draws.buzz[t, bloc, lane], p.release_buzz_mean[lane]
            )
            if track == US_CLOSED:
                new_us += attention
            if track == CN_OPEN:
                new_cn += attention
        best = max(
            state.released[US_OPEN, lane],
            max(state.released[CN_OPEN, lane], state.released[OTHER_OPEN, lane]),
        )
        state.released[BEST_OPEN, lane] = best
        state.released[DOMESTIC, lane] = best - p.release_gap_domestic[lane]
        half = p.attention_half_life[lane]
        state.buzz[US, lane] = frontier.buzz_left(state.buzz[US, lane], half, new_us)
        state.buzz[CN, lane] = frontier.buzz_left(state.buzz[CN, lane], half, new_cn)
