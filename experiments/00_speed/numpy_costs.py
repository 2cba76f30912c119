"""What AI costs, over whole arrays; the part of `numpy_batch` that comes first in a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.equations import access, cost
from sim.lanes.jit import rows

if TYPE_CHECKING:
    from experiment_00_speed.numpy_batch import Batch

chip_rows, capacity_rows = rows(access.chip_access), rows(cost.local_capacity)
queue_rows, tokens_rows = rows(cost.served), rows(cost.tokens_used)
scarcity_rows, saving_rows = rows(cost.scarcity), rows(cost.power_saving)
premium_rows, local_rows = rows(cost.control_premium), rows(cost.local_cost)
aided_rows, unit_rows = rows(cost.aided), rows(cost.unit_price)
seat_rows, price_rows = rows(cost.seat_price), rows(cost.monthly_price)
discount_rows, thrift_rows = rows(cost.package_discount), rows(cost.thrift)
burden_rows, budget_rows = rows(cost.burden), rows(cost.per_budget)
granted_rows, chips_rows = rows(cost.granted), rows(cost.accelerators_next)


def see_costs(batch: Batch) -> None:
    """What own hardware serves and costs, and accelerators of next month."""
    t, g, p = batch.month, batch.ground, batch.p
    lever, here, own = batch.given.lever_of, g.economy, batch.state.economy
    world, partner = batch.supply.world, here.belt_road[:, None]
    chips = chip_rows(
        here.capped,
        lever.us_chip_controls_tier2_cap[t] * here.tier2,
        lever.us_chip_controls_tightness[t],
        lever.us_chip_controls_leakage[t],
    )[:, None]
    capacity = capacity_rows(
        own.accelerators, g.inference_share, world.throughput, p.cost_local_utilisation
    )
    with np.errstate(divide="ignore", invalid="ignore"):  # where there is no hardware
        own.served[:] = queue_rows(own.local_demand, capacity)
        own.scarcity[:] = scarcity_rows(own.local_demand, capacity, p.cost_scarcity_steepness)
    saving = saving_rows(p.cost_low_power_saving, lever.cn_low_power_chips[t][:, None], partner)
    local = local_rows(
        world.hourly * saving,
        premium_rows(p.cost_local_control_premium, chips),
        own.scarcity,
        p.cost_local_energy_usd_hour * saving,
        world.throughput,
        p.cost_local_utilisation,
        p.cost_local_staff_income_share * g.path.income_month[t][:, None],
        world.volume,
    )
    own.local_cost[:] = aided_rows(local, p.cost_aid_discount, lever.cn_aid[t][:, None], partner)
    own.accelerators[:] = chips_rows(
        own.accelerators,
        p.cost_accelerator_retirement,
        here.gdp_month[:, None] * p.cost_accelerator_gdp_share,
        world.accelerator,
        chips,
        granted_rows(
            lever.gulf_buildout[t][:, None],
            lever.cn_aid[t][:, None],
            partner,
            p.cost_aid_accelerators_month,
        ),
    )


def see_prices(batch: Batch) -> None:
    """Burden, tokens and bill per user-month of every offering."""
    t, g, p, s, o = batch.month, batch.ground, batch.p, batch.s, batch.o
    lever, supply, here, state = batch.given.lever_of, batch.supply, g.economy, batch.state
    packaged = g.offering.packaged
    unit = g.price_factor[t][..., None] * unit_rows(
        supply.api[g.price_track],
        o.api_weight[0],
        state.economy.local_cost[:, None],
        o.local_weight[0],
    )
    seat = (g.price_factor[t] * g.seat_factor[t])[..., None] * seat_rows(
        o.seat_usd_month[0], lever.us_price_cut[t][:, None, None], packaged[:, None]
    )
    income = g.path.income_log[t][:, None, None]
    thrift = thrift_rows(unit, p.intensity_price_reference, income, p.intensity_elasticity)
    cut = discount_rows(lever.us_allies_package[t][:, None], here.ally[:, None], packaged)
    cut, unit, seat = cut[:, None, :, None], unit[:, None], seat[:, None]
    asking = price_rows(seat, s.seat_weight, s.basket_mtok_month, unit, cut)
    budget = budget_rows(s.budget_share, g.path.income_month[t][:, None, None, None])
    batch.burden = burden_rows(asking * s.paying, budget)
    tokens = tokens_rows(supply.offering.tokens, s.seat_weight, thrift[:, None])
    bill = price_rows(seat, s.seat_weight, tokens, unit, cut) * s.paying
    np.multiply(tokens, batch.mask, out=state.offering.tokens)
    np.multiply(bill, batch.mask, out=state.offering.bill)
