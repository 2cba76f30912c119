"""Prices and partners as one economy sees them, eight runs at a time (`sim.ensemble.kernel`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import Ground, Lanes, Seen, State, Work
from sim.equations import access, cost, network, sovereignty
from sim.equations.bits import fma
from sim.equations.jit import part
from sim.equations.packs import WIDTH, fill, load, store
from sim.world.parameters import OfferingParams, Params, WorldLevers

Floats = NDArray[np.float64]


@part
def see_prices(
    t: int,
    c: int,
    q: int,
    g: Ground,
    p: Params[Floats],
    o: OfferingParams,
    lever: WorldLevers,
    supply: Seen,
    state: State,
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
    given, partner = lever.cn_aid[t], g.belt_road[c]
    stock, throughput = load(state.accelerators, (q, c, 0)), load(supply.throughput, (q, 0))
    utilisation = load(p.cost_local_utilisation, (q, 0))
    capacity = cost.local_capacity(stock, g.inference_share, throughput, utilisation)
    scarcity = cost.scarcity(
        load(state.local_demand, (q, c, 0)), capacity, load(p.cost_scarcity_steepness, (q, 0))
    )
    store(lanes.scarcity, (c, q * WIDTH), scarcity)
    saving = cost.power_saving(
        load(p.cost_low_power_saving, (q, 0)), lever.cn_low_power_chips[t], partner
    )
    local = cost.local_cost(
        load(supply.hourly, (q, 0)) * saving,
        cost.control_premium(load(p.cost_local_control_premium, (q, 0)), chips),
        scarcity,
        load(p.cost_local_energy_usd_hour, (q, 0)) * saving,
        throughput,
        utilisation,
        load(p.cost_local_staff_income_share, (q, 0)) * g.income_month[c],
        load(p.cost_local_volume_mtok_month, (q, 0)),
    )
    local = cost.aided(local, load(p.cost_aid_discount, (q, 0)), given, partner)
    bought = cost.accelerators_next(
        stock,
        load(p.cost_accelerator_retirement, (q, 0)),
        g.gdp_month[c] * load(p.cost_accelerator_gdp_share, (q, 0)),
        load(p.cost_accelerator_usd, (q, 0)),
        chips,
        cost.granted(g.gulf[t, c], given, partner, load(p.cost_aid_accelerators_month, (q, 0))),
    )
    store(state.accelerators, (q, c, 0), bought)
    for k in range(work.unit.shape[0]):
        unit = cost.unit_price(
            load(supply.api, (q, g.price_track[k], 0)),
            load(o.api_weight, (q, k, 0)),
            local,
            load(o.local_weight, (q, k, 0)),
        )
        store(work.unit, (k, 0), unit)


@part
def see_partners(
    t: int,
    c: int,
    q: int,
    g: Ground,
    p: Params[Floats],
    lever: WorldLevers,
    supply: Seen,
    state: State,
    work: Work,
) -> None:
    """Exposure to partners' portfolios of t-1, and what shared standards and drift add."""
    last = (t + 1) % 2
    add_partners(last, q, c, g, state.portfolio, work.exposure)
    china, weight = max(g.china, 0), g.weight_china[c]
    scale, gain = load(supply.china_scale, (q, 0)), load(p.standards_gain, (q, 0))
    for k in range(work.bond.shape[0]):
        exposure = network.partner_exposure(
            load(work.exposure, (k, 0)),
            weight,
            load(state.portfolio, (last, q, china, k, 0)),
            scale,
        )
        store(work.exposure, (k, 0), exposure)
        bond, bloc_share = fill(0.0), fill(0.0)
        for b in range(3):
            of = g.origin[c, k, b]
            if of > 0.0:
                bond = bond + of * load(state.drift, (q, c, b, 0))
                bloc_share = bloc_share + of * load(state.blocs, (q, c, b, 0))
        store(work.bond, (k, 0), bond)
        pull = sovereignty.standards_pull(lever.standards_reach[t], gain, bloc_share)
        store(work.common, (k, 0), g.from_blocs[k] * pull)


@part
def add_partners(last: int, q: int, c: int, g: Ground, portfolio: Floats, exposure: Floats) -> None:
    """Sum over partners of weight x portfolio into exposure [O, 8], in a fixed order.

    Three offerings and two partners at a time: enough sums to keep the processor busy.
    """
    first, end = g.partner_start[c], g.partner_start[c + 1]
    offerings, k = exposure.shape[0], 0
    while k < offerings:
        x, y = min(k + 1, offerings - 1), min(k + 2, offerings - 1)
        a, b, d = fill(0.0), fill(0.0), fill(0.0)
        e, f, h = fill(0.0), fill(0.0), fill(0.0)
        for i in range(first, end - 1, 2):
            m, n, u, v = (
                g.partner[i],
                g.partner[i + 1],
                g.partner_weight[i],
                g.partner_weight[i + 1],
            )
            a = fma(u, load(portfolio, (last, q, m, k, 0)), a)
            b = fma(u, load(portfolio, (last, q, m, x, 0)), b)
            d = fma(u, load(portfolio, (last, q, m, y, 0)), d)
            e = fma(v, load(portfolio, (last, q, n, k, 0)), e)
            f = fma(v, load(portfolio, (last, q, n, x, 0)), f)
            h = fma(v, load(portfolio, (last, q, n, y, 0)), h)
        if (end - first) % 2 == 1:
            m, u = g.partner[end - 1], g.partner_weight[end - 1]
            a = fma(u, load(portfolio, (last, q, m, k, 0)), a)
            b = fma(u, load(portfolio, (last, q, m, x, 0)), b)
            d = fma(u, load(portfolio, (last, q, m, y, 0)), d)
        store(exposure, (k, 0), a + e)
        store(exposure, (x, 0), b + f)
        store(exposure, (y, 0), d + h)
        k += 3
