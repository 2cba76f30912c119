"""Compiled recorders: one row of runs into one cell's sum, range and histogram.

Sums run over eight interleaved partial sums: that order is fixed, whatever the compiler does, and
breaks the chain of dependent additions. Smallest and largest of non-negative numbers are found on
their bit patterns, which sort alike and, unlike floats, may be compared in any order. Together this
costs about 2 ns per run and cell instead of 7.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.equations.jit import equation
from sim.results.bins import GRID
from sim.results.codelist import (
    LEVEL_BINS,
    LEVEL_STEPS_LOG2,
    SIGNED_FLOOR_LOG2,
    SIGNED_HALF,
    SIGNED_STEPS_LOG2,
)
from sim.results.compiled import borrowing

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SCALE = float(GRID)
_LAST = np.int32(GRID)
_LEVEL_SHIFT = 52 - LEVEL_STEPS_LOG2
_SIGNED_SHIFT = 52 - SIGNED_STEPS_LOG2
_SIGNED_FIRST = ((1023 + SIGNED_FLOOR_LOG2) << SIGNED_STEPS_LOG2) - 1
_NO_SIGN = 0x7FFFFFFFFFFFFFFF


class Cells(NamedTuple):
    """Statistics of many cells over runs, flat (their shapes: `accumulators.shapes`)."""

    total: Floats  # [cells] sum over runs, of one chunk
    low: Floats
    high: Floats
    hits: NDArray[np.int32]  # runs in which the cell is defined
    hist: NDArray[Any]  # [cells, bins] uint16 or uint32


class Row(NamedTuple):
    """Work space for one row of runs [L]; ``bits`` is the same memory as ``value``."""

    value: Floats
    bits: Ints
    place: NDArray[np.int32]


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
def least_bits(bits: Ints, n: int) -> int:
    """Bit pattern of the smallest of non-negative numbers."""
    least = bits[0]
    for j in range(n):
        least = min(least, bits[j])
    return int(least)


@equation
def most_bits(bits: Ints, n: int) -> int:
    """Bit pattern of the largest of non-negative numbers."""
    most = bits[0]
    for j in range(n):
        most = max(most, bits[j])
    return int(most)


@borrowing
def add_units(
    values: Floats,
    s: int,
    lanes: Ints,
    m: int,
    table: NDArray[np.uint8],
    row: Row,
    cells: Cells,
    first: int,
    size: int,
    count: int,
) -> None:
    """Record fractions values[s, o] for o < size into cells first + o, from the ``m`` lanes that
    count. Rounding may carry a fraction a little above 1.
    """
    if m == 0:
        return
    value, bits, place = row.value, row.bits, row.place
    total, low, high, hits, hist = cells.total, cells.low, cells.high, cells.hits, cells.hist
    for o in range(size):
        i = first + o
        if m == values.shape[2]:
            for j in range(values.shape[2]):
                value[j] = values[s, o, j]
        else:
            for j in range(m):
                value[j] = values[s, o, lanes[j]]
        total[i] += row_sum(value, m)
        hits[i] += m * count
        least, most = least_bits(bits, m), most_bits(bits, m)
        for j in range(m):
            cell = np.int32(value[j] * _SCALE)
            place[j] = cell if cell < _LAST else _LAST
        if least == most:
            low[i] = min(low[i], value[0])
            high[i] = max(high[i], value[0])
            hist[i, table[np.uint32(place[0])]] += m * count
        else:
            for j in range(m):
                hist[np.uint64(i), table[np.uint32(place[j])]] += count
            bits[0], bits[1] = least, most
            low[i] = min(low[i], value[0])
            high[i] = max(high[i], value[1])


@borrowing
def add_levels(
    values: Floats,
    s: int,
    lanes: Ints,
    m: int,
    unit: float,
    floor_log2: int,
    row: Row,
    cells: Cells,
    first: int,
    size: int,
    count: int,
) -> None:
    """Record levels values[s, o] >= 0 for o < size into cells first + o; bins are of value * unit
    (per potential user).
    """
    if m == 0:
        return
    value, bits, place = row.value, row.bits, row.place
    total, low, high, hits, hist = cells.total, cells.low, cells.high, cells.hits, cells.hist
    bottom = ((1023 + floor_log2) << LEVEL_STEPS_LOG2) - 1
    for o in range(size):
        i = first + o
        if m == values.shape[2]:
            for j in range(values.shape[2]):
                value[j] = values[s, o, j]
        else:
            for j in range(m):
                value[j] = values[s, o, lanes[j]]
        total[i] += row_sum(value, m)
        hits[i] += m * count
        least, most = least_bits(bits, m), most_bits(bits, m)
        for j in range(m):
            value[j] *= unit
        for j in range(m):
            place[j] = min(max((bits[j] >> _LEVEL_SHIFT) - bottom, 0), LEVEL_BINS - 1)
        if least == most:
            hist[i, place[0]] += m * count
        else:
            for j in range(m):
                hist[np.uint64(i), np.uint32(place[j])] += count
        bits[0] = least
        low[i] = min(low[i], value[0])
        bits[0] = most
        high[i] = max(high[i], value[0])


@borrowing
def add_signed(row: Row, n: int, cells: Cells, i: int, count: int) -> None:
    """Record the row's first ``n`` numbers, of either sign, into cell ``i``."""
    if n == 0:
        return
    value, bits = row.value, row.bits
    cells.total[i] += row_sum(value, n)
    cells.hits[i] += n * count
    for j in range(n):
        cells.low[i] = min(cells.low[i], value[j])
        cells.high[i] = max(cells.high[i], value[j])
    for j in range(n):
        step = ((bits[j] & _NO_SIGN) >> _SIGNED_SHIFT) - _SIGNED_FIRST
        step = min(max(step, 0), SIGNED_HALF)
        cells.hist[i, SIGNED_HALF - step if value[j] < 0.0 else SIGNED_HALF + step] += count
