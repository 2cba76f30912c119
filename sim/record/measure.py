"""Compiled: the arrays that named outcomes are measured on, and every measure of the registry.

A measure is laid into the kernel as one link of a chain that is made from the registry, so that a
new row needs no line here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.lanes.jit import borrowing, inner, part
from sim.lanes.packs import fill, load, store
from sim.record.groups import reached_of
from sim.record.outcomes import MEASURES, Measure
from sim.record.spheres import count_led, structure

if TYPE_CHECKING:
    from sim.record.accumulators import Accumulator, Work
    from sim.record.plan_arrays import ReductionPlan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_MONTHS_TO_CLOSE = 3


@part
def _unknown(kind: int, month: Any, place: tuple[int, int], row: Floats) -> None:  # noqa: ANN401, ARG001
    row[:] = np.nan


def _link(kind: int, measure: Measure, rest: Callable[..., None]) -> Callable[..., None]:
    """The chain that knows one measure more."""
    measured = part(measure)

    @part
    def link(wanted: int, month: Any, place: tuple[int, int], row: Floats) -> None:  # noqa: ANN401
        if wanted == kind:
            for j in range(row.shape[0]):
                row[j] = measured(month, place[0], place[1], j)
        else:
            rest(wanted, month, place, row)

    return link


def chained(measures: tuple[Measure, ...]) -> Callable[..., None]:
    """Compiled (kind, `Month`, (group, item), row [W]) -> None: a measure of all runs into row."""
    found: Callable[..., None] = _unknown
    for kind, measure in reversed(list(enumerate(measures))):
        found = _link(kind, measure, found)
    return found


_measured = chained(MEASURES)


@inner
def watch_gap(indicators: Floats, lag: int, streak: Ints) -> None:
    """Count months in a row with a Chinese lag of 0 or less; -1 once it lasted three months."""
    if lag < 0:
        return
    for j in range(streak.shape[0]):
        if streak[j] < 0:
            continue
        streak[j] = streak[j] + 1 if indicators[lag, j] <= 0.0 else 0
        if streak[j] >= _MONTHS_TO_CLOSE:
            streak[j] = -1


@borrowing
def record_outcomes(k: int, indicators: Floats, plan: ReductionPlan, acc: Accumulator) -> None:
    """The named outcomes of every live lane at outcome month ``k``."""
    work = acc.work
    month, row = work.month, work.part[0]
    see_groups(plan, work)
    structure(month.leader, plan.trade, plan.strength, month.structure)
    count_led(month.leader, month.led)
    for i in range(indicators.shape[0]):
        store(month.series, (i,), load(indicators, (i,)))
    for j in range(row.shape[0]):
        month.closed[j] = 1.0 if acc.streak[j] < 0 else 0.0
    for i in range(plan.outcome_kind.shape[0]):
        place = plan.outcome_group[i], plan.outcome_item[i]
        _measured(plan.outcome_kind[i], month, place, row)
        for j in range(row.shape[0]):
            acc.outcome[i, k, j] = row[j] if work.live[j] > 0.0 else np.nan


@inner
def see_groups(plan: ReductionPlan, work: Work) -> None:
    """Users, spend and adoption of groups from those of atoms."""
    month, S = work.month, work.users.use.shape[0]
    over_segments(work.atom_use, work.atom_sum[0])
    over_segments(work.atom_spend, work.atom_sum[1])
    for g in range(plan.member.shape[0]):
        weigh_families(g, plan, work.revocability, work.atom_sum[0], month.use)
        weigh_families(g, plan, work.revocability, work.atom_sum[1], month.spend)
        reached_of(g, plan.member, work.atom_reached, work.group_potential, work.level)
        store(month.adoption, (g,), load(work.level, (S,)))
        everybody = fill(0.0)
        for i in range(plan.member.shape[1]):
            a = plan.member[g, i]
            if a < 0:
                break
            for o in range(work.atom_sum.shape[2]):
                everybody = everybody + load(work.atom_sum, (0, a, o))
        store(month.users, (g,), everybody)
    for o in range(month.offering.shape[0]):
        users = fill(0.0)
        for a in range(work.atom_sum.shape[1]):
            users = users + load(work.atom_sum, (0, a, o))
        store(month.offering, (o,), users)


@inner
def over_segments(atoms: Floats, found: Floats) -> None:
    """Sum of atoms [A, S, O, W] over segments into found [A, O, W]."""
    for a in range(atoms.shape[0]):
        for o in range(atoms.shape[2]):
            here = fill(0.0)
            for s in range(atoms.shape[1]):
                here = here + load(atoms, (a, s, o))
            store(found, (a, o), here)


@inner
def weigh_families(
    g: int, plan: ReductionPlan, revocability: Floats, atoms: Floats, found: Floats
) -> None:
    """Sums of atoms [A, O, W] over group ``g``, weighted by each family, into found [G, K, W]; the
    weights of the family `ReductionPlan.exposure` are times revocability [O, W].
    """
    for k in range(plan.family.shape[0]):
        here = fill(0.0)
        for i in range(plan.member.shape[1]):
            a = plan.member[g, i]
            if a < 0:
                break
            for o in range(atoms.shape[1]):
                w = plan.family[k, plan.atom_home[a], o]
                if w != 0.0 and k == plan.exposure:
                    here = here + load(revocability, (o,)) * w * load(atoms, (a, o))
                elif w != 0.0:
                    here = here + w * load(atoms, (a, o))
        store(found, (g, k), here)
