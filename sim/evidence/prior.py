"""Coordinates in which parameters are fitted, and their prior, both from the scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.draws.scale import from_scale, scale_of, to_scale
from sim.errors import InputError
from sim.scenario import Resolved
from sim.scenario.check import renamed

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prior:
    """P parameters on the scale of their draws (linear, log or log odds).

    The prior is normal around the middle of the plausible range, with a quarter of it as standard
    error, cut off at its ends.
    """

    paths: tuple[str, ...]
    kinds: tuple[str, ...]
    centre: Floats  # [P]
    error: Floats  # [P]
    low: Floats  # [P]
    high: Floats  # [P]

    def values(self, points: Floats) -> dict[str, Floats]:
        """Parameter values [V] by path, of points [V, P]."""
        return {path: from_scale(points[:, k], self.kinds[k]) for k, path in enumerate(self.paths)}

    def inside(self, points: Floats) -> NDArray[np.bool_]:
        """[V] points within the ranges."""
        return np.asarray(((points >= self.low) & (points <= self.high)).all(axis=1))


def prior_from(resolved: Resolved, paths: Sequence[str]) -> Prior:
    """The prior of some parameters of a scenario.

    Raises InputError for a path that the scenario lacks or that carries no draw: a posterior is
    stored as offsets of draws.
    """
    known = resolved.quantities
    kinds, low, high = [], [], []
    for path in paths:
        quantity = known.get(path)
        if quantity is None or quantity.draw is None or quantity.plausible is None:
            why = "does not exist" if quantity is None else "lacks a draw or a plausible range"
            raise InputError(
                f"a parameter to calibrate {why}",
                path=path,
                hint=renamed(path) or "List parameters of baseline.yaml that have both",
            )
        kind = scale_of(quantity.draw.kind)
        ends = to_scale(np.array(quantity.plausible, dtype=np.float64), kind)
        kinds.append(kind)
        low.append(ends[0])
        high.append(ends[1])
    bottom, top = np.array(low), np.array(high)
    return Prior(
        tuple(paths), tuple(kinds), (bottom + top) / 2.0, (top - bottom) / 4.0, bottom, top
    )
