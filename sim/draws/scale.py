"""The scale on which a parameter's draw is an offset: linear, log or log odds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_SCALES = {"normal": "linear", "half_normal": "linear", "lognormal": "log", "logit_normal": "logit"}


def scale_of(draw_kind: str) -> str:
    """Scale of a kind of draw."""
    return _SCALES[draw_kind]


def to_scale(values: Floats, scale: str) -> Floats:
    """Values on a scale."""
    if scale == "linear":
        return np.asarray(values, dtype=np.float64)
    logs = np.log(values)
    return np.asarray(logs if scale == "log" else logs - np.log1p(-np.asarray(values)))


def from_scale(points: Floats, scale: str) -> Floats:
    """Values of points on a scale."""
    if scale == "linear":
        return np.asarray(points, dtype=np.float64)
    if scale == "log":
        return np.asarray(np.exp(points))
    return np.asarray(1.0 / (1.0 + np.exp(-points)))
