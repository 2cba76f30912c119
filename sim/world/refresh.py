"""Months in which the slow part of what an economy thinks of offerings is worked out anew."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.world.pack import LeverPaths

Floats = NDArray[np.float64]


def months_that_differ(levers: LeverPaths, *arrays: Floats) -> NDArray[np.bool_]:
    """[T, C]: first month, and months in which something that standing utility rests on moves."""
    open_to, stopped, presence, refused, launched = arrays
    months, economies = open_to.shape[:2]
    moved = np.ones((months, economies), dtype=np.bool_)
    everywhere = np.any(refused[1:] != refused[:-1], axis=1)
    here = _moves(open_to) | _moves(stopped) | _moves(presence) | _moves(launched)
    for name in ("forum_engagement", "rivalry", "defence_salience"):
        here |= _moves(levers.economy[name])
    moved[1:] = here | everywhere[:, None]
    return moved


def _moves(values: Floats) -> NDArray[np.bool_]:
    """[T - 1, C]: whether anything in values [T, C, ...] differs from the month before.

    Hardly anything ever does: looking up where takes a fifth of asking every row.
    """
    flat = values.reshape(len(values), -1)
    places = np.flatnonzero(flat[1:].ravel() != flat[:-1].ravel())
    found = np.zeros((len(values) - 1, values.shape[1]), dtype=np.bool_)
    found.reshape(-1)[places // (flat.shape[1] // values.shape[1])] = True
    return found
