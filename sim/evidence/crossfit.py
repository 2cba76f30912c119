"""Cross-validated forecasts of every cross-section: each fold is forecast by a calibration that
never saw it.

The forecast of a held-out economy is a mixture over weighted parameter vectors; its spread adds
what the fitted economies left unexplained. No economy has a constant of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.evidence.calibration import Calibration, Fit, Sample
from sim.evidence.design import Design
from sim.evidence.folds import folds, held
from sim.evidence.likelihood import Held, class_chances, logit
from sim.evidence.prediction import Predicted, Predictor, pooled
from sim.evidence.prior import Prior
from sim.evidence.targets import Targets
from sim.world.build import World

Floats = NDArray[np.float64]
#: Chains and steps in each fold: bands need fewer vectors than a posterior that is shipped.
CHAINS, STEPS = 64, 24


@dataclass(frozen=True)
class CrossFit:
    """Held-out forecasts. N users in two half-years, M classes, F folds."""

    fold_of: NDArray[np.int64]  # [C]
    mean_log: Floats  # [N, 2]
    sd_log: Floats  # [N, 2]
    chances: Floats  # [M, 6]
    deepseek: Floats  # [M] median share
    deepseek_sd: Floats  # [M] on log odds
    everywhere: Floats  # [C] DeepSeek's median share by the fold that holds the economy out
    world: Floats  # [F, 2] users of the world, by half-year
    fits: tuple[Fit, ...]


def crossfit(
    world: World,
    targets: Targets,
    prior: Prior,
    design: Design,
    *,
    workers: int = 2,
    progress: Callable[[str], None] = lambda _: None,
) -> CrossFit:
    """Forecast every fold from the others; searches start at the prior's centre."""
    fold_of = folds(targets, world.iso3, design.folds, design.seed)

    def one(fold: int) -> tuple[Fit, Sample, Predicted]:
        users, classes = held(targets, fold_of, fold)
        predictor = Predictor(world, targets, workers=1)
        work = Calibration(predictor, prior, Held(~users, ~classes), design.errors.errors())
        fit = work.search(1, design.seed)
        sample = work.sample(fit, CHAINS, STEPS, 1, design.seed)
        found = work.predict(sample.points)
        progress(f"fold {fold + 1} of {design.folds}")
        return fit, sample, found

    with ThreadPoolExecutor(workers) as pool:
        done = list(pool.map(one, range(design.folds)))
    return _gathered(world, targets, fold_of, done)


def _gathered(
    world: World,
    targets: Targets,
    fold_of: NDArray[np.int64],
    done: Sequence[tuple[Fit, Sample, Predicted]],
) -> CrossFit:
    people = world.economies.people
    count, classes = len(targets.users.names), targets.classes
    mean, sd = np.zeros((count, 2)), np.zeros((count, 2))
    chances = np.zeros((len(classes.iso3), 6))
    middle, error = np.zeros(len(classes.iso3)), np.zeros(len(classes.iso3))
    everywhere, level = np.zeros(len(world.iso3)), np.zeros((len(done), 2))
    for fold, (fit, sample, found) in enumerate(done):
        users, held_classes = held(targets, fold_of, fold)
        w = sample.weights
        logs = np.log(pooled(found.users, targets.users.members, people)).transpose(0, 2, 1)
        m, s = moments(logs, w)
        mean[users], sd[users] = m[users], np.hypot(s, fit.errors.users_log)[users]
        odds = logit(found.deepseek)
        each = class_chances(
            odds[:, classes.rows], fit.errors.deepseek_logit, fit.errors.class_slip
        )
        chances[held_classes] = np.einsum("v,vnk->nk", w, each)[held_classes]
        m, s = moments(odds, w)
        here = fold_of == fold
        everywhere[here] = (1.0 / (1.0 + np.exp(-m)))[here]
        middle[held_classes] = m[classes.rows][held_classes]
        error[held_classes] = np.hypot(s, fit.errors.deepseek_logit)[classes.rows][held_classes]
        level[fold] = w @ (found.users @ (people / people.sum()))
        level[fold] *= np.exp(0.5 * fit.errors.users_log**2)  # a mean, not a median
    shares = 1.0 / (1.0 + np.exp(-middle))
    return CrossFit(
        fold_of=fold_of, mean_log=mean, sd_log=sd, chances=chances, deepseek=shares,
        deepseek_sd=error, everywhere=everywhere, world=level,
        fits=tuple(fit for fit, _, _ in done),
    )  # fmt: skip


def moments(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Weighted mean and standard deviation over the first axis."""
    mean = np.tensordot(weights, values, 1)
    return mean, np.sqrt(np.tensordot(weights, (values - mean) ** 2, 1))
