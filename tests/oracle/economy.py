"""One economy: segments that choose among the offerings they know and can reach.

Rows are [segment, offering], or [segment, task, offering] where it says so.
"""

import numpy as np

from oracle.appraisal import appraise
from oracle.formulas import (
    access,
    adoption,
    awareness,
    choice,
    cost,
    feedback,
    history,
    network,
    sovereignty,
    tasks,
)
from sim.world.axes import BLOCS


class Economy:
    """State: adoption [S]; share, latent [S, O] of use, shown and as it would be were everything in
    reach; known, stock [S, O] awareness and installed base; trust, once [O] in offerings and the
    most that they ever reached; ecosystem [family]; drift [bloc] of affinity; blocs [bloc] used by
    origin; accelerators (H100 equivalents); local_demand (million tokens asked of them in a month).
    """

    def __init__(self, model, index: int) -> None:
        """index: row of the economy in all arrays of the world."""
        _, _, segments, offerings = model.world.shape
        self.model, self.index, self.iso3 = model, index, model.world.iso3[index]
        self.share, self.latent, self.known, self.stock = np.zeros((4, segments, offerings))
        self.adoption = np.zeros(segments)
        self.trust, self.once = np.zeros((2, offerings))
        self.ecosystem = np.zeros(model.world.offerings.n_families)
        self.drift, self.blocs = np.zeros((2, len(BLOCS)))
        self.accelerators = float(
            model.world.economies.accelerators[index] * model.world.stock_factor
        )
        self.local_demand = 0.0
        self.people = model.world.economies.people[index]

    def step(self) -> None:
        """Steps 3 to 9 of the month for this economy."""
        self.look_around()
        self.see_costs()
        self.see_prices()
        self.hear()
        self.remember()
        self.see_offers()
        self.choose()
        self.adopt()
        self.renew()
        self.build()
        self.drift_along()

    def look_around(self) -> None:
        """What it thinks of offerings apart from prices and capability (`oracle.appraisal`)."""
        self.appraisal = appraise(self.model, self.index, self.model.month)

    def see_costs(self) -> None:
        """What own hardware serves and costs, and what is bought of it for next month (step 3)."""
        m, p, c, t = self.model, self.model.p, self.index, self.model.month
        e, lever, supply = m.world.economies, m.world.levers.economy, m.supply
        saving = cost.power_saving(
            p.cost_low_power_saving, lever.cn_low_power_chips[t, c], e.belt_road[c]
        )
        self.chip_access = access.chip_access(
            e.capped[c],
            lever.us_chip_controls_tier2_cap[t, c] * e.tier2[c],
            lever.us_chip_controls_tightness[t, c],
            lever.us_chip_controls_leakage[t, c],
        )
        capacity = cost.local_capacity(
            self.accelerators,
            m.world.fixed.world_inference_share,
            supply.throughput,
            p.cost_local_utilisation,
        )
        self.served = cost.served(self.local_demand, capacity)
        self.scarcity = cost.scarcity(self.local_demand, capacity, p.cost_scarcity_steepness)
        full_cost = cost.local_cost(
            supply.hourly * saving,
            cost.control_premium(p.cost_local_control_premium, self.chip_access),
            self.scarcity,
            p.cost_local_energy_usd_hour * saving,
            supply.throughput,
            p.cost_local_utilisation,
            p.cost_local_staff_income_share * m.world.income_month[t, c],
            supply.volume,
        )
        self.local_cost = cost.aided(
            full_cost, p.cost_aid_discount, lever.cn_aid[t, c], e.belt_road[c]
        )
        self.accelerators = cost.accelerators_next(
            self.accelerators,
            p.cost_accelerator_retirement,
            e.gdp_month[c] * p.cost_accelerator_gdp_share,
            supply.accelerator,
            self.chip_access,
            cost.granted(
                lever.gulf_buildout[t, c],
                lever.cn_aid[t, c],
                e.belt_road[c],
                p.cost_aid_accelerators_month,
            ),
        )

    def see_prices(self) -> None:
        """Price, burden, tokens and bill per user-month of every offering (step 3)."""
        m, p, c, t, mask = self.model, self.model.p, self.index, self.model.month, self.mask
        e, lever, supply = m.world.economies, m.world.levers.economy, m.supply
        api = supply.api[m.world.offerings.price_track]
        unit = m.world.price_factor[t, c] * cost.unit_price(
            api, m.o.api_weight, self.local_cost, m.o.local_weight
        )
        seat = (
            m.world.price_factor[t, c]
            * m.world.seat_factor[t, c]
            * cost.seat_price(m.o.seat_usd_month, lever.us_price_cut[t, c], m.packaged)
        )
        discount = cost.package_discount(lever.us_allies_package[t, c], e.ally[c], m.packaged)

        def price(tokens: np.ndarray) -> np.ndarray:
            """[S, O] USD a month of those who pay, spread over all users."""
            asked = cost.monthly_price(seat, m.s.seat_weight, tokens, unit, discount)
            return asked * m.s.paying

        self.price = price(m.s.basket_mtok_month)
        per_budget = cost.per_budget(m.s.budget_share, m.world.income_month[t, c])
        self.burden = cost.burden(self.price, per_budget)
        thrift = cost.thrift(
            unit, p.intensity_price_reference, m.world.income_log[t, c], p.intensity_elasticity
        )
        tokens = cost.tokens_used(supply.tokens, m.s.seat_weight, thrift)
        self.tokens, self.bill = tokens * mask, price(tokens) * mask

    @property
    def mask(self) -> np.ndarray:
        """1 where an offering can be used, else 0."""
        return self.appraisal.mask

    def hear(self) -> None:
        """Who knows of what, from last month's use here and abroad (steps 4 and 5)."""
        m, c, view = self.model, self.index, self.appraisal
        self.exposure = network.partner_exposure(
            m.exposure[c], m.weight_china[c], m.used_in_china, m.supply.china_scale
        )
        self.met = self.exposure.sum()
        told = view.abroad * m.supply.abroad + (1.0 - view.abroad) * m.supply.home
        heard = awareness.heard(
            told,
            m.s.word_of_mouth,
            self.adoption[:, None] * self.share,
            m.s.partner_talk,
            self.exposure,
        )
        there = m.world.launched[m.month, c]
        self.known = awareness.known(self.known, heard, m.s.forgetting, m.s.seed, there)

    def remember(self) -> None:
        """What was built on model families, and what withdrawals did to trust."""
        p = self.model.p
        reach = self.appraisal.reach.mean(axis=0)
        self.once = np.maximum(self.once, reach)
        self.trust = history.trust(
            self.trust,
            history.missing(self.once, reach),
            p.trust_depth,
            p.trust_fall,
            p.trust_healing,
        )
        self.familiarity = history.familiarity(self.ecosystem, p.ecosystem_scale)

    def see_offers(self) -> None:
        """Utility of every offering (step 6)."""
        m, t, view = self.model, self.model.month, self.appraisal
        offerings = m.world.offerings
        of_partners = self.exposure / (self.met if self.met > 0.0 else 1.0)
        standards = sovereignty.standards_pull(
            m.world.levers.economy.standards_reach[t, self.index],
            m.p.standards_gain,
            offerings.origin @ self.blocs,
        )
        goodwill = m.goodwill[m.world.region[self.index]]
        self.utility = (
            view.standing
            - m.s.price_sensitivity * self.burden
            + m.s.affinity_weight * (offerings.origin @ self.drift)
            + m.s.imitation * of_partners
            + m.s.lock_in * self.stock
            + m.s.ecosystem_weight * self.familiarity[offerings.family]
            + m.foreign * goodwill
            + self.trust
            + m.foreign * standards
        )

    def choose(self) -> None:
        """Nested logit, task by task, over what is known and in reach (step 7)."""
        m = self.model
        served = access.served(m.o.local_weight, self.served)
        attraction = choice.attraction(self.utility, self.appraisal.reach * served, self.known)
        if m.world.resolved.structure.choice == "replicator":
            attraction = choice.imitated(attraction, self.share, m.p.choice_entry)
        factor = choice.nest_factor(attraction @ m.nest_member, m.p.choice_similarity)
        in_task = attraction[:, None, :] * m.supply.worth  # [S, task, O]
        odds = tasks.odds(m.s.offer_scale, in_task.sum(axis=2))
        self.value = tasks.value(m.supply.size, odds).sum(axis=1)
        weight = tasks.weight(m.supply.size, m.s.offer_scale, odds)
        mixed = (m.supply.worth * weight[:, :, None]).sum(axis=1)
        self.pull = attraction * factor[:, m.world.offerings.nest]
        portfolio = self.pull * mixed
        everything = portfolio.sum(axis=1, keepdims=True)
        self.chosen = portfolio / choice.some(everything)

    def adopt(self) -> None:
        """Adoption relaxes towards its target (step 8)."""
        m, c, t, some = self.model, self.index, self.model.month, self.appraisal.any_feasible
        level, value, s = self.adoption[:, None], self.value[:, None], m.s
        self.ceiling = adoption.ceiling(
            s.ceiling, np.log(max(m.world.online[t, c], 1e-3)), m.p.adoption_online_exponent
        )
        self.readiness = adoption.index(
            s.kappa,
            s.income_weight,
            m.world.income_log[t, c],
            s.value_weight,
            value,
            m.readiness(t)[c],
        )
        self.target = adoption.target(self.ceiling, self.readiness, some)
        speed = adoption.speed(
            s.speed_start, s.speed_spread, level / self.ceiling, s.speed_partners, self.met
        )
        level = adoption.adopted(level, self.target, speed, m.p.adoption_fall, some)
        self.adoption = level[:, 0]

    def renew(self) -> None:
        """A part of use is chosen anew; what is out of reach is not shown (step 7)."""
        m, mask = self.model, self.mask
        anew = choice.part_anew(self.latent.sum(axis=1, keepdims=True), m.s.churn)
        self.latent = choice.renewed(self.latent, self.chosen, anew)
        shown = (self.latent * mask).sum(axis=1, keepdims=True)
        self.share = choice.shown(self.latent, mask, shown)
        self.stock = network.installed_base(self.stock, self.share, m.s.memory)

    def build(self) -> None:
        """Users, tokens asked of own hardware, ecosystems (step 9)."""
        m, p = self.model, self.model.p
        using = self.adoption[:, None] * self.share
        self.users = self.people * m.s.potential * using
        self.local_demand = (self.users * self.tokens * m.o.local_weight).sum()
        self.builders = (m.s.builds * using).sum(axis=0) @ m.family_member
        self.ecosystem = history.ecosystem(
            self.ecosystem,
            p.ecosystem_decay,
            p.ecosystem_growth,
            history.spread_use(self.builders, m.built, p.ecosystem_spill),
        )

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
