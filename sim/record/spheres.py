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

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.lanes.jit import borrowing, inner
from sim.lanes.packs import WIDTH, choose, fill, load, store
from sim.record.layout import BLOCS

if TYPE_CHECKING:
    from sim.record.accumulators import Accumulator
    from sim.record.plan_arrays import ReductionPlan

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
def count_led(leader: Ints, found: Floats) -> None:
    """Economies that each bloc leads, from leader [C, W] into found [B, W]."""
    found[:] = 0.0
    for c in range(leader.shape[0]):
        for j in range(found.shape[1]):
            if leader[c, j] < NO_LEADER:
                found[leader[c, j], j] += 1.0


@inner
def leading_bloc(c: int, plan: ReductionPlan, acc: Accumulator) -> None:
    """The bloc whose offerings have the largest use in economy ``c``, from `acc.work.whole`.

    `NO_LEADER` where nobody uses AI; on a tie the first in the order of blocs.
    """
    work, row, home = acc.work, acc.book.row, plan.atom_home[plan.atom_of[c]]
    most, first = fill(0.0), fill(float(NO_LEADER))
    for b in range(NO_LEADER):
        used = fill(0.0)
        for o in range(plan.origin.shape[1]):
            weight = plan.origin[home, o, b]
            if weight != 0.0:
                used = used + load(work.whole, (o,)) * weight
        first = choose(used > most, float(b), first)
        most = choose(used > most, used, most)
    store(row.value, (0,), first)
    for j in range(WIDTH):
        work.month.leader[c, j] = np.int64(row.value[0, j])
