"""Gross switching between offerings: who leaves what for what in a month.

Definition. Of an economy-segment's users of last month, those who stay users and were not up for
renewal keep their offering; the rest choose, independently of what they used. With `out` the users
of each offering up for renewal and `in` those who chose it, out x in / sum(in) move, the diagonal
being those who chose the same again. Users who stop or start using AI are counted apart. Summed
over economies only the margins are kept (left, joined, stopped, started); a year's matrix is the
one of largest entropy with those margins and nothing on the diagonal (`allocate`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.results.compiled import borrowing

Floats = NDArray[np.float64]


@borrowing
def add_margins(
    c: int,
    region: int,
    use: Floats,
    previous: Floats,
    renewal: Floats,
    work: Floats,
    margin: Floats,
) -> None:
    """Add economy ``c``'s margins to its region; keep its users for the next month.

    margin [region, margin, offering, lane]; renewal [S, L]: part of users up for renewal in a
    month; ``work`` [>= 2, >= 2, L] is work space.
    """
    S, O, L = previous.shape[1], previous.shape[2], previous.shape[3]  # noqa: E741
    for s in range(S):
        stay, grow, moved = work[0, 0], work[0, 1], work[1, 0]
        for j in range(L):
            stay[j] = 0.0
        for o in range(O):
            for j in range(L):
                stay[j] += previous[c, s, o, j]
        for j in range(L):
            before, now = stay[j], use[s, O, j]
            both = min(before, now)
            stay[j] = both / before if before > 0.0 else 0.0
            grow[j] = both / now if now > 0.0 else 0.0
            moved[j] = 0.0
        for o in range(O):
            for j in range(L):
                kept = min(
                    (1.0 - renewal[s, j]) * previous[c, s, o, j] * stay[j], use[s, o, j] * grow[j]
                )
                moved[j] += use[s, o, j] * grow[j] - kept
        for j in range(L):
            moved[j] = 1.0 / moved[j] if moved[j] > 0.0 else 0.0
        for o in range(O):
            for j in range(L):
                old, new = previous[c, s, o, j], use[s, o, j]
                kept = min((1.0 - renewal[s, j]) * old * stay[j], new * grow[j])
                out, into = old * stay[j] - kept, new * grow[j] - kept
                margin[region, 0, o, j] += out * max(0.0, 1.0 - into * moved[j])
                margin[region, 1, o, j] += into * max(0.0, 1.0 - out * moved[j])
                margin[region, 2, o, j] += old * (1.0 - stay[j])
                margin[region, 3, o, j] += new * (1.0 - grow[j])
                previous[c, s, o, j] = new


@borrowing
def sum_margins(t: int, margin: Floats, alive: NDArray[np.int64], n: int, flow: Floats) -> None:
    """Add the margins of live lanes to ``flow[t]``; the last region is the world."""
    R = flow.shape[1] - 1
    for r in range(R + 1):
        for k in range(flow.shape[2]):
            for o in range(flow.shape[3]):
                total = 0.0
                for i in range(n):
                    total += margin[r, k, o, alive[i]]
                flow[t, R, k, o] += total
                if r < R:
                    flow[t, r, k, o] += total


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
