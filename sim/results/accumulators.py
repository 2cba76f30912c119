"""What a worker's reductions add up.

Three kinds of numbers, so that results do not depend on who computed what:
- counts, minima and maxima commute: a worker keeps one set for all its chunks;
- sums of floats do not: they belong to one chunk and are merged in the order of chunks;
- outcomes belong to a replicate.
Memory: about 330 MB a worker for 198 economies x 4 segments x 9 offerings x 156 months with
per-economy tables, 140 MB without, whatever the number of runs (up to 65,535 runs a histogram
count takes two bytes, beyond that four). `memory_bytes` says it beforehand.
"""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.results.codelist import (
    CONSUMER_CHAT,
    ECONOMY_BINS,
    GROUP_BINS,
    LEVEL_BINS,
    LEVELS,
    SIGNED_BINS,
)
from sim.results.layout import DECEMBER, OUTCOME_MONTHS, Layout
from sim.results.record import Cells, Row
from sim.results.statics import Statics

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Margins of gross switching: left and joined by re-choice, stopped using AI, started using AI.
FLOW_MARGINS = ("left", "joined", "stopped", "started")


class Accumulator(NamedTuple):
    """All a worker holds. Axes: T months, Y Decembers, C economies, S1 segments + all, O offerings,
    O1 offerings + total, G groups, L lanes. Cells are flat; `shapes` gives their axes.
    """

    economy_share: Cells
    economy_adoption: Cells
    economy_level: Floats  # [Y, 3, C, S1, O] sums of users, tokens, spend in December
    group_share: Cells
    group_adoption: Cells
    group_level: Cells
    indicator: Cells
    channel: Cells
    flow: Floats  # [T, R + 1, 4, O] sums of margins by region, last: world
    runs: Ints  # [T] live lanes, of one chunk
    outcome: Floats  # [N, K, L] of the lanes at hand
    streak: Ints  # [L] months in a row with the gap closed, -1: has closed
    # Work space of one month.
    lanes: Ints  # [L] lanes that count in a cell
    alive: Ints  # [L] live lanes
    row: Row  # the row of runs being recorded
    part: Floats  # [S1, O1, L] rows being prepared
    use: Floats  # [S1, O1, L] users
    spend: Floats  # [S1, O1, L]
    level: Floats  # [1, S1, L] adoption
    atom_use: Floats  # [A, S, O, L]
    atom_spend: Floats  # [A, S, O, L]
    atom_reached: Floats  # [A, S, L]
    previous: Floats  # [C, S, O, L] users one month ago
    margin: Floats  # [R + 1, 4, O, L]
    atom_sum: Floats  # [2, A, O, L] use and spend over segments
    structure: Floats  # [3, L] modularity, assortativity, trade within blocs
    chat: Floats  # [1, V, L] sums of the consumer-chat channel over economies
    leader: Ints  # [C, L] bloc that leads, 3: none


class Shapes(NamedTuple):
    """Axes of the flat cells."""

    economy_share: tuple[int, ...]  # [T, C, S1, O]
    economy_adoption: tuple[int, ...]  # [T, C, S1]
    group_share: tuple[int, ...]  # [T, G, S1, O]
    group_adoption: tuple[int, ...]  # [T, G, S1]
    group_level: tuple[int, ...]  # [T, 3, G, S1, O1] users, tokens, spend
    indicator: tuple[int, ...]  # [T, I]
    channel: tuple[int, ...]  # [T, V, C + 1], last: world


_BINS = Shapes(
    *(
        (bins,)
        for bins in (  # in the order of the fields of Shapes
            ECONOMY_BINS,
            ECONOMY_BINS,
            GROUP_BINS,
            GROUP_BINS,
            LEVEL_BINS,
            SIGNED_BINS,
            ECONOMY_BINS,
        )
    )
)


def shapes(layout: Layout, statics: Statics) -> Shapes:
    """The axes of all cells; without per-economy tables their C is 0."""
    T, G = layout.n_months, len(layout.groups)
    C = len(layout.iso3) if statics.with_economies else 0
    S1, O = len(layout.segments) + 1, len(layout.offerings)  # noqa: E741 - the model's notation
    return Shapes(
        economy_share=(T, C, S1, O),
        economy_adoption=(T, C, S1),
        group_share=(T, G, S1, O),
        group_adoption=(T, G, S1),
        group_level=(T, len(LEVELS), G, S1, O + 1),
        indicator=(T, len(layout.indicators)),
        channel=(T, len(CONSUMER_CHAT), C + 1),
    )


def _cells(shape: tuple[int, ...], bins: int, counter: type[np.unsignedinteger[Any]]) -> Cells:
    size = prod(shape)
    return Cells(
        np.zeros(size),
        np.full(size, np.inf),
        np.full(size, -np.inf),
        np.zeros(size, dtype=np.int32),
        np.zeros((size, bins), dtype=counter),
    )


def flow_groups(layout: Layout) -> int:
    """Number of regions, the groups besides the world for which switching is kept."""
    return sum(kind == "region" for kind, _ in layout.groups)


def new_accumulator(layout: Layout, statics: Statics, lanes: int, n_runs: int) -> Accumulator:
    """An empty accumulator of one worker for blocks of ``lanes`` runs, ``n_runs`` in all."""
    counter = np.uint16 if n_runs <= np.iinfo(np.uint16).max else np.uint32
    axes = shapes(layout, statics)
    cells = {
        name: _cells(shape, bins[0], counter)
        for name, shape, bins in zip(Shapes._fields, axes, _BINS, strict=True)
    }
    T, C, L = layout.n_months, len(layout.iso3), lanes
    S, O = len(layout.segments), len(layout.offerings)  # noqa: E741 - the model's notation
    A, R, margins = len(statics.atom_home), flow_groups(layout), len(FLOW_MARGINS)
    kept = axes.economy_share[1]
    value = np.zeros(L)
    return Accumulator(
        **cells,
        economy_level=np.zeros((len(layout.months((DECEMBER,))), len(LEVELS), kept, S + 1, O)),
        flow=np.zeros((T, R + 1, margins, O)),
        runs=np.zeros(T, dtype=np.int64),
        outcome=np.full((len(layout.outcomes), len(layout.months(OUTCOME_MONTHS)), L), np.nan),
        streak=np.zeros(L, dtype=np.int64),
        lanes=np.zeros(L, dtype=np.int64),
        alive=np.zeros(L, dtype=np.int64),
        row=Row(value, value.view(np.int64), np.zeros(L, dtype=np.int32)),
        part=np.zeros((max(S + 1, 3), O + 1, L)),
        use=np.zeros((S + 1, O + 1, L)),
        spend=np.zeros((S + 1, O + 1, L)),
        level=np.zeros((1, S + 1, L)),
        atom_use=np.zeros((A, S, O, L)),
        atom_spend=np.zeros((A, S, O, L)),
        atom_reached=np.zeros((A, S, L)),
        previous=np.zeros((C if statics.with_flows else 0, S, O, L)),
        margin=np.zeros((R + 1, margins, O, L)),
        atom_sum=np.zeros((2, A, O, L)),
        structure=np.zeros((3, L)),
        chat=np.zeros((1, len(CONSUMER_CHAT), L)),
        leader=np.zeros((C, L), dtype=np.int64),
    )


def begin_block(acc: Accumulator) -> None:
    """Forget what belongs to single lanes; call before the first month of every block of lanes."""
    acc.outcome[...] = np.nan
    acc.streak[...] = 0
    acc.previous[...] = 0.0


def sums(acc: Accumulator) -> list[NDArray[Any]]:
    """The arrays that belong to one chunk."""
    cells = [field for field in acc if isinstance(field, Cells)]
    return [*(field.total for field in cells), acc.economy_level, acc.flow, acc.runs]


def clear_sums(acc: Accumulator) -> None:
    """Empty what belongs to a chunk (also to throw away a chunk in which a lane failed)."""
    for field in sums(acc):
        field[...] = 0


def memory_bytes(layout: Layout, statics: Statics, lanes: int, n_runs: int) -> int:
    """Bytes one worker's accumulator takes (counted on empty, untouched arrays)."""
    acc = new_accumulator(layout, statics, lanes, n_runs)
    arrays = [a for field in acc for a in (field if isinstance(field, Cells | Row) else (field,))]
    return sum(array.nbytes for array in arrays)
