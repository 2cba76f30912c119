"""The equality gate: no speed is reported for readings of the model that differ."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from experiment_00_speed.numpy_batch import Batch
from numpy.typing import NDArray
from sim.model.model import Spheres

from sim.draws.setting import make_setting
from sim.ensemble.block import Block, prepare
from sim.errors import SpheresError
from sim.record.plan import indicators
from sim.world.build import World

Floats = NDArray[np.float64]
TOLERANCE = 1e-9
LAGS = 4  # the first indicators: lags behind the US frontier


class ReadingsDifferError(SpheresError):
    """Two readings of the model disagree; their speeds must not be compared."""


def hold_equal(world: World, seed: int, lanes: int) -> dict[str, float]:
    """Largest difference from the Mesa model, by reading, over share, adoption and lag.

    Runs replicate 0 over all months in every reading (the batched ones with `lanes` replicates).
    Raises ReadingsDifferError naming the reading, quantity, month and economy.
    """
    one = make_setting(world, seed, (0,))
    many = make_setting(world, seed, tuple(range(lanes)))
    prepared = prepare(world)
    reference = Spheres(one)
    others: Mapping[str, Block] = {
        "numpy": Batch(prepared, many),
        "engine": Block(prepared, many),
    }
    worst = dict.fromkeys(others, 0.0)
    for _ in range(world.shape[0]):
        reference.step()
        expected = seen(reference)
        for name, reading in others.items():
            reading.step()
            worst[name] = max(worst[name], compare(name, expected, seen(reading), reference))
    return worst


def seen(reading: Spheres | Block) -> dict[str, Floats]:
    """What is compared, of the first lane: share [C, S, O], adoption [C, S], lag [4]."""
    if isinstance(reading, Spheres):
        share, adoption, _ = reading.month_arrays()
    else:
        share, adoption = reading.lanes.share[..., 0], reading.lanes.adoption[..., 0]
    lag = indicators(reading.supply, np.zeros((1, reading.supply.markup.size)))[:LAGS, 0]
    return {"share": share, "adoption": adoption, "lag": lag}


def compare(
    name: str, expected: Mapping[str, Floats], found: Mapping[str, Floats], model: Spheres
) -> float:
    """Largest difference of a month.

    Raises ReadingsDifferError if it is above the tolerance, or undefined.
    """
    largest = 0.0
    for quantity, values in expected.items():
        gap = np.abs(found[quantity] - values)
        if not gap.max() <= TOLERANCE:
            at = int(np.argmax(np.where(np.isnan(gap), np.inf, gap))) // (gap.size // len(gap))
            where = "" if quantity == "lag" else f" in {model.world.iso3[at]}"
            month = model.world.resolved.horizon.label(model.month)
            raise ReadingsDifferError(
                f"{name} differs from the Mesa model: {quantity}{where} in {month} by "
                f"{float(gap.max()):.3g} (allowed {TOLERANCE:.0e}); no speed is reported"
            )
        largest = max(largest, float(gap.max()))
    return largest
