"""The least work a month can take on this machine: what no engine of this model can go below."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.world.build import World
from sim.world.network import dense_rows

Floats = NDArray[np.float64]
LANES = 16  # as in the engine's blocks; wider ones are slower here


class Floor:
    """What the month's own equations cannot do without.

    By economy and segment: an exponential per offering (attraction) and a logarithm per offering
    (price), a logarithm and an exponential per nest, a logarithm per task (value), an exponential
    (adoption). By economy: a logarithm per model family (ecosystem), a logarithm and an exponential
    per offering (thrift). Then the sums over offerings by task and over tasks by offering, as
    multiply-adds; the network product; one write of the shares.

    Everything else of a month is left out: sums and products of utility, awareness, renewal,
    memory, costs, what is worked out once for the world, reductions. NumPy in double precision;
    results go to arrays that exist already. Sums over tasks are products of matrices, all economies
    at once, run by run.
    """

    def __init__(self, world: World, lanes: int = LANES) -> None:
        """lanes: runs at once."""
        _, c, s, o = world.shape
        n, f, q = world.offerings.n_nests, world.offerings.n_families, len(world.resolved.tasks)
        self.lanes, self.economies = lanes, c

        def room(*axes: int) -> Floats:
            return np.linspace(0.1, 3.0, int(np.prod(axes))).reshape(axes)

        self.utility, self.pull = room(s, lanes, c, o), room(s, lanes, c, o)
        #: Arguments of logarithms, of exponentials, and their results, each in one piece.
        self.log_of = room(s * lanes * c * (o + n + q) + lanes * c * (f + o))
        self.exp_of = room(s * lanes * c * (n + 1) + lanes * c * o)
        self.logs, self.exps = np.empty_like(self.log_of), np.empty_like(self.exp_of)
        self.worth, self.by_offering = room(s, lanes, o, q), room(s, lanes, q, o)
        self.by_task, self.mixed = room(s, lanes, c, q), room(s, lanes, c, o)
        self.share = np.empty((s, lanes, c, o))
        self.weights = dense_rows(world.partners)
        self.used = np.full((c, o * lanes), 1.0 / o)
        self.exposure = np.empty_like(self.used)

    def month(self) -> None:
        """One month of every lane."""
        np.matmul(self.weights, self.used, out=self.exposure)
        np.log(self.log_of, out=self.logs)
        np.exp(self.exp_of, out=self.exps)
        np.exp(self.utility, out=self.pull)
        np.matmul(self.pull, self.worth, out=self.by_task)
        np.matmul(self.by_task, self.by_offering, out=self.mixed)
        np.copyto(self.share, self.mixed)

    def months(self, count: int) -> None:
        """Several months of every lane."""
        for _ in range(count):
            self.month()
