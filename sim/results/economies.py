"""Compiled reductions of one month, economy by economy: users, shares, adoption, channel.

All arrays have lanes last. Every step over lanes is lane by lane, so a lane that failed spoils
nothing but itself; lanes that count are picked when a row is recorded. Loops store one row each and
read few (`sim.ensemble.kernel` says why).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.equations import observe
from sim.equations.jit import inner
from sim.results.layout import CHANNEL, ECONOMY_ADOPTION, ECONOMY_SHARE
from sim.results.record import add_units, pick, row_sum

if TYPE_CHECKING:
    from sim.results.record import Cells, Row

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Table = NDArray[np.uint8]


@inner
def living(live: NDArray[np.bool_], alive: Ints) -> int:
    """Indices of live lanes into ``alive``; returns how many."""
    n = 0
    for lane in range(live.shape[0]):
        if live[lane]:
            alive[n] = lane
            n += 1
    return n


@inner
def where_used(level: Floats, s: int, alive: Ints, n: int, lanes: Ints) -> int:
    """Live lanes in which level[s] is above 0 into ``lanes``; returns how many."""
    m = 0
    for j in range(n):
        lane = alive[j]
        lanes[m] = lane
        m += level[s, lane] > 0.0
    return m


@inner
def users_of(
    c: int, share: Floats, adoption: Floats, potential: Floats, reached: Floats, use: Floats
) -> None:
    """Users of economy ``c``: of AI into reached [S, L], by offering into use [S, O, L]."""
    for s in range(share.shape[1]):
        people = potential[c, s]
        for j in range(share.shape[3]):
            reached[s, j] = adoption[c, s, j] * people
        for o in range(share.shape[2]):
            for j in range(share.shape[3]):
                use[s, o, j] = share[c, s, o, j] * reached[s, j]


@inner
def clear_atom(a: int, with_spend: bool, atom_use: Floats, atom_spend: Floats) -> None:
    """Empty an atom's users, and its spend if that is added up this month."""
    for i in range(atom_use.shape[1]):
        atom_use[a, i] = 0.0
    if with_spend:
        for i in range(atom_spend.shape[1]):
            atom_spend[a, i] = 0.0


@inner
def add_users(a: int, reached: Floats, use: Floats, atom_reached: Floats, atom_use: Floats) -> None:
    """Add an economy's users [S * O * L] to its atom."""
    for i in range(use.shape[0]):
        atom_use[a, i] += use[i]
    for s in range(reached.shape[0]):
        for j in range(reached.shape[1]):
            atom_reached[a, s, j] += reached[s, j]


@inner
def add_spend(a: int, c: int, bill: Floats, use: Floats, atom_spend: Floats) -> None:
    """Add an economy's spend, users [S * O * L] times bill, to its atom."""
    for i in range(use.shape[0]):
        atom_spend[a, i] += use[i] * bill[c, i]


@inner
def over_all(
    c: int, adoption: Floats, potential: Floats, use: Floats, level: Floats, whole: Floats
) -> None:
    """Adoption of segments and all into level [S1, L] (all: weighted by potential users); users by
    offering over all segments into whole [O1, L], last their sum.
    """
    S, O = use.shape[0], use.shape[1]  # noqa: E741
    everyone = 0.0
    for s in range(S):
        everyone += potential[c, s]
    inverse = 1.0 / everyone if everyone > 0.0 else 0.0
    level[S, :] = 0.0
    whole[:, :] = 0.0
    for s in range(S):
        weight = potential[c, s] * inverse
        for j in range(level.shape[1]):
            level[s, j] = adoption[c, s, j]
        for j in range(level.shape[1]):
            level[S, j] += level[s, j] * weight
        for o in range(O):
            for j in range(level.shape[1]):
                whole[o, j] += use[s, o, j]
    for o in range(O):
        for j in range(level.shape[1]):
            whole[O, j] += whole[o, j]


@inner
def record_economy(
    q: int,
    c: int,
    share: Floats,
    level: Floats,
    whole: Floats,
    part: Floats,
    alive: Ints,
    n: int,
    lanes: Ints,
    table: Table,
    row: Row,
    cells: Cells,
    shelf: Ints,
    count: int,
) -> None:
    """Share and adoption of economy ``c`` in every segment and in all."""
    S, O = share.shape[1], share.shape[2]  # noqa: E741
    bins = shelf[ECONOMY_SHARE, 2]
    local = (q * share.shape[0] + c) * (S + 1)
    first, at = shelf[ECONOMY_ADOPTION, 0] + local, shelf[ECONOMY_ADOPTION, 1] + local * bins
    add_units(level, S + 1, alive, n, table, row, cells, first, at, bins, count)
    first = shelf[ECONOMY_SHARE, 0] + local * O
    at = shelf[ECONOMY_SHARE, 1] + local * O * bins
    for s in range(S):
        m = where_used(level, s, alive, n, lanes)
        add_units(share[c, s], O, lanes, m, table, row, cells, first, at, bins, count)
        first, at = first + O, at + O * bins
    for j in range(whole.shape[1]):
        part[O, j] = 1.0 / whole[O, j]
    for o in range(O):
        for j in range(whole.shape[1]):
            part[o, j] = whole[o, j] * part[O, j]
    m = where_used(level, S, alive, n, lanes)
    add_units(part, O, lanes, m, table, row, cells, first, at, bins, count)


@inner
def add_december(
    y: int,
    c: int,
    use: Floats,
    bill: Floats,
    tokens_per_user: Floats,
    alive: Ints,
    n: int,
    total: Floats,
) -> None:
    """Sums over live lanes of users, tokens and spend of economy ``c`` in December ``y``."""
    S, O = use.shape[0], use.shape[1]  # noqa: E741
    for s in range(S):
        for o in range(O):
            users = tokens = paid = 0.0
            for k in range(n):
                j = alive[k]
                users += use[s, o, j]
                tokens += use[s, o, j] * tokens_per_user[s, j]
                paid += use[s, o, j] * bill[c, s, o, j]
            for to in (s, S):
                total[y, 0, c, to, o] += users
                total[y, 1, c, to, o] += tokens
                total[y, 2, c, to, o] += paid


@inner
def see_chat(
    c: int,
    s: int,
    share: Floats,
    adoption: Floats,
    people: float,
    seen: float,
    cn: Floats,
    deepseek: Floats,
    part: Floats,
    chat: Floats,
) -> None:
    """Consumer chat of economy ``c`` into part [3, L]: AI users as observed, Chinese services',
    DeepSeek's part. Adds observed users, and both parts weighted by them, to ``chat``.
    """
    L = part.shape[1]
    for j in range(L):
        part[0, j] = observe.observed_users(adoption[c, s, j], seen)
    part[1, :] = 0.0
    part[2, :] = 0.0
    for o in range(share.shape[2]):
        if cn[c, o] != 0.0:
            for j in range(L):
                part[1, j] += cn[c, o] * share[c, s, o, j]
        if deepseek[c, o] != 0.0:
            for j in range(L):
                part[2, j] += deepseek[c, o] * share[c, s, o, j]
    for j in range(L):
        chat[0, j] += part[0, j] * people
    for j in range(L):
        chat[1, j] += part[0, j] * people * part[1, j]
    for j in range(L):
        chat[2, j] += part[0, j] * people * part[2, j]


@inner
def add_chat(
    t: int,
    q: int,
    c: int,
    m: int,
    part: Floats,
    alive: Ints,
    n: int,
    lanes: Ints,
    table: Table,
    row: Row,
    cells: Cells,
    shelf: Ints,
    sums: Floats,
    count: int,
) -> None:
    """Sums of the channel part [3, L] of economy ``c``; in recorded months also its quantiles.

    A share is defined in the ``m`` lanes in which AI is used; sums[t, 3] counts them.
    """
    C, bins = sums.shape[2], shelf[CHANNEL, 2]
    sums[t, 3, c] += m
    for v in range(3):
        picked, found = (alive, n) if v == 0 else (lanes, m)
        pick(part, v, picked, found, row.value)
        sums[t, v, c] += row_sum(row.value, found)
        if q >= 0:
            local = (q * 3 + v) * C + c
            first, at = shelf[CHANNEL, 0] + local, shelf[CHANNEL, 1] + local * bins
            add_units(part[v : v + 1], 1, picked, found, table, row, cells, first, at, bins, count)


@inner
def leading_bloc(
    c: int, home: int, origin: Floats, whole: Floats, part: Floats, leader: Ints
) -> None:
    """The bloc whose offerings have the largest use in economy ``c``, from whole [O1, L].

    `NO_LEADER` where nobody uses AI; on a tie the first in the order of blocs. part [>= 2, L] is
    work space.
    """
    L, blocs = whole.shape[1], origin.shape[2]
    part[0, :] = 0.0
    for j in range(L):
        leader[c, j] = blocs
    for b in range(blocs):
        part[1, :] = 0.0
        for o in range(origin.shape[1]):
            weight = origin[home, o, b]
            if weight != 0.0:
                for j in range(L):
                    part[1, j] += whole[o, j] * weight
        for j in range(L):
            leader[c, j] = b if part[1, j] > part[0, j] else leader[c, j]
        for j in range(L):
            part[0, j] = max(part[0, j], part[1, j])
