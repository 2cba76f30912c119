"""How good a forecast was: scores of shares on the log scale, and of ordered classes.

Every score is a loss: smaller is better. CRPS and band widths carry the unit of what is forecast
(natural log of a share, so 0.1 is about ten per cent); log scores are in nats. An observation, a
mean and a standard deviation are arrays of one shape.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import norm, rankdata

from sim.draws.philox import uniforms

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: Smallest chance that a log score sees: a certain miss costs a finite 23 nats.
LEAST_CHANCE = 1e-10


@dataclass(frozen=True)
class Coverage:
    """Share of observations inside a central band, and how wide the band is on average."""

    level: float  # nominal, fraction
    share: float  # fraction of observations covered
    width: float  # mean: unit of the forecast, or number of classes


@dataclass(frozen=True)
class ShareScores:
    """Means over N forecasts of log shares."""

    crps: float
    log_score: float
    rank: float
    median_error: float  # |log(predicted / observed)|
    rms_error: float  # log(predicted / observed)
    half: Coverage  # 50 % band
    most: Coverage  # 90 % band


@dataclass(frozen=True)
class ClassScores:
    """Means over N forecasts of classes."""

    rps: float
    log_score: float
    rank: float
    half: Coverage
    most: Coverage


def crps_normal(mean: Floats, sd: Floats, seen: Floats) -> Floats:
    """CRPS of normal forecasts, closed form (Gneiting and Raftery 2007, JASA 102, 359-378)."""
    z = (seen - mean) / sd
    return np.asarray(sd * (z * (2.0 * ndtr(z) - 1.0) + 2.0 * norm.pdf(z) - 1.0 / np.sqrt(np.pi)))


def log_score_normal(mean: Floats, sd: Floats, seen: Floats) -> Floats:
    """Minus log density of normal forecasts, nats."""
    return np.asarray(-norm.logpdf(seen, mean, sd))


def rank_correlation(predicted: Floats, seen: Floats) -> float:
    """Spearman's, ties at their mean rank; NaN where either side is constant."""
    a, b = rankdata(predicted), rankdata(seen)
    a, b = a - a.mean(), b - b.mean()
    size = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / size) if size > 0.0 else float("nan")


def median_error(predicted: Floats, seen: Floats) -> float:
    """Median |log(predicted / observed)| of logs."""
    return float(np.median(np.abs(predicted - seen)))


def rms_error(predicted: Floats, seen: Floats) -> float:
    """Root mean square of log(predicted / observed) of logs."""
    return float(np.sqrt(np.mean((predicted - seen) ** 2)))


def band_normal(mean: Floats, sd: Floats, level: float) -> tuple[Floats, Floats]:
    """(low, high) of the central band that holds `level` of normal forecasts."""
    reach = float(ndtri(0.5 + level / 2.0)) * sd
    return mean - reach, mean + reach


def coverage(band: tuple[Floats, Floats], seen: Floats, level: float) -> Coverage:
    """How often bands hold what was seen, and their mean width."""
    low, high = band
    inside = (seen >= low) & (seen <= high)
    return Coverage(level, float(inside.mean()), float((high - low).mean()))


def rps(chances: Floats, number: Ints) -> Floats:
    """[N] ranked probability score of chances [N, K] and classes seen (Epstein 1969, J. Appl.
    Meteorol. 8, 985-987): squared differences of cumulated chances, summed; at most K - 1.
    """
    reached = number[:, None] <= np.arange(chances.shape[1] - 1)
    return np.asarray(((np.cumsum(chances, axis=1)[:, :-1] - reached) ** 2).sum(axis=1))


def log_score_classes(chances: Floats, number: Ints) -> Floats:
    """[N] minus log chance of the class seen, nats."""
    at = chances[np.arange(len(number)), number]
    return np.asarray(-np.log(np.maximum(at, LEAST_CHANCE)))


def class_coverage(chances: Floats, number: Ints, level: float) -> Coverage:
    """The central set runs from the class of the lower to that of the upper quantile.

    Whole classes cover more than `level`; see `class_chance_covered`. Width in classes.
    """
    below = np.cumsum(chances, axis=1)[:, :-1]
    first = (below <= (1.0 - level) / 2.0).sum(axis=1)
    last = (below < (1.0 + level) / 2.0).sum(axis=1)
    inside = (number >= first) & (number <= last)
    return Coverage(level, float(inside.mean()), float((last - first + 1).mean()))


def class_chance_covered(chances: Floats, number: Ints, level: float) -> Floats:
    """[N] chance that a central band cut through classes covers: `level` on average when right.

    A class counts by the part of its chance that lies between the two quantiles (the
    non-randomised transform of Czado, Gneiting and Held 2009, Biometrics 65, 1254-1261).
    """
    upper = np.cumsum(chances, axis=1)[np.arange(len(number)), number]
    size = chances[np.arange(len(number)), number]
    lower = upper - size
    low, high = (1.0 - level) / 2.0, (1.0 + level) / 2.0
    part = np.maximum(0.0, np.minimum(upper, high) - np.maximum(lower, low))
    within = ((lower >= low) & (lower <= high)).astype(np.float64)  # a class without any chance
    return np.asarray(np.divide(part, size, out=within, where=size > LEAST_CHANCE))


def beats(a: Floats, b: Floats, seed: int, resamples: int = 4000) -> float:
    """Share of paired bootstraps over N observations in which the mean loss `a` is below `b`.

    A tie counts half. Draws are keyed: the same seed and N resample alike for every pair.
    """
    count = len(a)
    draw = uniforms(seed, "bootstrap", np.arange(resamples)[:, None], 0, np.arange(count))
    gap = (b - a)[(draw * count).astype(np.int64)].mean(axis=1)
    return float(np.mean(np.where(gap > 0.0, 1.0, np.where(gap < 0.0, 0.0, 0.5))))


def score_shares(mean_log: Floats, sd_log: Floats, seen_log: Floats) -> ShareScores:
    """All scores of normal forecasts [N] of log shares."""
    half, most = (
        coverage(band_normal(mean_log, sd_log, level), seen_log, level) for level in (0.5, 0.9)
    )
    return ShareScores(
        float(crps_normal(mean_log, sd_log, seen_log).mean()),
        float(log_score_normal(mean_log, sd_log, seen_log).mean()),
        rank_correlation(mean_log, seen_log),
        median_error(mean_log, seen_log),
        rms_error(mean_log, seen_log),
        half,
        most,
    )


def score_classes(chances: Floats, number: Ints, middle: Floats) -> ClassScores:
    """All scores of class forecasts [N, K]; ranks are of the expected class and of `middle` [N],
    the best single figure of what was seen (a published point, or the middle of the class).
    """
    half, most = (class_coverage(chances, number, level) for level in (0.5, 0.9))
    return ClassScores(
        float(rps(chances, number).mean()),
        float(log_score_classes(chances, number).mean()),
        rank_correlation(chances @ np.arange(chances.shape[1]), middle),
        half,
        most,
    )
