"""Compiled recorders: the runs of a pack into one cell's sum, range and histogram.

A mask says which runs count (1) and which do not (0): those that failed, and those in which a
share is not defined. Sums have one fixed order (`sim.lanes.packs.total`). Where the smallest
and the largest number fall into one bin, all do.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.lanes.bits import store_whole
from sim.lanes.fetch import LINE, fetch
from sim.lanes.jit import equation, inner, part
from sim.lanes.packs import WIDTH, aligned, choose, highest, load, lowest, store, total
from sim.record.bins import GRID
from sim.record.codelist import (
    LEVEL_BINS,
    LEVEL_STEPS_LOG2,
    SIGNED_FLOOR_LOG2,
    SIGNED_HALF,
    SIGNED_STEPS_LOG2,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SCALE = float(GRID)
_LEVEL_SHIFT = 52 - LEVEL_STEPS_LOG2
_LEVEL_LAST = LEVEL_BINS - 1
_SIGNED_SHIFT = 52 - SIGNED_STEPS_LOG2
_SIGNED_FIRST = ((1023 + SIGNED_FLOOR_LOG2) << SIGNED_STEPS_LOG2) - 1
_NO_SIGN = 0x7FFFFFFFFFFFFFFF
_INF = float("inf")


class Cells(NamedTuple):
    """Statistics of many cells of one kind or of all kinds over runs."""

    total: Floats  # [cells] sum over runs, of one chunk
    low: Floats
    high: Floats
    hits: NDArray[np.int32]  # runs in which the cell is defined
    hist: NDArray[Any]  # [cells * bins] uint16 or uint32; bins differ by kind


class Row(NamedTuple):
    """Work space for the runs of one cell; ``bits`` is the same memory as ``value`` [2, W]."""

    value: Floats
    bits: Ints


class Book(NamedTuple):
    """Cells of all kinds, where each kind starts, and work space to record into them."""

    cells: Cells
    offsets: Ints  # [K, 3] first cell, start of the first histogram, bins
    row: Row


def new_row() -> Row:
    """Work space for one cell."""
    value = aligned(2, WIDTH)
    return Row(value, value.view(np.int64))


@part
def place_of(book: Book, kind: int, number: int) -> tuple[int, int, int]:
    """Where cell ``number`` of a kind is: cell, start of its histogram, bins."""
    bins = book.offsets[kind, 2]
    return book.offsets[kind, 0] + number, book.offsets[kind, 1] + number * bins, bins


@inner
def where_used(level: Floats, s: int, live: Floats, used: Floats) -> int:
    """Mask of the runs that count and in which level[s] is above 0, into used [W]; how many."""
    mask = choose(load(level, (s,)) > 0.0, load(live, ()), 0.0)
    store(used, (), mask)
    return int(total(mask))


@equation
def masked_sum(values: Floats, o: int, mask: Floats) -> float:
    """Sum of the runs of values[o] that count."""
    found: float = total(choose(load(mask, ()) > 0.0, load(values, (o,)), 0.0))
    return found


@equation
def defined(value: float, mask: float) -> bool:
    """Runs that count and are a number: the month in which a run breaks is seen to its end."""
    return choose(value == value, mask, 0.0) > 0.0


@equation
def note(found: float, low: float, high: float, hits: int, i: int, cells: Cells) -> None:
    """Sum, smallest and largest number of a pack's runs and how many there are, into cell ``i``."""
    at = np.uint64(i)
    cells.total[at] += found
    cells.hits[at] += hits
    cells.low[at] = min(cells.low[at], low)
    cells.high[at] = max(cells.high[at], high)


@equation
def count_runs(bins: Ints, at: int, m: int, count: int, nowhere: int, hist: NDArray[Any]) -> None:
    """Count a pack's runs into their bins [W] of the histogram that starts at ``at``.

    Only ``m`` of them count; the others were put into the bin ``nowhere``, and are taken off again.
    """
    for j in range(WIDTH):
        hist[np.uint64(at + bins[j])] += count
    hist[np.uint64(at + nowhere)] -= (WIDTH - m) * count


@inner
def warm(book: Book, kind: int, number: int, size: int) -> None:
    """Ask for the memory of ``size`` cells of a kind from cell ``number`` on, which lies too far to
    be there in time otherwise.
    """
    first, at, bins = place_of(book, kind, number)
    for i in range(first, first + size, LINE // 8):
        warm_sums(book.cells, i)
    for i in range(size):
        warm_histogram(book.cells, at + i * bins, bins)


@equation
def warm_sums(cells: Cells, i: int) -> None:
    """Ask for the sums and ranges of cell ``i`` and its neighbours."""
    fetch(cells.total, i)
    fetch(cells.low, i)
    fetch(cells.high, i)
    fetch(cells.hits, i)


@equation
def warm_histogram(cells: Cells, at: int, bins: int) -> None:
    """Ask for a histogram."""
    for k in range(at, at + bins, LINE // cells.hist.itemsize):
        fetch(cells.hist, k)


@equation
def bin_of(value: float, table: NDArray[np.uint8]) -> int:
    """The bin of a fraction; numbers beyond the ends fall into the outermost bins."""
    return int(table[np.uint64(min(max(value, 0.0), 1.0) * _SCALE)])


@inner
def add_units(
    values: Floats,
    size: int,
    mask: Floats,
    table: NDArray[np.uint8],
    place: tuple[int, int, int],
    book: Book,
    count: int,
) -> None:
    """Record fractions values[o] for o < size into the cells from ``place`` on, over the runs that
    count. Rounding may carry a fraction a little above 1.
    """
    live, cells, spot = load(mask, ()), book.cells, book.row.bits[1]
    m, zero, (first, at, bins) = int(total(live)), bin_of(0.0, table), place
    if m == 0:
        return
    for o in range(size):
        value = load(values, (o,))
        on, here = defined(value, live), at + o * bins
        shown = choose(on, value, 0.0)
        low, high = lowest(choose(on, value, _INF)), highest(choose(on, value, -_INF))
        note(total(shown), low, high, m * count, first + o, cells)
        least = bin_of(low, table)
        if least == bin_of(high, table):
            cells.hist[np.uint64(here + least)] += m * count
            continue
        store_whole(spot, choose(shown > 1.0, 1.0, shown) * _SCALE)
        for j in range(WIDTH):
            spot[j] = table[np.uint64(spot[j])]
        count_runs(spot, here, m, count, zero, cells.hist)


@inner
def add_levels(
    values: Floats,
    mask: Floats,
    unit: float,
    floor_log2: int,
    place: tuple[int, int, int],
    book: Book,
    count: int,
) -> None:
    """Record levels values [N, W] >= 0 into the N cells from ``place`` on; bins are of value * unit
    (per potential user).
    """
    live, cells, row, spot = load(mask, ()), book.cells, book.row, book.row.bits[1]
    m, (first, at, bins) = int(total(live)), place
    if m == 0:
        return
    bottom = ((1023 + floor_log2) << LEVEL_STEPS_LOG2) - 1
    for o in range(values.shape[0]):
        value = load(values, (o,))
        on = defined(value, live)
        shown = choose(on, value, 0.0)
        low, high = lowest(choose(on, value, _INF)), highest(choose(on, value, -_INF))
        note(total(shown), low, high, m * count, first + o, cells)
        store(row.value, (0,), shown * unit)
        for j in range(WIDTH):
            step = (row.bits[0, j] >> _LEVEL_SHIFT) - bottom
            spot[j] = min(max(step, 0), _LEVEL_LAST)
        count_runs(spot, at + o * bins, m, count, 0, cells.hist)


@inner
def add_signed(
    values: Floats, k: int, mask: Floats, place: tuple[int, int, int], book: Book, count: int
) -> None:
    """Record the runs of values[k], of either sign, that count and are defined, into one cell."""
    store(book.row.value, (0,), load(values, (k,)))
    value, bits, cells, (i, at, _) = book.row.value[0], book.row.bits[0], book.cells, place
    for j in range(WIDTH):
        x = value[j]
        if mask[j] > 0.0 and x == x:  # not NaN
            cells.total[i] += x
            cells.hits[i] += count
            cells.low[i] = min(cells.low[i], x)
            cells.high[i] = max(cells.high[i], x)
            step = ((bits[j] & _NO_SIGN) >> _SIGNED_SHIFT) - _SIGNED_FIRST
            step = min(max(step, 0), SIGNED_HALF)
            cells.hist[at + (SIGNED_HALF - step if x < 0.0 else SIGNED_HALF + step)] += count
