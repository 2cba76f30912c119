"""One month of all economies over lanes; the counterpart of `sim.model.country`.

Every formula is an equation of `sim.equations`, inlined; this file holds loops and order only.
Runs are the innermost axis, so the compiler packs each equation across runs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.appraise import appraise
from sim.ensemble.arrays import Ground, Lanes, Work
from sim.equations import access, adoption, choice, cost, feedback, network, sovereignty
from sim.equations.jit import borrowing
from sim.equations.supply import Supply
from sim.world.parameters import OfferingParams, Params, SegmentParams, WorldLevers

Floats = NDArray[np.float64]
HOURS_PER_MONTH = 730.0


@borrowing
def advance_economies(
    t: int, g: Ground, refresh: NDArray[np.bool_], p: Params[Floats], s: SegmentParams,
    o: OfferingParams, constants: Floats, taste: Floats, effect: Floats, lever: WorldLevers,
    supply: Supply, lanes: Lanes, work: Work,
) -> None:
    """Steps 4 to 9 of month t for every economy; reads the portfolios of t-1."""
    lanes.use[:] = 0.0
    lanes.spend[:] = 0.0
    for c in range(g.online.shape[0]):
        if refresh[t, c]:
            appraise(t, c, g, p, s, o, constants, taste, lever, lanes)
        see_prices(t, c, g, p, o, lever, supply, lanes, work)
        see_partners(t, c, g, p, lever, supply, lanes, work)
        work.use[:] = 0.0
        lanes.local_demand[c, :] = 0.0
        for segment in range(s.churn.shape[0]):
            choose(t, c, segment, g, p, s, o, lever, supply, lanes, work)
            adopt(t, c, segment, g, p, s, effect, lanes, work)
            tally(c, segment, g, s, o, supply, lanes, work)
        build(t, c, g, p, lever, lanes, work)


@borrowing
def see_prices(
    t: int, c: int, g: Ground, p: Params[Floats], o: OfferingParams, lever: WorldLevers,
    supply: Supply, lanes: Lanes, work: Work,
) -> None:
    """Chip access, scarcity, cost of local tokens, and unit prices of all offerings."""
    months = t - g.reference_month
    aid = lever.cn_aid[t] * g.belt_road[c]
    chips = access.chip_access(
        g.capped[c], lever.us_chip_controls_tier2_cap[t] * g.tier2[c],
        lever.us_chip_controls_tightness[t], lever.us_chip_controls_leakage[t],
    )
    for j in range(work.local.shape[0]):
        saving = 1.0 - p.cost_low_power_saving[j] * lever.cn_low_power_chips[t] * g.belt_road[c]
        speed = cost.declined(
            p.cost_local_tokens_mtok_hour[j], -p.cost_local_throughput_growth[j], months
        )
        capacity = (
            lanes.accelerators[c, j] * g.inference_share * HOURS_PER_MONTH * speed
            * p.cost_local_utilisation[j]
        )
        lanes.scarcity[c, j] = cost.scarcity(
            lanes.local_demand[c, j], capacity, p.cost_scarcity_steepness[j]
        )
        hourly = cost.declined(
            p.cost_cn_open_local_accelerator_usd_hour[j], p.cost_local_accelerator_decline[j],
            months,
        )
        work.access[j] = chips
        work.local[j] = (1.0 - p.cost_aid_discount[j] * aid) * cost.local_cost(
            hourly * saving, 1.0 + p.cost_local_control_premium[j] * (1.0 - chips),
            lanes.scarcity[c, j], p.cost_local_energy_usd_hour[j] * saving, speed,
            p.cost_local_utilisation[j],
            p.cost_local_staff_income_share[j] * g.income_month[c],
            p.cost_local_volume_mtok_month[j],
        )
    for k in range(work.unit.shape[0]):
        track = g.price_track[k]
        for j in range(work.local.shape[0]):
            work.unit[k, j] = cost.unit_price(
                supply.api[track, j], o.api_weight[k, j], work.local[j], o.local_weight[k, j]
            )


@borrowing
def see_partners(
    t: int, c: int, g: Ground, p: Params[Floats], lever: WorldLevers, supply: Supply,
    lanes: Lanes, work: Work,
) -> None:
    """Exposure to partners' portfolios of t-1, and what shared standards and drift add."""
    last = lanes.portfolio[(t + 1) % 2]
    add_partners(g.partner_start[c], g.partner_start[c + 1], g, last, work.exposure)
    china = g.china
    for k in range(work.exposure.shape[0]):
        for j in range(work.exposure.shape[1]):
            theirs = last[china, k, j] if china >= 0 else 0.0
            work.exposure[k, j] = network.partner_exposure(
                work.exposure[k, j], g.weight_china[c], theirs, supply.china_scale[j]
            )
            bloc_share = 0.0
            bond = 0.0
            for b in range(3):
                bloc_share += g.origin[c, k, b] * lanes.blocs[c, b, j]
                bond += g.origin[c, k, b] * lanes.drift[c, b, j]
            work.bond[k, j] = bond
            work.common[k, j] = g.from_blocs[k] * sovereignty.standards_pull(
                lever.standards_reach[t], p.standards_gain[j], bloc_share
            )


@borrowing
def add_partners(first: int, end: int, g: Ground, last: Floats, total: Floats) -> None:
    """total[k, j] = sum over partners of weight x portfolio, in a fixed order, four at a time."""
    offerings, width = total.shape
    total[:] = 0.0
    i = first
    while i + 4 <= end:
        a, b, c, d = g.partner[i], g.partner[i + 1], g.partner[i + 2], g.partner[i + 3]
        wa, wb = g.partner_weight[i], g.partner_weight[i + 1]
        wc, wd = g.partner_weight[i + 2], g.partner_weight[i + 3]
        for k in range(offerings):
            for j in range(width):
                total[k, j] += (wa * last[a, k, j] + wb * last[b, k, j]) + (
                    wc * last[c, k, j] + wd * last[d, k, j]
                )
        i += 4
    while i < end:
        a, wa = g.partner[i], g.partner_weight[i]
        for k in range(offerings):
            for j in range(width):
                total[k, j] += wa * last[a, k, j]
        i += 1


@borrowing
def choose(
    t: int, c: int, segment: int, g: Ground, p: Params[Floats], s: SegmentParams,
    o: OfferingParams, lever: WorldLevers, supply: Supply, lanes: Lanes, work: Work,
) -> None:
    """Utilities, nested logit, renewal of the portfolio and the installed base of a segment."""
    offerings, width = work.pull.shape
    discount = lever.us_allies_package[t] * g.ally[c]
    work.nests[:] = 0.0
    work.kept[:] = 0.0
    for k in range(offerings):
        mask, nest = lanes.mask[c, segment, k], g.nest[k]
        abroad = 1.0
        for b in range(3):
            abroad -= g.origin[c, k, b] * g.home[c, b]
        cut = discount * g.packaged[k]
        for j in range(width):
            price = cost.monthly_price(
                o.seat_usd_month[k, j], s.seat_weight[segment, j], supply.tokens[segment, j],
                work.unit[k, j], cut,
            )
            lanes.bill[c, segment, k, j] = price * s.paying[segment, j]
            work.burden[k, j] = cost.burden(
                price, s.budget_share[segment, j], g.income_month[c]
            )
            value = choice.utility(
                lanes.standing[c, segment, k, j],
                supply.quality[segment, k, j] + supply.attention[segment, k, j] * abroad,
                s.price_sensitivity[segment, j], work.burden[k, j], 0.0,
                s.affinity_weight[segment, j] * work.bond[k, j],
                network.habit(
                    s.imitation[segment, j], work.exposure[k, j], s.lock_in[segment, j],
                    lanes.stock[c, segment, k, j],
                ),
                work.common[k, j],
            )
            pull = choice.attraction(value, mask)
            work.pull[k, j] = pull
            work.nests[nest, j] += pull
            work.kept[j] += lanes.share[c, segment, k, j] * mask
    work.total[:] = 0.0
    for n in range(work.nests.shape[0]):
        for j in range(width):
            weight = choice.nest_attraction(work.nests[n, j], p.choice_similarity[j])
            work.weights[n, j] = weight
            work.total[j] += weight
    for k in range(offerings):
        mask, nest = lanes.mask[c, segment, k], g.nest[k]
        for j in range(width):
            chosen = choice.choice_share(
                work.pull[k, j], work.nests[nest, j], work.weights[nest, j], work.total[j]
            )
            share = choice.renewed(
                lanes.share[c, segment, k, j] * mask, work.kept[j], chosen, s.churn[segment, j]
            )
            lanes.share[c, segment, k, j] = share
            lanes.stock[c, segment, k, j] = network.installed_base(
                lanes.stock[c, segment, k, j], share, s.memory[segment, j]
            )


@borrowing
def adopt(
    t: int, c: int, segment: int, g: Ground, p: Params[Floats], s: SegmentParams, effect: Floats,
    lanes: Lanes, work: Work,
) -> None:
    """Adoption of a segment relaxes towards its target."""
    months = t - g.reference_month
    some = 0.0
    for k in range(work.pull.shape[0]):
        some = max(some, lanes.mask[c, segment, k])
    home = max(g.home[c, 0], max(g.home[c, 1], g.home[c, 2]))
    for j in range(work.total.shape[0]):
        online = adoption.ceiling(g.online[c], p.adoption_internet_closing[j], months / 12.0)
        kappa = adoption.readiness(
            s.kappa[segment, j], s.kappa_growth[segment, j], months,
            p.adoption_saturation_months[j],
        )
        reach = adoption.effective_reach(
            lanes.reach[c, segment, j], home, p.adoption_reach_floor[j]
        )
        target = adoption.adoption_target(
            online, kappa, s.burden_sensitivity[segment, j], work.burden[g.reference, j],
            s.reach_weight[segment, j], reach, s.value_weight[segment, j],
            choice.inclusive_value(work.total[j]), p.adoption_economy_sd[j] * effect[c, j], some,
        )
        lanes.adoption[c, segment, j] = adoption.adopted(
            lanes.adoption[c, segment, j], target, s.speed[segment, j], some
        )


@borrowing
def tally(
    c: int, segment: int, g: Ground, s: SegmentParams, o: OfferingParams, supply: Supply,
    lanes: Lanes, work: Work,
) -> None:
    """Users and spend of a segment into the economy's and the world's totals."""
    for k in range(work.use.shape[0]):
        for j in range(work.use.shape[1]):
            users = (
                g.people[c] * s.potential[segment, j] * lanes.adoption[c, segment, j]
                * lanes.share[c, segment, k, j]
            )
            work.use[k, j] += users
            lanes.use[k, j] += users
            lanes.spend[k, j] += users * lanes.bill[c, segment, k, j] * g.sells[k]
            lanes.local_demand[c, j] += users * supply.tokens[segment, j] * o.local_weight[k, j]


@borrowing
def build(
    t: int, c: int, g: Ground, p: Params[Floats], lever: WorldLevers, lanes: Lanes, work: Work,
) -> None:
    """Accelerators, portfolio and bloc shares of the economy, drift of affinity."""
    width = work.total.shape[0]
    now = lanes.portfolio[t % 2]
    for j in range(width):
        granted = g.gulf[t, c] + lever.cn_aid[t] * g.belt_road[c] * (
            p.cost_aid_accelerators_month[j]
        )
        lanes.accelerators[c, j] = cost.accelerators_next(
            lanes.accelerators[c, j], p.cost_accelerator_retirement[j],
            g.gdp_month[c] * p.cost_accelerator_gdp_share[j], p.cost_accelerator_usd[j],
            work.access[j], granted,
        )
        work.kept[j] = 0.0
    for k in range(work.use.shape[0]):
        for j in range(width):
            work.kept[j] += work.use[k, j]
    for k in range(work.use.shape[0]):
        for j in range(width):
            now[c, k, j] = work.use[k, j] / choice.some(work.kept[j])
    early = t <= g.reference_month
    for b in range(3):
        for j in range(width):
            share = 0.0
            for k in range(work.use.shape[0]):
                share += now[c, k, j] * g.origin[c, k, b]
            if work.kept[j] > 0.0:
                lanes.blocs[c, b, j] = share
            if early:
                lanes.bloc_reference[c, b, j] = lanes.blocs[c, b, j]
            lanes.drift[c, b, j] = feedback.alignment_drift(
                lanes.drift[c, b, j], lanes.blocs[c, b, j], lanes.bloc_reference[c, b, j],
                p.affinity_drift_speed[j],
            )
