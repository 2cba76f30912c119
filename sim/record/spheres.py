"""Structure of the world: who leads where, and whether trade partners share a leader.

Modularity Q of a partition of the symmetrised trade network is
    Q = sum_ij [a_ij - k_i k_j] d(i, j),
with a_ij link weights that sum to 1, k_i their row sums and d = 1 where i and j have one label
(Newman 2006). Dealing the same labels to random economies gives two different economies one label
with probability p = sum_b n_b (n_b - 1) / (C (C - 1)), so with q = sum_i k_i**2
    E[Q] = p - q - p (1 - q) = -q (1 - p),
and the reported value is Q - E[Q]: 0 on average without any structure. Economies where nobody uses
AI carry a label of their own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.lanes.jit import borrowing, inner
from sim.lanes.packs import fill, load, store
from sim.record.layout import BLOCS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Label of economies where nobody uses AI, after the blocs.
NO_LEADER = len(BLOCS)


@borrowing
def structure(leader: Ints, trade: Floats, strength: Floats, found: Floats) -> None:
    """Structure of the leading blocs [C, L] into found [3, L].

    Rows: modularity minus its expectation, assortativity (NaN if one label covers all trade), and
    the trade within blocs.
    """
    C, L = leader.shape
    found[2, :] = 0.0
    for i in range(C):
        for k in range(i):
            link = 2.0 * trade[i, k]
            for j in range(L):
                found[2, j] += link if leader[i, j] == leader[k, j] else 0.0
    square = 0.0
    for i in range(C):
        square += strength[i] * strength[i]
    for j in range(L):
        by_chance = same = 0.0
        for b in range(NO_LEADER + 1):
            size = end = 0.0
            for i in range(C):
                if leader[i, j] == b:
                    size += 1.0
                    end += strength[i]
            by_chance += end * end
            same += size * (size - 1.0)
        p = same / (C * (C - 1.0)) if C > 1 else 1.0
        rest = 1.0 - by_chance
        found[0, j] = found[2, j] - by_chance + square * (1.0 - p)
        found[1, j] = (found[2, j] - by_chance) / rest if rest > 1e-12 else np.nan


@inner
def count_led(lane: int, bloc: int, leader: Ints) -> float:
    """Economies led by ``bloc`` in a lane."""
    found = 0.0
    for c in range(leader.shape[0]):
        found += 1.0 if leader[c, lane] == bloc else 0.0
    return found


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
def weigh_family(
    g: int,
    family: Floats,
    k: int,
    exposure: int,
    revocability: Floats,
    member: Ints,
    home: Ints,
    atoms: Floats,
    row: Floats,
) -> None:
    """Sum of atoms [A, O, L] over group ``g``, weighted by family ``k``, into ``row`` [L]; the
    weights of the family ``exposure`` are times revocability [O, L].
    """
    row[:] = 0.0
    for i in range(member.shape[1]):
        a = member[g, i]
        if a < 0:
            break
        for o in range(atoms.shape[1]):
            w = family[k, home[a], o]
            if w != 0.0:
                for j in range(row.shape[0]):
                    own = revocability[o, j] * w if k == exposure else w
                    row[j] += own * atoms[a, o, j]


@inner
def total_of(g: int, member: Ints, atoms: Floats, row: Floats) -> None:
    """Sum of atoms [A, O, L] over group ``g`` into ``row`` [L]."""
    row[:] = 0.0
    for i in range(member.shape[1]):
        a = member[g, i]
        if a < 0:
            break
        for o in range(atoms.shape[1]):
            for j in range(row.shape[0]):
                row[j] += atoms[a, o, j]


@inner
def herfindahl(member: Ints, atoms: Floats, row: Floats, part: Floats) -> None:
    """Sum of squared world shares of the offerings into ``row`` [L]; ``part`` [L] is work space."""
    row[:] = 0.0
    for o in range(atoms.shape[1]):
        part[:] = 0.0
        for a in range(atoms.shape[0]):
            for j in range(row.shape[0]):
                part[j] += atoms[a, o, j]
        for j in range(row.shape[0]):
            row[j] += part[j] * part[j]
    total_of(0, member, atoms, part)
    for j in range(row.shape[0]):
        row[j] = row[j] / (part[j] * part[j])
