"""What the page keeps of every run, read off a block that was watched (`sim.ensemble.glimpse`).

Quantiles of cumulative shares need the runs themselves, so each group's users by offering are kept
run by run (at quarter ends). Economies are kept as sums over runs, month by month, for the map; run
by run only for the first `DETAILED` runs. Axes: T months, Q recorded months, G groups, S segments,
O offerings, C economies, L lanes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import Numbers
from sim.ensemble import glimpse
from sim.ensemble.glimpse import Glimpse
from sim.record.layout import Layout
from sim.record.plan import plan_results
from sim.world.axes import BLOCS
from sim.world.build import World

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

#: Runs of which every economy is kept run by run.
DETAILED = 64


class Plan(NamedTuple):
    """What a world's runs are read with."""

    layout: Layout
    recorded: tuple[int, ...]  # months kept run by run
    member: Floats  # [G + 3, C] 0 or 1; after the groups the three home blocs
    people: Floats  # [G] persons, of whom segments are parts
    family: Floats  # [K, B, O] weight of an offering in a family, by home bloc of the user
    exposure: int  # family whose weights count times each run's revocability
    origin: Floats  # [C, O, B] whose an offering is, seen from the economy


def make_plan(world: World) -> Plan:
    """Groups, potential users and recorded months of a world."""
    layout, statics = plan_results(world, with_economies=False, with_flows=False)
    home = statics.atom_home[statics.atom_of]
    member = np.zeros((len(layout.groups) + len(BLOCS), len(world.iso3)))
    member[: len(layout.groups)] = statics.inside
    member[len(layout.groups) :] = home == np.arange(len(BLOCS))[:, None]
    return Plan(
        layout,
        layout.recorded,
        member,
        statics.inside @ statics.people,
        statics.family,
        statics.exposure,
        statics.origin[home],
    )


@dataclass
class Reading:
    """A block's runs."""

    potential: Floats  # [G, S + 1, L] persons who could use AI, last: all segments
    revocability: Floats  # [O, L]
    users: Singles  # [Q, G + 3, O, L] persons
    segments: Singles  # [Q, S, O, L] persons, the world
    spend: Singles  # [Q, O, L] USD a month, the world
    economy: Singles | None  # [Q, C, O, L] share of the economy's use; None beyond `DETAILED`
    adoption: Singles | None  # [Q, C, L]
    share_sum: Singles  # [T, C, O]
    leading: NDArray[np.int16]  # [T, C, O] runs in which the offering leads
    adopted_sum: Singles  # [T, C]
    runs: NDArray[np.bool_]  # [L] lanes that stayed finite


def new_glimpse(plan: Plan, runs: int, in_detail: bool) -> Glimpse:
    """Room for a block's runs."""
    layout = plan.layout
    seen = glimpse.new_glimpse(
        plan.recorded, layout.n_months, plan.member, len(layout.segments), len(layout.offerings),
        runs,
    )  # fmt: skip
    return glimpse.detailed(seen) if in_detail else seen


def read(seen: Glimpse, plan: Plan, drawn: Numbers) -> Reading:
    """What the page keeps of a block that was run with these numbers and watched to its end."""
    single, known = np.float32, len(seen.economy) > 0
    part, runs = drawn.segments.potential, drawn.segments.potential.shape[1]
    potential = plan.people[:, None, None] * np.concatenate([part, part.sum(axis=0)[None]])
    return Reading(
        potential=potential,
        revocability=drawn.offerings.revocability.copy(),
        users=seen.users[..., :runs].astype(single),
        segments=seen.segments[..., :runs].astype(single),
        spend=seen.spend[..., :runs].astype(single),
        economy=seen.economy[..., :runs].astype(single) if known else None,
        adoption=seen.adoption[..., :runs].astype(single) if known else None,
        share_sum=seen.share_sum.astype(single),
        leading=seen.leading,
        adopted_sum=seen.adopted_sum.astype(single),
        runs=seen.live[:runs] > 0.0,
    )
