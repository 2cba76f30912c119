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

from sim.evidence.likelihood import Errors, Held, estimated, residuals
from sim.evidence.prediction import Predicted, Predictor
from sim.evidence.prior import Prior

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
class Normal:
    """A normal approximation of the posterior: its mean [P] and the root of its covariance."""

    point: Floats
    root: Floats  # [P, P] lower triangle

    def step(self, points: Floats, noise: Floats, width: float) -> Floats:
        """Proposals [V, P] that keep this normal: part of where one is, part new."""
        held = np.sqrt(1.0 - width**2) * (points - self.point)
        return np.asarray(self.point + held + width * noise @ self.root.T)

    def squares(self, points: Floats) -> Floats:
        """[V] squared distances from the mean in standard errors."""
        return np.asarray((np.linalg.solve(self.root, (points - self.point).T) ** 2).sum(axis=0))

    def moved_to(self, points: Floats, kept: float = 0.2) -> Normal:
        """The normal of some points; a part of the old covariance keeps it from collapsing."""
        own = np.cov(points, rowvar=False).reshape(self.root.shape)
        mixed = (1.0 - kept) * own + kept * self.root @ self.root.T
        return Normal(points.mean(axis=0), np.linalg.cholesky(mixed))


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

        In the first half the size of a step is tuned, and the normal approximation is twice
        replaced by the mean and covariance of the chains; after that nothing is adapted any more.
        """
        rng = np.random.Generator(np.random.Philox(seed))
        size = len(self.prior.paths)
        near = Normal(fit.point, np.linalg.cholesky(fit.covariance))
        points = self._inside(near, rng, chains)
        excess, width = self._excess(near, points), 0.35
        trace, moved = np.zeros((steps, chains, size)), 0.0
        for step in range(steps):
            if step in (steps // 4, 3 * steps // 8):
                near = near.moved_to(trace[step - steps // 8 : step].reshape(-1, size))
                excess = self._excess(near, points)
            noise, chance = rng.standard_normal((chains, size)), rng.random(chains)
            new = near.step(points, noise, width)
            found = self._excess(near, new)
            yes = np.log(chance) < found - excess
            points = np.where(yes[:, None], new, points)
            excess = np.where(yes, found, excess)
            if step < steps // 2:
                width = float(np.clip(width * np.exp(yes.mean() - 0.3), 0.05, 0.9))
            else:
                moved += float(yes.mean()) / (steps - steps // 2)
            trace[step] = points
        picked = np.linspace(steps - 1, steps // 2, kept).round().astype(np.int64)
        chosen = trace[picked].reshape(-1, size)
        return Sample(
            chosen,
            np.full(len(chosen), 1.0 / len(chosen)),
            moved,
            float(split_rhat(trace[steps // 2 :]).max()),
            chains * (steps + 3),
        )

    def _inside(self, near: Normal, rng: np.random.Generator, chains: int) -> Floats:
        """Starting states within the ranges: those outside are drawn anew, closer each time."""
        points = near.point + rng.standard_normal((chains, len(near.point))) @ near.root.T
        for attempt in range(1, 60):
            outside = ~self.prior.inside(points)
            if not outside.any():
                break
            noise = rng.standard_normal((int(outside.sum()), len(near.point)))
            points[outside] = near.point + 0.95**attempt * noise @ near.root.T
        return points

    def _excess(self, near: Normal, points: Floats) -> Floats:
        """[V] log posterior less that of the normal approximation; -inf outside the ranges."""
        found = np.full(len(points), -np.inf)
        for part in _parts(np.flatnonzero(self.prior.inside(points)), _BATCH):
            squares = (self.residuals(points[part]) ** 2).sum(axis=1)
            found[part] = 0.5 * near.squares(points[part]) - 0.5 * squares
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
