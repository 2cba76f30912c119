"""One economy: segments that choose among the offerings they can reach.

Rows are [segment, offering].
"""

import numpy as np

from oracle.appraisal import appraise
from oracle.formulas import access, adoption, choice, cost, feedback, network, sovereignty
from sim.world.axes import BLOCS


class Economy:
    """State: adoption [S], share [S, O] of use, stock [S, O] installed base, drift [bloc] of
    affinity, blocs [bloc] used by origin, accelerators (H100 equivalents), local_demand (million
    tokens asked of own hardware in a month).
    """

    def __init__(self, model, index: int) -> None:
        """index: row of the economy in all arrays of the world."""
        _, _, segments, offerings = model.world.shape
        self.model, self.index, self.iso3 = model, index, model.world.iso3[index]
        self.share = np.zeros((segments, offerings))
        self.stock = np.zeros((segments, offerings))
        self.adoption = np.zeros(segments)
        self.drift = np.zeros(len(BLOCS))
        self.blocs = np.zeros(len(BLOCS))
        self.accelerators = float(model.world.economies.accelerators[index])
        self.local_demand = 0.0
        self.potential = model.world.economies.people[index] * model.s.potential[:, 0]

    def step(self) -> None:
        """Steps 3 to 9 of the month for this economy."""
        self.look_around()
        self.see_prices()
        self.see_offers()
        self.choose()
        self.adopt()
        self.build()
        self.drift_along()

    def look_around(self) -> None:
        """What it thinks of offerings apart from prices and capability (`oracle.appraisal`)."""
        self.appraisal = appraise(self.model, self.index, self.model.month)

    def see_prices(self) -> None:
        """Local cost, price per user-month and burden of every offering (step 3)."""
        m, p, c, t = self.model, self.model.p, self.index, self.model.month
        e, lever, supply = m.world.economies, m.world.levers.world, m.supply
        saving = cost.power_saving(
            p.cost_low_power_saving, lever.cn_low_power_chips[t], e.belt_road[c]
        )
        self.chip_access = access.chip_access(
            e.capped[c],
            lever.us_chip_controls_tier2_cap[t] * e.tier2[c],
            lever.us_chip_controls_tightness[t],
            lever.us_chip_controls_leakage[t],
        )
        self.capacity = cost.local_capacity(
            self.accelerators,
            m.world.fixed.world_inference_share,
            supply.throughput,
            p.cost_local_utilisation,
        )
        self.scarcity = cost.scarcity(self.local_demand, self.capacity, p.cost_scarcity_steepness)
        full_cost = cost.local_cost(
            supply.hourly * saving,
            cost.control_premium(p.cost_local_control_premium, self.chip_access),
            self.scarcity,
            p.cost_local_energy_usd_hour * saving,
            supply.throughput,
            p.cost_local_utilisation,
            p.cost_local_staff_income_share * e.income_month[c],
            p.cost_local_volume_mtok_month,
        )
        self.local_cost = cost.aided(
            full_cost, p.cost_aid_discount, lever.cn_aid[t], e.belt_road[c]
        )
        api = supply.api[m.world.offerings.price_track]
        self.unit = cost.unit_price(api, m.o.api_weight, self.local_cost, m.o.local_weight)
        self.price = cost.monthly_price(
            cost.seat_price(m.o.seat_usd_month, lever.us_price_cut[t], m.packaged),
            m.s.seat_weight,
            supply.tokens[:, None],
            self.unit,
            cost.package_discount(lever.us_allies_package[t], e.ally[c], m.packaged),
        )
        self.burden = cost.burden(self.price, self.appraisal.per_budget)
        self.bill = self.price * m.s.paying * self.appraisal.mask

    def see_offers(self) -> None:
        """Utility of every offering, from last month's use here and abroad (steps 4 to 6)."""
        m, p, c, view = self.model, self.model.p, self.index, self.appraisal
        origin, reach_of_standards = m.world.offerings.origin, m.world.levers.world.standards_reach
        self.exposure = network.partner_exposure(
            m.exposure[c], m.weight_china[c], m.china_portfolio, m.supply.china_scale
        )
        self.habit = network.habit(m.s.imitation, self.exposure, m.s.lock_in, self.stock)
        self.standards = m.foreign * sovereignty.standards_pull(
            reach_of_standards[m.month], p.standards_gain, origin @ self.blocs
        )
        self.world_term = m.supply.quality + m.supply.attention * view.abroad
        self.utility = choice.utility(
            view.standing,
            self.world_term,
            m.s.price_sensitivity,
            self.burden,
            view.sovereignty,
            m.s.affinity_weight * (origin @ self.drift),
            self.habit,
            self.standards,
        )

    def choose(self) -> None:
        """Choice over what can be reached; a part of use is up for renewal (step 7)."""
        m, mask = self.model, self.appraisal.mask
        attraction = choice.attraction(self.utility, mask)
        if m.world.resolved.structure.choice == "replicator":
            attraction = choice.imitated(attraction, self.share, m.p.choice_entry)
        totals = attraction @ m.nest_member
        weights = choice.nest_attraction(totals, m.p.choice_similarity)
        everything = weights.sum(axis=1, keepdims=True)
        factor = choice.nest_factor(totals, weights, everything)
        self.chosen = choice.choice_share(attraction, factor[:, m.world.offerings.nest])
        self.value = choice.inclusive_value(everything)
        kept = self.share * mask
        kept_total = kept.sum(axis=1, keepdims=True)
        self.anew = choice.part_anew(kept_total, m.s.churn)
        self.share = choice.renewed(
            kept, choice.kept_factor(kept_total, self.anew), self.chosen, self.anew
        )
        self.stock = network.installed_base(self.stock, self.share, m.s.memory)

    def adopt(self) -> None:
        """Adoption relaxes towards its target (step 8)."""
        m, c, view, k = self.model, self.index, self.appraisal, self.model.world.offerings.reference
        self.online = adoption.ceiling(
            m.world.economies.online[c], m.supply.offline, m.p.adoption_ceiling_exponent
        )
        self.readiness = adoption.adoption_index(
            m.supply.kappa[:, None],
            m.s.burden_sensitivity,
            self.burden[:, k, None] * m.world.pays[m.month, c][:, None],
            m.s.reach_weight,
            view.log_reach,
            m.s.value_weight,
            self.value,
            m.adoption_effect[c],
        )
        self.target = adoption.adoption_target(self.online, self.readiness, view.any_feasible)
        level = adoption.adopted(self.adoption[:, None], self.target, m.s.speed, view.any_feasible)
        self.adoption = level[:, 0]

    def build(self) -> None:
        """Users, accelerators bought or granted, tokens asked of them (step 9)."""
        m, p, c, t = self.model, self.model.p, self.index, self.model.month
        e, lever = m.world.economies, m.world.levers
        self.accelerators = cost.accelerators_next(
            self.accelerators,
            p.cost_accelerator_retirement,
            e.gdp_month[c] * p.cost_accelerator_gdp_share,
            p.cost_accelerator_usd,
            self.chip_access,
            cost.granted(
                lever.economy.gulf_buildout[t, c],
                lever.world.cn_aid[t],
                e.belt_road[c],
                p.cost_aid_accelerators_month,
            ),
        )
        self.users = (self.potential * self.adoption)[:, None] * self.share
        self.local_demand = (m.supply.tokens * (self.users @ m.o.local_weight)).sum()

    def drift_along(self) -> None:
        """Affinity follows use, measured against the reference month (step 9)."""
        m, total = self.model, self.users.sum()
        if total > 0.0:
            self.blocs = (self.users.sum(axis=0) / total) @ m.world.offerings.origin
        if m.month <= m.world.fixed.world_reference_month:
            self.bloc_reference = self.blocs
        self.drift = feedback.alignment_drift(
            self.drift, self.blocs, self.bloc_reference, m.p.affinity_drift_speed
        )
