"""One month of a block, compiled as a whole: supply side, economies, the world's totals."""

from __future__ import annotations

from sim.ensemble.arrays import Inputs, Memory
from sim.ensemble.kernel import advance_economies
from sim.ensemble.totals import total_up
from sim.equations import market
from sim.equations.jit import borrowing
from sim.results.accumulators import Accumulator
from sim.results.channels import Instruments
from sim.results.statics import Statics


@borrowing
def advance_month(
    t: int,
    keep_bill: bool,
    seen: Instruments,
    count: int,
    statics: Statics,
    acc: Accumulator,
    given: Inputs,
    memory: Memory,
) -> None:
    """Steps 1 to 9 of month t; every array of runs is one pack wide. count: `advance_economies`."""
    market.advance_supply(
        t,
        given.ground.reference_month,
        given.last_dated,
        given.params,
        given.segments,
        given.lever,
        memory.use,
        given.draws,
        given.catalogue,
        given.on,
        memory.supply,
    )
    advance_economies(t, keep_bill, seen, count, statics, acc, given, memory)
    total_up(given.ground, given.catalogue.origin, given.segments, memory.state, memory.use)
