"""Compiled recorders: one row of runs into one cell's sum, range and histogram.

Sums run over four interleaved partial sums: that order is fixed, whatever the compiler does, and
breaks the chain of dependent additions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.equations.jit import kernel
from sim.results.bins import GRID
from sim.results.codelist import (
    LEVEL_BINS,
    LEVEL_STEPS_LOG2,
    SIGNED_FLOOR_LOG2,
    SIGNED_HALF,
    SIGNED_STEPS_LOG2,
)

_MANTISSA_BITS = 52
_EXPONENT_BIAS = 1023


@kernel
def add_range(row: Any, n: int, total: Any, low: Any, high: Any, hits: Any, i: int,
              count: int) -> bool:
    """Add row[:n] to cell ``i`` (flat); returns whether all values are equal."""
    a0 = a1 = a2 = a3 = 0.0
    lo = hi = row[0]
    quads = n // 4 * 4
    for j in range(0, quads, 4):
        a0 += row[j]
        a1 += row[j + 1]
        a2 += row[j + 2]
        a3 += row[j + 3]
    for j in range(quads, n):
        a0 += row[j]
    for j in range(n):
        x = row[j]
        lo = x if x < lo else lo
        hi = x if x > hi else hi
    total[i] += (a0 + a1) + (a2 + a3)
    low[i] = min(low[i], lo)
    high[i] = max(high[i], hi)
    hits[i] += n * count
    return lo == hi


@kernel
def add_places(place: Any, n: int, same: bool, hist: Any, i: int, count: int) -> None:
    """Count bins place[:n] in row ``i`` of a histogram [cells, bins]."""
    if same:
        hist[i, place[0]] += n * count
    else:
        for j in range(n):
            hist[i, place[j]] += count


@kernel
def add_unit(row: Any, n: int, place: Any, table: Any, total: Any, low: Any, high: Any, hits: Any,
             hist: Any, i: int, count: int) -> None:
    """Record fractions row[:n]; rounding may carry one a little outside [0, 1]."""
    if n == 0:
        return
    same = add_range(row, n, total, low, high, hits, i, count)
    wanted = 1 if same else n
    for j in range(wanted):
        place[j] = table[min(max(int(row[j] * GRID), 0), GRID)]
    add_places(place, n, same, hist, i, count)


@kernel
def add_level(row: Any, n: int, bits: Any, place: Any, unit: float, floor_log2: int, total: Any,
              low: Any, high: Any, hits: Any, hist: Any, i: int, count: int) -> None:
    """Record levels row[:n] >= 0; bins are of value * unit (per potential user). Alters the row."""
    if n == 0:
        return
    same = add_range(row, n, total, low, high, hits, i, count)
    shift = _MANTISSA_BITS - LEVEL_STEPS_LOG2
    first = ((_EXPONENT_BIAS + floor_log2) << LEVEL_STEPS_LOG2) - 1
    for j in range(n):
        row[j] *= unit
    for j in range(n):
        place[j] = min(max((bits[j] >> shift) - first, 0), LEVEL_BINS - 1)
    add_places(place, n, same, hist, i, count)


@kernel
def add_signed(row: Any, n: int, bits: Any, place: Any, total: Any, low: Any, high: Any, hits: Any,
               hist: Any, i: int, count: int) -> None:
    """Record numbers of either sign row[:n]."""
    if n == 0:
        return
    same = add_range(row, n, total, low, high, hits, i, count)
    shift = _MANTISSA_BITS - SIGNED_STEPS_LOG2
    first = ((_EXPONENT_BIAS + SIGNED_FLOOR_LOG2) << SIGNED_STEPS_LOG2) - 1
    for j in range(n):
        size = bits[j] & np.int64(0x7FFFFFFFFFFFFFFF)
        step = min(max((size >> shift) - first, 0), SIGNED_HALF)
        place[j] = SIGNED_HALF - step if row[j] < 0.0 else SIGNED_HALF + step
    add_places(place, n, same, hist, i, count)
