"""What the page keeps of every run, read off a block of lanes as it is stepped.

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

from sim.ensemble.block import Block
from sim.results.layout import Layout
from sim.results.plan import plan_results
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
    potential: Floats  # [C, S] persons
    member: Floats  # [G + 3, C] 0 or 1; after the groups the three home blocs
    group_potential: Floats  # [G, S + 1] persons, last: all segments
    family: Floats  # [K, B, O] weight of an offering in a family, by home bloc of the user
    origin: Floats  # [C, O, B] whose an offering is, seen from the economy


def make_plan(world: World) -> Plan:
    """Groups, potential users and recorded months of a world."""
    layout, statics = plan_results(world, with_economies=False, with_flows=False)
    home = statics.atom_home[statics.atom_of]
    member = np.zeros((len(layout.groups) + len(BLOCS), len(world.iso3)))
    for g, atoms in enumerate(statics.member):
        member[g] = np.isin(statics.atom_of, atoms[atoms >= 0])
    member[len(layout.groups) :] = home == np.arange(len(BLOCS))[:, None]
    return Plan(
        layout,
        layout.recorded,
        statics.potential,
        member,
        statics.group_potential,
        statics.family,
        statics.origin[home],
    )


@dataclass
class Reading:
    """A block's runs, filled month by month."""

    users: Singles  # [Q, G + 3, O, L] persons
    segments: Singles  # [Q, S, O, L] persons, the world
    spend: Singles  # [Q, O, L] USD a month, the world
    economy: Singles | None  # [Q, C, O, L] share of the economy's use; None beyond `DETAILED`
    adoption: Singles | None  # [Q, C, L]
    share_sum: Singles  # [T, C, O]
    leading: NDArray[np.int16]  # [T, C, O] runs in which the offering leads
    adopted_sum: Singles  # [T, C]
    runs: NDArray[np.bool_]  # [L] lanes that stayed finite


def new_reading(plan: Plan, lanes: int, detailed: bool) -> Reading:
    """An empty reading of a block."""
    layout = plan.layout
    T, Q, G = layout.n_months, len(plan.recorded), len(plan.member)
    C, S, O = len(layout.iso3), len(layout.segments), len(layout.offerings)  # noqa: E741
    single = np.float32
    return Reading(
        users=np.zeros((Q, G, O, lanes), single),
        segments=np.zeros((Q, S, O, lanes), single),
        spend=np.zeros((Q, O, lanes), single),
        economy=np.zeros((Q, C, O, lanes), single) if detailed else None,
        adoption=np.zeros((Q, C, lanes), single) if detailed else None,
        share_sum=np.zeros((T, C, O), single),
        leading=np.zeros((T, C, O), np.int16),
        adopted_sum=np.zeros((T, C), single),
        runs=np.ones(lanes, dtype=np.bool_),
    )


def read_month(plan: Plan, block: Block, reading: Reading) -> None:
    """Take one month of a block, just stepped."""
    t, lanes = block.month, block.lanes
    C, O, L = len(lanes.share), lanes.share.shape[2], lanes.share.shape[3]  # noqa: E741
    reading.runs &= ~block.broken()
    live = reading.runs
    potential = plan.potential.sum(axis=1)
    users = np.einsum("cs,csl->cl", plan.potential, lanes.adoption)
    share = lanes.portfolio.transpose(1, 0, 2)
    kept = share if live.all() else share[:, :, live]
    reading.share_sum[t] = kept.sum(axis=2)
    reading.adopted_sum[t] = users[:, live].sum(axis=1) / potential
    first = kept.argmax(axis=1)
    used = kept.sum(axis=1) > 0
    np.add.at(reading.leading[t], (np.nonzero(used)[0], first[used]), 1)
    if t not in plan.recorded:
        return
    q = plan.recorded.index(t)
    of_economy = share * users[:, None, :]
    reading.users[q] = (plan.member @ of_economy.reshape(C, O * L)).reshape(-1, O, L)
    level = plan.potential[:, :, None] * lanes.adoption
    reading.segments[q] = np.einsum("csl,csol->sol", level, lanes.share)
    reading.spend[q] = lanes.spend
    if reading.economy is not None and reading.adoption is not None:
        reading.economy[q] = share
        reading.adoption[q] = users / potential[:, None]
