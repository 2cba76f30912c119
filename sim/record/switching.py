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

import numpy as np
from numpy.typing import NDArray

from sim.lanes.jit import inner, part
from sim.lanes.packs import choose, fill, load, store
from sim.record.cells import masked_sum

Floats = NDArray[np.float64]


@inner
def renew(renewal: Floats, settled: Floats) -> None:
    """Part of users not up for renewal since the last recorded month, settled [S, W].

    renewal [S, W]: part of users up for renewal this month. A recorded month starts anew.
    """
    for s in range(settled.shape[0]):
        store(settled, (s,), load(settled, (s,)) * (1.0 - load(renewal, (s,))))


@inner
def bound(c: int, reached: Floats, before: Floats, settled: Floats, work: Floats) -> None:
    """Who can have stayed in economy ``c``, by segment: work [4, S, W], `before` for next time.

    work: users then and now; those of them not up for renewal; users lost; users gained. reached
    [S, W] users now; before [C, S, W] users then.
    """
    for s in range(reached.shape[0]):
        then, now = load(before, (c, s)), load(reached, (s,))
        both = choose(then < now, then, now)
        store(work, (0, s), both)
        store(work, (1, s), load(settled, (s,)) * both)
        store(work, (2, s), then - both)
        store(work, (3, s), now - both)
        store(before, (c, s), now)


@inner
def add_margins(
    c: int, r: int, share: Floats, previous: Floats, work: Floats, met: Floats, margin: Floats
) -> None:
    """Add economy ``c``'s margins to those of region ``r``, margin [R + 1, margin, O, W].

    share [C, S, O, W] now; previous [C, S, O, W] then, which ends as now; work from `bound`; met
    [S, W] is work space: 1 / users who joined any offering by a new choice.
    """
    S, O = share.shape[1], share.shape[2]  # noqa: E741
    for s in range(S):
        joined = fill(0.0)
        for o in range(O):
            joined = joined + movers(c, s, o, share, previous, work)[1]
        store(met, (s,), choose(joined > 0.0, 1.0 / joined, 0.0))
    for o in range(O):
        left, joined = load(margin, (r, 0, o)), load(margin, (r, 1, o))
        stopped, started = load(margin, (r, 2, o)), load(margin, (r, 3, o))
        for s in range(S):
            out, came = movers(c, s, o, share, previous, work)
            inverse, before, now = (
                load(met, (s,)),
                load(previous, (c, s, o)),
                load(share, (c, s, o)),
            )
            left = left + out * _rest(came * inverse)
            joined = joined + came * _rest(out * inverse)
            stopped = stopped + load(work, (2, s)) * before
            started = started + load(work, (3, s)) * now
            store(previous, (c, s, o), now)
        store(margin, (r, 0, o), left)
        store(margin, (r, 1, o), joined)
        store(margin, (r, 2, o), stopped)
        store(margin, (r, 3, o), started)


@part
def movers(
    c: int, s: int, o: int, share: Floats, previous: Floats, work: Floats
) -> tuple[float, float]:
    """Users who left and who joined an offering by a new choice."""
    then, now = load(previous, (c, s, o)), load(share, (c, s, o))
    both = load(work, (0, s))
    kept, wanted = load(work, (1, s)) * then, both * now
    stay = choose(kept < wanted, kept, wanted)
    return both * then - stay, wanted - stay


@part
def _rest(met: float) -> float:
    """What is left of movers who do not meet their own offering."""
    rest = 1.0 - met
    return choose(rest > 0.0, rest, 0.0)


@inner
def sum_margins(q: int, margin: Floats, live: Floats, flow: Floats) -> None:
    """Add the margins of live runs to ``flow[q]``; the last region is the world."""
    R = flow.shape[1] - 1
    for r in range(R + 1):
        for k in range(flow.shape[2]):
            for o in range(flow.shape[3]):
                found = masked_sum(margin[r, k], o, live)
                flow[q, R, k, o] += found
                if r < R:
                    flow[q, r, k, o] += found


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
