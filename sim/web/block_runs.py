"""What the page keeps of every run, taken from a block that was watched (`page_watcher`).

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
from sim.record.layout import Layout
from sim.record.plan import plan_results
from sim.web.page_watcher import PageWatcher, detailed, new_page_watcher
from sim.world.axes import BLOCS
from sim.world.build import World

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Bools = NDArray[np.bool_]

#: Runs of which every economy is kept run by run.
DETAILED = 64


class Plan(NamedTuple):
    """What is kept of a world's runs, and what that is counted with."""

    layout: Layout
    recorded: tuple[int, ...]  # months kept run by run
    member: Floats  # [G + 3, C] 0 or 1; after the groups the three home blocs
    people: Floats  # [G] persons, of whom segments are parts
    family: Floats  # [K, B, O] weight of an offering in a family, by home bloc of the user
    exposure: int  # family whose weights count times each run's revocability
    origin: Floats  # [C, O, B] whose an offering is, seen from the economy


def make_plan(world: World) -> Plan:
    """Groups, potential users and recorded months of a world."""
    layout, plan = plan_results(world, with_economies=False, with_flows=False)
    home = plan.atom_home[plan.atom_of]
    member = np.zeros((len(layout.groups) + len(BLOCS), len(world.iso3)))
    member[: len(layout.groups)] = plan.inside
    member[len(layout.groups) :] = home == np.arange(len(BLOCS))[:, None]
    return Plan(
        layout,
        layout.recorded,
        member,
        plan.inside @ plan.people,
        plan.family,
        plan.exposure,
        plan.origin[home],
    )


@dataclass
class BlockRuns:
    """What is kept of the runs of a block."""

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
    live: Bools  # [L] runs that stayed finite


def watcher_of(plan: Plan, live: Bools, in_detail: bool) -> PageWatcher:
    """Room for the runs `live` [L] of a block."""
    layout = plan.layout
    watcher = new_page_watcher(
        plan.recorded, layout.n_months, plan.member, len(layout.segments), len(layout.offerings),
        live,
    )  # fmt: skip
    return detailed(watcher) if in_detail else watcher


def runs_of(watcher: PageWatcher, plan: Plan, drawn: Numbers) -> BlockRuns:
    """What the page keeps of a block that was run with these numbers and watched to its end."""
    part, count = drawn.segments.potential, drawn.segments.potential.shape[1]
    known = len(watcher.economy) > 0

    def kept(values: Floats) -> Singles:
        return values[..., :count].astype(np.float32)

    return BlockRuns(
        potential=plan.people[:, None, None] * np.concatenate([part, part.sum(axis=0)[None]]),
        revocability=drawn.offerings.revocability.copy(),
        users=kept(watcher.users),
        segments=kept(watcher.segments),
        spend=kept(watcher.spend),
        economy=kept(watcher.economy) if known else None,
        adoption=kept(watcher.adoption) if known else None,
        share_sum=watcher.share_sum.astype(np.float32),
        leading=watcher.leading,
        adopted_sum=watcher.adopted_sum.astype(np.float32),
        live=watcher.live[:count] > 0.0,
    )
