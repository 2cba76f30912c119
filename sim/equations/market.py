"""The world's part of a month, second half: prices, readiness, and what capability is worth.

Compiled over lanes and called by both drivers, after `sim.equations.supply`; no formula of its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.draws.world import SupplyDraws
from sim.equations import adoption, cost, feedback, frontier
from sim.equations.jit import borrowing, inner
from sim.equations.supply import (
    Supply,
    WorldUse,
    advance_frontier,
    advance_releases,
    remember_reference,
)
from sim.world.axes import (
    BEST_OPEN,
    CN,
    CN_CLOSED,
    PRICE_CN_OPEN,
    PRICE_OTHER_OPEN,
    PRICE_US_CLOSED,
    PRICE_US_OPEN,
    US,
    US_CLOSED,
)
from sim.world.catalogue import Catalogue
from sim.world.parameters import Params, SegmentParams, WorldLevers

Floats = NDArray[np.float64]


@borrowing
def advance_supply(
    t: int,
    reference_month: float,
    last_dated: float,
    p: Params[Floats],
    s: SegmentParams,
    lever: WorldLevers,
    use: WorldUse,
    draws: SupplyDraws,
    cat: Catalogue,
    on: float,
    state: Supply,
) -> None:
    """Steps 1 to 3 of month t, in their order. `on`: 1 with feedbacks, 0 without."""
    if t <= reference_month:
        remember_reference(use)
    advance_frontier(t, p, lever, use, draws, on, state)
    advance_releases(t, p, lever, use, draws, cat, on, state)
    advance_prices(t, reference_month, last_dated, p, s, lever, use, on, state)
    advance_appeal(p, s, cat, state)


@inner
def advance_prices(
    t: int,
    reference_month: float,
    last_dated: float,
    p: Params[Floats],
    s: SegmentParams,
    lever: WorldLevers,
    use: WorldUse,
    on: float,
    state: Supply,
) -> None:
    """Prices, tokens per user, readiness to adopt, and China's weight in trade in month t."""
    months = t - reference_month
    past = t - last_dated
    undated = past if past > 0.0 else 0.0
    for lane in range(state.markup.shape[0]):
        decline = p.cost_decline[lane]
        base = p.cost_us_closed_markup[lane]
        state.markup[lane] = cost.markup(
            base,
            cost.substitutes_felt(
                use.open_weights[lane], p.cost_us_closed_substitutes[lane], undated
            ),
            p.cost_us_closed_substitutes[lane],
            p.cost_us_closed_pass_through[lane],
            lever.us_monetisation[t],
        )
        unit_cost = cost.declined(lever.price_us_closed[t] / (1.0 + base), decline, undated)
        state.api[PRICE_US_CLOSED, lane] = cost.api_price(
            unit_cost, state.markup[lane], lever.us_price_cut[t]
        )
        state.api[PRICE_US_OPEN, lane] = cost.declined(lever.price_us_open[t], decline, undated)
        state.api[PRICE_CN_OPEN, lane] = cost.declined(lever.price_cn_open[t], decline, undated)
        state.api[PRICE_OTHER_OPEN, lane] = cost.declined(
            lever.price_other_open[t], decline, undated
        )
        state.china_scale[lane] = feedback.trade_scale(
            on * p.feedback_trade_gain[lane], use.industry[lane], use.reference[8, lane]
        )
        for segment in range(state.tokens.shape[0]):
            state.tokens[segment, lane] = cost.grown(
                s.tokens_mtok_month[segment, lane], s.tokens_growth[segment, lane], months
            )
            state.kappa[segment, lane] = adoption.readiness(
                s.kappa[segment, lane],
                s.kappa_growth[segment, lane],
                months,
                p.adoption_saturation_months[lane],
            )
        state.offline[lane] = adoption.offline_left(
            p.adoption_internet_closing[lane], months / 12.0
        )
        state.throughput[lane] = cost.declined(
            p.cost_local_tokens_mtok_hour[lane], -p.cost_local_throughput_growth[lane], months
        )
        state.hourly[lane] = cost.declined(
            p.cost_cn_open_local_accelerator_usd_hour[lane],
            p.cost_local_accelerator_decline[lane],
            months,
        )


@inner
def advance_appeal(p: Params[Floats], s: SegmentParams, cat: Catalogue, state: Supply) -> None:
    """Awareness, and what capability and attention are worth to each segment (steps 2 and 6)."""
    for lane in range(state.markup.shape[0]):
        best = max(state.released[US_CLOSED, lane], state.released[CN_CLOSED, lane])
        best = max(best, state.released[BEST_OPEN, lane])
        for segment in range(state.known.shape[0]):
            state.known[segment, lane] = frontier.awareness(
                state.known[segment, lane],
                state.buzz[CN, lane],
                s.awareness_per_buzz[segment, lane],
                s.word_of_mouth[segment, lane],
            )
            for offering in range(cat.track.shape[0]):
                general = state.released[cat.track[offering], lane]
                top = state.released[cat.track_frontier[offering], lane]
                missing = frontier.tier_shortfall(
                    s.routine[segment, lane],
                    s.professional[segment, lane],
                    s.frontier[segment, lane],
                    frontier.shortfall(p.tasks_routine_anchor[lane], general),
                    frontier.shortfall(p.tasks_professional_anchor[lane], general),
                    frontier.shortfall(best, top),
                )
                state.quality[segment, offering, lane] = frontier.capability_value(
                    s.lag_weight[segment, lane], missing
                )
                state.attention[segment, offering, lane] = frontier.attention_value(
                    s.novelty[segment, lane],
                    cat.origin[offering, US],
                    cat.origin[offering, CN],
                    state.buzz[US, lane],
                    state.buzz[CN, lane],
                    state.known[segment, lane],
                )
