"""What a worker's reductions add up.

Three kinds of numbers, so that results do not depend on who computed what:
- counts, minima and maxima commute: a worker keeps one set for all its chunks;
- sums of floats do not: they belong to one chunk and are merged in the order of chunks;
- outcomes belong to a replicate.
Cells of all kinds lie in one set of arrays, `Book.offsets` says where each kind starts: compiled
functions take a few arrays instead of forty. Memory: about 150 MB a worker for 198 economies x 4
segments x 9 offerings x 156 months, whatever the number of runs (up to 65,535 runs a histogram
count takes two bytes, beyond that four). `memory_bytes` says it beforehand.
"""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.lanes.packs import WIDTH, aligned
from sim.record.cells import Book, Cells, new_row
from sim.record.codelist import (
    CONSUMER_CHAT,
    ECONOMY_BINS,
    GROUP_BINS,
    LEVEL_BINS,
    LEVELS,
    SIGNED_BINS,
)
from sim.record.layout import BLOCS, Layout
from sim.record.outcomes import Month
from sim.record.plan_arrays import ReductionPlan
from sim.record.series_list import CHANNEL_SERIES, SEGMENT_OF
from sim.record.users import Users, new_users, sum_people

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Margins of gross switching: left and joined by re-choice, stopped using AI, started using AI.
FLOW_MARGINS = ("left", "joined", "stopped", "started")


class Work(NamedTuple):
    """Work space of one month; every array of runs is one pack wide."""

    potential: Floats  # [S, W] part of the people who could use AI, as drawn
    group_potential: Floats  # [G, S1, W] persons, last: all segments
    revocability: Floats  # [O, W] as drawn
    live: Floats  # [W] 1 for runs that count, 0 for others
    used: Floats  # [W] the same, of a cell that is defined in some runs only
    users: Users  # of the economy at hand
    group: Floats  # [S1, O1, W] users of a group
    other: Floats  # [S1, O1, W] its tokens or spend
    level: Floats  # [S1, W] adoption
    whole: Floats  # [O1, W] users over all segments
    part: Floats  # [max(O1, 3), W] rows being prepared
    atom_use: Floats  # [A, S, O, W]
    atom_spend: Floats  # [A, S, O, W]
    atom_tokens: Floats  # [A, S, O, W]
    atom_reached: Floats  # [A, S, W]
    atom_sum: Floats  # [2, A, O, W] use and spend over segments
    before: Floats  # [C, S, W] users in the last recorded month
    previous: Floats  # [C, S, O, W] shares in it
    bound: Floats  # [4, S, W] who can have stayed (`switching.bound`)
    settled: Floats  # [S, W] part of users not up for renewal since the last recorded month
    met: Floats  # [S, W]
    margin: Floats  # [R + 1, 4, O, W]
    chat: Floats  # [V, W] sums of the consumer-chat channel over economies
    audience: Floats  # [A, O, W] users in sight of an instrument
    every: Floats  # [N, W] all channels' series
    series: Floats  # [I, W] world series of the month
    month: Month  # what named outcomes are measured on


class Accumulator(NamedTuple):
    """All a worker holds. Axes: T months, Y Decembers, C economies, S1 segments + all, O offerings,
    O1 offerings + total, G groups, W runs of a block, K kinds of cells.
    """

    book: Book
    economy_level: Floats  # [Y, 3, C, S1, O] sums of users, tokens, spend in December
    chat_sum: Floats  # [T, V + 1, C] sums of the consumer-chat channel, last: runs with a share
    flow: Floats  # [Q, R + 1, 4, O] sums of margins by region, last: world
    runs: Ints  # [T] live lanes, of one chunk
    outcome: Floats  # [N, K, W] of the block at hand
    streak: Ints  # [W] months in a row with the gap closed, -1: has closed
    work: Work


class Shapes(NamedTuple):
    """Axes of the cells of each kind; Q: recorded months (`Layout.recorded`)."""

    economy_share: tuple[int, ...]  # [Q, C, S1, O]
    economy_adoption: tuple[int, ...]  # [Q, C, S1]
    group_share: tuple[int, ...]  # [T, G, S1, O]
    group_adoption: tuple[int, ...]  # [T, G, S1]
    group_level: tuple[int, ...]  # [Q, 3, G, S1, O1] users, tokens, spend
    indicator: tuple[int, ...]  # [T, I]
    channel: tuple[int, ...]  # [Q, V, C]
    world_channel: tuple[int, ...]  # [T, V]


#: Bins of each kind, in the order of the fields of Shapes.
_BINS = (
    ECONOMY_BINS,
    ECONOMY_BINS,
    GROUP_BINS,
    GROUP_BINS,
    LEVEL_BINS,
    SIGNED_BINS,
    ECONOMY_BINS,
    ECONOMY_BINS,
)


def shapes(layout: Layout, plan: ReductionPlan) -> Shapes:
    """The axes of all cells; without per-economy tables their C is 0."""
    T, Q, G = layout.n_months, len(layout.recorded), len(layout.groups)
    C = len(layout.iso3) if plan.with_economies else 0
    S1, O = len(layout.segments) + 1, len(layout.offerings)  # noqa: E741 - the model's notation
    return Shapes(
        economy_share=(Q, C, S1, O),
        economy_adoption=(Q, C, S1),
        group_share=(T, G, S1, O),
        group_adoption=(T, G, S1),
        group_level=(Q, len(LEVELS), G, S1, O + 1),
        indicator=(T, len(layout.indicators)),
        channel=(Q, len(CONSUMER_CHAT), C),
        world_channel=(T, len(CONSUMER_CHAT)),
    )


def offsets(axes: Shapes) -> Ints:
    """Where each kind's cells and histograms start, and its bins [K, 3]."""
    found, cell, at = [], 0, 0
    for shape, bins in zip(axes, _BINS, strict=True):
        found.append((cell, at, bins))
        cell += prod(shape)
        at += prod(shape) * bins
    return np.array([*found, (cell, at, 0)], dtype=np.int64)


def cells_of(acc: Accumulator, kind: int) -> Cells:
    """The cells of one kind, hist [cells, bins]: views."""
    (first, at, bins), (last, end, _) = acc.book.offsets[kind], acc.book.offsets[kind + 1]
    whole = acc.book.cells
    return Cells(
        whole.total[first:last],
        whole.low[first:last],
        whole.high[first:last],
        whole.hits[first:last],
        whole.hist[at:end].reshape(-1, bins),
    )


def flow_groups(layout: Layout) -> int:
    """Number of regions, the groups besides the world for which switching is kept."""
    return sum(kind == "region" for kind, _ in layout.groups)


def new_accumulator(layout: Layout, plan: ReductionPlan, n_runs: int) -> Accumulator:
    """An empty accumulator of one worker, for ``n_runs`` runs in all."""
    counter = np.uint16 if n_runs <= np.iinfo(np.uint16).max else np.uint32
    axes = shapes(layout, plan)
    places = offsets(axes)
    size, counts = int(places[-1, 0]), int(places[-1, 1])
    cells = Cells(
        np.zeros(size),
        np.full(size, np.inf),
        np.full(size, -np.inf),
        np.zeros(size, dtype=np.int32),
        np.zeros(counts, dtype=counter),
    )
    T, V = layout.n_months, len(CONSUMER_CHAT)
    S1, O, kept = len(layout.segments) + 1, len(layout.offerings), axes.channel[2]  # noqa: E741
    return Accumulator(
        book=Book(cells, places, new_row()),
        economy_level=np.zeros((len(layout.decembers), len(LEVELS), kept, S1, O)),
        chat_sum=np.zeros((T, V + 1, kept)),
        flow=np.zeros((len(layout.recorded), flow_groups(layout) + 1, len(FLOW_MARGINS), O)),
        runs=np.zeros(T, dtype=np.int64),
        outcome=np.full((len(layout.outcomes), len(layout.outcome_months), WIDTH), np.nan),
        streak=np.zeros(WIDTH, dtype=np.int64),
        work=_new_work(layout, plan),
    )


def _new_work(layout: Layout, plan: ReductionPlan) -> Work:
    C, A = len(layout.iso3), len(plan.atom_home)
    S, O, W = len(layout.segments), len(layout.offerings), WIDTH  # noqa: E741 - the model's notation
    kept = C if plan.with_flows else 0
    return Work(
        potential=aligned(S, W),
        group_potential=aligned(len(layout.groups), S + 1, W),
        revocability=aligned(O, W),
        live=aligned(W),
        used=aligned(W),
        users=new_users(S, O),
        group=aligned(S + 1, O + 1, W),
        other=aligned(S + 1, O + 1, W),
        level=aligned(S + 1, W),
        whole=aligned(O + 1, W),
        part=aligned(max(O + 1, 3), W),
        atom_use=aligned(A, S, O, W),
        atom_spend=aligned(A, S, O, W),
        atom_tokens=aligned(A, S, O, W),
        atom_reached=aligned(A, S, W),
        atom_sum=aligned(2, A, O, W),
        before=aligned(kept, S, W),
        previous=aligned(kept, S, O, W),
        bound=aligned(4, S, W),
        settled=aligned(S, W),
        met=aligned(S, W),
        margin=aligned(flow_groups(layout) + 1, len(FLOW_MARGINS), O, W),
        chat=aligned(len(CONSUMER_CHAT), W),
        audience=aligned(len(SEGMENT_OF), O, W),
        every=aligned(len(CHANNEL_SERIES), W),
        series=aligned(len(layout.indicators), W),
        month=_new_month(layout),
    )


def _new_month(layout: Layout) -> Month:
    G, K, W = len(layout.groups), len(layout.families), WIDTH
    return Month(
        use=aligned(G, K, W),
        spend=aligned(G, K, W),
        users=aligned(G, W),
        adoption=aligned(G, W),
        offering=aligned(len(layout.offerings), W),
        series=aligned(len(layout.indicators), W),
        structure=aligned(3, W),
        leader=np.zeros((len(layout.iso3), W), dtype=np.int64),
        led=aligned(len(BLOCS), W),
        closed=aligned(W),
    )


def begin_block(
    acc: Accumulator, plan: ReductionPlan, potential: Floats, revocability: Floats
) -> None:
    """Forget what belongs to single runs; call before the first month of every block.

    potential [S, L], revocability [O, L]: what the runs of the block drew.
    """
    count = potential.shape[-1]
    acc.work.potential[:, :count] = potential
    acc.work.potential[:, count:] = 0.0
    acc.work.revocability[:, :count] = revocability
    acc.work.revocability[:, count:] = 0.0
    sum_people(plan.inside, plan.people, acc.work.potential, acc.work.group_potential)
    acc.outcome[...] = np.nan
    acc.streak[...] = 0
    acc.work.before[...] = 0.0
    acc.work.previous[...] = 0.0
    acc.work.settled[...] = 1.0


def sums(acc: Accumulator) -> list[NDArray[Any]]:
    """The arrays that belong to one chunk."""
    return [acc.book.cells.total, acc.economy_level, acc.chat_sum, acc.flow, acc.runs]


def clear_sums(acc: Accumulator) -> None:
    """Empty what belongs to a chunk (also to throw away a chunk in which a lane failed)."""
    for field in sums(acc):
        field[...] = 0


def memory_bytes(layout: Layout, plan: ReductionPlan, n_runs: int) -> int:
    """Bytes one worker's accumulator takes (counted on empty, untouched arrays)."""
    return _bytes(new_accumulator(layout, plan, n_runs))


def _bytes(part: Any) -> int:  # noqa: ANN401
    return sum(map(_bytes, part)) if isinstance(part, tuple) else int(part.nbytes)
