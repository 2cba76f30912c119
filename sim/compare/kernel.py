"""Compiled loops of paired runs: statistics of differences, and who uses what in which arm.

Shares here are of users, adoption is the part of potential users who use AI. The last place of an
offering axis holds adoption. Axes: C economies, S segments and O offerings of all arms together,
A cells of membership, G groups, L lanes, W runs of a pack.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.lanes.jit import borrowing, inner

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Columns of what `tally` finds in a cell.
COUNT, MEAN, SQUARES, UP, DOWN, BASE, OTHER = range(7)
COLUMNS = 7


@borrowing
def tally(base: Floats, other: Floats, lanes: Ints, found: Floats) -> None:
    """Statistics of other - base by row, base and other [N, L], into found [N, COLUMNS].

    lanes: those that count. A lane in which either side is NaN is left out of its row. Two passes:
    the sum of squares is of deviations from the row's mean.
    """
    for i in range(base.shape[0]):
        n = up = down = total = left = right = 0.0
        for k in range(lanes.shape[0]):
            j = lanes[k]
            d = other[i, j] - base[i, j]
            if d == d:  # not NaN
                n += 1.0
                total += d
                left += base[i, j]
                right += other[i, j]
                up += 1.0 if d > 0.0 else 0.0
                down += 1.0 if d < 0.0 else 0.0
        found[i, :] = 0.0
        if n == 0.0:
            continue
        mean, squares = total / n, 0.0
        if up + down > 0.0:
            for k in range(lanes.shape[0]):
                d = other[i, lanes[k]] - base[i, lanes[k]]
                if d == d:  # not NaN
                    squares += (d - mean) * (d - mean)
        found[i, COUNT] = n
        found[i, MEAN] = mean
        found[i, SQUARES] = squares
        found[i, UP] = up
        found[i, DOWN] = down
        found[i, BASE] = left / n
        found[i, OTHER] = right / n


@borrowing
def merge(mine: Floats, theirs: Floats) -> None:
    """Two sets of replicates as one, rows [N, COLUMNS], in place.

    Chan, Golub and LeVeque (1983): the cross term is the distance of the two means.
    """
    for i in range(mine.shape[0]):
        n, m = mine[i, COUNT], theirs[i, COUNT]
        if m == 0.0:
            continue
        part, gap = m / (n + m), theirs[i, MEAN] - mine[i, MEAN]
        mine[i, SQUARES] += theirs[i, SQUARES] + gap * gap * n * part
        mine[i, MEAN] += gap * part
        mine[i, BASE] += (theirs[i, BASE] - mine[i, BASE]) * part
        mine[i, OTHER] += (theirs[i, OTHER] - mine[i, OTHER]) * part
        mine[i, COUNT] += m
        mine[i, UP] += theirs[i, UP]
        mine[i, DOWN] += theirs[i, DOWN]


class Use(NamedTuple):
    """Who uses what in a month of an arm, on its own axes; their places on the common ones."""

    share: Floats  # [C, s, o, L] of users
    adoption: Floats  # [C, s, L]
    segment_at: Ints  # [s]
    offering_at: Ints  # [o]


@borrowing
def move(
    base: Use,
    other: Use,
    people: Floats,
    potential: Floats,
    region: Ints,
    lanes: Ints,
    work: Floats,
    moved: Floats,
) -> None:
    """Add who uses what in one arm and what in the other to moved [R + 1, O + 1, O + 1].

    base, other: of one month, with the same segments; people [C] persons; potential [s, L] part of
    them in the base, 0 of a segment that the other lacks; region [C], -1: none; work [2, O + 1].
    The last offering is not using AI, the last region the world. In an economy's segment as many as
    possible stay with what they use; the rest goes from what loses to what gains, in proportion.
    """
    for c in range(people.shape[0]):
        for k in range(potential.shape[0]):
            m = 0
            for i in range(other.segment_at.shape[0]):
                if other.segment_at[i] == base.segment_at[k]:
                    m = i
            for at in range(lanes.shape[0]):
                j = lanes[at]
                could = people[c] * potential[k, j]
                work[:] = 0.0
                _fill(base, c, k, j, could, work[0])
                _fill(other, c, m, j, could, work[1])
                _transport(work, region[c], moved)


@inner
def _fill(use: Use, c: int, k: int, j: int, could: float, found: Floats) -> None:
    """Users by offering of one segment, of `could` persons, into found [O + 1], last: nobody's."""
    for o in range(use.offering_at.shape[0]):
        found[use.offering_at[o]] = use.share[c, k, o, j] * use.adoption[c, k, j] * could
    found[-1] = (1.0 - use.adoption[c, k, j]) * could


@inner
def _transport(work: Floats, region: int, moved: Floats) -> None:
    """Users of both arms work [2, O + 1] into moved, of the world and of a region."""
    gain = 0.0
    for o in range(work.shape[1]):
        gain += max(0.0, work[1, o] - work[0, o])
    for o in range(work.shape[1]):
        stay = min(work[0, o], work[1, o])
        lost = work[0, o] - stay
        moved[-1, o, o] += stay
        if region >= 0:
            moved[region, o, o] += stay
        if lost > 0.0 and gain > 0.0:
            for p in range(work.shape[1]):
                part = lost * (max(0.0, work[1, p] - work[0, p]) / gain)
                moved[-1, o, p] += part
                if region >= 0:
                    moved[region, o, p] += part
