"""What AI costs an economy this month (step 3): own hardware, prices, tokens, burdens."""

from __future__ import annotations

from typing import Any

from sim.equations import access, choice, cost
from sim.lanes.fetch import fetch_pack
from sim.lanes.jit import part
from sim.lanes.packs import load
from sim.lanes.views import at
from sim.model.facts import Given
from sim.model.state import Memory
from sim.model.terms import BURDEN, PRICE_MONTH
from sim.model.watch import ahead, thorough, told, wants_bill


@part
def see_costs(t: int, c: int, given: Given, memory: Memory) -> None:
    """Chip access, what own hardware can serve and costs, prices, accelerators of next month."""
    g, p, lever = given.ground, at(given.params, ()), at(given.lever_of, (t, c))
    here, own = at(g.economy, (c,)), at(memory.state.economy, (c,))
    world = at(memory.supply.world, ())
    chips = access.chip_access(
        here.capped,
        lever.us_chip_controls_tier2_cap * here.tier2,
        lever.us_chip_controls_tightness,
        lever.us_chip_controls_leakage,
    )
    own.chip_access = chips
    capacity = cost.local_capacity(
        own.accelerators, g.inference_share, world.throughput, p.cost_local_utilisation
    )
    own.served = cost.served(own.local_demand, capacity)
    scarcity = cost.scarcity(own.local_demand, capacity, p.cost_scarcity_steepness)
    own.scarcity = scarcity
    saving = cost.power_saving(p.cost_low_power_saving, lever.cn_low_power_chips, here.belt_road)
    local = cost.local_cost(
        world.hourly * saving,
        cost.control_premium(p.cost_local_control_premium, chips),
        scarcity,
        p.cost_local_energy_usd_hour * saving,
        world.throughput,
        p.cost_local_utilisation,
        p.cost_local_staff_income_share * g.path.income_month[t, c],
        world.volume,
    )
    local = cost.aided(local, p.cost_aid_discount, lever.cn_aid, here.belt_road)
    own.local_cost = local
    own.accelerators = cost.accelerators_next(
        own.accelerators,
        p.cost_accelerator_retirement,
        here.gdp_month * p.cost_accelerator_gdp_share,
        world.accelerator,
        chips,
        cost.granted(
            lever.gulf_buildout,
            lever.cn_aid,
            here.belt_road,
            p.cost_aid_accelerators_month,
        ),
    )
    income = g.path.income_log[t, c]
    for k in range(g.nest.shape[0]):
        o, work = at(given.offerings, (k,)), at(memory.work.offering, (k,))
        factor = g.price_factor[t, c, k]
        unit = factor * cost.unit_price(
            load(memory.supply.api, (g.price_track[k],)), o.api_weight, local, o.local_weight
        )
        work.unit = unit
        work.seat = (
            factor
            * g.seat_factor[t, c, k]
            * cost.seat_price(o.seat_usd_month, lever.us_price_cut, g.offering.packaged[k])
        )
        work.served = access.served(o.local_weight, own.served)
        work.thrift = cost.thrift(unit, p.intensity_price_reference, income, p.intensity_elasticity)


@part
def price(t: int, c: int, segment: int, watcher: Any, given: Given, memory: Memory) -> None:  # noqa: ANN401
    """Bill and burden of every offering to a segment.

    Logarithms take long: meanwhile the state that is needed next is asked for, and what the watcher
    will change.
    """
    g, s, state = given.ground, at(given.segments, (segment,)), memory.state
    package, ally = at(given.lever_of, (t, c)).us_allies_package, g.economy.ally[c]
    asked = wants_bill(watcher, t)
    per_budget = cost.per_budget(s.budget_share, g.path.income_month[t, c])
    for k in range(g.nest.shape[0]):
        fetch_pack(state.offering.standing, (c, segment, k))
        fetch_pack(state.offering.stock, (c, segment, k))
        fetch_pack(state.offering.known, (c, segment, k))
        fetch_pack(state.offering.latent, (c, segment, k))
        ahead(watcher, t, c, segment, k)
        here, work = at(state.offering, (c, segment, k)), at(memory.work.choice, (segment, k))
        if state.reachable[c, segment, k] == 0.0 and not thorough(watcher):
            work.bill = 0.0
            work.tokens = 0.0
            if asked:
                here.bill = 0.0
                here.tokens = 0.0
            continue
        offer = at(memory.work.offering, (k,))
        cut = cost.package_discount(package, ally, g.offering.packaged[k])
        asking = cost.monthly_price(offer.seat, s.seat_weight, s.basket_mtok_month, offer.unit, cut)
        month = asking * s.paying
        told(watcher, (c, segment, k), PRICE_MONTH, month)
        work.burden = told(watcher, (c, segment, k), BURDEN, cost.burden(month, per_budget))
        tokens = cost.tokens_used(
            at(memory.supply.offering, (segment, k)).tokens, s.seat_weight, offer.thrift
        )
        bill = cost.monthly_price(offer.seat, s.seat_weight, tokens, offer.unit, cut) * s.paying
        work.tokens = tokens
        work.bill = bill
        if asked:
            mask = choice.mask(here.reach)  # other runs of the pack may reach it
            here.bill = bill * mask
            here.tokens = tokens * mask
