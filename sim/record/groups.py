"""Compiled reductions of one month for groups, indicators and the channel of the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.lanes.jit import borrowing, inner, part
from sim.lanes.packs import choose, fill, load, store
from sim.record.cells import add_levels, add_signed, add_units, warm, where_used
from sim.record.codelist import LEVEL_FLOOR_LOG2
from sim.record.layout import (
    GROUP_ADOPTION,
    GROUP_LEVEL,
    GROUP_SHARE,
    INDICATOR_SERIES,
    WORLD_CHANNEL,
)

if TYPE_CHECKING:
    from sim.record.accumulators import Accumulator
    from sim.record.cells import Cells, Row
    from sim.record.statics import Statics

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Table = NDArray[np.uint8]
_FLOORS = LEVEL_FLOOR_LOG2


@borrowing
def sum_people(inside: Floats, people: Floats, potential: Floats, found: Floats) -> None:
    """Persons who could use AI in each group into found [G, S1, W]; last: all segments.

    inside [G, C] 0 or 1; people [C] persons; potential [S, W] part of them.
    """
    S = potential.shape[0]
    for g in range(found.shape[0]):
        for s in range(S + 1):
            store(found, (g, s), 0.0)
        for c in range(people.shape[0]):
            if inside[g, c] > 0.0:
                for s in range(S):
                    here = people[c] * load(potential, (s,))
                    store(found, (g, s), load(found, (g, s)) + here)
        for s in range(S):
            store(found, (g, S), load(found, (g, S)) + load(found, (g, s)))


@part
def over_members(g: int, s: int, o: int, member: Ints, atoms: Floats) -> float:
    """Sum of atoms [A, S, O, W] of group ``g`` for a segment and an offering."""
    found: float = fill(0.0)
    for i in range(member.shape[1]):
        a = member[g, i]
        if a < 0:
            break
        found = found + load(atoms, (a, s, o))
    return found


@inner
def gather_group(g: int, member: Ints, atoms: Floats, found: Floats) -> None:
    """Atoms [A, S, O, W] of group ``g`` into found [S1, O1, W]; last of each axis the sum."""
    S, O = atoms.shape[1], atoms.shape[2]  # noqa: E741
    for o in range(O + 1):
        store(found, (S, o), 0.0)
    for s in range(S):
        everything = fill(0.0)
        for o in range(O):
            here = over_members(g, s, o, member, atoms)
            store(found, (s, o), here)
            store(found, (S, o), load(found, (S, o)) + here)
            everything = everything + here
        store(found, (s, O), everything)
        store(found, (S, O), load(found, (S, O)) + everything)


@inner
def as_tokens(users: Floats, tokens_per_user: Floats, tokens: Floats) -> None:
    """Tokens [S1, O1, W] from users [S1, O1, W]; the last segment is the sum."""
    S = tokens_per_user.shape[0]
    for o in range(users.shape[1]):
        everybody = fill(0.0)
        for s in range(S):
            here = load(users, (s, o)) * load(tokens_per_user, (s,))
            store(tokens, (s, o), here)
            everybody = everybody + here
        store(tokens, (S, o), everybody)


@inner
def reached_of(
    g: int, member: Ints, atom_reached: Floats, potential: Floats, level: Floats
) -> None:
    """Adoption [S1, W] of group ``g``: users over potential users [G, S1, W], segments and all."""
    S, everybody = atom_reached.shape[1], fill(0.0)
    for s in range(S):
        here = fill(0.0)
        for i in range(member.shape[1]):
            a = member[g, i]
            if a < 0:
                break
            here = here + load(atom_reached, (a, s))
        everybody = everybody + here
        store(level, (s,), here * inverse_of(load(potential, (g, s))))
    store(level, (S,), everybody * inverse_of(load(potential, (g, S))))


@part
def inverse_of(people: float) -> float:
    """1 / people; 0 where there is nobody."""
    return choose(people > 0.0, 1.0 / people, 0.0)


@inner
def warm_group(t: int, g: int, groups: int, S1: int, O: int, cells: Cells, shelf: Ints) -> None:  # noqa: E741
    """Ask for the memory of what is recorded first of group ``g`` in month ``t``."""
    bins, local = shelf[GROUP_SHARE, 2], (t * groups + g) * S1
    warm(cells, shelf[GROUP_ADOPTION, 0] + local, S1, shelf[GROUP_ADOPTION, 1] + local * bins, bins)
    first, at = shelf[GROUP_SHARE, 0] + local * O, shelf[GROUP_SHARE, 1] + local * O * bins
    warm(cells, first, O, at, bins)


@inner
def record_group(
    t: int,
    g: int,
    groups: int,
    use: Floats,
    level: Floats,
    part: Floats,
    live: Floats,
    n: int,
    used: Floats,
    table: Table,
    row: Row,
    cells: Cells,
    shelf: Ints,
    count: int,
) -> None:
    """Share and adoption of group ``g`` from use [S1, O1, W] and level [S1, W]."""
    S1, O = use.shape[0], use.shape[1] - 1  # noqa: E741
    local, bins = (t * groups + g) * S1, shelf[GROUP_SHARE, 2]
    first, at = shelf[GROUP_ADOPTION, 0] + local, shelf[GROUP_ADOPTION, 1] + local * bins
    add_units(level, S1, live, n, table, row, cells, first, at, bins, count)
    first = shelf[GROUP_SHARE, 0] + local * O
    at = shelf[GROUP_SHARE, 1] + local * O * bins
    for s in range(S1):
        if s + 1 < S1:
            warm(cells, first + O, O, at + O * bins, bins)
        m = where_used(use[s], O, live, used)
        inverse = 1.0 / load(use, (s, O))
        for o in range(O):
            store(part, (o,), load(use, (s, o)) * inverse)
        add_units(part, O, used, m, table, row, cells, first, at, bins, count)
        first, at = first + O, at + O * bins


@inner
def record_levels(
    q: int,
    g: int,
    v: int,
    values: Floats,
    level_unit: Floats,
    live: Floats,
    n: int,
    row: Row,
    cells: Cells,
    shelf: Ints,
    count: int,
) -> None:
    """Level ``v`` (users, tokens, spend) of group ``g``: values [S1, O1, W]."""
    S1, O1, bins = values.shape[0], values.shape[1], shelf[GROUP_LEVEL, 2]
    local = ((q * 3 + v) * level_unit.shape[0] + g) * S1 * O1
    first, at = shelf[GROUP_LEVEL, 0] + local, shelf[GROUP_LEVEL, 1] + local * bins
    warm(cells, first, O1, at, bins)
    for s in range(S1):
        unit = inverse_of(level_unit[g, s])
        if s + 1 < S1:
            warm(cells, first + O1, O1, at + O1 * bins, bins)
        add_levels(values[s], O1, live, n, unit, _FLOORS[v], row, cells, first, at, count)
        first, at = first + O1, at + O1 * bins


@inner
def record_indicators(
    t: int, indicators: Floats, live: Floats, row: Row, cells: Cells, shelf: Ints, count: int
) -> None:
    """World series [I, W]; NaN means undefined in that run."""
    for k in range(indicators.shape[0]):
        local = t * indicators.shape[0] + k
        at = shelf[INDICATOR_SERIES, 1] + local * shelf[INDICATOR_SERIES, 2]
        add_signed(indicators, k, live, row, cells, shelf[INDICATOR_SERIES, 0] + local, at, count)


@inner
def record_world_chat(
    t: int,
    people: float,
    chat: Floats,
    part: Floats,
    live: Floats,
    n: int,
    used: Floats,
    table: Table,
    row: Row,
    cells: Cells,
    shelf: Ints,
    count: int,
) -> None:
    """Consumer chat of the world: observed users over people, shares weighted by observed users."""
    bins, users = shelf[WORLD_CHANNEL, 2], load(chat, (0,))
    store(part, (0,), users * inverse_of(people))
    store(part, (1,), load(chat, (1,)) / users)
    store(part, (2,), load(chat, (2,)) / users)
    m = where_used(chat, 0, live, used)
    for v in range(3):
        mask, found = (live, n) if v == 0 else (used, m)
        local = t * 3 + v
        first, at = shelf[WORLD_CHANNEL, 0] + local, shelf[WORLD_CHANNEL, 1] + local * bins
        add_units(part[v : v + 1], 1, mask, found, table, row, cells, first, at, bins, count)


@borrowing
def record_groups(
    t: int,
    tokens_per_user: Floats,
    indicators: Floats,
    n: int,
    count: int,
    statics: Statics,
    acc: Accumulator,
) -> None:
    """Groups from their atoms: share and adoption; in recorded months users, tokens and spend.
    Then what belongs to the world: its channel and the indicators.
    """
    work, groups, q = acc.work, statics.member.shape[0], statics.record_slot[t]
    size = work.group.shape
    for g in range(groups):
        warm_group(t, g, groups, size[0], size[1] - 1, acc.cells, acc.shelf)
        gather_group(g, statics.member, work.atom_use, work.group)
        reached_of(g, statics.member, work.atom_reached, work.group_potential, work.level)
        record_group(
            t,
            g,
            groups,
            work.group,
            work.level,
            work.part,
            work.live,
            n,
            work.used,
            statics.group_table,
            work.row,
            acc.cells,
            acc.shelf,
            count,
        )
        if q < 0:
            continue
        for v in range(3):
            if v == 1:
                as_tokens(work.group, tokens_per_user, work.other)
            elif v == 2:
                gather_group(g, statics.member, work.atom_spend, work.other)
            record_levels(
                q,
                g,
                v,
                work.group if v == 0 else work.other,
                statics.level_unit,
                work.live,
                n,
                work.row,
                acc.cells,
                acc.shelf,
                count,
            )
    people = load(work.group_potential, (0, statics.consumers))
    record_world_chat(
        t,
        people,
        work.chat,
        work.part,
        work.live,
        n,
        work.used,
        statics.economy_table,
        work.row,
        acc.cells,
        acc.shelf,
        count,
    )
    record_indicators(t, indicators, work.live, work.row, acc.cells, acc.shelf, count)
