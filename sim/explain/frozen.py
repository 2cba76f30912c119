"""One economy's decision in one month, frozen: what it weighed, and what it would choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.equations import access, choice, cost, tasks
from sim.explain.plain import plain
from sim.lanes.jit import rows
from sim.model.single import Single
from sim.model.state import viewed
from sim.model.terms import BURDEN, KNOWN, PRICE_MONTH, REACHED, SOVEREIGNTY, UTILITY
from sim.scenario.alter import with_quantities
from sim.world import reach as reach_paths
from sim.world.pack import pack_levers
from sim.world.parameters import OfferingParams, Params, SegmentParams

Floats = NDArray[np.float64]

attraction_rows, factor_rows = rows(choice.attraction), rows(choice.nest_factor)
some_rows, value_rows, served_rows = rows(choice.some), rows(tasks.value), rows(access.served)
imitated_rows, budget_rows = plain(choice.imitated), plain(cost.per_budget)
odds_rows, weight_rows = plain(tasks.odds), plain(tasks.weight)
LEVERS = ("forum.engagement", "rivalry", "defence.salience", "standards.reach")


@dataclass(frozen=True)
class Before:
    """State of an economy that the month starts from."""

    share: Floats  # [S, O]
    adoption: Floats  # [S]
    stock: Floats  # [S, O] installed base
    blocs: Floats  # [bloc] what was used, by origin
    ecosystem: Floats  # [family] units of skills
    trust: Floats  # [O] logit units
    once: Floats  # [O] the most that an offering ever reached


def before(run: Single, c: int) -> Before:
    """The state that the next month of economy row c starts from."""
    state = run.memory.state
    return Before(
        share=state.offering.share[c].copy(),
        adoption=state.segment.adoption[c].copy(),
        stock=state.offering.stock[c].copy(),
        blocs=state.bloc.blocs[c].copy(),
        ecosystem=state.family.ecosystem[c].copy(),
        trust=state.relation.trust[c].copy(),
        once=state.relation.once[c].copy(),
    )


class Weighed(NamedTuple):
    """What a choice is made of; a change of it is a change of one number behind these."""

    utility: Floats  # [..., S, O]
    reach: Floats  # [..., S, O] share of users
    known: Floats  # [..., S, O] share of users who know it
    worth: Floats  # [..., S, Q, O] of its model in every task


class Chosen(NamedTuple):
    """A choice, step by step."""

    factor: Floats  # [..., S, O] what competition in its nest makes of an attraction
    odds: Floats  # [..., S, Q] of doing a task with AI
    pull: Floats  # [..., S, O] attraction before tasks
    mixed: Floats  # [..., S, O] what tasks make of it
    share: Floats  # [..., S, O] of what is chosen anew


@dataclass(frozen=True)
class FrozenDecision:
    """What a decision rests on. Rows are [segment, offering] unless said."""

    iso3: str
    segments: tuple[str, ...]
    offerings: tuple[str, ...]
    families: tuple[str, ...]
    p: Params
    s: SegmentParams  # each [S, 1]
    o: OfferingParams  # each [O]
    weighed: Weighed
    served: Floats  # [O] part of its users that own hardware can serve
    sizes: Floats  # [S, Q]
    threshold: Floats  # [Q] frontier-months
    width: Floats  # [Q]
    hard: Floats  # [Q] 1 for frontier tasks
    general: Floats  # [O] capability behind the other tasks, frontier-months
    top: Floats  # [O] capability behind frontier tasks
    price: Floats
    burden: Floats
    per_budget: Floats  # [S, 1]
    sovereignty: Floats
    preference: float
    alignment: Floats  # [bloc]
    alliance: Floats  # [bloc]
    refused: Floats  # [bloc]
    cutoff_base: Floats  # [bloc]
    presence: Floats  # [bloc] ln(1 + cloud regions)
    before: Before
    trust: Floats  # [O] after the month, logit units
    goodwill: Floats  # [O] of the region, logit units
    origin: Floats  # [O, bloc]
    foreign: Floats  # [O]
    leaks: Floats  # [O] 1 for foreign services
    family: NDArray[np.int64]  # [O]
    levers: dict[str, float]
    gate: Floats  # [O] part that vendors serve where a lever must open an offering, else 0
    gate_now: Floats  # [O] value of that lever
    gate_lever: tuple[str, ...]
    nest: NDArray[np.int64]
    nest_member: Floats
    replicator: bool

    @property
    def rivalry(self) -> float:
        """How tense the world is, 0 to 1."""
        return self.levers["rivalry"]

    @property
    def feasible(self) -> NDArray[np.bool_]:
        """Whether an offering reaches anybody who knows it."""
        return np.asarray((self.weighed.reach > 0.0) & (self.weighed.known > 0.0))

    def choose(self, weighed: Weighed) -> Chosen:
        """What would be chosen anew, by the model's own equations, in their order."""
        w = weighed
        pull = attraction_rows(w.utility, w.reach * self.served, w.known)
        if self.replicator:
            pull = imitated_rows(pull, self.before.share, self.p.choice_entry)
        factor = factor_rows(pull @ self.nest_member, self.p.choice_similarity)[..., self.nest]
        total = (pull[..., None, :] * w.worth).sum(axis=-1)
        odds = odds_rows(self.s.offer_scale, total)
        weight = weight_rows(self.sizes, self.s.offer_scale, odds)
        mixed = (w.worth * weight[..., None]).sum(axis=-2)
        part = pull * factor * mixed
        share = part / some_rows(part.sum(axis=-1, keepdims=True))
        return Chosen(factor, odds, pull, mixed, share)

    def chosen(self, weighed: Weighed | None = None) -> Floats:
        """[..., S, O] share of every offering in what is chosen anew."""
        return self.choose(self.weighed if weighed is None else weighed).share

    def values(self, odds: Floats) -> Floats:
        """[S, Q] what every task adds to the value of all that is in reach."""
        return np.asarray(value_rows(self.sizes, odds))


def stacked(several: Sequence[Weighed]) -> Weighed:
    """Several on a first axis, to be chosen from at once; what they share has none."""
    return Weighed(
        *(
            arrays[0] if all(one is arrays[0] for one in arrays) else np.stack(arrays)
            for arrays in zip(*several, strict=True)
        )
    )


class Freezer:
    """Makes moments of a run's last month; what all economies share is worked out once."""

    def __init__(self, run: Single, providers: pl.DataFrame) -> None:
        """run: advanced past the month in question; providers: seed table of who serves whom."""
        self.run, w = run, run.world
        released = run.memory.supply.released
        self.general, self.top = released[w.offerings.track], released[w.offerings.track_frontier]
        levers = w.levers.economy
        self.levers = {name: getattr(levers, name.replace(".", "_"))[run.month] for name in LEVERS}
        self.open = _opened(run, providers)
        self.s = viewed(run.given.segments, (..., None))
        self.nest_member = np.eye(w.offerings.n_nests)[w.offerings.nest]

    def freeze(self, c: int, start: Before) -> FrozenDecision:
        """The decision of economy row c, of which `start` is the state before the month."""
        run, w, t = self.run, self.run.world, self.run.month
        e, given, p, state = w.economies, run.given, run.given.params, run.memory.state
        gates = [o.only_where_lever or "" for o in w.resolved.offerings.values()]
        value = w.available[t, c].max(axis=0)
        gate = np.where([bool(name) for name in gates], self.open[c] * w.launched[t, c], 0.0)
        now = np.divide(value, gate, out=np.zeros_like(gate), where=gate > 0)
        weighed = Weighed(
            utility=run.told_of(c, UTILITY).copy(),
            reach=run.told_of(c, REACHED).copy(),
            known=run.told_of(c, KNOWN).copy(),
            worth=run.memory.supply.task.worth.copy(),
        )
        return FrozenDecision(
            iso3=w.iso3[c],
            segments=tuple(w.resolved.segments), offerings=tuple(w.resolved.offerings),
            families=w.offerings.families,
            p=p, s=self.s, o=given.offerings, weighed=weighed,
            served=served_rows(given.offerings.local_weight, state.economy.served[c]),
            sizes=given.sizes, threshold=given.tasks.threshold, width=given.tasks.width,
            hard=w.hard, general=self.general, top=self.top,
            price=run.told_of(c, PRICE_MONTH).copy(), burden=run.told_of(c, BURDEN).copy(),
            per_budget=budget_rows(self.s.budget_share, w.income_month[t, c]),
            sovereignty=run.told_of(c, SOVEREIGNTY).copy(),
            preference=float(e.preference[c]), alignment=e.alignment[c], alliance=e.alliance[c],
            refused=w.refused[t], cutoff_base=given.blocs.cutoff, presence=w.presence[t, c],
            before=start, trust=state.relation.trust[c].copy(),
            goodwill=state.region.goodwill[w.region[c]].copy(),
            origin=w.offerings.origin, foreign=w.offerings.from_blocs, leaks=w.offerings.leaks,
            family=w.offerings.family,
            levers={name: float(path[c]) for name, path in self.levers.items()},
            gate=gate, gate_now=now,
            gate_lever=tuple(gates), nest=w.offerings.nest, nest_member=self.nest_member,
            replicator=bool(given.ground.imitative),
        )  # fmt: skip


def _opened(run: Single, providers: pl.DataFrame) -> Floats:
    """[C, O] part of demand that vendors would serve if every lever that opens one were at 1."""
    w, resolved = run.world, run.world.resolved
    gates = {o.only_where_lever for o in resolved.offerings.values()} - {None}
    levers = {
        path: lever.model_copy(update={"value": 1.0})
        for path, lever in resolved.levers.items()
        if path in gates
    }
    events = tuple(event for event in resolved.events if event.lever not in gates)
    opened = with_quantities(resolved, levers).model_copy(update={"events": events})
    app = [weight > 0.5 for weight in resolved.across("segments", "seat_weight")]
    found = reach_paths.available(
        opened, pack_levers(opened, w.iso3), w.economies, providers, w.iso3, app
    )
    return np.asarray(found[run.month].max(axis=1))
