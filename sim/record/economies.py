"""Compiled reductions of one month, economy by economy: shares, adoption, levels, channel.

Every array of runs is one pack wide (`sim.lanes.packs`), so a run that failed spoils nothing
but itself; a mask leaves it out when a cell is recorded (`sim.record.cells`). The economy's users
are in `Work.users`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.equations import observe
from sim.lanes.fetch import LINE
from sim.lanes.jit import inner, part
from sim.lanes.packs import choose, fill, load, store
from sim.record.cells import (
    add_units,
    masked_sum,
    place_of,
    warm,
    warm_histogram,
    warm_sums,
    where_used,
)
from sim.record.layout import CHANNEL, ECONOMY_ADOPTION, ECONOMY_SHARE

if TYPE_CHECKING:
    from sim.record.accumulators import Accumulator, Work
    from sim.record.cells import Book
    from sim.record.plan_arrays import ReductionPlan

Floats = NDArray[np.float64]


@inner
def add_to_atom(a: int, work: Work) -> None:
    """Add an economy's users to those of its atom."""
    users = work.users
    for s in range(users.use.shape[0]):
        before = load(work.atom_reached, (a, s))
        store(work.atom_reached, (a, s), before + load(users.reached, (s,)))
        for o in range(users.use.shape[1]):
            before = load(work.atom_use, (a, s, o))
            store(work.atom_use, (a, s, o), before + load(users.use, (s, o)))


@inner
def add_amounts(a: int, each: Floats, use: Floats, atoms: Floats) -> None:
    """Add what an economy's users [S, O, W] spend or ask for, each [S, O, W], to its atom."""
    for s in range(use.shape[0]):
        for o in range(use.shape[1]):
            amount = load(use, (s, o)) * load(each, (s, o))
            store(atoms, (a, s, o), load(atoms, (a, s, o)) + amount)


@inner
def over_all(c: int, adoption: Floats, work: Work) -> None:
    """Adoption of segments and all into level [S1, W] (all: weighted by potential users); users by
    offering over all segments into whole [O1, W], last their sum.
    """
    could, use, level, whole = work.users.could, work.users.use, work.level, work.whole
    S, O = use.shape[0], use.shape[1]  # noqa: E741
    everyone = fill(0.0)
    for s in range(S):
        everyone = everyone + load(could, (s,))
    inverse = choose(everyone > 0.0, 1.0 / everyone, 0.0)
    mean, users = fill(0.0), fill(0.0)
    for s in range(S):
        here = load(adoption, (c, s))
        store(level, (s,), here)
        mean = mean + here * (load(could, (s,)) * inverse)
    store(level, (S,), mean)
    for o in range(O):
        here = fill(0.0)
        for s in range(S):
            here = here + load(use, (s, o))
        store(whole, (o,), here)
        users = users + here
    store(whole, (O,), users)


@part
def warm_share(q: int, place: tuple[int, int, int], axes: tuple[int, int, int], book: Book) -> None:
    """Ask for the memory of a share in recorded month ``q``. place: economy, segment (the last:
    all), offering; axes: how many there are of each.
    """
    (c, s, o), (C, S1, O) = place, axes  # noqa: E741
    first, at, bins = place_of(book, ECONOMY_SHARE, ((q * C + c) * S1 + s) * O + o)
    warm_histogram(book.cells, at, bins)
    if o % (LINE // 8) == 0:
        warm_sums(book.cells, first)


@inner
def warm_rest(q: int, c: int, axes: tuple[int, int, int], book: Book) -> None:
    """Ask for the memory of what else is recorded of economy ``c``: shares of all segments' users,
    adoption, the channel. Arguments as in `warm_share`.
    """
    C, S1, O = axes  # noqa: E741
    for o in range(O):
        warm_share(q, (c, S1 - 1, o), axes, book)
    warm(book, ECONOMY_ADOPTION, (q * C + c) * S1, S1)
    for v in range(3):
        warm(book, CHANNEL, (q * 3 + v) * C + c, 1)


@inner
def record_economy(
    q: int, c: int, share: Floats, plan: ReductionPlan, acc: Accumulator, count: int
) -> None:
    """Share and adoption of economy ``c`` in every segment and in all, in recorded month ``q``."""
    work, book, table = acc.work, acc.book, plan.economy_table
    S, O = share.shape[1], share.shape[2]  # noqa: E741
    number = (q * share.shape[0] + c) * (S + 1)
    place = place_of(book, ECONOMY_ADOPTION, number)
    add_units(work.level, S + 1, work.live, table, place, book, count)
    for s in range(S):
        where_used(work.level, s, work.live, work.used)
        place = place_of(book, ECONOMY_SHARE, (number + s) * O)
        add_units(share[c, s], O, work.used, table, place, book, count)
    where_used(work.level, S, work.live, work.used)
    inverse = 1.0 / load(work.whole, (O,))
    for o in range(O):
        store(work.part, (o,), load(work.whole, (o,)) * inverse)
    place = place_of(book, ECONOMY_SHARE, (number + S) * O)
    add_units(work.part, O, work.used, table, place, book, count)


@inner
def add_december(y: int, c: int, bill: Floats, tokens: Floats, acc: Accumulator) -> None:
    """Sums over live runs of users, tokens and spend of economy ``c`` in December ``y``."""
    use, value, sums = acc.work.users.use, acc.book.row.value, acc.economy_level
    S, O = use.shape[0], use.shape[1]  # noqa: E741
    for s in range(S):
        for o in range(O):
            users = load(use, (s, o))
            amounts = (users, users * load(tokens, (s, o)), users * load(bill, (s, o)))
            for v in range(3):
                store(value, (0,), amounts[v])
                found = masked_sum(value, 0, acc.work.live)
                sums[y, v, c, s, o] += found
                sums[y, v, c, S, o] += found


@inner
def see_chat(c: int, share: Floats, adoption: Floats, plan: ReductionPlan, work: Work) -> None:
    """Consumer chat of economy ``c`` into part [3, W]: AI users as observed, Chinese services',
    DeepSeek's part. Adds observed users, and both parts weighted by them, to ``chat``.
    """
    s, cn, deepseek, chat = plan.consumers, plan.cn_weight, plan.deepseek_weight, work.chat
    observed = observe.observed_users(load(adoption, (c, s)), plan.observed[c])
    chinese, brand = fill(0.0), fill(0.0)
    for o in range(share.shape[2]):
        if cn[c, o] != 0.0:
            chinese = chinese + cn[c, o] * load(share, (c, s, o))
        if deepseek[c, o] != 0.0:
            brand = brand + deepseek[c, o] * load(share, (c, s, o))
    store(work.part, (0,), observed)
    store(work.part, (1,), chinese)
    store(work.part, (2,), brand)
    users = observed * load(work.users.could, (s,))
    store(chat, (0,), load(chat, (0,)) + users)
    store(chat, (1,), load(chat, (1,)) + users * chinese)
    store(chat, (2,), load(chat, (2,)) + users * brand)


@inner
def add_chat(
    t: int, c: int, adoption: Floats, plan: ReductionPlan, acc: Accumulator, count: int
) -> None:
    """Sums of the channel part [3, W] of economy ``c``; in recorded months also its quantiles.

    A share is defined in the runs in which consumers use AI; chat_sum[t, 3] counts them.
    """
    work, book, q = acc.work, acc.book, plan.record_slot[t]
    acc.chat_sum[t, 3, c] += where_used(adoption[c], plan.consumers, work.live, work.used)
    for v in range(3):
        mask = work.live if v == 0 else work.used
        acc.chat_sum[t, v, c] += masked_sum(work.part, v, mask)
        if q >= 0:
            place = place_of(book, CHANNEL, (q * 3 + v) * acc.chat_sum.shape[2] + c)
            add_units(work.part[v : v + 1], 1, mask, plan.economy_table, place, book, count)
