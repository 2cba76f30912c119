"""Compiled recorders: one row of runs into one cell's sum, range and histogram.

Sums run over eight interleaved partial sums: that order is fixed, whatever the compiler does, and
breaks the chain of dependent additions. Smallest and largest of non-negative numbers are found on
their bit patterns, which sort alike and, unlike floats, may be compared in any order. Runs that
follow each other often fall into the same bin, and an addition has to wait for the one before it:
four small tallies take turns and are added to the histogram together.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.equations.jit import equation, inner
from sim.results.bins import GRID
from sim.results.codelist import (
    LEVEL_BINS,
    LEVEL_STEPS_LOG2,
    SIGNED_FLOOR_LOG2,
    SIGNED_HALF,
    SIGNED_STEPS_LOG2,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Tallies that take turns, and room for the bins of one (indicators have more and use none).
TURNS, TALLY_BINS = 4, 96

_SCALE = float(GRID)
_LAST = np.int32(GRID)
_LEVEL_SHIFT = 52 - LEVEL_STEPS_LOG2
_LEVEL_LAST = LEVEL_BINS - 1
_SIGNED_SHIFT = 52 - SIGNED_STEPS_LOG2
_SIGNED_FIRST = ((1023 + SIGNED_FLOOR_LOG2) << SIGNED_STEPS_LOG2) - 1
_NO_SIGN = 0x7FFFFFFFFFFFFFFF


class Cells(NamedTuple):
    """Statistics of many cells of one kind or of all kinds over runs."""

    total: Floats  # [cells] sum over runs, of one chunk
    low: Floats
    high: Floats
    hits: NDArray[np.int32]  # runs in which the cell is defined
    hist: NDArray[Any]  # [cells * bins] uint16 or uint32; bins differ by kind


class Row(NamedTuple):
    """Work space for one row of runs; ``bits`` is the same memory as ``value`` [L + 1], whose last
    number is a spare place.
    """

    value: Floats
    bits: Ints
    place: NDArray[np.int32]
    tally: NDArray[np.uint16]  # [TURNS, TALLY_BINS], zero between calls


def new_row(lanes: int) -> Row:
    """Work space for rows of up to ``lanes`` runs."""
    value = np.zeros(lanes + 1)
    place = np.zeros(lanes, dtype=np.int32)
    tally = np.zeros((TURNS, TALLY_BINS), dtype=np.uint16)
    return Row(value, value.view(np.int64), place, tally)


@equation
def row_sum(value: Floats, n: int) -> float:
    """Sum of value[:n]."""
    a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = 0.0
    full = n // 8 * 8
    for j in range(0, full, 8):
        a0 += value[j]
        a1 += value[j + 1]
        a2 += value[j + 2]
        a3 += value[j + 3]
        a4 += value[j + 4]
        a5 += value[j + 5]
        a6 += value[j + 6]
        a7 += value[j + 7]
    for j in range(full, n):
        a0 += value[j]
    return ((a0 + a1) + (a2 + a3)) + ((a4 + a5) + (a6 + a7))


@equation
def pick(values: Floats, o: int, lanes: Ints, m: int, into: Floats) -> None:
    """The ``m`` lanes that count of row values[o] to the front of ``into``."""
    if m == values.shape[1]:
        for j in range(values.shape[1]):
            into[j] = values[o, j]
    else:
        for j in range(m):
            into[j] = values[o, lanes[j]]


@equation
def picked_sum(values: Floats, o: int, lanes: Ints, m: int, row: Row) -> float:
    """Sum of row values[o] over the ``m`` lanes that count."""
    pick(values, o, lanes, m, row.value)
    return row_sum(row.value, m)


@equation
def note_range(row: Row, m: int, i: int, count: int, cells: Cells) -> bool:
    """Sum, range and hits of the row's first ``m`` numbers, none negative, into cell ``i``; whether
    all are equal.
    """
    value, bits = row.value, row.bits
    cells.total[i] += row_sum(value, m)
    cells.hits[i] += m * count
    least = most = bits[0]
    for j in range(m):
        least = min(least, bits[j])
        most = max(most, bits[j])
    spare = len(value) - 1
    bits[spare] = least
    cells.low[i] = min(cells.low[i], value[spare])
    bits[spare] = most
    cells.high[i] = max(cells.high[i], value[spare])
    return bool(least == most)


@equation
def put_tally(tally: NDArray[np.uint16], bins: int, count: int, hist: NDArray[Any]) -> None:
    """Add the tallies to the histogram hist[bins] and empty them."""
    if count > 0:
        for k in range(bins):
            hist[k] += (tally[0, k] + tally[1, k]) + (tally[2, k] + tally[3, k])
    else:
        for k in range(bins):
            hist[k] -= (tally[0, k] + tally[1, k]) + (tally[2, k] + tally[3, k])
    for turn in range(TURNS):
        for k in range(bins):
            tally[turn, k] = 0


@inner
def add_units(
    values: Floats,
    size: int,
    lanes: Ints,
    m: int,
    table: NDArray[np.uint8],
    row: Row,
    cells: Cells,
    first: int,
    at: int,
    bins: int,
    count: int,
) -> None:
    """Record fractions values[o] for o < size into cells first + o, from the ``m`` lanes that
    count; their histograms start at ``at``. Rounding may carry a fraction a little above 1.
    """
    if m == 0:
        return
    value, place, tally = row.value, row.place, row.tally
    for o in range(size):
        pick(values, o, lanes, m, value)
        hist = cells.hist[at + o * bins : at + (o + 1) * bins]
        if note_range(row, m, first + o, count, cells):
            hist[table[min(np.int32(value[0] * _SCALE), _LAST)]] += m * count
            continue
        for j in range(m):
            place[j] = min(np.int32(value[j] * _SCALE), _LAST)
        for j in range(m):
            tally[np.uint64(j & 3), table[np.uint32(place[j])]] += np.uint16(1)
        put_tally(tally, bins, count, hist)


@inner
def add_levels(
    values: Floats,
    size: int,
    lanes: Ints,
    m: int,
    unit: float,
    floor_log2: int,
    row: Row,
    cells: Cells,
    first: int,
    at: int,
    count: int,
) -> None:
    """Record levels values[o] >= 0 for o < size into cells first + o; bins are of value * unit
    (per potential user).
    """
    if m == 0:
        return
    value, bits, place, tally = row.value, row.bits, row.place, row.tally
    bottom = ((1023 + floor_log2) << LEVEL_STEPS_LOG2) - 1
    for o in range(size):
        pick(values, o, lanes, m, value)
        hist = cells.hist[at + o * LEVEL_BINS : at + (o + 1) * LEVEL_BINS]
        same = note_range(row, m, first + o, count, cells)
        for j in range(m):
            value[j] *= unit
        for j in range(m):
            place[j] = min(max((bits[j] >> _LEVEL_SHIFT) - bottom, 0), _LEVEL_LAST)
        if same:
            hist[np.uint32(place[0])] += m * count
            continue
        for j in range(m):
            tally[np.uint64(j & 3), np.uint32(place[j])] += np.uint16(1)
        put_tally(tally, LEVEL_BINS, count, hist)


@inner
def add_signed(row: Row, n: int, cells: Cells, i: int, at: int, count: int) -> None:
    """Record the row's first ``n`` numbers, of either sign, into cell ``i``; a number that is
    not defined leaves the whole month of this block out.
    """
    value, bits = row.value, row.bits
    for j in range(n):
        if value[j] != value[j]:
            return
    if n == 0:
        return
    cells.total[i] += row_sum(value, n)
    cells.hits[i] += n * count
    for j in range(n):
        cells.low[i] = min(cells.low[i], value[j])
        cells.high[i] = max(cells.high[i], value[j])
    for j in range(n):
        step = ((bits[j] & _NO_SIGN) >> _SIGNED_SHIFT) - _SIGNED_FIRST
        step = min(max(step, 0), SIGNED_HALF)
        cells.hist[at + (SIGNED_HALF - step if value[j] < 0.0 else SIGNED_HALF + step)] += count
