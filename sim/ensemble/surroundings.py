"""Prices and partners as economies see them (`sim.ensemble.kernel`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import Ground, State, Work
from sim.equations import access, cost, network, sovereignty
from sim.equations.bits import fma
from sim.equations.jit import part
from sim.equations.packs import fill, load, store
from sim.equations.supply import Supply
from sim.world.parameters import OfferingParams, Params, WorldLevers

Floats = NDArray[np.float64]


@part
def see_prices(
    t: int,
    c: int,
    g: Ground,
    p: Params[Floats],
    o: OfferingParams,
    lever: WorldLevers,
    supply: Supply,
    state: State,
    work: Work,
) -> None:
    """Chip access, scarcity, cost of local tokens, prices, and accelerators of next month."""
    chips = access.chip_access(
        g.capped[c],
        lever.us_chip_controls_tier2_cap[t] * g.tier2[c],
        lever.us_chip_controls_tightness[t],
        lever.us_chip_controls_leakage[t],
    )
    given, partner = lever.cn_aid[t], g.belt_road[c]
    stock, throughput = load(state.accelerators, (c,)), load(supply.throughput, ())
    utilisation = load(p.cost_local_utilisation, ())
    capacity = cost.local_capacity(stock, g.inference_share, throughput, utilisation)
    scarcity = cost.scarcity(
        load(state.local_demand, (c,)), capacity, load(p.cost_scarcity_steepness, ())
    )
    store(state.scarcity, (c,), scarcity)
    saving = cost.power_saving(
        load(p.cost_low_power_saving, ()), lever.cn_low_power_chips[t], partner
    )
    local = cost.local_cost(
        load(supply.hourly, ()) * saving,
        cost.control_premium(load(p.cost_local_control_premium, ()), chips),
        scarcity,
        load(p.cost_local_energy_usd_hour, ()) * saving,
        throughput,
        utilisation,
        load(p.cost_local_staff_income_share, ()) * g.income_month[c],
        load(p.cost_local_volume_mtok_month, ()),
    )
    local = cost.aided(local, load(p.cost_aid_discount, ()), given, partner)
    bought = cost.accelerators_next(
        stock,
        load(p.cost_accelerator_retirement, ()),
        g.gdp_month[c] * load(p.cost_accelerator_gdp_share, ()),
        load(p.cost_accelerator_usd, ()),
        chips,
        cost.granted(g.gulf[t, c], given, partner, load(p.cost_aid_accelerators_month, ())),
    )
    store(state.accelerators, (c,), bought)
    for k in range(work.unit.shape[0]):
        unit = cost.unit_price(
            load(supply.api, (g.price_track[k],)),
            load(o.api_weight, (k,)),
            local,
            load(o.local_weight, (k,)),
        )
        store(work.unit, (k,), unit)
        seat = cost.seat_price(load(o.seat_usd_month, (k,)), lever.us_price_cut[t], g.packaged[k])
        store(work.seat, (k,), seat)


@part
def see_bloc(
    t: int,
    c: int,
    g: Ground,
    p: Params[Floats],
    lever: WorldLevers,
    state: State,
    work: Work,
) -> None:
    """What shared standards and the drift of affinity add, by offering."""
    gain = load(p.standards_gain, ())
    for k in range(work.bond.shape[0]):
        bond, bloc_share = fill(0.0), fill(0.0)
        for b in range(3):
            of = g.origin[c, k, b]
            if of > 0.0:
                bond = bond + of * load(state.drift, (c, b))
                bloc_share = bloc_share + of * load(state.blocs, (c, b))
        store(work.bond, (k,), bond)
        pull = sovereignty.standards_pull(lever.standards_reach[t], gain, bloc_share)
        store(work.common, (k,), g.from_blocs[k] * pull)


@part
def see_partners(g: Ground, supply: Supply, state: State) -> None:
    """Exposure of every economy to its partners' portfolios of last month.

    One offering at a time: its portfolios fit into the processor's nearest cache.
    """
    china, scale = max(g.china, 0), load(supply.china_scale, ())
    for k in range(state.portfolio.shape[0]):
        for c in range(g.online.shape[0]):
            exposure = network.partner_exposure(
                add_partners(c, k, g, state.portfolio),
                g.weight_china[c],
                load(state.portfolio, (k, china)),
                scale,
            )
            store(state.exposure, (c, k), exposure)


@part
def add_partners(c: int, k: int, g: Ground, portfolio: Floats) -> float:
    """Sum over partners of weight x portfolio; four sums in turn, so that none has to wait."""
    of = slice(g.partner_start[c], g.partner_start[c + 1])
    partner, weight = g.partner[of], g.partner_weight[of]
    a, b, d, e = fill(0.0), fill(0.0), fill(0.0), fill(0.0)
    fours = len(partner) // 4
    for i in range(fours):
        j = 4 * i
        a = fma(weight[j], load(portfolio, (k, partner[j])), a)
        b = fma(weight[j + 1], load(portfolio, (k, partner[j + 1])), b)
        d = fma(weight[j + 2], load(portfolio, (k, partner[j + 2])), d)
        e = fma(weight[j + 3], load(portfolio, (k, partner[j + 3])), e)
    for j in range(4 * fours, len(partner)):
        a = fma(weight[j], load(portfolio, (k, partner[j])), a)
    found: float = (a + b) + (d + e)
    return found
