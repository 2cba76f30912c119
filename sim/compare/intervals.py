"""Intervals of paired differences: mean, Student's interval, sign, how many replicates it takes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.compare.kernel import BASE, COUNT, DOWN, MEAN, OTHER, SQUARES, UP

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
CONFIDENCE = 0.95


def intervals(cells: Floats) -> dict[str, Floats]:
    """Columns of a table from cells [..., `kernel.COLUMNS`].

    base, alternative, difference: means over replicates; low, high: 95 % interval of the mean
    difference (Student); p_up, p_down: part of replicates in which it is above and below 0; n. NaN
    where undefined; no interval for fewer than two replicates.
    """
    n = cells[..., COUNT]
    some = n > 0
    half = half_width(n, cells[..., SQUARES])
    mean = np.where(some, cells[..., MEAN], np.nan)
    return {
        "base": np.where(some, cells[..., BASE], np.nan),
        "alternative": np.where(some, cells[..., OTHER], np.nan),
        "difference": mean,
        "low": mean - half,
        "high": mean + half,
        "p_up": _part(cells[..., UP], n),
        "p_down": _part(cells[..., DOWN], n),
        "n": n,
    }


def half_width(n: Floats, squares: Floats) -> Floats:
    """Half of the interval of a mean from counts and sums of squared deviations; NaN for n < 2."""
    freedom = np.maximum(n - 1, 1)
    half = quantile(freedom) * np.sqrt(squares / freedom / np.maximum(n, 1))
    return np.where(n > 1, half, np.nan)


def quantile(freedom: Floats) -> Floats:
    """Student's quantile of the two-sided interval."""
    from scipy.special import stdtrit

    found: Floats = np.asarray(stdtrit(freedom, (1 + CONFIDENCE) / 2))
    return found


def of_runs(base: Floats, other: Floats) -> Floats:
    """Cells [..., COLUMNS] from replicates on the last axis; pairs with a NaN are left out."""
    gap = other - base
    known = np.isfinite(gap)
    n = known.sum(axis=-1).astype(np.float64)
    d = np.where(known, gap, 0.0)
    divisor = np.maximum(n, 1)
    mean = d.sum(axis=-1) / divisor
    found = np.zeros((*n.shape, 7))
    found[..., COUNT], found[..., MEAN] = n, mean
    found[..., SQUARES] = (np.where(known, d - mean[..., None], 0.0) ** 2).sum(axis=-1)
    found[..., UP], found[..., DOWN] = (d > 0).sum(axis=-1), (d < 0).sum(axis=-1)
    found[..., BASE] = np.where(known, base, 0.0).sum(axis=-1) / divisor
    found[..., OTHER] = np.where(known, other, 0.0).sum(axis=-1) / divisor
    return found


def clear_from(columns: Mapping[str, Floats]) -> NDArray[np.int64]:
    """Index along the first axis from which the interval leaves out 0 to the end; -1: never.

    It must stay on one side; an undefined interval is not clear. columns: `low` and `high`,
    [month, ...].
    """
    side = np.where(columns["low"] > 0, 1, np.where(columns["high"] < 0, -1, 0))
    last = side[-1]
    stays = np.logical_and.accumulate((side == last)[::-1], axis=0)[::-1] & (last != 0)
    return np.where(stays.any(axis=0), stays.argmax(axis=0), -1)


def variance_reduction(base: Floats, other: Floats) -> Floats:
    """How much common random numbers cut the variance of a difference, replicates last.

    (var a + var b) / var(b - a): independent seeds would have the numerator. Infinite where every
    replicate differs by the same, NaN where neither arm varies or fewer than two replicates count.
    """
    known = np.isfinite(other - base)
    n = known.sum(axis=-1)
    parts = [_variance(x, known, n) for x in (base, other, other - base)]
    apart, together = parts[0] + parts[1], parts[2]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((n > 1) & (apart > 0), apart / together, np.nan)


def needed(n: Floats, squares: Floats, target: Floats) -> Floats:
    """Replicates for an interval of half-width `target`, from the variance seen; at least 2.

    NaN for a target of 0 or fewer than two replicates.
    """
    normal = 1.959963984540054  # quantile of a two-sided 95 % interval, many replicates
    variance = np.where(n > 1, squares / np.maximum(n - 1, 1), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        count = np.ceil(variance * (normal / target) ** 2)
    return np.where(target > 0, np.maximum(count, 2), np.nan)


def _variance(values: Floats, known: Bools, n: NDArray[np.int64]) -> Floats:
    divisor = np.maximum(n, 1)
    mean = np.where(known, values, 0.0).sum(axis=-1) / divisor
    off = np.where(known, values - mean[..., None], 0.0)
    found: Floats = (off**2).sum(axis=-1) / np.maximum(n - 1, 1)
    return found


def _part(count: Floats, n: Floats) -> Floats:
    return np.divide(count, n, out=np.full_like(n, np.nan), where=n > 0)
