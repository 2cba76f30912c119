"""Compiled named outcomes: one number per replicate in June and December."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.lanes.jit import borrowing, inner
from sim.record.groups import reached_of
from sim.record.layout import (
    ADOPTION,
    ASSORTATIVITY,
    GAP_CLOSED,
    HERFINDAHL,
    INDICATOR,
    LEADS,
    LED_BY,
    MODULARITY,
    SPEND,
    USE_SHARE,
)
from sim.record.spheres import (
    count_led,
    herfindahl,
    over_segments,
    structure,
    total_of,
    weigh_family,
)

if TYPE_CHECKING:
    from sim.record.accumulators import Accumulator
    from sim.record.statics import Statics

Floats = NDArray[np.float64]
_MONTHS_TO_CLOSE = 3


@inner
def watch_gap(indicators: Floats, lag: int, streak: NDArray[np.int64]) -> None:
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
def record_outcomes(k: int, indicators: Floats, statics: Statics, acc: Accumulator) -> None:
    """The named outcomes of every live lane at outcome month ``k``."""
    work = acc.work
    S = work.use.shape[0]
    over_segments(work.atom_use, work.atom_sum[0])
    over_segments(work.atom_spend, work.atom_sum[1])
    structure(work.leader, statics.trade, statics.strength, work.structure)
    row = work.part[0]
    for i in range(statics.outcome_kind.shape[0]):
        kind, g, item = statics.outcome_kind[i], statics.outcome_group[i], statics.outcome_item[i]
        if kind in (USE_SHARE, SPEND):
            _family(kind, g, item, statics, acc, row, work.part[1])
        elif kind == ADOPTION:
            reached_of(g, statics.member, work.atom_reached, work.group_potential, work.level)
            copy_row(work.level[S], row)
        elif kind == HERFINDAHL:
            herfindahl(statics.member, work.atom_sum[0], row, work.part[1])
        elif kind == MODULARITY:
            copy_row(work.structure[0], row)
        elif kind == ASSORTATIVITY:
            copy_row(work.structure[1], row)
        else:
            for j in range(row.shape[0]):
                row[j] = of_lane(kind, item, j, indicators, acc.streak, work.leader)
        for j in range(row.shape[0]):
            acc.outcome[i, k, j] = row[j] if work.live[j] > 0.0 else np.nan


@inner
def _family(
    kind: int, g: int, item: int, statics: Statics, acc: Accumulator, row: Floats, part: Floats
) -> None:
    """Use share or spend of a family of offerings into ``row`` [L]; ``part`` [L] is work space."""
    member = statics.member
    atoms = acc.work.atom_sum[0 if kind == USE_SHARE else 1]
    weigh_family(
        g, statics.family, item, statics.exposure, acc.work.revocability, member,
        statics.atom_home, atoms, row,
    )  # fmt: skip
    if kind == USE_SHARE:
        total_of(g, member, atoms, part)
        for j in range(row.shape[0]):
            row[j] = row[j] / part[j]


@inner
def copy_row(values: Floats, row: Floats) -> None:
    """Copy values [L] into ``row`` (a slice assignment would allocate)."""
    for j in range(row.shape[0]):
        row[j] = values[j]


@inner
def of_lane(
    kind: int,
    item: int,
    j: int,
    indicators: Floats,
    streak: NDArray[np.int64],
    leader: NDArray[np.int64],
) -> float:
    """Outcomes that are a series or a count of one lane."""
    found = np.nan
    if kind == INDICATOR:
        found = indicators[item, j]
    elif kind == GAP_CLOSED:
        found = 1.0 if streak[j] < 0 else 0.0
    elif kind == LEADS:
        found = 1.0 if indicators[item, j] < 0.0 else 0.0
    elif kind == LED_BY:
        found = count_led(j, item, leader)
    return found
