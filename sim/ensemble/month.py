"""One month of a block, compiled as a whole: supply side, economies, the world's totals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.draws.world import SupplyDraws
from sim.ensemble.arrays import Ground, Lanes, Seen, State, Work
from sim.ensemble.kernel import advance_economies
from sim.ensemble.totals import total_up
from sim.equations import market
from sim.equations.jit import borrowing, part
from sim.equations.packs import WIDTH
from sim.equations.supply import Supply, WorldUse
from sim.world.catalogue import Catalogue
from sim.world.parameters import OfferingParams, Params, SegmentParams, WorldLevers

Floats = NDArray[np.float64]


@borrowing
def advance_month(
    t: int,
    last_dated: float,
    on: float,
    keep_bill: bool,
    g: Ground,
    refresh: NDArray[np.bool_],
    lever: WorldLevers,
    catalogue: Catalogue,
    draws: SupplyDraws,
    p: Params[Floats],
    s: SegmentParams,
    pack_p: Params[Floats],
    pack_s: SegmentParams,
    pack_o: OfferingParams,
    constants: Floats,
    taste: Floats,
    effect: Floats,
    use: WorldUse,
    supply: Supply,
    seen: Seen,
    state: State,
    lanes: Lanes,
    work: Work,
) -> None:
    """Steps 1 to 9 of month t. p, s: by lane, for the supply side; pack_p, pack_s, pack_o, and
    constants, taste, effect: by packs.
    """
    market.advance_supply(
        t, g.reference_month, last_dated, p, s, lever, use, draws, catalogue, on, supply
    )
    look(supply, seen)
    advance_economies(
        t,
        keep_bill,
        g,
        refresh,
        pack_p,
        pack_s,
        pack_o,
        constants,
        taste,
        effect,
        lever,
        seen,
        state,
        lanes,
        work,
    )
    total_up(g, catalogue.origin, s, lanes, use)


@part
def look(supply: Supply, seen: Seen) -> None:
    """The supply side by packs; the last lane fills what is left of the last pack."""
    last = supply.markup.shape[0] - 1
    for q in range(seen.hourly.shape[0]):
        for w in range(WIDTH):
            j = min(q * WIDTH + w, last)
            seen.china_scale[q, w] = supply.china_scale[j]
            seen.offline[q, w] = supply.offline[j]
            seen.throughput[q, w] = supply.throughput[j]
            seen.hourly[q, w] = supply.hourly[j]
            for k in range(supply.api.shape[0]):
                seen.api[q, k, w] = supply.api[k, j]
            for i in range(supply.tokens.shape[0]):
                seen.tokens[q, i, w] = supply.tokens[i, j]
                seen.kappa[q, i, w] = supply.kappa[i, j]
                for k in range(supply.quality.shape[1]):
                    seen.quality[q, i, k, w] = supply.quality[i, k, j]
                    seen.attention[q, i, k, w] = supply.attention[i, k, j]
