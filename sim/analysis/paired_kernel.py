"""Compiled loops of paired runs: users by group and economy, and statistics of differences.

Shares here are of users, adoption is the part of potential users who use AI. The last place of an
offering axis holds adoption. Axes: C economies, S segments and O offerings of all arms together,
A cells of membership, G groups, L lanes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.equations.jit import borrowing, inner

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Columns of what `tally` finds in a cell.
COUNT, MEAN, SQUARES, UP, DOWN, BASE, OTHER = range(7)
COLUMNS = 7


@borrowing
def pool(
    share: Floats,
    adoption: Floats,
    potential: Floats,
    atom_of: Ints,
    segment_at: Ints,
    offering_at: Ints,
    atoms: Floats,
    economy: Floats,
    recorded: bool,
) -> None:
    """Users of one month into atoms [A, S, O + 1, L] and, if recorded, economy [C, O + 1, L].

    share [C, s, o, L], adoption [C, s, L], potential [C, s]: on the arm's own axes; segment_at [s]
    and offering_at [o]: their places. `economy` ends as shares (NaN where nobody uses AI) and
    adoption over all segments; `atoms` stay users.
    """
    last, L = economy.shape[1] - 1, economy.shape[2]
    atoms[:] = 0.0
    for c in range(share.shape[0]):
        a, people = atom_of[c], 0.0
        economy[c] = 0.0
        for k in range(share.shape[1]):
            s = segment_at[k]
            people += potential[c, k]
            for j in range(L):
                reached = adoption[c, k, j] * potential[c, k]
                atoms[a, s, last, j] += reached
                economy[c, last, j] += reached
            for i in range(share.shape[2]):
                o = offering_at[i]
                for j in range(L):
                    users = share[c, k, i, j] * (adoption[c, k, j] * potential[c, k])
                    atoms[a, s, o, j] += users
                    economy[c, o, j] += users
        if recorded:
            for o in range(last):
                for j in range(L):
                    economy[c, o, j] = economy[c, o, j] / economy[c, last, j]
            for j in range(L):
                economy[c, last, j] = economy[c, last, j] / people


@borrowing
def gather(member: Ints, atoms: Floats, potential: Floats, group: Floats) -> None:
    """Shares and adoption of groups [G, S + 1, O + 1, L] from atoms; the last segment is all.

    member [G, A + 1] atoms of a group, ended by -1; potential [G, S + 1] persons.
    """
    segments, last, L = atoms.shape[1], atoms.shape[2] - 1, atoms.shape[3]
    for g in range(member.shape[0]):
        group[g] = 0.0
        for k in range(member.shape[1]):
            a = member[g, k]
            if a < 0:
                break
            for s in range(segments):
                for o in range(last + 1):
                    for j in range(L):
                        group[g, s, o, j] += atoms[a, s, o, j]
        _divide(group[g], potential[g])


@inner
def _divide(group: Floats, potential: Floats) -> None:
    """Users [S + 1, O + 1, L] of segments to shares and adoption, the last segment all of them."""
    segments, last, L = group.shape[0] - 1, group.shape[1] - 1, group.shape[2]
    for s in range(segments):
        for o in range(last + 1):
            for j in range(L):
                group[segments, o, j] += group[s, o, j]
    for s in range(segments + 1):
        for o in range(last):
            for j in range(L):
                group[s, o, j] = group[s, o, j] / group[s, last, j]
        for j in range(L):
            group[s, last, j] = group[s, last, j] / potential[s]


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
def move(
    base: tuple[Floats, Floats],
    other: tuple[Floats, Floats],
    places: tuple[Ints, Ints, Ints, Ints],
    potential: Floats,
    region: Ints,
    lanes: Ints,
    work: Floats,
    moved: Floats,
) -> None:
    """Add who uses what in one arm and what in the other to moved [R + 1, O + 1, O + 1].

    base, other: (share, adoption) of one month on the arms' own axes; places: base's segment_at
    and offering_at, other's segment_at and offering_at, same segments in both; potential [C, s]
    persons of the base; region [C], -1: none; work [2, O + 1]. The last offering is not using AI,
    the last region the world. In an economy's segment as many as possible stay with what they use;
    the rest goes from what loses to what gains, in proportion.
    """
    last = work.shape[1] - 1
    for c in range(potential.shape[0]):
        for k in range(potential.shape[1]):
            people = potential[c, k]
            m = 0
            for i in range(places[2].shape[0]):
                if places[2][i] == places[0][k]:
                    m = i
            for at in range(lanes.shape[0]):
                j = lanes[at]
                work[:] = 0.0
                for o in range(places[1].shape[0]):
                    work[0, places[1][o]] = base[0][c, k, o, j] * base[1][c, k, j] * people
                for o in range(places[3].shape[0]):
                    work[1, places[3][o]] = other[0][c, m, o, j] * other[1][c, m, j] * people
                work[0, last] = (1.0 - base[1][c, k, j]) * people
                work[1, last] = (1.0 - other[1][c, m, j]) * people
                _transport(work, region[c], moved)


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
