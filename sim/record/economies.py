"""Compiled reductions of one month, economy by economy: users, shares, adoption, channel.

Every array of runs is one pack wide (`sim.lanes.packs`), so a run that failed spoils nothing
but itself; a mask leaves it out when a cell is recorded (`sim.record.cells`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.equations import observe
from sim.lanes.fetch import LINE
from sim.lanes.jit import inner, part
from sim.lanes.packs import WIDTH, choose, fill, load, store
from sim.record.cells import (
    add_units,
    masked_sum,
    warm,
    warm_histogram,
    warm_sums,
    where_used,
)
from sim.record.layout import CHANNEL, ECONOMY_ADOPTION, ECONOMY_SHARE

if TYPE_CHECKING:
    from sim.record.cells import Cells, Row

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Table = NDArray[np.uint8]


@inner
def add_users(
    c: int,
    a: int,
    share: Floats,
    adoption: Floats,
    people: float,
    potential: Floats,
    reached: Floats,
    use: Floats,
    atom_reached: Floats,
    atom_use: Floats,
) -> None:
    """Users of economy ``c``: of AI into reached [S, W], by offering into use [S, O, W]; both are
    added to its atom. people: persons of the economy; potential [S, W] part of them.
    """
    for s in range(share.shape[1]):
        users = load(adoption, (c, s)) * (people * load(potential, (s,)))
        store(reached, (s,), users)
        store(atom_reached, (a, s), load(atom_reached, (a, s)) + users)
        for o in range(share.shape[2]):
            of_offering = load(share, (c, s, o)) * users
            store(use, (s, o), of_offering)
            store(atom_use, (a, s, o), load(atom_use, (a, s, o)) + of_offering)


@inner
def add_spend(a: int, bill: Floats, use: Floats, atom_spend: Floats) -> None:
    """Add an economy's spend, users [S, O, W] times bill [S, O, W], to its atom."""
    for s in range(use.shape[0]):
        for o in range(use.shape[1]):
            spent = load(use, (s, o)) * load(bill, (s, o))
            store(atom_spend, (a, s, o), load(atom_spend, (a, s, o)) + spent)


@inner
def over_all(
    c: int,
    adoption: Floats,
    people: float,
    potential: Floats,
    use: Floats,
    level: Floats,
    whole: Floats,
) -> None:
    """Adoption of segments and all into level [S1, W] (all: weighted by potential users); users by
    offering over all segments into whole [O1, W], last their sum.
    """
    S, O = use.shape[0], use.shape[1]  # noqa: E741
    everyone = fill(0.0)
    for s in range(S):
        everyone = everyone + people * load(potential, (s,))
    inverse = choose(everyone > 0.0, 1.0 / everyone, 0.0)
    mean, users = fill(0.0), fill(0.0)
    for s in range(S):
        here = load(adoption, (c, s))
        store(level, (s,), here)
        mean = mean + here * ((people * load(potential, (s,))) * inverse)
    store(level, (S,), mean)
    for o in range(O):
        here = fill(0.0)
        for s in range(S):
            here = here + load(use, (s, o))
        store(whole, (o,), here)
        users = users + here
    store(whole, (O,), users)


@part
def warm_share(
    q: int, c: int, s: int, o: int, axes: tuple[int, int, int], cells: Cells, shelf: Ints
) -> None:
    """Ask for the memory of the share of offering ``o`` in segment ``s`` (the last: all) of economy
    ``c`` in recorded month ``q``; axes: economies, segments with all, offerings.
    """
    cell = ((q * axes[0] + c) * axes[1] + s) * axes[2] + o
    bins = shelf[ECONOMY_SHARE, 2]
    warm_histogram(cells, shelf[ECONOMY_SHARE, 1] + cell * bins, bins)
    if o % (LINE // 8) == 0:
        warm_sums(cells, shelf[ECONOMY_SHARE, 0] + cell)


@inner
def warm_rest(q: int, c: int, axes: tuple[int, int, int], cells: Cells, shelf: Ints) -> None:
    """Ask for the memory of what else is recorded of an economy: shares of all segments' users,
    adoption, the channel. Arguments as in `warm_share`.
    """
    C, S1, O = axes  # noqa: E741
    for o in range(O):
        warm_share(q, c, S1 - 1, o, axes, cells, shelf)
    bins, local = shelf[ECONOMY_ADOPTION, 2], (q * C + c) * S1
    warm(
        cells,
        shelf[ECONOMY_ADOPTION, 0] + local,
        S1,
        shelf[ECONOMY_ADOPTION, 1] + local * bins,
        bins,
    )
    bins = shelf[CHANNEL, 2]
    for v in range(3):
        one = (q * 3 + v) * C + c
        warm(cells, shelf[CHANNEL, 0] + one, 1, shelf[CHANNEL, 1] + one * bins, bins)


@inner
def record_economy(
    q: int,
    c: int,
    share: Floats,
    level: Floats,
    whole: Floats,
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
    """Share and adoption of economy ``c`` in every segment and in all."""
    S, O = share.shape[1], share.shape[2]  # noqa: E741
    bins = shelf[ECONOMY_SHARE, 2]
    local = (q * share.shape[0] + c) * (S + 1)
    first, at = shelf[ECONOMY_ADOPTION, 0] + local, shelf[ECONOMY_ADOPTION, 1] + local * bins
    add_units(level, S + 1, live, n, table, row, cells, first, at, bins, count)
    first = shelf[ECONOMY_SHARE, 0] + local * O
    at = shelf[ECONOMY_SHARE, 1] + local * O * bins
    for s in range(S):
        m = where_used(level, s, live, used)
        add_units(share[c, s], O, used, m, table, row, cells, first, at, bins, count)
        first, at = first + O, at + O * bins
    m = where_used(level, S, live, used)
    inverse = 1.0 / load(whole, (O,))
    for o in range(O):
        store(part, (o,), load(whole, (o,)) * inverse)
    add_units(part, O, used, m, table, row, cells, first, at, bins, count)


@inner
def add_december(
    y: int,
    c: int,
    use: Floats,
    bill: Floats,
    tokens_per_user: Floats,
    live: Floats,
    row: Row,
    sums: Floats,
) -> None:
    """Sums over live runs of users, tokens and spend of economy ``c`` in December ``y``."""
    S, O = use.shape[0], use.shape[1]  # noqa: E741
    for s in range(S):
        for o in range(O):
            users = load(use, (s, o))
            amounts = (users, users * load(tokens_per_user, (s,)), users * load(bill, (s, o)))
            for v in range(3):
                store(row.value, (0,), amounts[v])
                found = masked_sum(row.value, 0, live)
                sums[y, v, c, s, o] += found
                sums[y, v, c, S, o] += found


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
    """Consumer chat of economy ``c`` into part [3, W]: AI users as observed, Chinese services',
    DeepSeek's part. Adds observed users, and both parts weighted by them, to ``chat``.
    """
    observed = observe.observed_users(load(adoption, (c, s)), seen)
    chinese, brand = fill(0.0), fill(0.0)
    for o in range(share.shape[2]):
        if cn[c, o] != 0.0:
            chinese = chinese + cn[c, o] * load(share, (c, s, o))
        if deepseek[c, o] != 0.0:
            brand = brand + deepseek[c, o] * load(share, (c, s, o))
    store(part, (0,), observed)
    store(part, (1,), chinese)
    store(part, (2,), brand)
    users = observed * people
    store(chat, (0,), load(chat, (0,)) + users)
    store(chat, (1,), load(chat, (1,)) + users * chinese)
    store(chat, (2,), load(chat, (2,)) + users * brand)


@inner
def add_chat(
    t: int,
    q: int,
    c: int,
    s: int,
    adoption: Floats,
    part: Floats,
    live: Floats,
    n: int,
    used: Floats,
    table: Table,
    row: Row,
    cells: Cells,
    shelf: Ints,
    sums: Floats,
    count: int,
) -> None:
    """Sums of the channel part [3, W] of economy ``c``; in recorded months also its quantiles.

    A share is defined in the runs in which segment ``s`` uses AI; sums[t, 3] counts them.
    """
    m = where_used(adoption[c], s, live, used)
    C, bins = sums.shape[2], shelf[CHANNEL, 2]
    sums[t, 3, c] += m
    for v in range(3):
        mask, found = (live, n) if v == 0 else (used, m)
        sums[t, v, c] += masked_sum(part, v, mask)
        if q >= 0:
            local = (q * 3 + v) * C + c
            first, at = shelf[CHANNEL, 0] + local, shelf[CHANNEL, 1] + local * bins
            add_units(part[v : v + 1], 1, mask, found, table, row, cells, first, at, bins, count)


@inner
def leading_bloc(c: int, home: int, origin: Floats, whole: Floats, leader: Ints, row: Row) -> None:
    """The bloc whose offerings have the largest use in economy ``c``, from whole [O1, W].

    `NO_LEADER` where nobody uses AI; on a tie the first in the order of blocs.
    """
    blocs = origin.shape[2]
    most, first = fill(0.0), fill(float(blocs))
    for b in range(blocs):
        used = fill(0.0)
        for o in range(origin.shape[1]):
            weight = origin[home, o, b]
            if weight != 0.0:
                used = used + load(whole, (o,)) * weight
        first = choose(used > most, float(b), first)
        most = choose(used > most, used, most)
    store(row.value, (0,), first)
    for j in range(WIDTH):
        leader[c, j] = np.int64(row.value[0, j])
