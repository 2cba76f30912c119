"""Compiled reductions of one month for groups, indicators and the channel of the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.equations.jit import inner
from sim.results.codelist import LEVEL_FLOOR_LOG2
from sim.results.economies import where_used
from sim.results.layout import (
    GROUP_ADOPTION,
    GROUP_LEVEL,
    GROUP_SHARE,
    INDICATOR_SERIES,
    WORLD_CHANNEL,
)
from sim.results.record import add_levels, add_signed, add_units

if TYPE_CHECKING:
    from sim.results.record import Cells, Row

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Table = NDArray[np.uint8]
_FLOORS = LEVEL_FLOOR_LOG2


@inner
def gather_group(g: int, member: Ints, atoms: Floats, found: Floats) -> None:
    """Sum of atoms [A, S * O * L] over group ``g`` into found [S * O * L]."""
    found[:] = 0.0
    for k in range(member.shape[1]):
        a = member[g, k]
        if a < 0:
            break
        for i in range(found.shape[0]):
            found[i] += atoms[a, i]


@inner
def with_sums(found: Floats, values: Floats) -> None:
    """Found [S, O, L] into values [S1, O1, L]; last of each axis the sum."""
    S, O, L = found.shape  # noqa: E741
    values[S, :, :] = 0.0
    for s in range(S):
        values[s, O, :] = 0.0
        for o in range(O):
            for j in range(L):
                values[s, o, j] = found[s, o, j]
            for j in range(L):
                values[s, O, j] += found[s, o, j]
            for j in range(L):
                values[S, o, j] += found[s, o, j]
        for j in range(L):
            values[S, O, j] += values[s, O, j]


@inner
def as_tokens(users: Floats, tokens_per_user: Floats, tokens: Floats) -> None:
    """Tokens [S1, O1, L] from users [S1, O1, L]; the last segment is the sum."""
    S, O1, L = tokens_per_user.shape[0], users.shape[1], users.shape[2]
    tokens[S, :, :] = 0.0
    for s in range(S):
        for o in range(O1):
            for j in range(L):
                tokens[s, o, j] = users[s, o, j] * tokens_per_user[s, j]
            for j in range(L):
                tokens[S, o, j] += tokens[s, o, j]


@inner
def reached_of(
    g: int, member: Ints, atom_reached: Floats, potential: Floats, level: Floats
) -> None:
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


@inner
def record_group(
    t: int,
    g: int,
    groups: int,
    use: Floats,
    level: Floats,
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
    """Share and adoption of group ``g`` from use [S1, O1, L] and level [S1, L]."""
    S1, O, L = use.shape[0], use.shape[1] - 1, use.shape[2]  # noqa: E741
    local, bins = (t * groups + g) * S1, shelf[GROUP_SHARE, 2]
    first, at = shelf[GROUP_ADOPTION, 0] + local, shelf[GROUP_ADOPTION, 1] + local * bins
    add_units(level, S1, alive, n, table, row, cells, first, at, bins, count)
    first = shelf[GROUP_SHARE, 0] + local * O
    at = shelf[GROUP_SHARE, 1] + local * O * bins
    for s in range(S1):
        m = where_used(use[s], O, alive, n, lanes)
        for j in range(L):
            part[O, j] = 1.0 / use[s, O, j]
        for o in range(O):
            for j in range(L):
                part[o, j] = use[s, o, j] * part[O, j]
        add_units(part, O, lanes, m, table, row, cells, first, at, bins, count)
        first, at = first + O, at + O * bins


@inner
def record_levels(
    q: int,
    g: int,
    v: int,
    values: Floats,
    potential: Floats,
    alive: Ints,
    n: int,
    row: Row,
    cells: Cells,
    shelf: Ints,
    count: int,
) -> None:
    """Level ``v`` (users, tokens, spend) of group ``g``: values [S1, O1, L]."""
    S1, O1, bins = values.shape[0], values.shape[1], shelf[GROUP_LEVEL, 2]
    local = ((q * 3 + v) * potential.shape[0] + g) * S1 * O1
    first, at = shelf[GROUP_LEVEL, 0] + local, shelf[GROUP_LEVEL, 1] + local * bins
    for s in range(S1):
        people = potential[g, s]
        unit = 1.0 / people if people > 0.0 else 0.0
        add_levels(values[s], O1, alive, n, unit, _FLOORS[v], row, cells, first, at, count)
        first, at = first + O1, at + O1 * bins


@inner
def record_indicators(
    t: int,
    indicators: Floats,
    alive: Ints,
    n: int,
    row: Row,
    cells: Cells,
    shelf: Ints,
    count: int,
) -> None:
    """World series [I, L]; NaN means undefined in that run."""
    for k in range(indicators.shape[0]):
        m = 0
        for i in range(n):
            x = indicators[k, alive[i]]
            if not np.isnan(x):
                row.value[m] = x
                m += 1
        local = t * indicators.shape[0] + k
        at = shelf[INDICATOR_SERIES, 1] + local * shelf[INDICATOR_SERIES, 2]
        add_signed(row, m, cells, shelf[INDICATOR_SERIES, 0] + local, at, count)


@inner
def record_world_chat(
    t: int,
    people: float,
    chat: Floats,
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
    """Consumer chat of the world: observed users over people, shares weighted by observed users."""
    inverse, bins = 1.0 / people, shelf[WORLD_CHANNEL, 2]
    for j in range(chat.shape[1]):
        part[0, j] = chat[0, j] * inverse
    for v in range(1, 3):
        for j in range(chat.shape[1]):
            part[v, j] = chat[v, j] / chat[0, j]
    m = where_used(chat, 0, alive, n, lanes)
    for v in range(3):
        picked, found = (alive, n) if v == 0 else (lanes, m)
        local = t * 3 + v
        first, at = shelf[WORLD_CHANNEL, 0] + local, shelf[WORLD_CHANNEL, 1] + local * bins
        add_units(part[v : v + 1], 1, picked, found, table, row, cells, first, at, bins, count)
