"""The month as a NumPy programmer would batch it: whole arrays, economy by segment by offering.

A reading of the model for `spheres bench` only. It shares the equations (as ufuncs), the numbers
and arrays of `sim.model.state`, and the compiled text of the world's supply with the engine, and
must equal the oracle to 1e-9; how it walks over economies, segments and offerings is its own. Axes
are [C, S, O, R] as everywhere, R a pack of runs. Shipped worlds choose by nested logit; that is
what is here.
"""

from __future__ import annotations

import numpy as np
from experiment_00_speed.numpy_standing import appraise
from numpy.typing import NDArray

from sim.draws.setting import Setting
from sim.equations import access, adoption, choice, cost, feedback, network, sovereignty
from sim.lanes.held import held
from sim.lanes.jit import borrowing, rows
from sim.lanes.packs import WIDTH
from sim.model.facts import Given, Ground
from sim.model.given import make_given, packed
from sim.model.state import Memory, clear, new_memory
from sim.model.supply import advance_supply, start_supply
from sim.world.network import dense_rows

Floats = NDArray[np.float64]

chip_rows, capacity_rows = rows(access.chip_access), rows(cost.local_capacity)
scarcity_rows, saving_rows = rows(cost.scarcity), rows(cost.power_saving)
premium_rows, local_rows = rows(cost.control_premium), rows(cost.local_cost)
aided_rows, unit_rows = rows(cost.aided), rows(cost.unit_price)
seat_rows, price_rows = rows(cost.seat_price), rows(cost.monthly_price)
discount_rows = rows(cost.package_discount)
burden_rows, budget_rows = rows(cost.burden), rows(cost.per_budget)
granted_rows, chips_rows = rows(cost.granted), rows(cost.accelerators_next)
exposure_rows, habit_rows = rows(network.partner_exposure), rows(network.habit)
stock_rows, standards_rows = rows(network.installed_base), rows(sovereignty.standards_pull)
utility_rows, attraction_rows = rows(choice.utility), rows(choice.attraction)
nest_rows, factor_rows = rows(choice.nest_attraction), rows(choice.nest_factor)
share_rows, some_rows = rows(choice.choice_share), rows(choice.some)
anew_rows, kept_rows = rows(choice.part_anew), rows(choice.kept_factor)
renewed_rows, value_rows = rows(choice.renewed), rows(choice.inclusive_value)
ceiling_rows, index_rows = rows(adoption.ceiling), rows(adoption.adoption_index)
target_rows, adopted_rows = rows(adoption.adoption_target), rows(adoption.adopted)
drift_rows = rows(feedback.alignment_drift)


@borrowing
def supply_of_month(t: int, given: Given, memory: Memory) -> None:
    """Steps 1 to 3 of month t, which the engine works out in the same text."""
    advance_supply(t, given, memory)


class Batch:
    """A pack of runs, stepped by array expressions instead of the compiled month.

    `memory` is what the last month left, as the engine's; `month` counts from 0.
    """

    def __init__(self, ground: Ground, setting: Setting) -> None:
        """ground: facts of the setting's world."""
        self.world, self.ground, self.month = setting.world, ground, -1
        self.given = held(make_given(setting, ground, packed))
        self.memory = held(new_memory(self.world, (WIDTH,)))
        clear(self.memory, self.given)
        start_supply(self.given, self.memory)
        self.state, self.supply = self.memory.state, self.memory.supply
        self.p = self.given.params
        self.s = self.given.segments.each(lambda a: a[None, :, None, :])
        self.o = self.given.offerings.each(lambda a: a[None, None])
        self.weights = dense_rows(self.world.partners)
        self.members = [
            np.flatnonzero(ground.nest == k) for k in range(self.world.offerings.n_nests)
        ]
        self.abroad = ground.abroad[:, None, :, None]
        _, c, _, o = self.world.shape
        self.last = np.zeros((c, o, WIDTH))

    def step(self) -> None:
        """One month of every run."""
        self.month += 1
        supply_of_month(self.month, self.given, self.memory)
        due = np.flatnonzero(self.given.refresh[self.month])
        if len(due):
            appraise(self, due)
        self.see_prices()
        self.choose()
        self.adopt()
        self.build()
        self.total_up()

    def see_prices(self) -> None:
        """Cost of local tokens, price per user-month, burden and bill."""
        t, g, p, s, o = self.month, self.ground, self.p, self.s, self.o
        lever, supply, here = self.given.lever, self.supply, g.economy
        own, world = self.state.economy, self.supply.world
        partner = here.belt_road[:, None]
        self.chips = chip_rows(
            here.capped,
            lever.us_chip_controls_tier2_cap[t] * here.tier2,
            lever.us_chip_controls_tightness[t],
            lever.us_chip_controls_leakage[t],
        )[:, None]
        capacity = capacity_rows(
            own.accelerators, g.inference_share, world.throughput, p.cost_local_utilisation
        )
        with np.errstate(divide="ignore", invalid="ignore"):  # where there is no hardware
            own.scarcity[:] = scarcity_rows(own.local_demand, capacity, p.cost_scarcity_steepness)
        saving = saving_rows(p.cost_low_power_saving, lever.cn_low_power_chips[t], partner)
        local = local_rows(
            world.hourly * saving,
            premium_rows(p.cost_local_control_premium, self.chips),
            own.scarcity,
            p.cost_local_energy_usd_hour * saving,
            world.throughput,
            p.cost_local_utilisation,
            p.cost_local_staff_income_share * here.income_month[:, None],
            p.cost_local_volume_mtok_month,
        )
        local = aided_rows(local, p.cost_aid_discount, lever.cn_aid[t], partner)
        unit = unit_rows(
            supply.api[g.price_track], o.api_weight[0], local[:, None], o.local_weight[0]
        )
        packaged = g.offering.packaged
        cut = discount_rows(lever.us_allies_package[t], here.ally[:, None], packaged)
        tokens = supply.segment.tokens[None, :, None]
        seats = seat_rows(o.seat_usd_month, lever.us_price_cut[t], packaged[:, None])
        price = price_rows(seats, s.seat_weight, tokens, unit[:, None], cut[:, None, :, None])
        budget = budget_rows(s.budget_share, here.income_month[:, None, None, None])
        self.burden = burden_rows(price, budget)
        np.multiply(price * s.paying, self.state.offering.mask, out=self.state.offering.bill)

    def choose(self) -> None:
        """Partners' use, utility, nested logit, and the part of use that is renewed."""
        t, g, p, s = self.month, self.ground, self.p, self.s
        state, supply, origin = self.state.offering, self.supply, g.origin
        flat = self.weights @ self.last.reshape(len(self.last), -1)
        exposure = exposure_rows(
            flat.reshape(self.last.shape),
            g.economy.weight_china[:, None, None],
            self.last[max(g.china, 0)],
            supply.world.china_scale,
        )
        habit = habit_rows(s.imitation, exposure[:, None], s.lock_in, state.stock)
        standards = g.offering.from_blocs[:, None] * standards_rows(
            self.given.lever.standards_reach[t],
            p.standards_gain,
            origin @ self.state.bloc.blocs,
        )
        utility = utility_rows(
            state.standing,
            supply.offering.quality + supply.offering.attention * self.abroad,
            s.price_sensitivity,
            self.burden,
            0.0,
            s.affinity_weight * (origin @ self.state.bloc.drift)[:, None],
            habit,
            standards[:, None],
        )
        pull = attraction_rows(utility, state.mask)
        totals = np.stack([pull[:, :, k].sum(axis=2) for k in self.members], axis=2)
        weights = nest_rows(totals, p.choice_similarity)
        self.everything = weights.sum(axis=2)
        factor = factor_rows(totals, weights, self.everything[:, :, None])
        kept = state.share * state.mask
        kept_total = kept.sum(axis=2, keepdims=True)
        anew = anew_rows(kept_total, s.churn)
        chosen = share_rows(pull, factor[:, :, g.nest])
        state.share[:] = renewed_rows(kept, kept_rows(kept_total, anew), chosen, anew)
        state.stock[:] = stock_rows(state.stock, state.share, s.memory)

    def adopt(self) -> None:
        """Adoption relaxes towards its target."""
        g, s, state = self.ground, self.given.segments, self.state.segment
        some = self.state.offering.mask.max(axis=2)
        index = index_rows(
            self.supply.segment.kappa,
            s.burden_sensitivity,
            self.burden[:, :, g.reference] * g.pays[self.month][..., None],
            s.reach_weight,
            state.log_reach,
            s.value_weight,
            value_rows(self.everything),
            self.given.effect[:, None],
        )
        online = ceiling_rows(
            g.economy.online[:, None], self.supply.world.offline, self.p.adoption_ceiling_exponent
        )
        target = target_rows(online[:, None], index, some)
        state.adoption[:] = adopted_rows(state.adoption, target, s.speed, some)

    def build(self) -> None:
        """Accelerators, tokens asked of them, portfolios, and what use does to affinity."""
        t, g, p, here = self.month, self.ground, self.p, self.ground.economy
        own, bloc, level = self.state.economy, self.state.bloc, self.state.segment.adoption
        given = granted_rows(
            self.given.lever_of.gulf_buildout[t][:, None],
            self.given.lever.cn_aid[t],
            here.belt_road[:, None],
            p.cost_aid_accelerators_month,
        )
        own.accelerators[:] = chips_rows(
            own.accelerators,
            p.cost_accelerator_retirement,
            here.gdp_month[:, None] * p.cost_accelerator_gdp_share,
            p.cost_accelerator_usd,
            self.chips,
            given,
        )
        users = here.people[:, None, None] * self.given.segments.potential * level
        use = users[:, :, None] * self.state.offering.share
        local = (use * self.o.local_weight).sum(axis=2)
        own.local_demand[:] = (self.supply.segment.tokens * local).sum(axis=1)
        by_offering = use.sum(axis=1)
        total = by_offering.sum(axis=1, keepdims=True)
        self.last = by_offering / some_rows(total)
        lean = g.origin.transpose(0, 2, 1) @ self.last
        bloc.blocs[:] = np.where(total > 0.0, lean, bloc.blocs)
        if t <= g.reference_month:
            bloc.reference[:] = bloc.blocs
        bloc.drift[:] = drift_rows(bloc.drift, bloc.blocs, bloc.reference, p.affinity_drift_speed)
        sums, spent = self.state.sums, (use * self.state.offering.bill).sum(axis=(0, 1))
        sums.use[:], sums.spend[:] = by_offering.sum(axis=0), spent * g.offering.sells[:, None]

    def total_up(self) -> None:
        """The world's totals that next month's feedbacks read."""
        g, bloc, world, sums = (
            self.ground,
            self.memory.use.bloc,
            self.memory.use.world,
            self.state.sums,
        )
        origin = self.given.catalogue.origin.T
        total, spent = some_rows(sums.use.sum(axis=0)), some_rows(sums.spend.sum(axis=0))
        bloc.users[:], bloc.spend[:] = origin @ sums.use / total, origin @ sums.spend / spent
        world.cn_open[:] = g.offering.cn_open @ sums.use / total
        world.open_weights[:] = g.offering.open_weights @ sums.use / total
        if g.china >= 0:
            weight = self.given.segments.industrial
            adopted = (self.state.segment.adoption[g.china] * weight).sum(axis=0)
            world.industry[:] = adopted / some_rows(weight.sum(axis=0))
