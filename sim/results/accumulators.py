"""What the reductions add up: per worker, per chunk of runs, and in total.

Three kinds of numbers, so that results do not depend on who computed what:
- counts, minima and maxima commute: a worker keeps one set for all its chunks;
- sums of floats do not: they belong to one chunk and are merged in the order of chunks;
- outcomes belong to a replicate.
Memory: about 330 MB a worker for 198 economies x 4 segments x 9 offerings x 156 months with
per-economy tables, 175 MB without, whatever the number of runs (up to 65,535 runs a histogram
count takes two bytes, beyond that four). `memory_bytes` says it before anything is allocated.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import SpheresError
from sim.results.codelist import (
    CONSUMER_CHAT,
    ECONOMY_BINS,
    GROUP_BINS,
    LEVEL_BINS,
    LEVELS,
    SIGNED_BINS,
)
from sim.results.layout import ALL, DECEMBER, OUTCOME_MONTHS, Layout
from sim.results.statics import Statics

Floats = NDArray[np.float64]

#: Margins of gross switching: left and joined by re-choice, stopped using AI, started using AI.
FLOW_MARGINS = ("left", "joined", "stopped", "started")


class Cells(NamedTuple):
    """Statistics of many cells over runs; the first axes of all fields are the cell."""

    total: Floats  # sum over runs, of one chunk
    low: Floats
    high: Floats
    hits: NDArray[np.int32]  # runs in which the cell is defined
    hist: NDArray[Any]  # [..., bins] uint16 or uint32


class Accumulator(NamedTuple):
    """All a worker holds. Axes: T months, Y Decembers, C economies, S1 segments + all, O offerings,
    O1 offerings + total, G groups, L lanes."""

    economy_share: Cells  # [T, C, S1, O]
    economy_adoption: Cells  # [T, C, S1]
    economy_level: Floats  # [Y, 3, C, S1, O] sums of users, tokens, spend in December
    group_share: Cells  # [T, G, S1, O]
    group_adoption: Cells  # [T, G, S1]
    group_level: Cells  # [T, 3, G, S1, O1] users, tokens, spend
    indicator: Cells  # [T, I]
    channel: Cells  # [T, V, C + 1], last: world
    flow: Floats  # [T, R + 1, 4, O] sums of margins by region, last: world
    runs: NDArray[np.int64]  # [T] live lanes, of one chunk
    outcome: Floats  # [N, K, L] of the lanes at hand
    streak: NDArray[np.int64]  # [L] months in a row with the gap closed, -1: has closed
    # Work space of one month.
    lanes: NDArray[np.int64]  # [L] lanes at hand for a cell
    alive: NDArray[np.int64]  # [L]
    row: Floats  # [L]
    packed: Floats  # [L]
    place: NDArray[np.uint32]  # [L] bins of a row
    use: Floats  # [S1, O1, L]
    spend: Floats  # [S1, O1, L]
    level: Floats  # [S1, L]
    atom_use: Floats  # [A, S, O, L]
    atom_spend: Floats  # [A, S, O, L]
    atom_reached: Floats  # [A, S, L]
    previous: Floats  # [C, S, O, L] users one month ago
    margin: Floats  # [R + 1, 4, O, L]
    chat: Floats  # [V + 1, L] sums of the consumer-chat channel over economies
    leader: NDArray[np.int64]  # [C, L] bloc that leads, 3: none


def _cells(shape: tuple[int, ...], bins: int, counter: type[np.unsignedinteger[Any]]) -> Cells:
    return Cells(
        np.zeros(shape),
        np.full(shape, np.inf),
        np.full(shape, -np.inf),
        np.zeros(shape, dtype=np.int32),
        np.zeros((*shape, bins), dtype=counter),
    )


def new_accumulator(
    layout: Layout, statics: Statics, lanes: int, n_runs: int
) -> Accumulator:
    """An empty accumulator of one worker for blocks of ``lanes`` runs, ``n_runs`` in all."""
    counter = np.uint16 if n_runs <= np.iinfo(np.uint16).max else np.uint32
    T, C = layout.n_months, len(layout.iso3)
    S, O = len(layout.segments), len(layout.offerings)  # noqa: E741 - the model's notation
    G, A = len(layout.groups), len(statics.atom_home)
    R = flow_groups(layout)
    E = C if statics.with_economies else 0
    V, L = len(CONSUMER_CHAT), lanes
    return Accumulator(
        economy_share=_cells((T, E, S + 1, O), ECONOMY_BINS, counter),
        economy_adoption=_cells((T, E, S + 1), ECONOMY_BINS, counter),
        economy_level=np.zeros((len(layout.months((DECEMBER,))), len(LEVELS), E, S + 1, O)),
        group_share=_cells((T, G, S + 1, O), GROUP_BINS, counter),
        group_adoption=_cells((T, G, S + 1), GROUP_BINS, counter),
        group_level=_cells((T, len(LEVELS), G, S + 1, O + 1), LEVEL_BINS, counter),
        indicator=_cells((T, len(layout.indicators)), SIGNED_BINS, counter),
        channel=_cells((T, V, E + 1), ECONOMY_BINS, counter),
        flow=np.zeros((T, R + 1, len(FLOW_MARGINS), O)),
        runs=np.zeros(T, dtype=np.int64),
        outcome=np.full((len(layout.outcomes), len(layout.months(OUTCOME_MONTHS)), L), np.nan),
        streak=np.zeros(L, dtype=np.int64),
        lanes=np.zeros(L, dtype=np.int64),
        alive=np.zeros(L, dtype=np.int64),
        row=np.zeros(L),
        packed=np.zeros(L),
        place=np.zeros(L, dtype=np.uint32),
        use=np.zeros((S + 1, O + 1, L)),
        spend=np.zeros((S + 1, O + 1, L)),
        level=np.zeros((S + 1, L)),
        atom_use=np.zeros((A, S, O, L)),
        atom_spend=np.zeros((A, S, O, L)),
        atom_reached=np.zeros((A, S, L)),
        previous=np.zeros((C if statics.with_flows else 0, S, O, L)),
        margin=np.zeros((R + 1, len(FLOW_MARGINS), O, L)),
        chat=np.zeros((V + 1, L)),
        leader=np.zeros((C, L), dtype=np.int64),
    )


def flow_groups(layout: Layout) -> int:
    """Number of regions, the groups besides the world for which switching is kept."""
    return sum(kind == "region" for kind, _ in layout.groups)


def begin_block(acc: Accumulator) -> None:
    """Forget what belongs to single lanes; call before the first month of every block of lanes."""
    acc.outcome[...] = np.nan
    acc.streak[...] = 0
    acc.previous[...] = 0.0


def _sums(acc: Accumulator) -> list[NDArray[Any]]:
    cells = [field for field in acc if isinstance(field, Cells)]
    return [*(field.total for field in cells), acc.economy_level, acc.flow, acc.runs]


class Totals:
    """Everything the tables need, merged from all workers.

    `merge(chunk, acc)` takes the sums of one finished chunk (chunks numbered from 0; one that comes
    early waits as a copy) and empties them in ``acc``; `put_outcomes` after every block of lanes;
    `absorb(acc)` once per worker at the end. A total without every chunk is refused by `finish`.
    """

    def __init__(self, layout: Layout, statics: Statics, n_runs: int) -> None:
        self.layout = layout
        self.statics = statics
        self.n_runs = n_runs
        shape = (len(layout.outcomes), len(layout.months(OUTCOME_MONTHS)), n_runs)
        self.outcomes = np.full(shape, np.nan)
        self.live = np.zeros(n_runs, dtype=np.bool_)
        self._sums: list[NDArray[Any]] | None = None
        self._waiting: dict[int, list[NDArray[Any]]] = {}
        self._next = 0
        self._counts: Accumulator | None = None

    def merge(self, chunk: int, acc: Accumulator) -> None:
        """Add the sums of a chunk, in the order of chunks. Not thread-safe: hold a lock."""
        if chunk != self._next:
            self._waiting[chunk] = [field.copy() for field in _sums(acc)]
        else:
            self._add(_sums(acc))
            while self._next in self._waiting:
                self._add(self._waiting.pop(self._next))
        clear_sums(acc)

    def _add(self, fields: list[NDArray[Any]]) -> None:
        if self._sums is None:
            self._sums = [field.copy() for field in fields]
        else:
            for total, field in zip(self._sums, fields, strict=True):
                total += field
        self._next += 1

    def put_outcomes(self, first: int, acc: Accumulator, live: NDArray[np.bool_]) -> None:
        """Keep the outcomes of the lanes at hand; lane 0 is replicate ``first``. A padding lane
        beyond the last replicate is dropped."""
        count = min(len(live), self.n_runs - first)
        self.outcomes[:, :, first : first + count] = acc.outcome[:, :, :count]
        self.live[first : first + count] = live[:count]

    def absorb(self, acc: Accumulator) -> None:
        """Add a worker's counts; the first worker's arrays are taken over, not copied."""
        if self._counts is None:
            self._counts = acc
            return
        for mine, other in zip(self._counts, acc, strict=True):
            if isinstance(mine, Cells) and isinstance(other, Cells):
                np.minimum(mine.low, other.low, out=mine.low)
                np.maximum(mine.high, other.high, out=mine.high)
                np.add(mine.hits, other.hits, out=mine.hits)
                np.add(mine.hist, other.hist, out=mine.hist)

    def finish(self) -> Accumulator:
        """The whole: sums and counts of every chunk. Raises SpheresError if something is missing."""
        if self._counts is None or self._sums is None or self._waiting:
            missing = self._next if self._waiting else "all"
            raise SpheresError(f"results are incomplete: chunk {missing} was never merged")
        for mine, total in zip(_sums(self._counts), self._sums, strict=True):
            mine[...] = total
        return self._counts


def clear_sums(acc: Accumulator) -> None:
    """Empty what belongs to a chunk (also to throw away a chunk in which a lane failed)."""
    for field in _sums(acc):
        field[...] = 0


def memory_bytes(layout: Layout, statics: Statics, lanes: int, n_runs: int) -> int:
    """Bytes one worker's accumulator takes (counted on empty, untouched arrays)."""
    acc = new_accumulator(layout, statics, lanes, n_runs)
    arrays = [a for field in acc for a in (field if isinstance(field, Cells) else (field,))]
    return sum(array.nbytes for array in arrays)


def segment_labels(layout: Layout) -> tuple[str, ...]:
    """Segments, then `all`."""
    return (*layout.segments, ALL)
