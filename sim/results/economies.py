"""Compiled reductions of one month, economy by economy: users, shares, adoption, channel.

All arrays have lanes last. Every step over lanes is lane by lane, so a lane that failed spoils
nothing but itself; lanes that count are picked when a row is recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.results.compiled import borrowing
from sim.results.record import add_units

if TYPE_CHECKING:
    from sim.results.accumulators import Accumulator
    from sim.results.statics import Statics

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@borrowing
def living(live: NDArray[np.bool_], alive: Ints) -> int:
    """Indices of live lanes into ``alive``; returns how many."""
    n = 0
    for lane in range(live.shape[0]):
        if live[lane]:
            alive[n] = lane
            n += 1
    return n


@borrowing
def where_used(level: Floats, a: int, b: int, alive: Ints, n: int, lanes: Ints) -> int:
    """Live lanes in which level[a, b] is above 0 into ``lanes``; returns how many."""
    m = 0
    for j in range(n):
        lane = alive[j]
        lanes[m] = lane
        m += level[a, b, lane] > 0.0
    return m


@borrowing
def economy_use(
    c: int,
    share: Floats,
    adoption: Floats,
    bill: Floats,
    potential: Floats,
    use: Floats,
    spend: Floats,
    level: Floats,
) -> None:
    """Users [S1, O1, L] and spend [S, O, L] of economy ``c``, and its adoption [1, S1, L]; the last
    of an axis is the sum (adoption: weighted by potential users).
    """
    S, O, L = share.shape[1], share.shape[2], share.shape[3]  # noqa: E741
    everyone = 0.0
    for s in range(S):
        everyone += potential[c, s]
    inverse = 1.0 / everyone if everyone > 0.0 else 0.0
    use[S, :, :] = 0.0
    level[0, S, :] = 0.0
    for s in range(S):
        people = potential[c, s]
        weight = people * inverse
        for j in range(L):
            level[0, s, j] = adoption[c, s, j]
            level[0, S, j] += adoption[c, s, j] * weight
            use[s, O, j] = 0.0
        for o in range(O):
            for j in range(L):
                users = share[c, s, o, j] * (adoption[c, s, j] * people)
                use[s, o, j] = users
                use[s, O, j] += users
                use[S, o, j] += users
                spend[s, o, j] = users * bill[c, s, o, j]
        for j in range(L):
            use[S, O, j] += use[s, O, j]


@borrowing
def add_to_atom(
    a: int,
    c: int,
    potential: Floats,
    use: Floats,
    spend: Floats,
    level: Floats,
    atom_use: Floats,
    atom_spend: Floats,
    atom_reached: Floats,
) -> None:
    """Add an economy's users and spend, and its users whatever they use, to its atom."""
    S, O, L = atom_use.shape[1], atom_use.shape[2], atom_use.shape[3]  # noqa: E741
    for s in range(S):
        for o in range(O):
            for j in range(L):
                atom_use[a, s, o, j] += use[s, o, j]
                atom_spend[a, s, o, j] += spend[s, o, j]
        people = potential[c, s]
        for j in range(L):
            atom_reached[a, s, j] += level[0, s, j] * people


@borrowing
def record_economy(
    t: int, c: int, share: Floats, n: int, count: int, statics: Statics, acc: Accumulator
) -> None:
    """Share and adoption of economy ``c`` in every segment and in all."""
    S, O, L = share.shape[1], share.shape[2], share.shape[3]  # noqa: E741
    use, part, row, lanes = acc.use, acc.part, acc.row, acc.lanes
    table, one = statics.economy_table, share[c]
    for j in range(L):
        part[0, O, j] = 1.0 / use[S, O, j]
    for o in range(O):
        for j in range(L):
            part[0, o, j] = use[S, o, j] * part[0, O, j]
    first = (t * share.shape[0] + c) * (S + 1)
    add_units(acc.level, 0, acc.alive, n, table, row, acc.economy_adoption, first, S + 1, count)
    for s in range(S):
        m = where_used(acc.level, 0, s, acc.alive, n, lanes)
        add_units(one, s, lanes, m, table, row, acc.economy_share, (first + s) * O, O, count)
    m = where_used(acc.level, 0, S, acc.alive, n, lanes)
    add_units(part, 0, lanes, m, table, row, acc.economy_share, (first + S) * O, O, count)


@borrowing
def add_december(y: int, c: int, tokens_per_user: Floats, n: int, acc: Accumulator) -> None:
    """Sums over live lanes of users, tokens and spend of economy ``c`` in December ``y``."""
    total, use, spend = acc.economy_level, acc.use, acc.spend
    S, O = tokens_per_user.shape[0], total.shape[4]  # noqa: E741
    for s in range(S):
        for o in range(O):
            users = tokens = paid = 0.0
            for k in range(n):
                j = acc.alive[k]
                users += use[s, o, j]
                tokens += use[s, o, j] * tokens_per_user[s, j]
                paid += spend[s, o, j]
            for to in (s, S):
                total[y, 0, c, to, o] += users
                total[y, 1, c, to, o] += tokens
                total[y, 2, c, to, o] += paid


@borrowing
def add_chat(
    t: int, c: int, n: int, count: int, share: Floats, statics: Statics, acc: Accumulator
) -> None:
    """Consumer chat of economy ``c``: AI users as observed, Chinese services', DeepSeek's part.

    Adds observed users, and both parts weighted by them, to ``acc.chat`` for the world.
    """
    s = statics.consumers
    O, L = share.shape[2], share.shape[3]  # noqa: E741
    level, part, chat = acc.level, acc.part, acc.chat
    people, seen = statics.potential[c, s], statics.observed[c]
    part[:3, 0, :] = 0.0
    for o in range(O):
        cn, deepseek = statics.cn_weight[c, o], statics.deepseek_weight[c, o]
        if cn != 0.0 or deepseek != 0.0:
            for j in range(L):
                part[1, 0, j] += cn * share[c, s, o, j]
                part[2, 0, j] += deepseek * share[c, s, o, j]
    for j in range(L):
        part[0, 0, j] = level[0, s, j] * seen
        users = part[0, 0, j] * people
        chat[0, 0, j] += users
        chat[0, 1, j] += users * part[1, 0, j]
        chat[0, 2, j] += users * part[2, 0, j]
    if statics.with_economies:
        m = where_used(level, 0, s, acc.alive, n, acc.lanes)
        first = t * 3 * (share.shape[0] + 1) + c
        for v in range(3):
            lanes, found = (acc.alive, n) if v == 0 else (acc.lanes, m)
            add_units(
                part,
                v,
                lanes,
                found,
                statics.economy_table,
                acc.row,
                acc.channel,
                first + v * (share.shape[0] + 1),
                1,
                count,
            )


@borrowing
def leading_bloc(c: int, home: int, origin: Floats, use: Floats, leader: Ints) -> None:
    """The bloc whose offerings have the largest use in economy ``c``.

    `NO_LEADER` where nobody uses AI; on a tie the first in the order of blocs.
    """
    S, O = use.shape[0] - 1, use.shape[1] - 1  # noqa: E741
    for j in range(use.shape[2]):
        best, found = 0.0, origin.shape[2]
        for b in range(origin.shape[2]):
            total = 0.0
            for o in range(O):
                total += use[S, o, j] * origin[home, o, b]
            if total > best:
                best, found = total, b
        leader[c, j] = found
