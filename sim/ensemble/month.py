"""One month of a block, compiled as a whole: supply side, economies, the world's totals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.draws.world import SupplyDraws
from sim.ensemble.arrays import Ground, State, Work
from sim.ensemble.kernel import advance_economies
from sim.ensemble.totals import total_up
from sim.equations import market
from sim.equations.jit import borrowing
from sim.equations.supply import Supply, WorldUse
from sim.results.accumulators import Accumulator
from sim.results.channels import Instruments
from sim.results.statics import Statics
from sim.world.catalogue import Catalogue
from sim.world.parameters import OfferingParams, Params, SegmentParams, WorldLevers

Floats = NDArray[np.float64]


@borrowing
def advance_month(
    t: int,
    keep_bill: bool,
    seen: Instruments,
    count: int,
    statics: Statics,
    acc: Accumulator,
    last_dated: float,
    on: float,
    g: Ground,
    refresh: NDArray[np.bool_],
    lever: WorldLevers,
    catalogue: Catalogue,
    draws: SupplyDraws,
    p: Params[Floats],
    s: SegmentParams,
    o: OfferingParams,
    constants: Floats,
    taste: Floats,
    effect: Floats,
    use: WorldUse,
    supply: Supply,
    state: State,
    work: Work,
) -> None:
    """Steps 1 to 9 of month t; every array of runs is one pack wide. count: `advance_economies`."""
    market.advance_supply(
        t, g.reference_month, last_dated, p, s, lever, use, draws, catalogue, on, supply
    )
    advance_economies(
        t, keep_bill, seen, count, statics, acc, g, refresh, p, s, o, constants, taste, effect,
        lever, supply, state, work,
    )  # fmt: skip
    total_up(g, catalogue.origin, s, state, use)
