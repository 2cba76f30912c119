"""Gross switching between offerings: who left what for what from one quarter's end to the next.

Definition. Of an economy-segment's users of the last recorded month (`Layout.recorded`), those who
stay users and were not up for renewal since keep their offering; the rest choose, independently of
what they used. With `out` the users of each offering up for renewal and `in` those who chose it,
out x in / sum(in) move, the diagonal being those who chose the same again. Users who stop or start
using AI are counted apart. Summed over economies only the margins are kept (left, joined, stopped,
started); a year's matrix is the one of largest entropy with those margins and nothing on the
diagonal (`allocate`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.equations.jit import inner
from sim.results.record import picked_sum

if TYPE_CHECKING:
    from sim.results.record import Row

Floats = NDArray[np.float64]


@inner
def renew(renewal: Floats, settled: Floats) -> None:
    """Part of users not up for renewal since the last recorded month, settled [S, L].

    renewal [S, L]: part of users up for renewal this month. A recorded month starts anew.
    """
    for s in range(settled.shape[0]):
        for j in range(settled.shape[1]):
            settled[s, j] *= 1.0 - renewal[s, j]


@inner
def bound(c: int, reached: Floats, before: Floats, settled: Floats, work: Floats) -> None:
    """Who can have stayed in economy ``c``, by segment: work [4, S, L], `before` for next time.

    work: users then and now; those of them not up for renewal; users lost; users gained. reached
    [S, L] users now; before [C, S, L] users then.
    """
    S, L = reached.shape
    for s in range(S):
        for j in range(L):
            work[0, s, j] = min(before[c, s, j], reached[s, j])
        for j in range(L):
            work[1, s, j] = settled[s, j] * work[0, s, j]
        for j in range(L):
            work[2, s, j] = before[c, s, j] - work[0, s, j]
        for j in range(L):
            work[3, s, j] = reached[s, j] - work[0, s, j]
        for j in range(L):
            before[c, s, j] = reached[s, j]


@inner
def add_margins(
    c: int, r: int, share: Floats, previous: Floats, work: Floats, moves: Floats, margin: Floats
) -> None:
    """Add economy ``c``'s margins to those of region ``r``, margin [R + 1, margin, O, L].

    share [C, S, O, L] now; previous [C, S, O, L] then; work from `bound`; moves [2, O + 1, L] is
    work space: users who left and who joined an offering by a new choice, and what part of the
    others a mover meets.
    """
    S, O, L = share.shape[1], share.shape[2], share.shape[3]  # noqa: E741
    for s in range(S):
        moves[1, O, :] = 0.0
        for o in range(O):
            for j in range(L):
                moves[0, o, j] = work[0, s, j] * previous[c, s, o, j] - min(
                    work[1, s, j] * previous[c, s, o, j], work[0, s, j] * share[c, s, o, j]
                )
            for j in range(L):
                moves[1, o, j] = work[0, s, j] * share[c, s, o, j] - min(
                    work[1, s, j] * previous[c, s, o, j], work[0, s, j] * share[c, s, o, j]
                )
            for j in range(L):
                moves[1, O, j] += moves[1, o, j]
        for j in range(L):
            moves[1, O, j] = 1.0 / moves[1, O, j] if moves[1, O, j] > 0.0 else 0.0
        for o in range(O):
            for j in range(L):
                margin[r, 0, o, j] += moves[0, o, j] * max(
                    0.0, 1.0 - moves[1, o, j] * moves[1, O, j]
                )
            for j in range(L):
                margin[r, 1, o, j] += moves[1, o, j] * max(
                    0.0, 1.0 - moves[0, o, j] * moves[1, O, j]
                )
        add_part(c, s, r, 2, work[2, s], previous, margin)
        add_part(c, s, r, 3, work[3, s], share, margin)


@inner
def keep_shares(c: int, share: Floats, previous: Floats) -> None:
    """Shares [C, S * O * L] of economy ``c`` for the next time."""
    for i in range(share.shape[1]):
        previous[c, i] = share[c, i]


@inner
def add_part(c: int, s: int, r: int, k: int, people: Floats, share: Floats, margin: Floats) -> None:
    """Add people [L] by their share of offerings to margin ``k``; nothing if there are none."""
    some = 0.0
    for j in range(people.shape[0]):
        some = max(some, people[j])
    if some > 0.0:
        for o in range(share.shape[2]):
            for j in range(people.shape[0]):
                margin[r, k, o, j] += people[j] * share[c, s, o, j]


@inner
def sum_margins(
    q: int, margin: Floats, alive: NDArray[np.int64], n: int, row: Row, flow: Floats
) -> None:
    """Add the margins of live lanes to ``flow[q]``; the last region is the world."""
    R = flow.shape[1] - 1
    for r in range(R + 1):
        for k in range(flow.shape[2]):
            for o in range(flow.shape[3]):
                total = picked_sum(margin[r, k], o, alive, n, row)
                flow[q, R, k, o] += total
                if r < R:
                    flow[q, r, k, o] += total


def allocate(
    left: Floats, joined: Floats, *, rounds: int = 200, tolerance: float = 1e-12
) -> Floats:
    """The switching matrix [from, to] of largest entropy with these margins and a zero diagonal.

    left, joined [O] users, equal sums (rescaled to the mean if rounding parts them). Iterative
    proportional fitting (Deming and Stephan 1940).
    """
    size = len(left)
    matrix = np.outer(left, joined)
    np.fill_diagonal(matrix, 0.0)
    if not left.sum() > 0.0 or not joined.sum() > 0.0:
        return np.zeros((size, size))
    joined = joined * (left.sum() / joined.sum())
    for _ in range(rounds):
        matrix *= _ratio(left, matrix.sum(axis=1))[:, None]
        matrix *= _ratio(joined, matrix.sum(axis=0))[None, :]
        if np.abs(matrix.sum(axis=1) - left).max() <= tolerance * left.sum():
            break
    return matrix


def _ratio(wanted: Floats, found: Floats) -> Floats:
    return np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0.0)
