"""The least work a month can take on this machine: what no engine of this model can go below."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.world.build import World
from sim.world.network import dense_rows

Floats = NDArray[np.float64]
LANES = 16  # as in the engine's blocks; wider ones are slower here


class Floor:
    """One exponential per alternative, one network product, one write of the share array.

    Everything a real month adds (prices, nests, adoption, reductions) is left out. Double
    precision; results go to arrays that exist already.
    """

    def __init__(self, world: World, lanes: int = LANES) -> None:
        """lanes: runs at once."""
        _, c, s, o = world.shape
        self.lanes, self.economies = lanes, c
        self.utility = np.linspace(-5.0, 5.0, c * s * o * lanes)
        self.pull = np.empty_like(self.utility)
        self.share = np.empty((c, s, o, lanes))
        self.weights = dense_rows(world.partners)
        self.portfolio = np.full((c, o * lanes), 1.0 / o)
        self.exposure = np.empty_like(self.portfolio)

    def month(self) -> None:
        """One month of every lane."""
        np.exp(self.utility, out=self.pull)
        np.matmul(self.weights, self.portfolio, out=self.exposure)
        np.copyto(self.share, self.pull.reshape(self.share.shape))

    def months(self, count: int) -> None:
        """Several months of every lane."""
        for _ in range(count):
            self.month()
