"""One economy: four segments that choose among the offerings it can reach.

Rows are [segment, offering]; every formula is an equation of `sim.equations`, applied to rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.equations import access, adoption, choice, cost, feedback, network, sovereignty
from sim.equations.jit import rows
from sim.model.appraisal import appraise

if TYPE_CHECKING:
    from sim.model.model import Spheres

Floats = NDArray[np.float64]

price_rows, burden_rows = rows(cost.monthly_price), rows(cost.burden)
utility_rows, attraction_rows = rows(choice.utility), rows(choice.attraction)
imitated_rows = rows(choice.imitated)
nest_rows, share_rows = rows(choice.nest_attraction), rows(choice.choice_share)
value_rows, renewed_rows = rows(choice.inclusive_value), rows(choice.renewed)
habit_rows, stock_rows = rows(network.habit), rows(network.installed_base)
exposure_rows, unit_rows = rows(network.partner_exposure), rows(cost.unit_price)
index_rows, target_rows = rows(adoption.adoption_index), rows(adoption.adoption_target)
adopted_rows = rows(adoption.adopted)
factor_rows, anew_rows = rows(choice.nest_factor), rows(choice.part_anew)
seat_rows = rows(cost.seat_price)
kept_rows, discount_rows = rows(choice.kept_factor), rows(cost.package_discount)
drift_rows, standards_rows = rows(feedback.alignment_drift), rows(sovereignty.standards_pull)


class Country(mesa.Agent):
    """An economy with consumers, developers, enterprises and a government.

    State: adoption [S], share [S, O] of use, installed base [S, O], drift of affinity [bloc],
    accelerators (H100 equivalents), tokens demanded from local hardware (million a month).
    """

    model: Spheres

    def __init__(self, model: Spheres, index: int) -> None:
        """index: row of the economy in all arrays of the world."""
        super().__init__(model)
        _, _, segments, offerings = model.world.shape
        self.index = index
        self.iso3 = model.world.iso3[index]
        self.share = np.zeros((segments, offerings))
        self.stock = np.zeros((segments, offerings))
        self.adoption = np.zeros(segments)
        self.drift = np.zeros(3)
        self.blocs = np.zeros(3)
        self.bloc_reference = np.zeros(3)
        self.bill = np.zeros((segments, offerings))
        self.accelerators = float(model.world.economies.accelerators[index])
        self.local_demand = 0.0
        self.scarcity = 1.0
        self.local_cost = 0.0

    def step(self) -> None:
        """Steps 4 to 9 of the month for this economy; reads t-1, writes t."""
        if self.model.world.refresh[self.model.month, self.index]:
            self.appraisal = appraise(self.model, self.index, self.model.month)
        self.see_prices()
        self.choose()
        self.adopt()
        self.build()

    def see_prices(self) -> None:
        """Local cost, price per user-month and burden of every offering (step 3)."""
        m, p, c, t = self.model, self.model.p, self.index, self.model.month
        e, lever = m.world.economies, m.world.levers.world
        speed, hourly = m.supply.throughput[0], m.supply.hourly[0]
        saving = cost.power_saving(
            p.cost_low_power_saving, lever.cn_low_power_chips[t], e.belt_road[c]
        )
        self.chip_access = access.chip_access(
            e.capped[c],
            lever.us_chip_controls_tier2_cap[t] * e.tier2[c],
            lever.us_chip_controls_tightness[t],
            lever.us_chip_controls_leakage[t],
        )
        capacity = cost.local_capacity(
            self.accelerators, m.world.fixed.world_inference_share, speed, p.cost_local_utilisation
        )
        self.scarcity = cost.scarcity(self.local_demand, capacity, p.cost_scarcity_steepness)
        full_cost = cost.local_cost(
            hourly * saving,
            cost.control_premium(p.cost_local_control_premium, self.chip_access),
            self.scarcity,
            p.cost_local_energy_usd_hour * saving,
            speed,
            p.cost_local_utilisation,
            p.cost_local_staff_income_share * e.income_month[c],
            p.cost_local_volume_mtok_month,
        )
        self.local_cost = cost.aided(
            full_cost, p.cost_aid_discount, lever.cn_aid[t], e.belt_road[c]
        )
        unit = unit_rows(m.api_price, m.o.api_weight, self.local_cost, m.o.local_weight)
        discount = discount_rows(lever.us_allies_package[t], e.ally[c], m.packaged)
        seat = seat_rows(m.o.seat_usd_month, lever.us_price_cut[t], m.packaged)
        self.price = price_rows(seat, m.s.seat_weight, m.tokens, unit, discount)
        self.burden = burden_rows(self.price, self.appraisal.per_budget)
        self.bill = self.price * m.s.paying * self.appraisal.mask

    def choose(self) -> None:
        """Choice over what can be reached; a part of use is up for renewal (4 to 7)."""
        m, c, view = self.model, self.index, self.appraisal
        weight_china = m.weight_china[c]
        self.exposure = exposure_rows(
            m.exposure[c], weight_china, m.china_share, m.supply.china_scale[0]
        )
        self.habit = habit_rows(m.s.imitation, self.exposure, m.s.lock_in, self.stock)
        origin = m.world.origin[c]
        self.standards = m.foreign * standards_rows(
            m.world.levers.world.standards_reach[m.month], m.p.standards_gain, origin @ self.blocs
        )
        self.world_term = m.quality + m.attention * view.abroad
        self.utility = utility_rows(
            view.standing,
            self.world_term,
            m.s.price_sensitivity,
            self.burden,
            view.sovereignty,
            m.s.affinity_weight * (origin @ self.drift),
            self.habit,
            self.standards,
        )
        attraction = attraction_rows(self.utility, view.mask)
        if m.world.resolved.structure.choice == "replicator":
            attraction = imitated_rows(attraction, self.share, m.p.choice_entry)
        totals = attraction @ m.nest_member
        weights = nest_rows(totals, m.p.choice_similarity)
        everything = weights.sum(axis=1, keepdims=True)
        factor = factor_rows(totals, weights, everything)
        self.chosen = share_rows(attraction, factor[:, m.world.nest])
        kept = self.share * view.mask
        kept_total = kept.sum(axis=1, keepdims=True)
        self.anew = anew_rows(kept_total, m.s.churn)
        self.share = renewed_rows(kept, kept_rows(kept_total, self.anew), self.chosen, self.anew)
        self.value = value_rows(everything)
        self.stock = stock_rows(self.stock, self.share, m.s.memory)

    def adopt(self) -> None:
        """Adoption relaxes towards its target (step 8)."""
        m, c, view, k = self.model, self.index, self.appraisal, self.model.world.reference
        online = adoption.ceiling(
            m.world.economies.online[c], m.supply.offline[0], m.p.adoption_ceiling_exponent
        )
        self.readiness = index_rows(
            m.supply.kappa,
            m.s.burden_sensitivity,
            self.burden[:, k : k + 1] * m.world.pays[m.month, c][:, None],
            m.s.reach_weight,
            view.log_reach,
            m.s.value_weight,
            self.value,
            m.adoption_effect[c],
        )
        self.target = target_rows(online, self.readiness, view.any_feasible)
        level = adopted_rows(self.adoption[:, None], self.target, m.s.speed, view.any_feasible)
        self.adoption = level[:, 0]

    def build(self) -> None:
        """Accelerators bought or granted, tokens asked of them, drift of affinity (step 9)."""
        m, p, c, t = self.model, self.model.p, self.index, self.model.month
        e, lever = m.world.economies, m.world.levers
        given = cost.granted(
            lever.economy.gulf_buildout[t, c],
            lever.world.cn_aid[t],
            e.belt_road[c],
            p.cost_aid_accelerators_month,
        )
        self.accelerators = cost.accelerators_next(
            self.accelerators,
            p.cost_accelerator_retirement,
            e.gdp_month[c] * p.cost_accelerator_gdp_share,
            p.cost_accelerator_usd,
            self.chip_access,
            given,
        )
        self.users = m.potential[c] * self.adoption
        use = self.users[:, None] * self.share
        self.local_demand = float((m.tokens[:, 0] * (use @ m.o.local_weight)).sum())
        total = self.users.sum()
        if total > 0.0:
            self.blocs = (use.sum(axis=0) @ m.world.origin[c]) / total
        if t <= m.world.fixed.world_reference_month:
            self.bloc_reference = self.blocs
        self.drift = drift_rows(self.drift, self.blocs, self.bloc_reference, p.affinity_drift_speed)
