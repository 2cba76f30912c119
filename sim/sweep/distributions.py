"""From points of the unit cube to values: quantile functions, and rank correlation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from sim.sweep.schema import Correlation, Uncertainty

Floats = NDArray[np.float64]
_EDGE = 2.0**-53


def value_at(uncertainty: Uncertainty, u: Floats) -> Floats:
    """Quantiles of a distribution at probabilities u, 0 to 1."""
    n = uncertainty.numbers
    inner = np.clip(u, _EDGE, 1.0 - _EDGE)
    if uncertainty.kind == "uniform":
        return n[0] + (n[1] - n[0]) * u
    if uncertainty.kind == "triangular":
        return _triangular(n[0], n[1], n[2], u)
    if uncertainty.kind == "normal":
        return np.asarray(n[0] + n[1] * ndtri(inner))
    if uncertainty.kind == "lognormal":
        return np.asarray(n[0] * np.exp(n[1] * ndtri(inner)))
    values = np.array(n)
    picked: Floats = values[np.minimum((u * len(values)).astype(np.int64), len(values) - 1)]
    return picked


def _triangular(low: float, mode: float, high: float, u: Floats) -> Floats:
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
    return np.where(u * (high - low) < mode - low, rising, falling)


def correlation_matrix(paths: Sequence[str], correlations: Sequence[Correlation]) -> Floats:
    """Correlations of the normal scores that give the wanted rank correlations.

    Source of 2 sin(pi r / 6): Pearson 1907, for the bivariate normal distribution.
    """
    matrix = np.eye(len(paths))
    for one in correlations:
        i, j = (paths.index(path) for path in one.between)
        matrix[i, j] = matrix[j, i] = 2.0 * np.sin(np.pi * one.rank / 6.0)
    return matrix


def correlated(u: Floats, matrix: Floats) -> Floats:
    """Points [n, d] of the unit cube with correlated normal scores.

    Raises numpy's LinAlgError if no such correlations can exist.
    """
    scores = ndtri(np.clip(u, _EDGE, 1.0 - _EDGE))
    return np.asarray(ndtr(scores @ np.linalg.cholesky(matrix).T))
