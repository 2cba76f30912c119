"""Users of AI: persons times the part who could use it times adoption, by offering their shares.

The one place that says so for everybody who reads a month: tables, outcomes, instruments,
comparisons, the page.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.lanes.jit import borrowing, inner, part
from sim.lanes.packs import WIDTH, aligned, load, store

Floats = NDArray[np.float64]


class Users(NamedTuple):
    """One economy's people, in persons. S segments, O offerings, W runs of a pack."""

    could: Floats  # [S, W] could use AI
    reached: Floats  # [S, W] use it
    use: Floats  # [S, O, W] use an offering; a user of several is counted in parts


def new_users(segments: int, offerings: int) -> Users:
    """Room for one economy."""
    return Users(
        aligned(segments, WIDTH), aligned(segments, WIDTH), aligned(segments, offerings, WIDTH)
    )


@part
def add_users(
    c: int, s: int, could: float, share: Floats, adoption: Floats, found: Floats, fresh: bool
) -> float:
    """Users of AI in a segment of economy ``c``, of those who could; by offering added to found
    [O, W], which is written anew if fresh. share [C, S, O, W] of the segment's use; adoption
    [C, S, W].
    """
    users: float = load(adoption, (c, s)) * could
    for o in range(share.shape[2]):
        here = load(share, (c, s, o)) * users
        store(found, (o,), here if fresh else load(found, (o,)) + here)
    return users


@inner
def see_users(
    c: int, people: float, potential: Floats, share: Floats, adoption: Floats, found: Users
) -> None:
    """Users of economy ``c``; people: its persons; potential [S, W]: the part who could use AI."""
    for s in range(share.shape[1]):
        could = people * load(potential, (s,))
        store(found.could, (s,), could)
        users = add_users(c, s, could, share, adoption, found.use[s], True)
        store(found.reached, (s,), users)


@borrowing
def sum_people(inside: Floats, people: Floats, potential: Floats, found: Floats) -> None:
    """Persons who could use AI in each group into found [G, S1, W]; last: all segments.

    inside [G, C] 0 or 1; people [C] persons; potential [S, W] part of them.
    """
    S = potential.shape[0]
    found[:] = 0.0
    for g in range(found.shape[0]):
        for c in range(people.shape[0]):
            if inside[g, c] > 0.0:
                for s in range(S):
                    here = people[c] * load(potential, (s,))
                    store(found, (g, s), load(found, (g, s)) + here)
        for s in range(S):
            store(found, (g, S), load(found, (g, S)) + load(found, (g, s)))
