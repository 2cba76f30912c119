"""Compiled reductions of one month for groups, indicators and named outcomes."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.equations.jit import kernel
from sim.results.codelist import LEVEL_FLOOR_LOG2
from sim.results.economies import pick, where_used
from sim.results.record import add_level, add_signed, add_unit

_FLOORS = LEVEL_FLOOR_LOG2


@kernel
def gather_group(g: int, member: Any, atom_use: Any, atom_spend: Any, use: Any, spend: Any) -> None:
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


@kernel
def reached_of(g: int, member: Any, atom_reached: Any, potential: Any, level: Any) -> None:
    """Adoption [S1, L] of group ``g``: users over potential users, segments and all."""
    S, L = atom_reached.shape[1], atom_reached.shape[2]
    level[:, :] = 0.0
    for k in range(member.shape[1]):
        a = member[g, k]
        if a < 0:
            break
        for s in range(S):
            for j in range(L):
                level[s, j] += atom_reached[a, s, j]
    for s in range(S):
        for j in range(L):
            level[S, j] += level[s, j]
    for s in range(S + 1):
        people = potential[g, s]
        for j in range(L):
            level[s, j] = level[s, j] / people if people > 0.0 else 0.0


@kernel
def record_group(t: int, g: int, n: int, count: int, statics: Any, acc: Any) -> None:
    """Share and adoption of group ``g`` from ``acc.use`` and ``acc.level``."""
    use, level, packed, place = acc.use, acc.level, acc.packed, acc.place
    S1, O, L = use.shape[0], use.shape[1] - 1, use.shape[2]  # noqa: E741
    table, lanes, row = statics.group_table, acc.lanes, acc.row
    share, adoption = acc.group_share, acc.group_adoption
    cell = (t * share.total.shape[1] + g) * S1
    for s in range(S1):
        pick(level[s], acc.alive, n, packed)
        add_unit(packed, n, place, table, adoption.total.ravel(), adoption.low.ravel(),
                 adoption.high.ravel(), adoption.hits.ravel(),
                 adoption.hist.reshape((-1, adoption.hist.shape[3])), cell + s, count)
        m = where_used(use[:, O, :], s, acc.alive, n, lanes)
        for o in range(O):
            for j in range(L):
                row[j] = use[s, o, j] / use[s, O, j]
            pick(row, lanes, m, packed)
            add_unit(packed, m, place, table, share.total.ravel(), share.low.ravel(),
                     share.high.ravel(), share.hits.ravel(),
                     share.hist.reshape((-1, share.hist.shape[4])), (cell + s) * O + o, count)


@kernel
def record_levels(t: int, g: int, v: int, values: Any, n: int, count: int, statics: Any, acc: Any
                  ) -> None:
    """Level ``v`` (users, tokens, spend) of group ``g``: values [S1, O1, L]."""
    cells, packed = acc.group_level, acc.packed
    S1, O1 = values.shape[0], values.shape[1]
    bits = packed.view(np.int64)
    floor = _FLOORS[v]
    for s in range(S1):
        people = statics.group_potential[g, s]
        unit = 1.0 / people if people > 0.0 else 0.0
        for o in range(O1):
            pick(values[s, o], acc.alive, n, packed)
            i = (((t * cells.total.shape[1] + v) * cells.total.shape[2] + g) * S1 + s) * O1 + o
            add_level(packed, n, bits, acc.place, unit, floor, cells.total.ravel(),
                      cells.low.ravel(), cells.high.ravel(), cells.hits.ravel(),
                      cells.hist.reshape((-1, cells.hist.shape[5])), i, count)


@kernel
def users_to_tokens(use: Any, tokens_per_user: Any) -> None:
    """Turn users [S1, O1, L] into tokens in place."""
    S, O1, L = tokens_per_user.shape[0], use.shape[1], use.shape[2]
    for o in range(O1):
        for j in range(L):
            use[S, o, j] = 0.0
        for s in range(S):
            for j in range(L):
                use[s, o, j] *= tokens_per_user[s, j]
                use[S, o, j] += use[s, o, j]


@kernel
def record_indicators(t: int, indicators: Any, n: int, count: int, acc: Any) -> None:
    """World series [I, L]; NaN means undefined in that run."""
    cells, packed, lanes = acc.indicator, acc.packed, acc.lanes
    bits = packed.view(np.int64)
    for k in range(indicators.shape[0]):
        m = 0
        for i in range(n):
            lane = acc.alive[i]
            if not np.isnan(indicators[k, lane]):
                lanes[m] = lane
                m += 1
        pick(indicators[k], lanes, m, packed)
        add_signed(packed, m, bits, acc.place, cells.total.ravel(), cells.low.ravel(),
                   cells.high.ravel(), cells.hits.ravel(),
                   cells.hist.reshape((-1, cells.hist.shape[2])),
                   t * indicators.shape[0] + k, count)


@kernel
def record_world_chat(t: int, n: int, count: int, statics: Any, acc: Any) -> None:
    """Consumer chat of the world: observed users over people, shares weighted by observed users."""
    chat, packed, row, cells = acc.chat, acc.packed, acc.row, acc.channel
    people = statics.group_potential[0, statics.consumers]
    world = cells.total.shape[2] - 1
    m = where_used(chat, 0, acc.alive, n, acc.lanes)
    for v in range(3):
        for j in range(row.shape[0]):
            base = people if v == 0 else chat[0, j]
            row[j] = chat[v, j] / base
        if v == 0:
            pick(row, acc.alive, n, packed)
        else:
            pick(row, acc.lanes, m, packed)
        add_unit(packed, n if v == 0 else m, acc.place, statics.economy_table,
                 cells.total.ravel(), cells.low.ravel(), cells.high.ravel(), cells.hits.ravel(),
                 cells.hist.reshape((-1, cells.hist.shape[3])),
                 (t * cells.total.shape[1] + v) * cells.total.shape[2] + world, count)
