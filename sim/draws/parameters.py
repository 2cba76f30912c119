"""Parameter draws: offsets laid around the centre of each quantity.

Quantities that were calibrated together take one vector of the posterior for each replicate; every
other one takes a standard normal of its own, keyed by (path, replicate); a path that was renamed
keeps the luck of its first name. Draws are offsets, so moving a centre keeps the luck, and a value
set to itself changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.draws.philox import entity_word, normals
from sim.draws.posterior import Posterior
from sim.scenario import Resolved
from sim.scenario.check import former_path
from sim.scenario.quantity import Draw, Quantity

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ParameterDraws:
    """Values by flat path [lane], and how many replicates a range limit held back."""

    values: dict[str, Floats]
    clipped: dict[str, int]

    def __call__(self, path: str) -> Floats:
        """Values [lane] of a path."""
        return self.values[path]


def draw_parameters(
    resolved: Resolved,
    seed: int,
    replicates: Sequence[int],
    spread: bool = True,
    posterior: Posterior | None = None,
) -> ParameterDraws:
    """Every quantity over replicates. spread=False: all at their centres."""
    lanes = np.asarray(replicates, dtype=np.uint64)
    chosen = None if posterior is None else posterior.pick(seed, lanes)
    values: dict[str, Floats] = {}
    clipped: dict[str, int] = {}
    for path, quantity in resolved.quantities.items():
        draw = quantity.draw
        if draw is None or quantity.fix or not spread:
            values[path] = np.full(len(lanes), quantity.value)
            continue
        if posterior is not None and chosen is not None and posterior.covers(path, quantity):
            raw = posterior.around(path, quantity, chosen)
        else:
            z = normals(seed, "parameter", lanes, 0, entity_word(former_path(path)))
            raw = around(quantity.value, draw, z)
        values[path], held = within(raw, quantity)
        if held:
            clipped[path] = held
    return ParameterDraws(values, clipped)


def around(centre: float, draw: Draw, z: Floats) -> Floats:
    """Values for standard normal offsets z, by kind of distribution."""
    if draw.kind == "normal":
        return centre + draw.scale * z
    if draw.kind == "lognormal":
        return centre * np.exp(draw.scale * z)
    if draw.kind == "half_normal":
        return centre + draw.scale * np.abs(z)
    odds = centre / (1.0 - centre) * np.exp(draw.scale * z)
    return odds / (1.0 + odds)


def within(values: Floats, quantity: Quantity) -> tuple[Floats, int]:
    """Values held to the quantity's range, and how many had to be."""
    low, high = quantity.range
    held = np.minimum(high, np.maximum(low, values))
    return held, int(np.count_nonzero(held != values))
