"""Naive rivals of the model, cross-validated: what a reader could do without it.

Each is fitted on the observations outside a fold and forecasts those inside. Persistence and
common growth know an economy's first half-year; all others know only covariates of the economy,
and gravity the values of partners outside the fold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from sim.errors import InputError, SpheresError
from sim.evidence.folds import held
from sim.evidence.likelihood import class_chances, logit
from sim.evidence.prediction import pooled
from sim.evidence.targets import CLASS_EDGES, Targets
from sim.world.axes import CN
from sim.world.build import World
from sim.world.network import exposure_weights

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
#: Standard error of the weak prior on slopes: log odds for one standard deviation of a covariate.
#: It only holds a slope back where the training classes would let it run away.
SLOPE_PRIOR = 3.0
#: Bounds of what is fitted: spread on log odds, and chance of a class read one too low (or high).
SPREAD, SLIP = (0.1, 3.0), (0.001, 0.3)


@dataclass(frozen=True)
class Forecast:
    """Log-normal forecasts of AI users' share, [N, 2]: observation, half-year.

    NaN in the first half-year of rivals that start from it.
    """

    name: str
    mean_log: Floats
    sd_log: Floats


@dataclass(frozen=True)
class ClassForecast:
    """Chances of the classes of DeepSeek's share, [N, 6]."""

    name: str
    chances: Floats


#: Training observations [N] -> covariates [N, P], or [half-year, N, P].
Covariates = Callable[[Bools], Floats]


def rival_users(world: World, targets: Targets, fold_of: Ints) -> list[Forecast]:
    """Forecasts of every observation of AI users by a fit without its fold [C].

    Covariates of a pool are means weighted by people of 15 to 64. Raises InputError where the
    scenario has no months or services to tell where access is refused.
    """
    income = _by_observation(np.log(world.economies.income_month), world, targets)
    refused = _by_observation(refusal(world, targets), world, targets)
    parts = [held(targets, fold_of, int(k))[0] for k in np.unique(fold_of)]
    return [
        _from_first_half("persistence", targets, parts, grows=False),
        _from_first_half("common growth", targets, parts, grows=True),
        _regressed("marginal shares", targets, parts, _fixed()),
        _regressed("income only", targets, parts, _fixed(income)),
        _regressed("gravity only", targets, parts, _trade_users(world, targets)),
        _regressed("access denial + income", targets, parts, _fixed(refused, income)),
    ]


def rival_classes(world: World, targets: Targets, fold_of: Ints) -> list[ClassForecast]:
    """Forecasts of every class of the DeepSeek map by a fit without its fold [C].

    Raises InputError as `rival_users`.
    """
    rows = targets.classes.rows
    income = np.log(world.economies.income_month)[rows, None]
    access = np.concatenate([refusal(world, targets)[rows, None], income], axis=1)
    parts = [held(targets, fold_of, int(k))[1] for k in np.unique(fold_of)]
    number = targets.classes.bin
    return [
        _marginal(number, parts),
        _ordered("income only", number, parts, lambda _training: income),
        _ordered("gravity only", number, parts, _trade_classes(world, targets)),
        _ordered("access denial + income", number, parts, lambda _training: access),
    ]


def refusal(world: World, targets: Targets) -> Floats:
    """[C] fraction of the observed months in which consumers are mostly refused closed US models.

    Raises InputError where the scenario lacks the service, the segment or one of the months.
    """
    first = targets.halves[0][0] - world.resolved.horizon.start
    last = targets.halves[1][1] - world.resolved.horizon.start
    segments, offerings = list(world.resolved.segments), list(world.resolved.offerings)
    if first < 0 or last >= len(world.available):
        raise InputError("the horizon leaves out months that were observed", path="horizon")
    for name, kind, known in (
        ("consumers", "segments", segments),
        ("us_closed", "offerings", offerings),
    ):
        if name not in known:
            raise InputError("what access was observed for does not exist", path=f"{kind}.{name}")
    months = world.available[first : last + 1]
    open_to = months[:, :, segments.index("consumers"), offerings.index("us_closed")]
    return np.asarray((open_to < 0.5).mean(axis=0))


def _by_observation(values: Floats, world: World, targets: Targets) -> Floats:
    return pooled(values, targets.users.members, world.economies.people)


def _fixed(*columns: Floats) -> Covariates:
    """Covariates [N] that depend neither on the training observations nor on the half-year."""
    return lambda training: np.stack(
        [np.stack([np.ones(len(training)), *columns], axis=1)[:, 1:]] * 2
    )


def _trade_users(world: World, targets: Targets) -> Covariates:
    """[half-year, N, 1] mean log share of partners; pools stand for all their members."""
    members = targets.users.members
    belongs = np.zeros((len(members), len(world.iso3)))
    for n, rows in enumerate(members):
        belongs[n, list(rows)] = 1.0
    people = belongs * world.economies.people
    tie = (people / people.sum(axis=1, keepdims=True)) @ _weights(world) @ belongs.T
    logs = np.log(targets.users.share)
    return lambda training: partner_mean(tie, logs, training).T[:, :, None]


def _trade_classes(world: World, targets: Targets) -> Covariates:
    """[N, 2] log share of China in imports, and partners' mean log odds of DeepSeek's share."""
    rows = targets.classes.rows
    china = world.import_share[:, CN]
    china = np.log(np.maximum(china, china[china > 0.0].min()))[rows]
    tie = _weights(world)[np.ix_(rows, rows)]
    odds = logit(targets.classes.middle)
    return lambda training: np.stack([china, partner_mean(tie, odds, training)], axis=1)


def _weights(world: World) -> Floats:
    """[C, C] shares of imports, whatever network the scenario's structure uses."""
    return exposure_weights(world.imports, world.countries["region"].to_list())[0]


def partner_mean(tie: Floats, values: Floats, training: Bools) -> Floats:
    """Mean of partners' training values [N, ...] weighted by ties [N, N].

    An observation is never its own partner, so the covariate means the same inside and outside
    training. One that is tied to nobody in training gets their plain mean.
    """
    near = np.where(np.eye(len(tie), dtype=np.bool_), 0.0, tie)[:, training]
    total = near.sum(axis=1, keepdims=True)
    even = np.full(near.shape, 1.0 / near.shape[1])
    return np.asarray(np.divide(near, total, out=even, where=total > 0.0) @ values[training])


def _from_first_half(name: str, targets: Targets, parts: list[Bools], *, grows: bool) -> Forecast:
    """The second half-year from the first: as it was, or grown by the mean of the others."""
    logs = np.log(targets.users.share)
    growth = logs[:, 1] - logs[:, 0]
    mean, sd = np.full(logs.shape, np.nan), np.full(logs.shape, np.nan)
    for out in parts:
        seen = growth[~out]
        step = float(seen.mean()) if grows else 0.0
        wider = np.sqrt((len(seen) + 1) / (len(seen) - 1)) if grows else 1.0
        mean[out, 1] = logs[out, 0] + step
        sd[out, 1] = wider * np.sqrt(np.mean((seen - step) ** 2))
    return Forecast(name, mean, sd)


def _regressed(name: str, targets: Targets, parts: list[Bools], covariates: Covariates) -> Forecast:
    """Least squares of log shares, each half-year for itself, with prediction errors."""
    logs = np.log(targets.users.share)
    mean, sd = np.empty(logs.shape), np.empty(logs.shape)
    for out in parts:
        found = covariates(~out)
        for half in range(2):
            design = np.concatenate([np.ones((len(out), 1)), found[half]], axis=1)
            mean[out, half], sd[out, half] = _predicted(design[~out], logs[~out, half], design[out])
    return Forecast(name, mean, sd)


def _predicted(known: Floats, seen: Floats, wanted: Floats) -> tuple[Floats, Floats]:
    """(mean, sd) of new observations: residual error and that of the coefficients."""
    inverse = np.linalg.pinv(known.T @ known)
    slopes = inverse @ known.T @ seen
    free = len(seen) - np.linalg.matrix_rank(known)
    variance = ((seen - known @ slopes) ** 2).sum() / free
    leverage = np.einsum("np,pq,nq->n", wanted, inverse, wanted)
    return wanted @ slopes, np.sqrt(variance * (1.0 + leverage))


def _marginal(number: Ints, parts: list[Bools]) -> ClassForecast:
    """Frequencies of the training classes, one observation's worth spread evenly added, so that
    no class is impossible.
    """
    classes = len(CLASS_EDGES) - 1
    chances = np.empty((len(number), classes))
    for out in parts:
        seen = np.bincount(number[~out], minlength=classes)
        chances[out] = (seen + 1.0 / classes) / (seen.sum() + 1.0)
    return ClassForecast("marginal classes", chances)


def _ordered(name: str, number: Ints, parts: list[Bools], covariates: Covariates) -> ClassForecast:
    """Regression of log odds that sees only classes; spread and slip are fitted too."""
    chances = np.empty((len(number), len(CLASS_EDGES) - 1))
    for out in parts:
        found = covariates(~out)
        middle, scale = found[~out].mean(axis=0), found[~out].std(axis=0)
        standard = (found - middle) / np.where(scale > 0.0, scale, 1.0)
        design = np.concatenate([np.ones((len(out), 1)), standard], axis=1)
        slopes, spread, slip = interval_regression(design[~out], number[~out])
        chances[out] = class_chances(design[out] @ slopes, spread, slip)
    return ClassForecast(name, chances)


def interval_regression(design: Floats, number: Ints) -> tuple[Floats, float, float]:
    """(slopes [P], spread, slip) that make classes [N] likeliest, from a design [N, P] whose first
    column is 1. Spread: standard deviation on log odds; slip: see `class_chances`. Raises
    SpheresError where the search does not settle.
    """
    edges = np.array(CLASS_EDGES)
    middles = logit((edges[number] + edges[number + 1]) / 2.0)
    guess = np.linalg.lstsq(design, middles, rcond=None)[0]

    def loss(x: Floats) -> float:
        chance = class_chances(design @ x[:-2], float(np.exp(x[-2])), float(x[-1]))
        at = chance[np.arange(len(number)), number]
        prior = 0.5 * ((x[1:-2] / SLOPE_PRIOR) ** 2).sum()
        return float(prior - np.log(np.maximum(at, np.finfo(np.float64).tiny)).sum())

    low, high = np.log(SPREAD[0]), np.log(SPREAD[1])
    start = np.concatenate([guess, [np.log(0.7), 0.05]])
    found = minimize(
        loss, start, method="L-BFGS-B", bounds=[(None, None)] * len(guess) + [(low, high), SLIP]
    )
    if not found.success:
        raise SpheresError(f"a rival's regression did not settle: {found.message}")
    return np.asarray(found.x[:-2]), float(np.exp(found.x[-2])), float(found.x[-1])
