"""How far predictions are from the targets: residuals in standard errors, channel by channel.

Consumer chat, web visits, aggregator and supply keep their own observation models; they are summed
only as log likelihoods of one parameter vector. Levels of the two half-years of an economy are one
observation (they correlate at .999), their growth is another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sim.evidence.prediction import Predicted, pooled
from sim.evidence.targets import CLASS_EDGES, Targets

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
#: Standard error of a published DeepSeek point on log odds: rounding and the map's own error.
POINT_ERROR = 0.1


@dataclass(frozen=True)
class Errors:
    """Standard errors of the cross-sections: what the model leaves unexplained, and reading."""

    users_log: float
    users_growth_log: float
    deepseek_logit: float
    class_slip: float
    firms_log: float


@dataclass(frozen=True)
class Held:
    """Which observations are used: [N] users (economies and pools), [N] classes; all series."""

    users: Bools
    classes: Bools


def everything(targets: Targets) -> Held:
    """All observations in use."""
    return Held(
        np.ones(len(targets.users.names), dtype=np.bool_),
        np.ones(len(targets.classes.iso3), dtype=np.bool_),
    )


def residuals(
    predicted: Predicted, targets: Targets, held: Held, errors: Errors, people: Floats
) -> Floats:
    """[V, R] residuals; half the sum of squares is minus the log likelihood up to a constant."""
    level, growth = users_log_errors(predicted, targets, people)
    return np.concatenate(
        [
            level[:, held.users] / errors.users_log,
            growth[:, held.users] / errors.users_growth_log,
            later_growth_errors(predicted, targets)[:, held.users[targets.later.at]]
            / errors.users_growth_log,
            class_residuals(predicted, targets, errors)[:, held.classes],
            series_residuals(predicted, targets),
            firms_log_errors(predicted, targets).reshape(len(predicted.firms), -1)
            / errors.firms_log,
        ],
        axis=1,
    )


def users_log_errors(
    predicted: Predicted, targets: Targets, people: Floats
) -> tuple[Floats, Floats]:
    """Log(predicted / observed) [V, N]: of the level over both half-years, and of growth."""
    found = np.log(pooled(predicted.users, targets.users.members, people))
    seen = np.log(targets.users.share.T)
    gap = found - seen
    return gap.mean(axis=1), gap[:, 1] - gap[:, 0]


def later_growth_errors(predicted: Predicted, targets: Targets) -> Floats:
    """[V, N] log errors of growth from the second half-year to the later period."""
    later = targets.later
    found = np.log(predicted.later[:, later.rows] / predicted.users[:, 1, later.rows])
    return np.asarray(found - np.log(later.share / targets.users.share[later.at, 1]))


def firms_log_errors(predicted: Predicted, targets: Targets) -> Floats:
    """[V, survey, N] log(predicted / observed) of firms that are fitted: any AI is the base, and of
    the others the part that the model's enterprises have taken up.
    """
    firms = targets.firms
    own = firms.fitted
    observed = observed_firms(firms.base[own], predicted.firms[:, :, firms.rows[own]])
    return np.asarray(np.log(observed / firms.share[own].T))


def observed_firms(base: Floats, adoption: Floats) -> Floats:
    """Firms that a survey of any AI counts: the base, and of the others who use generative AI."""
    return np.asarray(base + (1.0 - base) * adoption)


def class_residuals(predicted: Predicted, targets: Targets, errors: Errors) -> Floats:
    """[V, N] signed roots of the deviance of DeepSeek's class, or of the published point."""
    classes = targets.classes
    middle = logit(predicted.deepseek[:, classes.rows])
    spread = errors.deepseek_logit
    chance = class_chances(middle, spread, errors.class_slip)
    at = np.take_along_axis(chance, classes.bin[None, :, None], axis=2)[:, :, 0]
    best, mode = likeliest(spread, errors.class_slip)
    deviance = 2.0 * np.maximum(0.0, np.log(best[classes.bin]) - np.log(np.maximum(at, 1e-300)))
    found = np.sign(middle - mode[classes.bin]) * np.sqrt(deviance)
    exact = ~np.isnan(classes.point)
    wide = np.hypot(spread, POINT_ERROR)
    found[:, exact] = (middle[:, exact] - logit(classes.point[exact])) / wide
    return np.asarray(found)


@cache
def likeliest(spread: float, slip: float) -> tuple[Floats, Floats]:
    """[6] largest chance of each class, and the median (log odds) at which it has it."""
    medians = np.linspace(-9.0, 9.0, 3601)
    chances = class_chances(medians, spread, slip)
    return chances.max(axis=0), medians[chances.argmax(axis=0)]


def class_chances(middle: Floats, spread: float, slip: float) -> Floats:
    """[..., 6] chance of every class of the map for a median on log odds, slips included.

    slip: chance that a class was read one too low, and the same one too high.
    """
    edges = logit(np.clip(np.array(CLASS_EDGES), 1e-12, 1.0 - 1e-12))
    below = ndtr((edges - middle[..., None]) / spread)
    true = np.diff(below, axis=-1)
    lower = np.concatenate([true[..., 1:], np.zeros_like(true[..., :1])], axis=-1)
    upper = np.concatenate([np.zeros_like(true[..., :1]), true[..., :-1]], axis=-1)
    kept = np.full(true.shape[-1], 1.0 - 2.0 * slip)
    kept[[0, -1]] = 1.0 - slip  # the lowest class cannot be read lower, nor the highest higher
    return np.asarray(kept * true + slip * (lower + upper))


def series_residuals(predicted: Predicted, targets: Targets) -> Floats:
    """[V, N] log(predicted / published) in standard errors, a quarter of the margins' width."""
    series = targets.series
    error = (np.log(series.high) - np.log(series.low)) / 4.0
    return np.asarray((np.log(np.maximum(predicted.series, 1e-12)) - np.log(series.value)) / error)


def estimated(
    predicted: Predicted, targets: Targets, held: Held, errors: Errors, people: Floats
) -> Errors:
    """Errors re-estimated from one fitted vector: root mean squares of what it leaves.

    DeepSeek's spread is the likeliest on a grid, because classes carry no distances.
    """
    level, growth = users_log_errors(predicted, targets, people)
    own = held.users
    spreads = np.linspace(0.2, 1.2, 51)
    middle = logit(predicted.deepseek[:1, targets.classes.rows[held.classes]])
    number = targets.classes.bin[held.classes]
    fit = [
        np.log(
            np.take_along_axis(
                class_chances(middle, float(s), errors.class_slip), number[None, :, None], axis=2
            )
        ).sum()
        for s in spreads
    ]
    return replace(
        errors,
        users_log=float(np.sqrt(np.mean(level[0, own] ** 2))),
        users_growth_log=float(np.sqrt(np.mean(growth[0, own] ** 2))),
        deepseek_logit=float(spreads[int(np.argmax(fit))]),
    )


def logit(share: Floats) -> Floats:
    """Log odds of fractions."""
    return np.asarray(np.log(share) - np.log1p(-share))
