"""From degrees to the plane of a map: the Equal Earth projection, which keeps areas in proportion.

Savric, Patterson and Jenny (2018), The Equal Earth map projection, International Journal of
Geographical Information Science 33(3). The report's maps use the same one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_A = (1.340264, -0.081106, 0.000893, 0.003796)


def equal_earth(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Positions [N, 2] on a sphere of radius 1 from longitude and latitude [N, 2] in degrees."""
    longitude, latitude = np.radians(degrees).T
    theta = np.arcsin(np.sqrt(3) / 2 * np.sin(latitude))
    powers = (1.0, theta**2, theta**6, theta**8)
    y = theta * sum(a * p for a, p in zip(_A, powers, strict=True))
    slope = sum(
        a * k * p for a, k, p in zip(_A, (1, 3, 7, 9), powers, strict=True)
    )  # of y over theta
    x = 2 * np.sqrt(3) * longitude * np.cos(theta) / (3 * slope)
    return np.column_stack([x, y])


def outline(south: float, north: float, steps: int = 60) -> NDArray[np.float64]:
    """The edge of the map [4 * steps, 2] between two latitudes (degrees), as a closed ring."""
    up = np.linspace(south, north, 2 * steps)
    east = np.column_stack([np.full_like(up, 180.0), up])
    west = np.column_stack([np.full_like(up, -180.0), up[::-1]])
    return equal_earth(np.concatenate([east, west]))
