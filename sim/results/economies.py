"""Compiled reductions of one month, economy by economy: users, shares, adoption, channels.

All arrays have lanes last. Every step over lanes is lane by lane, so a lane that failed spoils
nothing but itself; lanes that count are picked when a row is recorded.
"""

from __future__ import annotations

from typing import Any

from sim.equations.jit import kernel
from sim.results.record import add_unit


@kernel
def living(live: Any, alive: Any) -> int:
    """Indices of live lanes into ``alive``; returns how many."""
    n = 0
    for lane in range(live.shape[0]):
        if live[lane]:
            alive[n] = lane
            n += 1
    return n


@kernel
def where_used(level: Any, s: int, alive: Any, n: int, lanes: Any) -> int:
    """Live lanes in which row ``s`` of ``level`` is above 0 into ``lanes``; returns how many."""
    m = 0
    for j in range(n):
        lane = alive[j]
        if level[s, lane] > 0.0:
            lanes[m] = lane
            m += 1
    return m


@kernel
def pick(values: Any, lanes: Any, m: int, packed: Any) -> None:
    """Copy the lanes that count to the front of ``packed``."""
    if m == values.shape[0]:
        for j in range(m):
            packed[j] = values[j]
    else:
        for j in range(m):
            packed[j] = values[lanes[j]]


@kernel
def economy_use(c: int, share: Any, adoption: Any, bill: Any, potential: Any, use: Any, spend: Any,
                level: Any) -> None:
    """Users [S1, O1, L] and spend [S1, O1, L] of economy ``c``, and its adoption [S1, L]; the last
    of each axis is the sum (adoption: weighted by potential users)."""
    S, O, L = share.shape[1], share.shape[2], share.shape[3]  # noqa: E741
    everyone = 0.0
    for s in range(S):
        everyone += potential[c, s]
    inverse = 1.0 / everyone if everyone > 0.0 else 0.0
    use[S, :, :] = 0.0
    level[S, :] = 0.0
    for s in range(S):
        people = potential[c, s]
        weight = people * inverse
        for j in range(L):
            level[s, j] = adoption[c, s, j]
            level[S, j] += adoption[c, s, j] * weight
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


@kernel
def add_to_atom(a: int, use: Any, spend: Any, atom_use: Any, atom_spend: Any) -> None:
    """Add an economy's users and spend to its cell of membership."""
    S, O, L = atom_use.shape[1], atom_use.shape[2], atom_use.shape[3]  # noqa: E741
    for s in range(S):
        for o in range(O):
            for j in range(L):
                atom_use[a, s, o, j] += use[s, o, j]
                atom_spend[a, s, o, j] += spend[s, o, j]


@kernel
def add_reached(a: int, c: int, level: Any, potential: Any, atom_reached: Any) -> None:
    """Add an economy's users by segment, whatever they use, to its cell of membership."""
    for s in range(atom_reached.shape[1]):
        for j in range(atom_reached.shape[2]):
            atom_reached[a, s, j] += level[s, j] * potential[c, s]


@kernel
def record_economy(t: int, c: int, share: Any, n: int, count: int, statics: Any, acc: Any) -> None:
    """Share and adoption of economy ``c`` in every segment and in all."""
    S, O = share.shape[1], share.shape[2]  # noqa: E741
    shares, adoptions = acc.economy_share, acc.economy_adoption
    s_total, s_low, s_high = shares.total.ravel(), shares.low.ravel(), shares.high.ravel()
    s_hits, s_hist = shares.hits.ravel(), shares.hist.reshape((-1, shares.hist.shape[4]))
    a_total, a_low, a_high = adoptions.total.ravel(), adoptions.low.ravel(), adoptions.high.ravel()
    a_hits, a_hist = adoptions.hits.ravel(), adoptions.hist.reshape((-1, adoptions.hist.shape[3]))
    table, place, packed, row = statics.economy_table, acc.place, acc.packed, acc.row
    use, level, lanes = acc.use, acc.level, acc.lanes
    cell = (t * shares.total.shape[1] + c) * (S + 1)
    for s in range(S + 1):
        pick(level[s], acc.alive, n, packed)
        add_unit(packed, n, place, table, a_total, a_low, a_high, a_hits, a_hist, cell + s, count)
        m = where_used(level, s, acc.alive, n, lanes)
        for o in range(O):
            if s < S:
                pick(share[c, s, o], lanes, m, packed)
            else:
                for j in range(row.shape[0]):
                    row[j] = use[S, o, j] / use[S, O, j]
                pick(row, lanes, m, packed)
            add_unit(packed, m, place, table, s_total, s_low, s_high, s_hits, s_hist,
                     (cell + s) * O + o, count)


@kernel
def add_levels(y: int, c: int, tokens_per_user: Any, alive: Any, n: int, use: Any, spend: Any,
               total: Any) -> None:
    """Sums over live lanes of users, tokens and spend of economy ``c`` in December ``y``."""
    S, O = tokens_per_user.shape[0], spend.shape[1] - 1  # noqa: E741
    for s in range(S):
        for o in range(O):
            users = tokens = paid = 0.0
            for k in range(n):
                j = alive[k]
                users += use[s, o, j]
                tokens += use[s, o, j] * tokens_per_user[s, j]
                paid += spend[s, o, j]
            total[y, 0, c, s, o] += users
            total[y, 1, c, s, o] += tokens
            total[y, 2, c, s, o] += paid
            total[y, 0, c, S, o] += users
            total[y, 1, c, S, o] += tokens
            total[y, 2, c, S, o] += paid


@kernel
def add_chat(t: int, c: int, n: int, count: int, share: Any, statics: Any, acc: Any) -> None:
    """Consumer chat of economy ``c``: AI users as observed, Chinese services', DeepSeek's part.

    Adds observed users, weighted shares and weights for the world to ``acc.chat``.
    """
    s = statics.consumers
    O, L = share.shape[2], share.shape[3]  # noqa: E741
    level, row, packed, chat = acc.level, acc.row, acc.packed, acc.chat
    kept = acc.channel.total.shape[2] - 1
    people, seen = statics.potential[c, s], statics.observed[c]
    for j in range(L):
        row[j] = level[s, j] * seen
        chat[0, j] += row[j] * people
    if c < kept:
        pick(row, acc.alive, n, packed)
        add_channel(t, 0, c, n, count, statics, acc)
    m = where_used(level, s, acc.alive, n, acc.lanes)
    for v in range(1, 3):
        weight = statics.cn_weight if v == 1 else statics.deepseek_weight
        row[:] = 0.0
        for o in range(O):
            w = weight[c, o]
            if w != 0.0:
                for j in range(L):
                    row[j] += w * share[c, s, o, j]
        for j in range(L):
            chat[v, j] += row[j] * (level[s, j] * seen * people)
        if c < kept:
            pick(row, acc.lanes, m, packed)
            add_channel(t, v, c, m, count, statics, acc)


@kernel
def add_channel(t: int, v: int, c: int, m: int, count: int, statics: Any, acc: Any) -> None:
    """Record ``acc.packed[:m]`` as variable ``v`` of the consumer-chat channel in economy ``c``."""
    cells = acc.channel
    i = (t * cells.total.shape[1] + v) * cells.total.shape[2] + c
    add_unit(acc.packed, m, acc.place, statics.economy_table, cells.total.ravel(),
             cells.low.ravel(), cells.high.ravel(), cells.hits.ravel(),
             cells.hist.reshape((-1, cells.hist.shape[3])), i, count)


@kernel
def leading_bloc(c: int, home: int, origin: Any, use: Any, leader: Any) -> None:
    """The bloc whose offerings have the largest use in economy ``c``, 3 where nobody uses AI; on a
    tie the first in the order of blocs."""
    S, O = use.shape[0] - 1, use.shape[1] - 1  # noqa: E741
    for j in range(use.shape[2]):
        best, found = 0.0, 3
        for b in range(origin.shape[2]):
            total = 0.0
            for o in range(O):
                total += use[S, o, j] * origin[home, o, b]
            if total > best:
                best, found = total, b
        leader[c, j] = found
