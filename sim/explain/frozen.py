"""One economy's decision in one month, frozen: what it weighed, and what it would choose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.equations import choice, cost
from sim.lanes.jit import rows
from sim.model.single import Single
from sim.model.state import viewed
from sim.model.terms import BURDEN, PRICE_MONTH, REACHED, SOVEREIGNTY, UTILITY
from sim.scenario.alter import with_quantities
from sim.world import reach as reach_paths
from sim.world.axes import BEST_OPEN, CN_CLOSED, US_CLOSED
from sim.world.pack import pack_levers
from sim.world.parameters import OfferingParams, Params, SegmentParams
from sim.world.tables import load_tables

Floats = NDArray[np.float64]

attraction_rows, nest_rows = rows(choice.attraction), rows(choice.nest_attraction)
factor_rows, share_rows = rows(choice.nest_factor), rows(choice.choice_share)
imitated_rows, budget_rows = rows(choice.imitated), rows(cost.per_budget)
LEVERS = ("forum.engagement", "rivalry", "defence.salience", "standards.reach")


@dataclass(frozen=True)
class Before:
    """State of an economy that the month starts from."""

    share: Floats  # [S, O]
    adoption: Floats  # [S, 1]
    drift: Floats  # [bloc]
    blocs: Floats  # [bloc] what was used, by origin


def before(run: Single, c: int) -> Before:
    """The state that the next month of economy row c starts from."""
    state = run.memory.state
    return Before(
        share=state.offering.share[c].copy(),
        adoption=state.segment.adoption[c][:, None].copy(),
        drift=state.bloc.drift[c].copy(),
        blocs=state.bloc.blocs[c].copy(),
    )


@dataclass(frozen=True)
class FrozenDecision:
    """What a decision rests on. Rows are [segment, offering] unless said."""

    iso3: str
    segments: tuple[str, ...]
    offerings: tuple[str, ...]
    p: Params
    s: SegmentParams  # each [S, 1]
    o: OfferingParams  # each [O]
    utility: Floats
    mask: Floats
    reach: Floats
    price: Floats
    burden: Floats
    per_budget: Floats  # [S, 1]
    quality: Floats
    sovereignty: Floats
    general: Floats  # [O] capability behind routine and professional tasks, frontier-months
    top: Floats  # [O] capability behind frontier tasks
    best: float
    routine_anchor: float
    professional_anchor: float
    preference: float
    alignment: Floats  # [bloc]
    alliance: Floats  # [bloc]
    refused: Floats  # [bloc]
    cutoff_base: Floats  # [bloc]
    presence: Floats  # [bloc] ln(1 + cloud regions)
    blocs: Floats  # [bloc] used a month ago, by origin
    origin: Floats  # [O, bloc]
    foreign: Floats  # [O]
    leaks: Floats  # [O] 1 for foreign services
    levers: dict[str, float]
    gate: Floats  # [O] part that vendors serve where a lever must open an offering, else 0
    gate_now: Floats  # [O] value of that lever
    gate_lever: tuple[str, ...]
    nest: NDArray[np.int64]
    nest_member: Floats
    share_before: Floats
    replicator: bool

    @property
    def rivalry(self) -> float:
        """How tense the world is, 0 to 1."""
        return self.levers["rivalry"]

    def chosen(self) -> Floats:
        """Share of every offering in what is chosen anew."""
        attraction = attraction_rows(self.utility, self.mask)
        if self.replicator:
            attraction = imitated_rows(attraction, self.share_before, self.p.choice_entry)
        totals = attraction @ self.nest_member
        weights = nest_rows(totals, self.p.choice_similarity)
        factor = factor_rows(totals, weights, weights.sum(axis=1, keepdims=True))
        return np.asarray(share_rows(attraction, factor[:, self.nest]))


class Freezer:
    """Makes moments of a run's last month; what all economies share is worked out once."""

    def __init__(self, run: Single) -> None:
        """run: advanced past the month in question."""
        self.run, w = run, run.world
        released = run.memory.supply.released
        self.general, self.top = released[w.offerings.track], released[w.offerings.track_frontier]
        self.best = float(released[[US_CLOSED, CN_CLOSED, BEST_OPEN]].max())
        levers = w.levers.world
        self.levers = {
            name: float(getattr(levers, name.replace(".", "_"))[run.month]) for name in LEVERS
        }
        self.open = _opened(run)
        self.s = viewed(run.given.segments, (..., None))
        self.nest_member = np.eye(w.offerings.n_nests)[w.offerings.nest]

    def freeze(self, c: int, start: Before) -> FrozenDecision:
        """The decision of economy row c, of which `start` is the state before the month."""
        run, w, t = self.run, self.run.world, self.run.month
        e, given, p = w.economies, self.run.given, self.run.given.params
        gates = [o.only_where_lever or "" for o in w.resolved.offerings.values()]
        value = w.available[t, c].max(axis=0)
        gate = np.where([bool(name) for name in gates], self.open[c], 0.0)
        now = np.divide(value, gate, out=np.zeros_like(gate), where=gate > 0)
        return FrozenDecision(
            iso3=w.iso3[c],
            segments=tuple(w.resolved.segments),
            offerings=tuple(w.resolved.offerings),
            p=p, s=self.s, o=given.offerings,
            utility=run.told_of(c, UTILITY).copy(),
            mask=run.memory.state.offering.mask[c].copy(),
            reach=run.told_of(c, REACHED).copy(),
            price=run.told_of(c, PRICE_MONTH).copy(),
            burden=run.told_of(c, BURDEN).copy(),
            per_budget=budget_rows(self.s.budget_share, e.income_month[c]),
            quality=run.memory.supply.offering.quality,
            sovereignty=run.told_of(c, SOVEREIGNTY).copy(),
            general=self.general, top=self.top, best=self.best,
            routine_anchor=float(p.tasks_routine_anchor),
            professional_anchor=float(p.tasks_professional_anchor),
            preference=float(e.preference[c]), alignment=e.alignment[c], alliance=e.alliance[c],
            refused=w.refused[t], cutoff_base=given.blocs.cutoff, presence=w.presence[t, c],
            blocs=start.blocs, origin=w.offerings.origin, foreign=w.offerings.from_blocs,
            leaks=w.offerings.leaks, levers=self.levers, gate=gate, gate_now=now,
            gate_lever=tuple(gates), nest=w.offerings.nest, nest_member=self.nest_member,
            share_before=start.share, replicator=bool(given.ground.imitative),
        )  # fmt: skip


def _opened(run: Single) -> Floats:
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
    providers = load_tables().providers
    found = reach_paths.available(
        opened, pack_levers(opened, w.iso3), w.economies, providers, w.iso3, app
    )
    return np.asarray(found[run.month].max(axis=1))
