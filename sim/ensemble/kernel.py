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
from sim.equations.jit import borrowing, inner
from sim.equations.supply import Supply
from sim.world.parameters import OfferingParams, Params, SegmentParams, WorldLevers

Floats = NDArray[np.float64]


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
        work.local_use[:] = 0.0
        for segment in range(s.churn.shape[0]):
            appeal(t, c, segment, g, s, o, lever, supply, lanes, work)
            choose(c, segment, g, p, s, lanes, work)
            adopt(c, segment, g, p, s, effect, supply, lanes, work)
            tally(c, segment, g, s, o, supply, lanes, work)
        build(t, c, g, p, lanes, work)


@inner
def see_prices(
    t: int, c: int, g: Ground, p: Params[Floats], o: OfferingParams, lever: WorldLevers,
    supply: Supply, lanes: Lanes, work: Work,
) -> None:
    """Chip access, scarcity, cost of local tokens, and unit prices of all offerings."""
    chips = access.chip_access(
        g.capped[c], lever.us_chip_controls_tier2_cap[t] * g.tier2[c],
        lever.us_chip_controls_tightness[t], lever.us_chip_controls_leakage[t],
    )
    given = lever.cn_aid[t]
    for j in range(work.local.shape[0]):
        saving = cost.power_saving(
            p.cost_low_power_saving[j], lever.cn_low_power_chips[t], g.belt_road[c]
        )
        capacity = cost.local_capacity(
            lanes.accelerators[c, j], g.inference_share, supply.throughput[j],
            p.cost_local_utilisation[j],
        )
        scarce = cost.scarcity(
            lanes.local_demand[c, j], capacity, p.cost_scarcity_steepness[j]
        )
        lanes.scarcity[c, j] = scarce
        full = cost.local_cost(
            supply.hourly[j] * saving,
            cost.control_premium(p.cost_local_control_premium[j], chips), scarce,
            p.cost_local_energy_usd_hour[j] * saving, supply.throughput[j],
            p.cost_local_utilisation[j],
            p.cost_local_staff_income_share[j] * g.income_month[c],
            p.cost_local_volume_mtok_month[j],
        )
        work.local[j] = cost.aided(full, p.cost_aid_discount[j], given, g.belt_road[c])
        granted = cost.granted(
            g.gulf[t, c], given, g.belt_road[c], p.cost_aid_accelerators_month[j]
        )
        lanes.accelerators[c, j] = cost.accelerators_next(
            lanes.accelerators[c, j], p.cost_accelerator_retirement[j],
            g.gdp_month[c] * p.cost_accelerator_gdp_share[j], p.cost_accelerator_usd[j], chips,
            granted,
        )
    for k in range(work.unit.shape[0]):
        track = g.price_track[k]
        for j in range(work.local.shape[0]):
            work.unit[k, j] = cost.unit_price(
                supply.api[track, j], o.api_weight[k, j], work.local[j], o.local_weight[k, j]
            )


@inner
def see_partners(
    t: int, c: int, g: Ground, p: Params[Floats], lever: WorldLevers, supply: Supply,
    lanes: Lanes, work: Work,
) -> None:
    """Exposure to partners' portfolios of t-1, and what shared standards and drift add."""
    last = lanes.portfolio[(t + 1) % 2]
    add_partners(g.partner_start[c], g.partner_start[c + 1], g, last, work.exposure)
    china, weight = max(g.china, 0), g.weight_china[c]
    width = work.local.shape[0]
    for k in range(work.bond.shape[0]):
        of_us, of_cn, of_other = g.origin[c, k, 0], g.origin[c, k, 1], g.origin[c, k, 2]
        for j in range(width):
            work.exposure[k * width + j] = network.partner_exposure(
                work.exposure[k * width + j], weight, last[china, k * width + j],
                supply.china_scale[j],
            )
        for j in range(width):
            work.bond[k, j] = (
                of_us * lanes.drift[c, 0, j] + of_cn * lanes.drift[c, 1, j]
                + of_other * lanes.drift[c, 2, j]
            )
            bloc_share = (
                of_us * lanes.blocs[c, 0, j] + of_cn * lanes.blocs[c, 1, j]
                + of_other * lanes.blocs[c, 2, j]
            )
            work.common[k, j] = g.from_blocs[k] * sovereignty.standards_pull(
                lever.standards_reach[t], p.standards_gain[j], bloc_share
            )


@inner
def add_partners(first: int, end: int, g: Ground, last: Floats, total: Floats) -> None:
    """Sum over partners of weight x portfolio, flat [offering and lane], in a fixed order."""
    size = total.shape[0]
    total[:] = 0.0
    i = first
    while i + 4 <= end:
        a, b, c, d = g.partner[i], g.partner[i + 1], g.partner[i + 2], g.partner[i + 3]
        wa, wb = g.partner_weight[i], g.partner_weight[i + 1]
        wc, wd = g.partner_weight[i + 2], g.partner_weight[i + 3]
        for j in range(size):
            total[j] += (wa * last[a, j] + wb * last[b, j]) + (wc * last[c, j] + wd * last[d, j])
        i += 4
    while i < end:
        a, wa = g.partner[i], g.partner_weight[i]
        for j in range(size):
            total[j] += wa * last[a, j]
        i += 1


@inner
def appeal(
    t: int, c: int, segment: int, g: Ground, s: SegmentParams, o: OfferingParams,
    lever: WorldLevers, supply: Supply, lanes: Lanes, work: Work,
) -> None:
    """Price, burden, utility and attraction of every offering to a segment."""
    offerings, width = work.pull.shape
    work.nests[:] = 0.0
    for j in range(width):
        work.per_budget[j] = cost.per_budget(s.budget_share[segment, j], g.income_month[c])
    for k in range(offerings):
        if lanes.mask[c, segment, k] == 0.0 and k != g.reference:
            work.pull[k, :] = 0.0
            lanes.bill[c, segment, k, :] = 0.0
            continue
        cut = cost.package_discount(lever.us_allies_package[t], g.ally[c], g.packaged[k])
        for j in range(width):
            price = cost.monthly_price(
                o.seat_usd_month[k, j], s.seat_weight[segment, j], supply.tokens[segment, j],
                work.unit[k, j], cut,
            )
            lanes.bill[c, segment, k, j] = price * s.paying[segment, j]
            work.burden[j] = cost.burden(price, work.per_budget[j])
        if k == g.reference:
            for j in range(width):
                work.reference_burden[j] = work.burden[j]
        weigh(c, segment, k, g, s, supply, lanes, work)
        mask, nest = lanes.mask[c, segment, k], g.nest[k]
        for j in range(width):
            pull = choice.attraction(work.value[j], mask)
            work.pull[k, j] = pull
            work.nests[nest, j] += pull


@inner
def weigh(
    c: int, segment: int, k: int, g: Ground, s: SegmentParams, supply: Supply, lanes: Lanes,
    work: Work,
) -> None:
    """Utility of one offering to a segment, from its terms."""
    width = work.value.shape[0]
    abroad = 1.0
    for b in range(3):
        abroad -= g.origin[c, k, b] * g.home[c, b]
    for j in range(width):
        work.habit[j] = network.habit(
            s.imitation[segment, j], work.exposure[k * width + j], s.lock_in[segment, j],
            lanes.stock[c, segment, k, j],
        )
    for j in range(width):
        work.value[j] = choice.utility(
            lanes.standing[c, segment, k, j],
            supply.quality[segment, k, j] + supply.attention[segment, k, j] * abroad,
            s.price_sensitivity[segment, j], work.burden[j], 0.0,
            s.affinity_weight[segment, j] * work.bond[k, j], work.habit[j], work.common[k, j],
        )


@inner
def choose(
    c: int, segment: int, g: Ground, p: Params[Floats], s: SegmentParams, lanes: Lanes, work: Work,
) -> None:
    """Nested logit, renewal of the portfolio and the installed base of a segment."""
    offerings, width = work.pull.shape
    work.total[:] = 0.0
    work.kept[:] = 0.0
    for n in range(work.nests.shape[0]):
        for j in range(width):
            work.weights[n, j] = choice.nest_attraction(work.nests[n, j], p.choice_similarity[j])
            work.total[j] += work.weights[n, j]
    for n in range(work.nests.shape[0]):
        for j in range(width):
            work.weights[n, j] = choice.nest_factor(
                work.nests[n, j], work.weights[n, j], work.total[j]
            )
    for k in range(offerings):
        mask = lanes.mask[c, segment, k]
        for j in range(width):
            work.kept[j] += lanes.share[c, segment, k, j] * mask
    for j in range(width):
        work.anew[j] = choice.part_anew(work.kept[j], s.churn[segment, j])
        work.kept[j] = choice.kept_factor(work.kept[j], work.anew[j])
    for k in range(offerings):
        mask, nest = lanes.mask[c, segment, k], g.nest[k]
        for j in range(width):
            share = choice.renewed(
                lanes.share[c, segment, k, j] * mask, work.kept[j],
                choice.choice_share(work.pull[k, j], work.weights[nest, j]), work.anew[j],
            )
            lanes.share[c, segment, k, j] = share
            lanes.stock[c, segment, k, j] = network.installed_base(
                lanes.stock[c, segment, k, j], share, s.memory[segment, j]
            )
    for j in range(width):
        lanes.renewal[c, segment, j] = work.anew[j]


@inner
def adopt(
    c: int, segment: int, g: Ground, p: Params[Floats], s: SegmentParams, effect: Floats,
    supply: Supply, lanes: Lanes, work: Work,
) -> None:
    """Adoption of a segment relaxes towards its target."""
    some = 0.0
    for k in range(work.pull.shape[0]):
        some = max(some, lanes.mask[c, segment, k])
    for j in range(work.total.shape[0]):
        work.value[j] = choice.inclusive_value(work.total[j])
    for j in range(work.total.shape[0]):
        target = adoption.adoption_target(
            adoption.ceiling(g.online[c], supply.offline[j]), supply.kappa[segment, j],
            s.burden_sensitivity[segment, j], work.reference_burden[j],
            s.reach_weight[segment, j], lanes.log_reach[c, segment, j],
            s.value_weight[segment, j], work.value[j],
            p.adoption_economy_sd[j] * effect[c, j], some,
        )
        lanes.adoption[c, segment, j] = adoption.adopted(
            lanes.adoption[c, segment, j], target, s.speed[segment, j], some
        )


@inner
def tally(
    c: int, segment: int, g: Ground, s: SegmentParams, o: OfferingParams, supply: Supply,
    lanes: Lanes, work: Work,
) -> None:
    """Users and spend of a segment into the economy's and the world's totals."""
    offerings, width = work.use.shape
    for j in range(width):
        work.value[j] = (
            g.people[c] * s.potential[segment, j] * lanes.adoption[c, segment, j]
        )
    for k in range(offerings):
        sells = g.sells[k]
        for j in range(width):
            users = work.value[j] * lanes.share[c, segment, k, j]
            work.use[k, j] += users
            work.local_use[j] += users * (supply.tokens[segment, j] * o.local_weight[k, j])
        if sells > 0.0:
            for j in range(width):
                lanes.spend[k, j] += (
                    work.value[j] * lanes.share[c, segment, k, j]
                    * lanes.bill[c, segment, k, j] * sells
                )


@inner
def build(t: int, c: int, g: Ground, p: Params[Floats], lanes: Lanes, work: Work) -> None:
    """Portfolio and bloc shares of the economy, demand on its hardware, drift of affinity."""
    width = work.total.shape[0]
    now = lanes.portfolio[t % 2]
    work.kept[:] = 0.0
    for k in range(work.use.shape[0]):
        for j in range(width):
            work.kept[j] += work.use[k, j]
            lanes.use[k, j] += work.use[k, j]
    for j in range(width):
        lanes.local_demand[c, j] = work.local_use[j]
        work.value[j] = 1.0 / choice.some(work.kept[j])
    work.total[:] = 0.0
    for k in range(work.use.shape[0]):
        for j in range(width):
            now[c, k * width + j] = work.use[k, j] * work.value[j]
    early = t <= g.reference_month
    for b in range(3):
        work.total[:] = 0.0
        for k in range(work.use.shape[0]):
            weight = g.origin[c, k, b]
            if weight > 0.0:
                for j in range(width):
                    work.total[j] += now[c, k * width + j] * weight
        for j in range(width):
            share = work.total[j] if work.kept[j] > 0.0 else lanes.blocs[c, b, j]
            lanes.blocs[c, b, j] = share
            reference = share if early else lanes.bloc_reference[c, b, j]
            lanes.bloc_reference[c, b, j] = reference
            lanes.drift[c, b, j] = feedback.alignment_drift(
                lanes.drift[c, b, j], share, reference, p.affinity_drift_speed[j]
            )
