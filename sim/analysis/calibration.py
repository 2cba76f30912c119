"""Fits parameter vectors to the targets: a search with restarts, then weighted samples.

The search is SciPy's trust-region least squares on residuals in standard errors, prior included,
from several starting points; all vectors of a Jacobian are lanes of one ensemble. The posterior is
sampled by importance: vectors are proposed around the best one from a multivariate Student
distribution with the curvature found there, run through the engine, and weighted by their exact
posterior density. Draws are matched and no seed is optimised.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, least_squares
from scipy.stats import chi2, multivariate_t, norm
from scipy.stats.qmc import MultivariateNormalQMC, Sobol

from sim.analysis.likelihood import Errors, Held, estimated, residuals
from sim.analysis.prediction import Predicted, Predictor
from sim.analysis.prior import Prior

Floats = NDArray[np.float64]
#: Step of the finite differences, in prior standard errors.
STEP = 0.02
#: Degrees of freedom and widening of the proposals: heavier tails than the posterior's.
FREEDOM, WIDER = 7.0, 1.15
_BATCH = 256


@dataclass(frozen=True)
class Fit:
    """The best vector found, the curvature there, and the errors estimated with it."""

    point: Floats  # [P] on the prior's scale
    covariance: Floats  # [P, P]
    errors: Errors
    cost: float  # minus log posterior, up to a constant
    costs: tuple[float, ...]  # of every start, best first


@dataclass(frozen=True)
class Sample:
    """Weighted vectors [V, P]; weights sum to 1."""

    points: Floats
    weights: Floats
    effective: float  # effective number of vectors of the proposals
    proposals: int


class Calibration:
    """A posterior of some parameters, given which observations may be used."""

    def __init__(self, predictor: Predictor, prior: Prior, held: Held, errors: Errors) -> None:
        """held: observations in use; a held-out one enters nowhere."""
        self.predictor, self.prior, self.held, self.errors = predictor, prior, held, errors
        self.targets = predictor.targets
        self.people = predictor.world.economies.people

    def predict(self, points: Floats) -> Predicted:
        """Predictions for points [V, P] of the prior's scale."""
        return self.predictor(self.prior.values(points))

    def residuals(self, points: Floats) -> Floats:
        """[V, R + P] residuals of the targets, then of the prior."""
        found = self.predict(points)
        data = residuals(found, self.targets, self.held, self.errors, self.people)
        return np.concatenate([data, (points - self.prior.centre) / self.prior.error], axis=1)

    def search(self, starts: int, seed: int, *, rounds: int = 2) -> Fit:
        """Best vector over several starts; errors are estimated anew after each round."""
        ends = [self._descend(point) for point in self._starting_points(starts, seed)]
        ends.sort(key=lambda end: end.cost)
        best = ends[0]
        for _ in range(rounds):
            self.errors = estimated(
                self.predict(best.x[None]), self.targets, self.held, self.errors, self.people
            )
            best = self._descend(best.x)
        curvature = best.jac.T @ best.jac
        return Fit(
            best.x,
            np.linalg.inv(curvature),
            self.errors,
            float(best.cost),
            tuple(float(end.cost) for end in ends),
        )

    def sample(self, fit: Fit, proposals: int, vectors: int, seed: int) -> Sample:
        """Weighted vectors: proposals around the fit, weighted, thinned to the wanted number."""
        count = len(self.prior.paths)
        shape = multivariate_t(np.zeros(count), WIDER**2 * fit.covariance, df=FREEDOM)
        points = fit.point + student(proposals, WIDER**2 * fit.covariance, seed)
        density = np.asarray(shape.logpdf(points - fit.point))
        inside = self.prior.inside(points)
        log_weight = np.full(proposals, -np.inf)
        for part in _parts(np.flatnonzero(inside), _BATCH):
            squares = (self.residuals(points[part]) ** 2).sum(axis=1)
            log_weight[part] = -0.5 * squares - density[part]
        weights = np.exp(log_weight - log_weight.max())
        weights /= weights.sum()
        picked, counts = thin(weights, vectors, seed)
        return Sample(
            points[picked], counts / counts.sum(), float(1.0 / (weights**2).sum()), proposals
        )

    def _starting_points(self, starts: int, seed: int) -> list[Floats]:
        p = self.prior
        sobol = Sobol(len(p.paths), scramble=True, rng=np.random.Generator(np.random.Philox(seed)))
        uniform = sobol.random(max(1, starts - 1)) if starts > 1 else np.empty((0, len(p.paths)))
        spread = np.clip(norm.ppf(uniform), -1.5, 1.5)
        return [p.centre, *(p.centre + p.error * row for row in spread)]

    def _descend(self, start: Floats) -> OptimizeResult:
        p = self.prior
        room = 1e-6 * (p.high - p.low)
        return least_squares(
            lambda x: self.residuals(x[None])[0],
            np.clip(start, p.low + room, p.high - room),
            jac=self._jacobian,
            bounds=(p.low, p.high),
            x_scale=p.error,
            ftol=1e-5,
            xtol=1e-4,
            gtol=1e-6,
            max_nfev=40,
        )

    def _jacobian(self, x: Floats) -> Floats:
        """[R, P] forward differences, backwards at the upper end of a range."""
        p = self.prior
        step = STEP * p.error
        step = np.where(x + step > p.high, -step, step)
        found = self.residuals(np.concatenate([x[None], x + np.diag(step)]))
        return np.asarray(((found[1:] - found[0]) / step[:, None]).T)


def student(count: int, scale: Floats, seed: int) -> Floats:
    """[count, P] points of a centred multivariate Student distribution, from a Sobol sequence."""
    size = len(scale)
    rng = np.random.Generator(np.random.Philox(seed))
    normal = MultivariateNormalQMC(np.zeros(size), scale, rng=rng).random(count)
    spread = chi2.ppf(rng.random(count), FREEDOM) / FREEDOM
    return np.asarray(normal / np.sqrt(spread)[:, None])


def thin(weights: Floats, count: int, seed: int) -> tuple[NDArray[np.int64], Floats]:
    """Systematic resampling: (which, how often), the same share of them as of the weight."""
    start = np.random.Generator(np.random.Philox(seed)).random()
    marks = (np.arange(count) + start) / count
    chosen = np.searchsorted(np.cumsum(weights), marks).clip(max=len(weights) - 1)
    which, times = np.unique(chosen, return_counts=True)
    return which.astype(np.int64), times.astype(np.float64)


def _parts(rows: NDArray[np.int64], size: int) -> list[NDArray[np.int64]]:
    return [rows[a : a + size] for a in range(0, len(rows), size)]
