"""Compiled reductions of one month for groups, indicators and named outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.results.codelist import LEVEL_FLOOR_LOG2
from sim.results.compiled import borrowing
from sim.results.economies import where_used
from sim.results.record import add_levels, add_signed, add_units

if TYPE_CHECKING:
    from sim.results.accumulators import Accumulator
    from sim.results.statics import Statics

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_FLOORS = LEVEL_FLOOR_LOG2


@borrowing
def gather_group(
    g: int, member: Ints, atom_use: Floats, atom_spend: Floats, use: Floats, spend: Floats
) -> None:
    """Users and spend [S1, O1, L] of group ``g``, last of each axis the sum."""
    S, O, L = atom_use.shape[1], atom_use.shape[2], atom_use.shape[3]  # noqa: E741
    use[:, :, :] = 0.0
    spend[:, :, :] = 0.0
    for k in range(member.shape[1]):
        a = member[g, k]
        if a < 0:
            break
        for s in range(S):
            for o in range(O):
                for j in range(L):
                    use[s, o, j] += atom_use[a, s, o, j]
                    spend[s, o, j] += atom_spend[a, s, o, j]
    for s in range(S):
        for o in range(O):
            for j in range(L):
                use[s, O, j] += use[s, o, j]
                use[S, o, j] += use[s, o, j]
                spend[s, O, j] += spend[s, o, j]
                spend[S, o, j] += spend[s, o, j]
    for o in range(O):
        for j in range(L):
            use[S, O, j] += use[S, o, j]
            spend[S, O, j] += spend[S, o, j]


@borrowing
def reached_of(
    g: int, member: Ints, atom_reached: Floats, potential: Floats, level: Floats
) -> None:
    """Adoption [S1, L] of group ``g``: users over potential users, segments and all."""
    S, L = atom_reached.shape[1], atom_reached.shape[2]
    level[0, :, :] = 0.0
    for k in range(member.shape[1]):
        a = member[g, k]
        if a < 0:
            break
        for s in range(S):
            for j in range(L):
                level[0, s, j] += atom_reached[a, s, j]
    for s in range(S):
        for j in range(L):
            level[0, S, j] += level[0, s, j]
    for s in range(S + 1):
        people = potential[g, s]
        for j in range(L):
            level[0, s, j] = level[0, s, j] / people if people > 0.0 else 0.0


@borrowing
def record_group(t: int, g: int, n: int, count: int, statics: Statics, acc: Accumulator) -> None:
    """Share and adoption of group ``g`` from ``acc.use`` and ``acc.level``."""
    use, level, part, row, lanes = acc.use, acc.level, acc.part, acc.row, acc.lanes
    S1, O, L = use.shape[0], use.shape[1] - 1, use.shape[2]  # noqa: E741
    first = (t * statics.member.shape[0] + g) * S1
    table = statics.group_table
    add_units(level, 0, acc.alive, n, table, row, acc.group_adoption, first, S1, count)
    for s in range(S1):
        m = where_used(use, s, O, acc.alive, n, lanes)
        for j in range(L):
            part[s, O, j] = 1.0 / use[s, O, j]
        for o in range(O):
            for j in range(L):
                part[s, o, j] = use[s, o, j] * part[s, O, j]
        add_units(part, s, lanes, m, table, row, acc.group_share, (first + s) * O, O, count)


@borrowing
def record_levels(
    t: int, g: int, v: int, values: Floats, n: int, count: int, statics: Statics, acc: Accumulator
) -> None:
    """Level ``v`` (users, tokens, spend) of group ``g``: values [S1, O1, L]."""
    S1, O1 = values.shape[0], values.shape[1]
    first = ((t * 3 + v) * statics.member.shape[0] + g) * S1
    for s in range(S1):
        people = statics.group_potential[g, s]
        unit = 1.0 / people if people > 0.0 else 0.0
        add_levels(
            values,
            s,
            acc.alive,
            n,
            unit,
            _FLOORS[v],
            acc.row,
            acc.group_level,
            (first + s) * O1,
            O1,
            count,
        )


@borrowing
def users_to_tokens(use: Floats, tokens_per_user: Floats) -> None:
    """Turn users [S1, O1, L] into tokens in place."""
    S, O1, L = tokens_per_user.shape[0], use.shape[1], use.shape[2]
    for o in range(O1):
        for j in range(L):
            use[S, o, j] = 0.0
        for s in range(S):
            for j in range(L):
                use[s, o, j] *= tokens_per_user[s, j]
                use[S, o, j] += use[s, o, j]


@borrowing
def record_indicators(t: int, indicators: Floats, n: int, count: int, acc: Accumulator) -> None:
    """World series [I, L]; NaN means undefined in that run."""
    row = acc.row
    for k in range(indicators.shape[0]):
        m = 0
        for i in range(n):
            x = indicators[k, acc.alive[i]]
            if not np.isnan(x):
                row.value[m] = x
                m += 1
        add_signed(row, m, acc.indicator, t * indicators.shape[0] + k, count)


@borrowing
def record_world_chat(t: int, n: int, count: int, statics: Statics, acc: Accumulator) -> None:
    """Consumer chat of the world: observed users over people, shares weighted by observed users."""
    chat, part = acc.chat, acc.part
    inverse = 1.0 / statics.group_potential[0, statics.consumers]
    for j in range(chat.shape[2]):
        part[0, 0, j] = chat[0, 0, j] * inverse
        part[1, 0, j] = chat[0, 1, j] / chat[0, 0, j]
        part[2, 0, j] = chat[0, 2, j] / chat[0, 0, j]
    m = where_used(chat, 0, 0, acc.alive, n, acc.lanes)
    economies = statics.atom_of.shape[0] if statics.with_economies else 0
    first = t * 3 * (economies + 1) + economies
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
            first + v * (economies + 1),
            1,
            count,
        )
