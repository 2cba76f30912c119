"""Where the circles of the trade network lie: geography first, then moved until none overlap."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_ROUNDS = 400
_HOLD = 0.01  # how strongly a circle is drawn back to its true place each round
_SETTLED = 0.75  # of the rounds; after them circles are only pushed apart


def project(latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Map positions [N, 2] from degrees [N]: equirectangular, latitude stretched by 1.25."""
    return np.column_stack([longitude, 1.25 * latitude])


def separate(
    places: NDArray[np.float64], radii: NDArray[np.float64], gap: float = 0.6
) -> NDArray[np.float64]:
    """Positions [N, 2] near ``places`` at which circles of ``radii`` [N] keep ``gap`` apart.

    Repeats: push every overlapping pair apart along the line between them, then draw all a little
    towards their true places. A fixed number of rounds and no random numbers: the same input
    gives the same map. The method is that of Dorling's circular cartograms (1996).
    """
    now = places + _nudge(len(places))
    reach = radii[:, None] + radii[None, :] + gap
    np.fill_diagonal(reach, 0)
    # The lighter circle of a pair gives way.
    weight = radii**2
    yields = weight[None, :] / (weight[:, None] + weight[None, :])
    for step in range(_ROUNDS):
        between = now[:, None, :] - now[None, :, :]
        distance = np.sqrt((between**2).sum(axis=2))
        np.fill_diagonal(distance, 1)
        push = np.maximum(reach - distance, 0) / distance * yields
        move = (push[:, :, None] * between).sum(axis=1)
        now = now + 0.5 * move
        if step < _SETTLED * _ROUNDS:
            now = now + _HOLD * (places - now)
    return now


def _nudge(n: int) -> NDArray[np.float64]:
    """A tiny fixed displacement [n, 2], so that circles at one place have a direction to part."""
    angle = np.arange(n) * np.pi * (3 - np.sqrt(5))
    return 1e-3 * np.column_stack([np.cos(angle), np.sin(angle)])
