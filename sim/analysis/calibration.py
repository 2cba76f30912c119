"""Fits parameter vectors to the targets: a search with restarts, then Markov chains.

The search is SciPy's trust-region least squares on residuals in standard errors, prior included,
from several starting points; all vectors of a Jacobian are lanes of one ensemble. The posterior is
sampled by many short chains at once (lanes again) of the preconditioned Crank-Nicolson proposal,
which keeps the normal approximation at the best vector and accepts by how far the posterior is from
it (Cotter, Roberts, Stuart and White 2013, Statistical Science 28(3)). Draws of the economies'
effects are matched and no seed is optimised.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, least_squares
from scipy.stats import norm
from scipy.stats.qmc import LatinHypercube

from sim.analysis.likelihood import Errors, Held, estimated, residuals
from sim.analysis.prediction import Predicted, Predictor
from sim.analysis.prior import Prior

Floats = NDArray[np.float64]
#: Step of the finite differences, in prior standard errors.
STEP = 0.02
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
    """Vectors [V, P] of equal or given weight; weights sum to 1."""

    points: Floats
    weights: Floats
    accepted: float  # share of proposals accepted after burn-in
    disagreement: float  # largest split R-hat of a parameter; 1 where chains agree
    evaluated: int


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

    def sample(self, fit: Fit, chains: int, steps: int, kept: int, seed: int) -> Sample:
        """Vectors from `chains` chains of `steps` steps; `kept` states of the second half of each.

        The size of a step is tuned in the first quarter of the steps only, on all chains together.
        """
        rng = np.random.Generator(np.random.Philox(seed))
        size, root = len(self.prior.paths), np.linalg.cholesky(fit.covariance)
        at = self._inside(fit, root, 0.5 * rng.standard_normal((chains, size)), rng)
        excess, width = self._excess(fit, root, at), 0.35
        trace, moved = np.zeros((steps, chains, size)), 0.0
        for step in range(steps):
            noise, chance = rng.standard_normal((chains, size)), rng.random(chains)
            new = np.sqrt(1.0 - width**2) * at + width * noise
            found = self._excess(fit, root, new)
            yes = np.log(chance) < found - excess
            at, excess = np.where(yes[:, None], new, at), np.where(yes, found, excess)
            if step < steps // 4:
                width = float(np.clip(width * np.exp(yes.mean() - 0.3), 0.05, 0.9))
            elif step >= steps // 2:
                moved += float(yes.mean()) / (steps - steps // 2)
            trace[step] = fit.point + at @ root.T
        picked = np.linspace(steps - 1, steps // 2, kept).round().astype(np.int64)
        points = trace[picked].reshape(-1, size)
        return Sample(
            points,
            np.full(len(points), 1.0 / len(points)),
            moved,
            float(split_rhat(trace[steps // 2 :]).max()),
            chains * (steps + 1),
        )

    def _inside(self, fit: Fit, root: Floats, at: Floats, rng: np.random.Generator) -> Floats:
        """Starting states within the ranges: those outside are drawn anew, closer each time."""
        for attempt in range(1, 60):
            outside = ~self.prior.inside(fit.point + at @ root.T)
            if not outside.any():
                break
            at[outside] = (
                0.5 * 0.9**attempt * rng.standard_normal((int(outside.sum()), at.shape[1]))
            )
        return at

    def _excess(self, fit: Fit, root: Floats, at: Floats) -> Floats:
        """[V] log posterior less that of the normal approximation; -inf outside the ranges."""
        points = fit.point + at @ root.T
        inside = self.prior.inside(points)
        found = np.full(len(at), -np.inf)
        for part in _parts(np.flatnonzero(inside), _BATCH):
            squares = (self.residuals(points[part]) ** 2).sum(axis=1)
            found[part] = 0.5 * (at[part] ** 2).sum(axis=1) - 0.5 * squares
        return found

    def _starting_points(self, starts: int, seed: int) -> list[Floats]:
        p = self.prior
        rng = np.random.Generator(np.random.Philox(seed))
        uniform = LatinHypercube(len(p.paths), rng=rng).random(max(1, starts - 1))
        spread = np.clip(norm.ppf(uniform[: starts - 1]), -1.5, 1.5)
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


def split_rhat(trace: Floats) -> Floats:
    """[P] split R-hat of a trace [step, chain, P] (Gelman and others, Bayesian Data Analysis, 3rd
    edition, 11.4): how much wider all chains together are than each half of one.
    """
    half = len(trace) // 2
    halves = np.concatenate([trace[:half], trace[half : 2 * half]], axis=1)
    within = halves.var(axis=0, ddof=1).mean(axis=0)
    between = halves.mean(axis=0).var(axis=0, ddof=1)
    return np.asarray(np.sqrt((half - 1) / half + between / np.maximum(within, 1e-300)))


def _parts(rows: NDArray[np.int64], size: int) -> list[NDArray[np.int64]]:
    return [rows[a : a + size] for a in range(0, len(rows), size)]
