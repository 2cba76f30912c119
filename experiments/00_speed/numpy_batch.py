"""The month as a NumPy programmer would batch it: whole arrays, economy by segment by offering.

A reading of the model for `spheres bench` only. It shares the equations (as ufuncs), the draws and
the world's supply side with the other readings, and must equal them to 1e-9; how it walks over
economies, segments and offerings is its own. Axes are [C, S, O, L] as everywhere.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from experiment_00_speed.numpy_standing import appraise
from numpy.typing import NDArray

from sim.draws.setting import Setting
from sim.ensemble.block import Block, Prepared
from sim.equations import access, adoption, choice, cost, feedback, market, network, sovereignty
from sim.lanes.jit import rows
from sim.world.axes import BLOCS
from sim.world.build import World
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


class Own(NamedTuple):
    """State beside `Lanes`, C economies, S segments, O offerings, B blocs, L lanes."""

    stock: Floats  # [C, S, O, L]
    standing: Floats  # [C, S, O, L]
    mask: Floats  # [C, S, O, L]
    log_reach: Floats  # [C, S, L]
    drift: Floats  # [C, B, L]
    blocs: Floats  # [C, B, L]
    bloc_reference: Floats  # [C, B, L]
    accelerators: Floats  # [C, L]
    local_demand: Floats  # [C, L]


def own_state(world: World, lanes: int) -> Own:
    """State before the first month."""
    _, c, s, o = world.shape
    zero, wide, blocs = np.zeros, (c, s, o, lanes), (c, len(BLOCS), lanes)
    return Own(
        zero(wide),
        zero(wide),
        zero(wide),
        zero((c, s, lanes)),
        zero(blocs),
        zero(blocs),
        zero(blocs),
        np.repeat(world.economies.accelerators[:, None], lanes, axis=1),
        zero((c, lanes)),
    )


class Batch(Block):
    """Runs in lanes, stepped by array expressions instead of the compiled kernel."""

    def __init__(self, prepared: Prepared, setting: Setting) -> None:
        """prepared: from the setting's world; state has the form of the engine's lanes."""
        super().__init__(prepared, setting)
        g, n = prepared.ground, setting.numbers
        self.p = n.params
        self.s = type(n.segments)(*(a[None, :, None, :] for a in n.segments))
        self.o = type(n.offerings)(*(a[None, None] for a in n.offerings))
        self.weights = dense_rows(self.world.partners)
        self.members = [np.flatnonzero(g.nest == k) for k in range(self.world.n_nests)]
        self.abroad = (1.0 - np.einsum("cob,cb->co", g.origin, g.home))[:, None, :, None]
        _, c, _, o = self.world.shape
        self.own = own_state(self.world, len(setting.replicates))
        self.last = np.zeros((c, o, len(setting.replicates)))

    def step(self, keep_bill: bool = True) -> None:  # noqa: ARG002 - bills are always kept
        """One month of every lane."""
        self.month += 1
        self.advance_supply()
        due = np.flatnonzero(self.world.refresh[self.month])
        if len(due):
            appraise(self, due)
        self.see_prices()
        self.choose()
        self.adopt()
        self.build()
        self.total_up()

    def advance_supply(self) -> None:
        """Steps 1 to 3; one compiled function that all readings share."""
        w, n, fixed = self.world, self.setting.numbers, self.world.fixed
        market.advance_supply(
            self.month,
            fixed.world_reference_month,
            fixed.world_dated_months,
            n.params,
            n.segments,
            w.levers.world,
            self.use,
            n.supply,
            self.catalogue,
            float(w.resolved.structure.feedbacks),
            self.supply,
        )

    def see_prices(self) -> None:
        """Cost of local tokens, price per user-month, burden and bill."""
        t, g, p, s, o = self.month, self.prepared.ground, self.p, self.s, self.o
        lever, supply, lanes = self.world.levers.world, self.supply, self.lanes
        partner = g.belt_road[:, None]
        self.chips = chip_rows(
            g.capped,
            lever.us_chip_controls_tier2_cap[t] * g.tier2,
            lever.us_chip_controls_tightness[t],
            lever.us_chip_controls_leakage[t],
        )[:, None]
        capacity = capacity_rows(
            self.own.accelerators, g.inference_share, supply.throughput, p.cost_local_utilisation
        )
        with np.errstate(divide="ignore", invalid="ignore"):  # where there is no hardware
            lanes.scarcity[:] = scarcity_rows(
                self.own.local_demand, capacity, p.cost_scarcity_steepness
            )
        saving = saving_rows(p.cost_low_power_saving, lever.cn_low_power_chips[t], partner)
        local = local_rows(
            supply.hourly * saving,
            premium_rows(p.cost_local_control_premium, self.chips),
            lanes.scarcity,
            p.cost_local_energy_usd_hour * saving,
            supply.throughput,
            p.cost_local_utilisation,
            p.cost_local_staff_income_share * g.income_month[:, None],
            p.cost_local_volume_mtok_month,
        )
        local = aided_rows(local, p.cost_aid_discount, lever.cn_aid[t], partner)
        unit = unit_rows(
            supply.api[g.price_track], o.api_weight[0], local[:, None], o.local_weight[0]
        )
        cut = discount_rows(lever.us_allies_package[t], g.ally[:, None], g.packaged)
        tokens = supply.tokens[None, :, None]
        seats = seat_rows(o.seat_usd_month, lever.us_price_cut[t], g.packaged[:, None])
        price = price_rows(seats, s.seat_weight, tokens, unit[:, None], cut[:, None, :, None])
        budget = budget_rows(s.budget_share, g.income_month[:, None, None, None])
        self.burden = burden_rows(price, budget)
        np.multiply(price * s.paying, self.own.mask, out=lanes.bill)

    def choose(self) -> None:
        """Partners' use, utility, nested logit, and the part of use that is renewed."""
        t, g, p, s = self.month, self.prepared.ground, self.p, self.s
        lanes, supply, origin = self.lanes, self.supply, self.prepared.ground.origin
        flat = self.weights @ self.last.reshape(len(self.last), -1)
        china = self.last[max(g.china, 0)]
        exposure = exposure_rows(
            flat.reshape(self.last.shape), g.weight_china[:, None, None], china, supply.china_scale
        )
        habit = habit_rows(s.imitation, exposure[:, None], s.lock_in, self.own.stock)
        standards = g.from_blocs[:, None] * standards_rows(
            self.world.levers.world.standards_reach[t], p.standards_gain, origin @ self.own.blocs
        )
        mask = self.own.mask
        utility = utility_rows(
            self.own.standing,
            supply.quality + supply.attention * self.abroad,
            s.price_sensitivity,
            self.burden,
            0.0,
            s.affinity_weight * (origin @ self.own.drift)[:, None],
            habit,
            standards[:, None],
        )
        pull = attraction_rows(utility, mask)
        totals = np.stack([pull[:, :, k].sum(axis=2) for k in self.members], axis=2)
        weights = nest_rows(totals, p.choice_similarity)
        self.everything = weights.sum(axis=2)
        factor = factor_rows(totals, weights, self.everything[:, :, None])
        kept = lanes.share * mask
        kept_total = kept.sum(axis=2, keepdims=True)
        anew = anew_rows(kept_total, s.churn)
        chosen = share_rows(pull, factor[:, :, g.nest])
        lanes.share[:] = renewed_rows(kept, kept_rows(kept_total, anew), chosen, anew)
        self.own.stock[:] = stock_rows(self.own.stock, lanes.share, s.memory)

    def adopt(self) -> None:
        """Adoption relaxes towards its target."""
        g, s, lanes = self.prepared.ground, self.setting.numbers.segments, self.lanes
        some = self.own.mask.max(axis=2)
        index = index_rows(
            self.supply.kappa,
            s.burden_sensitivity,
            self.burden[:, :, g.reference] * g.pays[self.month][..., None],
            s.reach_weight,
            self.own.log_reach,
            s.value_weight,
            value_rows(self.everything),
            self.effect[:, None],
        )
        online = ceiling_rows(
            g.online[:, None], self.supply.offline, self.p.adoption_ceiling_exponent
        )
        target = target_rows(online[:, None], index, some)
        lanes.adoption[:] = adopted_rows(lanes.adoption, target, s.speed, some)

    def build(self) -> None:
        """Accelerators, tokens asked of them, portfolios, and what use does to affinity."""
        t, g, p, lanes, n = (
            self.month,
            self.prepared.ground,
            self.p,
            self.lanes,
            self.setting.numbers,
        )
        lever = self.world.levers.world
        given = granted_rows(
            g.gulf[t][:, None], lever.cn_aid[t], g.belt_road[:, None], p.cost_aid_accelerators_month
        )
        self.own.accelerators[:] = chips_rows(
            self.own.accelerators,
            p.cost_accelerator_retirement,
            g.gdp_month[:, None] * p.cost_accelerator_gdp_share,
            p.cost_accelerator_usd,
            self.chips,
            given,
        )
        users = g.people[:, None, None] * n.segments.potential * lanes.adoption
        use = users[:, :, None] * lanes.share
        local = (use * self.o.local_weight).sum(axis=2)
        self.own.local_demand[:] = (self.supply.tokens * local).sum(axis=1)
        by_offering = use.sum(axis=1)
        total = by_offering.sum(axis=1, keepdims=True)
        self.last = by_offering / some_rows(total)
        lean = g.origin.transpose(0, 2, 1) @ self.last
        self.own.blocs[:] = np.where(total > 0.0, lean, self.own.blocs)
        if t <= g.reference_month:
            self.own.bloc_reference[:] = self.own.blocs
        self.own.drift[:] = drift_rows(
            self.own.drift, self.own.blocs, self.own.bloc_reference, p.affinity_drift_speed
        )
        lanes.use[:] = by_offering.sum(axis=0)
        lanes.spend[:] = (use * lanes.bill).sum(axis=(0, 1)) * g.sells[:, None]

    def total_up(self) -> None:
        """The world's totals that next month's feedbacks read."""
        g, use, lanes = self.prepared.ground, self.use, self.lanes
        origin = self.catalogue.origin.T
        total, spent = some_rows(lanes.use.sum(axis=0)), some_rows(lanes.spend.sum(axis=0))
        use.use[:] = origin @ lanes.use / total
        use.spend[:] = origin @ lanes.spend / spent
        use.cn_open[:] = g.cn_open @ lanes.use / total
        use.open_weights[:] = g.open_weights @ lanes.use / total
        if g.china >= 0:
            weight = self.setting.numbers.segments.industrial
            adopted = (lanes.adoption[g.china] * weight).sum(axis=0)
            use.industry[:] = adopted / some_rows(weight.sum(axis=0))
