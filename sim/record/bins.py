"""Bin edges of the quantile histograms, and tables that find a fraction's bin in one look-up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.record.codelist import (
    LEVEL_BINS,
    LEVEL_STEPS_LOG2,
    SIGNED_FLOOR_LOG2,
    SIGNED_HALF,
    SIGNED_STEPS_LOG2,
)

#: A fraction is first cut into this many equal cells; bin edges lie on their borders.
GRID = 16384


def unit_edges(bins: int) -> NDArray[np.float64]:
    """Edges [bins + 1] on [0, 1], equal in arcsin(sqrt x): finest near 0 and 1."""
    angle = np.linspace(0.0, np.pi / 2, bins + 1)
    cells = np.rint(np.sin(angle) ** 2 * GRID).astype(np.int64)
    cells[0], cells[-1] = 0, GRID
    for k in range(1, bins):  # a bin is at least one cell wide
        cells[k] = min(max(cells[k], cells[k - 1] + 1), GRID - (bins - k))
    return cells / GRID


def unit_table(bins: int) -> NDArray[np.uint8]:
    """The bin of each grid cell [GRID + 1] (the last entry is x = 1)."""
    cells = (np.arange(GRID + 1) + 0.5) / GRID
    found = np.searchsorted(unit_edges(bins), cells, side="right") - 1
    return np.minimum(found, bins - 1).astype(np.uint8)


def _octave_edges(floor_log2: int, steps_log2: int, count: int) -> NDArray[np.float64]:
    """``count`` edges from 2**floor_log2 on, ``2**steps_log2`` equal steps an octave."""
    k = np.arange(count)
    steps = 1 << steps_log2
    return (1.0 + (k % steps) / steps) * 2.0 ** (floor_log2 + k // steps)


def level_edges(floor_log2: int) -> NDArray[np.float64]:
    """Edges [LEVEL_BINS + 1] of a level per potential user; the first bin reaches down to 0."""
    return np.concatenate([[0.0], _octave_edges(floor_log2, LEVEL_STEPS_LOG2, LEVEL_BINS)])


def signed_edges() -> NDArray[np.float64]:
    """Edges [SIGNED_BINS + 1] of an indicator: octaves either side of one bin around 0."""
    upper = _octave_edges(SIGNED_FLOOR_LOG2, SIGNED_STEPS_LOG2, SIGNED_HALF + 1)
    return np.concatenate([-upper[::-1], upper])
