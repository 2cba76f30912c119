"""Means and quantiles of cells, from sums, ranges and integer counts.

The runs of a bin are taken to lie evenly in it, within the smallest and largest value ever seen;
the smallest and largest run are exact. A quantile interpolates linearly between neighbouring runs
(Hyndman and Fan 1996, type 7), so it is off by one bin width at most, and exact for one run, for
two, and for a cell in which all runs agree.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.lanes.jit import borrowing
from sim.record.cells import Cells
from sim.record.codelist import QUANTILES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@borrowing
def _value_at(
    rank: int,
    n: int,
    i: int,
    hist: NDArray[np.uint16],
    edges: Floats,
    scale: float,
    low: float,
    high: float,
) -> float:
    """The run of this rank (from 0) in cell ``i``."""
    if rank <= 0:
        return float(low)
    if rank >= n - 1:
        return float(high)
    below = 0
    for k in range(hist.shape[1]):
        inside = int(hist[i, k])
        if rank < below + inside:
            start = max(edges[k] * scale, low)
            end = min(edges[k + 1] * scale, high)
            if k == hist.shape[1] - 1:
                end = high
            if k == 0:
                start = low
            value = start + (rank - below + 0.5) / inside * (end - start)
            return float(min(max(value, low), high))
        below += inside
    return high


@borrowing
def _fill(
    hist: NDArray[np.uint16],
    hits: NDArray[np.int32],
    low: Floats,
    high: Floats,
    edges: Floats,
    scale: Floats,
    at: Floats,
    out: Floats,
) -> None:
    for i in range(hist.shape[0]):
        n = int(hits[i])
        for q in range(at.shape[0]):
            if n == 0:
                out[q, i] = np.nan
            elif low[i] == high[i]:
                out[q, i] = low[i]
            else:
                h = at[q] * (n - 1.0)
                k = int(h)
                first = _value_at(k, n, i, hist, edges, scale[i], low[i], high[i])
                rest = h - k
                if rest > 0.0:
                    second = _value_at(k + 1, n, i, hist, edges, scale[i], low[i], high[i])
                    first += rest * (second - first)
                out[q, i] = first


def cell_quantiles(
    cells: Cells, edges: Floats, scale: Floats | None = None, at: tuple[float, ...] = QUANTILES
) -> Floats:
    """Quantiles [len(at), cells]; NaN where a cell is undefined in every run.

    edges [bins + 1]; scale [cells]: what a cell's edges are multiplied with.
    """
    factor = np.ones(len(cells.hits)) if scale is None else scale
    out = np.empty((len(at), len(cells.hits)))
    _fill(cells.hist, cells.hits, cells.low, cells.high, edges, factor, np.array(at), out)
    return out


def cell_means(cells: Cells) -> Floats:
    """Means [cells] over the runs in which a cell is defined; NaN where there is none."""
    found = cells.hits > 0
    means = np.divide(cells.total, cells.hits, out=np.full(len(cells.hits), np.nan), where=found)
    return np.where(found, np.clip(means, cells.low, cells.high), np.nan)


def run_quantiles(values: Floats, at: tuple[float, ...] = QUANTILES) -> Floats:
    """Exact quantiles [len(at), ...] over the last axis, the runs; NaN runs are left out."""
    flat = values.reshape(-1, values.shape[-1])
    out = np.full((len(at), len(flat)), np.nan)
    for i, row in enumerate(flat):
        known = row[~np.isnan(row)]
        if len(known):
            out[:, i] = np.quantile(known, at)
    return out.reshape(len(at), *values.shape[:-1])


def run_means(values: Floats) -> Floats:
    """Means [...] over the last axis, the runs; NaN runs are left out."""
    known = ~np.isnan(values)
    number = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    means: Floats = np.divide(total, number, out=np.full(total.shape, np.nan), where=number > 0)
    return means
