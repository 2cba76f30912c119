"""The month as a NumPy programmer would batch it: whole arrays, economy by segment by offering.

A reading of the model for `spheres bench` only. It shares the equations (as ufuncs), the numbers
and arrays of `sim.model.state`, and the compiled text of the world's supply with the engine, and
must equal the oracle to 1e-9; how it walks over economies, segments and offerings is its own. Axes
are [C, S, O, R] as everywhere, R a pack of runs. Shipped worlds choose by nested logit; that is
what is here.
"""

from __future__ import annotations

import numpy as np
from experiment_00_speed.numpy_costs import see_costs, see_prices
from experiment_00_speed.numpy_standing import appraise
from numpy.typing import NDArray

from sim.draws.setting import Setting
from sim.equations import (
    access,
    adoption,
    awareness,
    choice,
    feedback,
    history,
    network,
    sovereignty,
    tasks,
)
from sim.lanes.held import held
from sim.lanes.jit import borrowing, rows
from sim.lanes.packs import WIDTH
from sim.model.facts import Given, Ground
from sim.model.given import make_given, packed
from sim.model.state import Memory, clear, new_memory
from sim.model.supply import advance_supply, start_supply
from sim.world.network import dense_rows

Floats = NDArray[np.float64]

served_rows, mask_rows = rows(access.served), rows(choice.mask)
exposure_rows, known_rows = rows(network.partner_exposure), rows(awareness.known)
heard_rows = rows(awareness.heard)
missing_rows, trust_rows = rows(history.missing), rows(history.trust)
familiar_rows, goodwill_rows = rows(history.familiarity), rows(history.goodwill)
spread_rows, ecosystem_rows = rows(history.spread_use), rows(history.ecosystem)
stock_rows, standards_rows = rows(network.installed_base), rows(sovereignty.standards_pull)
attraction_rows, nest_rows = rows(choice.attraction), rows(choice.nest_factor)
odds_rows, weight_rows, value_rows = rows(tasks.odds), rows(tasks.weight), rows(tasks.value)
some_rows, shown_rows = rows(choice.some), rows(choice.shown)
anew_rows, renewed_rows = rows(choice.part_anew), rows(choice.renewed)
drift_rows = rows(feedback.alignment_drift)
ceiling_rows, index_rows = rows(adoption.ceiling), rows(adoption.index)
target_rows, speed_rows = rows(adoption.target), rows(adoption.speed)
adopted_rows = rows(adoption.adopted)


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
        self.families = np.eye(self.world.offerings.n_families)[:, ground.family]  # [F, O]
        _, c, _, o = self.world.shape
        self.last = np.zeros((c, o, WIDTH))  # users per person

    def step(self) -> None:
        """One month of every run."""
        self.month += 1
        supply_of_month(self.month, self.given, self.memory)
        due = np.flatnonzero(self.given.refresh[self.month])
        if len(due):
            appraise(self, due)
        self.mask = mask_rows(self.state.offering.reach)
        see_costs(self)
        see_prices(self)
        self.hear()
        self.remember()
        self.choose()
        self.adopt()
        self.renew()
        self.build()
        self.total_up()

    def hear(self) -> None:
        """What partners used, and who knows of what."""
        g, s, state, supply = self.ground, self.s, self.state.offering, self.supply
        flat = self.weights @ self.last.reshape(len(self.last), -1)
        self.exposure = exposure_rows(
            flat.reshape(self.last.shape),
            g.economy.weight_china[:, None, None],
            self.last[max(g.china, 0)],
            supply.world.china_scale,
        )
        self.met = self.exposure.sum(axis=1)
        draws = supply.offering
        heard = heard_rows(
            self.abroad * draws.abroad + (1.0 - self.abroad) * draws.home,
            s.word_of_mouth,
            self.state.segment.adoption[:, :, None] * state.share,
            s.partner_talk,
            self.exposure[:, None],
        )
        state.known[:] = known_rows(
            state.known,
            heard,
            s.forgetting,
            s.seed,
            g.launched[self.month][:, None, :, None],
        )

    def remember(self) -> None:
        """Goodwill, trust, and what was built on model families."""
        t, g, p, draws = self.month, self.ground, self.p, self.given.draws
        relation, region = self.state.relation, self.state.region
        region.goodwill[:] = goodwill_rows(
            region.goodwill,
            p.goodwill_persistence,
            p.goodwill_world_sd,
            draws.mood[t],
            p.goodwill_region_sd,
            draws.regional[t],
        )
        gone = missing_rows(relation.once, relation.reach)
        relation.trust[:] = trust_rows(
            relation.trust, gone, p.trust_depth, p.trust_fall, p.trust_healing
        )
        foreign = g.offering.from_blocs[:, None]
        self.standing = region.goodwill[g.region] * foreign + relation.trust
        ecosystem = familiar_rows(self.state.family.ecosystem, p.ecosystem_scale)
        self.familiar = ecosystem[:, g.family]

    def choose(self) -> None:
        """Utility, nested logit, and the portfolio over tasks."""
        t, g, p, s = self.month, self.ground, self.p, self.s
        state, origin = self.state.offering, g.origin
        standards = g.offering.from_blocs[:, None] * standards_rows(
            self.given.lever_of.standards_reach[t][:, None, None],
            p.standards_gain,
            origin @ self.state.bloc.blocs,
        )
        utility = (
            state.standing
            - s.price_sensitivity * self.burden
            + s.affinity_weight * (origin @ self.state.bloc.drift)[:, None]
            + s.imitation * (self.exposure / some_rows(self.met)[:, None])[:, None]
            + s.lock_in * state.stock
            + s.ecosystem_weight * self.familiar[:, None]
            + (self.standing + standards)[:, None]
        )
        served = served_rows(self.o.local_weight[0], self.state.economy.served[:, None])
        pull = attraction_rows(utility, state.reach * served[:, None], state.known)
        totals = np.stack([pull[:, :, k].sum(axis=2) for k in self.members], axis=2)
        nested = nest_rows(totals, p.choice_similarity)[:, :, g.nest]
        worth, size = self.supply.task.worth, self.given.sizes  # [S, Q, O, R], [S, Q, R]
        scale = self.given.segments.offer_scale[:, None]
        odds = odds_rows(scale, np.einsum("csor,sqor->csqr", pull, worth))
        self.value = value_rows(size, odds).sum(axis=2)
        mixed = np.einsum("csqr,sqor->csor", weight_rows(size, scale, odds), worth)
        chosen = pull * nested * mixed
        self.chosen = chosen / some_rows(chosen.sum(axis=2, keepdims=True))

    def adopt(self) -> None:
        """Adoption relaxes towards its target."""
        t, g, s, state = self.month, self.ground, self.given.segments, self.state.segment
        year, passed = t // 12, (t % 12) / 12.0
        then, later = self.given.effect[year], self.given.effect[year + 1]
        index = index_rows(
            s.kappa,
            s.income_weight,
            g.path.income_log[t][:, None, None],
            s.value_weight,
            self.value,
            (then + passed * (later - then))[:, None],
        )
        online = g.path.online_log[t][:, None, None]
        ceiling = ceiling_rows(s.ceiling, online, self.p.adoption_online_exponent)
        with np.errstate(divide="ignore", invalid="ignore"):  # where nobody could
            part = state.adoption / ceiling
            speed = speed_rows(
                s.speed_start, s.speed_spread, part, s.speed_partners, self.met[:, None]
            )
        target = target_rows(ceiling, index, state.any_feasible)
        state.adoption[:] = adopted_rows(
            state.adoption, target, speed, self.p.adoption_fall, state.any_feasible
        )

    def renew(self) -> None:
        """The part of use that is up for renewal is chosen anew."""
        s, state = self.s, self.state.offering
        anew = anew_rows(state.latent.sum(axis=2, keepdims=True), s.churn)
        state.latent[:] = renewed_rows(state.latent, self.chosen, anew)
        total = (state.latent * self.mask).sum(axis=2, keepdims=True)
        state.share[:] = shown_rows(state.latent, self.mask, total)
        state.stock[:] = stock_rows(state.stock, state.share, s.memory)

    def build(self) -> None:
        """Users, tokens asked of hardware, ecosystems, and what use does to affinity."""
        t, g, p, people = self.month, self.ground, self.p, self.ground.economy.people
        bloc, state = self.state.bloc, self.state.offering
        using = self.state.segment.adoption[:, :, None] * state.share
        use = people[:, None, None, None] * self.s.potential * using
        self.state.economy.local_demand[:] = (use * state.tokens * self.o.local_weight).sum(
            axis=(1, 2)
        )
        by_offering = use.sum(axis=1)
        total = by_offering.sum(axis=1, keepdims=True)
        self.last = by_offering / people[:, None, None]
        family, built = self.state.family, self.memory.use.family.built
        own = self.families @ (self.s.builds * using).sum(axis=1)  # [C, F, R]
        family.ecosystem[:] = ecosystem_rows(
            family.ecosystem,
            p.ecosystem_decay,
            p.ecosystem_growth,
            spread_rows(own, built, p.ecosystem_spill),
        )
        built[:] = (people[:, None, None] * own).sum(axis=0) / people.sum()
        lean = g.origin.transpose(0, 2, 1) @ (by_offering / some_rows(total))
        bloc.blocs[:] = np.where(total > 0.0, lean, bloc.blocs)
        if t <= g.reference_month:
            bloc.reference[:] = bloc.blocs
        bloc.drift[:] = drift_rows(bloc.drift, bloc.blocs, bloc.reference, p.affinity_drift_speed)
        sums, spent = self.state.sums, (use * state.bill).sum(axis=(0, 1))
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
        world.us_closed[:] = g.offering.packaged @ sums.use / total
        if g.china >= 0:
            weight = self.given.segments.industrial
            adopted = (self.state.segment.adoption[g.china] * weight).sum(axis=0)
            world.industry[:] = adopted / some_rows(weight.sum(axis=0))
