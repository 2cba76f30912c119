"""Compiled reductions of one month for groups, indicators and the channel of the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.lanes.jit import borrowing, inner, part
from sim.lanes.packs import choose, fill, load, store
from sim.record.cells import add_levels, add_signed, add_units, place_of, warm, where_used
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
    from sim.record.plan_arrays import ReductionPlan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_FLOORS = LEVEL_FLOOR_LOG2


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
def record_group(t: int, g: int, plan: ReductionPlan, acc: Accumulator, count: int) -> None:
    """Share and adoption of group ``g`` from `work.group` and `work.level`."""
    work, book, table = acc.work, acc.book, plan.group_table
    S1, O = work.group.shape[0], work.group.shape[1] - 1  # noqa: E741
    number = (t * plan.member.shape[0] + g) * S1
    place = place_of(book, GROUP_ADOPTION, number)
    add_units(work.level, S1, work.live, table, place, book, count)
    for s in range(S1):
        if s + 1 < S1:
            warm(book, GROUP_SHARE, (number + s + 1) * O, O)
        where_used(work.group[s], O, work.live, work.used)
        inverse = 1.0 / load(work.group, (s, O))
        for o in range(O):
            store(work.part, (o,), load(work.group, (s, o)) * inverse)
        place = place_of(book, GROUP_SHARE, (number + s) * O)
        add_units(work.part, O, work.used, table, place, book, count)


@inner
def record_levels(
    number: int, v: int, values: Floats, units: Floats, acc: Accumulator, count: int
) -> None:
    """Level ``v`` (users, tokens, spend) of a group: values [S1, O1, W]; units [S1] persons that
    levels are binned by; number: of the first cell.
    """
    S1, O1, book = values.shape[0], values.shape[1], acc.book
    warm(book, GROUP_LEVEL, number, O1)
    for s in range(S1):
        if s + 1 < S1:
            warm(book, GROUP_LEVEL, number + (s + 1) * O1, O1)
        place, unit = place_of(book, GROUP_LEVEL, number + s * O1), inverse_of(units[s])
        add_levels(values[s], acc.work.live, unit, _FLOORS[v], place, book, count)


@inner
def record_world_chat(t: int, plan: ReductionPlan, acc: Accumulator, count: int) -> None:
    """Consumer chat of the world: observed users over people, shares weighted by observed users."""
    work, chat, part = acc.work, acc.work.chat, acc.work.part
    people, users = load(work.group_potential, (0, plan.consumers)), load(chat, (0,))
    store(part, (0,), users * inverse_of(people))
    store(part, (1,), load(chat, (1,)) / users)
    store(part, (2,), load(chat, (2,)) / users)
    where_used(chat, 0, work.live, work.used)
    for v in range(3):
        mask, place = (
            work.live if v == 0 else work.used,
            place_of(acc.book, WORLD_CHANNEL, t * 3 + v),
        )
        add_units(part[v : v + 1], 1, mask, plan.economy_table, place, acc.book, count)


@borrowing
def record_groups(
    t: int, indicators: Floats, count: int, plan: ReductionPlan, acc: Accumulator
) -> None:
    """Groups from their atoms: share and adoption; in recorded months users, tokens and spend.
    Then what belongs to the world: its channel and the indicators [I, W], NaN: undefined.
    """
    work, groups, q = acc.work, plan.member.shape[0], plan.record_slot[t]
    S1, O1 = work.group.shape[0], work.group.shape[1]
    for g in range(groups):
        number = (t * groups + g) * S1
        warm(acc.book, GROUP_ADOPTION, number, S1)
        warm(acc.book, GROUP_SHARE, number * (O1 - 1), O1 - 1)
        gather_group(g, plan.member, work.atom_use, work.group)
        reached_of(g, plan.member, work.atom_reached, work.group_potential, work.level)
        record_group(t, g, plan, acc, count)
        if q < 0:
            continue
        for v in range(3):
            if v == 1:
                gather_group(g, plan.member, work.atom_tokens, work.other)
            elif v == 2:
                gather_group(g, plan.member, work.atom_spend, work.other)
            number = ((q * 3 + v) * groups + g) * S1 * O1
            values = work.group if v == 0 else work.other
            record_levels(number, v, values, plan.level_unit[g], acc, count)
    record_world_chat(t, plan, acc, count)
    series = indicators.shape[0]
    for k in range(series):
        place = place_of(acc.book, INDICATOR_SERIES, t * series + k)
        add_signed(indicators, k, work.live, place, acc.book, count)
