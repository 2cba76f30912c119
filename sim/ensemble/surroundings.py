"""Prices and partners as one economy sees them, over lanes; see `sim.ensemble.kernel`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import Ground, Lanes, Work
from sim.equations import access, cost, network, sovereignty
from sim.equations.jit import inner
from sim.equations.supply import Supply
from sim.world.parameters import OfferingParams, Params, WorldLevers

Floats = NDArray[np.float64]


@inner
def see_prices(
    t: int,
    c: int,
    g: Ground,
    p: Params[Floats],
    o: OfferingParams,
    lever: WorldLevers,
    supply: Supply,
    lanes: Lanes,
    work: Work,
) -> None:
    """Chip access, scarcity, cost of local tokens, unit prices, and accelerators of next month."""
    chips = access.chip_access(
        g.capped[c],
        lever.us_chip_controls_tier2_cap[t] * g.tier2[c],
        lever.us_chip_controls_tightness[t],
        lever.us_chip_controls_leakage[t],
    )
    width, given, partner = work.local.shape[0], lever.cn_aid[t], g.belt_road[c]
    for j in range(width):
        capacity = cost.local_capacity(
            lanes.accelerators[c, j],
            g.inference_share,
            supply.throughput[j],
            p.cost_local_utilisation[j],
        )
        lanes.scarcity[c, j] = cost.scarcity(
            lanes.local_demand[c, j], capacity, p.cost_scarcity_steepness[j]
        )
    for j in range(width):
        work.kept[j] = cost.power_saving(
            p.cost_low_power_saving[j], lever.cn_low_power_chips[t], partner
        )
    for j in range(width):
        work.value[j] = supply.hourly[j] * work.kept[j]
    for j in range(width):
        work.kept[j] = p.cost_local_energy_usd_hour[j] * work.kept[j]
    for j in range(width):
        work.anew[j] = cost.control_premium(p.cost_local_control_premium[j], chips)
    for j in range(width):
        work.local[j] = cost.local_cost(
            work.value[j],
            work.anew[j],
            lanes.scarcity[c, j],
            work.kept[j],
            supply.throughput[j],
            p.cost_local_utilisation[j],
            p.cost_local_staff_income_share[j] * g.income_month[c],
            p.cost_local_volume_mtok_month[j],
        )
    for j in range(width):
        work.local[j] = cost.aided(work.local[j], p.cost_aid_discount[j], given, partner)
    for j in range(width):
        granted = cost.granted(g.gulf[t, c], given, partner, p.cost_aid_accelerators_month[j])
        lanes.accelerators[c, j] = cost.accelerators_next(
            lanes.accelerators[c, j],
            p.cost_accelerator_retirement[j],
            g.gdp_month[c] * p.cost_accelerator_gdp_share[j],
            p.cost_accelerator_usd[j],
            chips,
            granted,
        )
    for k in range(work.unit.shape[0]):
        track = g.price_track[k]
        for j in range(width):
            work.unit[k, j] = cost.unit_price(
                supply.api[track, j], o.api_weight[k, j], work.local[j], o.local_weight[k, j]
            )


@inner
def see_partners(
    t: int,
    c: int,
    g: Ground,
    p: Params[Floats],
    lever: WorldLevers,
    supply: Supply,
    lanes: Lanes,
    work: Work,
) -> None:
    """Exposure to partners' portfolios of t-1, and what shared standards and drift add."""
    last = lanes.portfolio[(t + 1) % 2]
    add_partners(g.partner_start[c], g.partner_start[c + 1], g, last, work.exposure)
    china, weight = max(g.china, 0), g.weight_china[c]
    width = work.local.shape[0]
    for k in range(work.bond.shape[0]):
        of_us, of_cn, of_other = g.origin[c, k, 0], g.origin[c, k, 1], g.origin[c, k, 2]
        first = k * width
        for j in range(width):
            work.exposure[first + j] = network.partner_exposure(
                work.exposure[first + j], weight, last[china, first + j], supply.china_scale[j]
            )
        for j in range(width):
            work.bond[k, j] = (
                of_us * lanes.drift[c, 0, j]
                + of_cn * lanes.drift[c, 1, j]
                + of_other * lanes.drift[c, 2, j]
            )
        for j in range(width):
            bloc_share = (
                of_us * lanes.blocs[c, 0, j]
                + of_cn * lanes.blocs[c, 1, j]
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
