"""The equality gate: no speed is reported for readings of the model that differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from experiment_00_speed import mesa_runs
from experiment_00_speed.numpy_batch import Batch
from experiment_00_speed.reading import Seen, of_compiled, of_memory, of_oracle
from numpy.typing import NDArray
from oracle.world import Oracle

from sim.draws.setting import make_setting
from sim.ensemble.block import Block, prepare
from sim.errors import SpheresError
from sim.model.mesa import Spheres
from sim.record.plan import indicators
from sim.world.build import World

Floats = NDArray[np.float64]
TOLERANCE = 1e-9
LAGS = 4  # the first indicators: lags behind the US frontier


class ReadingsDifferError(SpheresError):
    """Two readings of the model disagree; their speeds must not be compared."""


def hold_equal(world: World, seed: int, lanes: int) -> dict[str, float]:
    """Largest difference from the oracle, by reading, over share, adoption and lag.

    Runs replicate 0 over all months in every reading (the batched ones with `lanes` replicates).
    Raises ReadingsDifferError naming the reading, quantity, month and economy.
    """
    one = make_setting(world, seed, (0,))
    many = make_setting(world, seed, tuple(range(lanes)))
    prepared = prepare(world)
    reference = Oracle(one)
    readings: Mapping[str, tuple[Any, Callable[[Any], Seen]]] = {
        "mesa": (mesa_runs.Written(one), mesa_runs.seen),
        "mesa_compiled": (Spheres(one), of_compiled),
        "numpy": (Batch(prepared.ground, many), lambda batch: of_memory(batch.memory)),
        "engine": (Block(prepared, many), lambda block: of_memory(block.memory)),
    }
    worst = dict.fromkeys(readings, 0.0)
    for _ in range(world.shape[0]):
        reference.step()
        expected = compared(of_oracle(reference))
        for name, (reading, see) in readings.items():
            reading.step()
            found = compared(see(reading))
            worst[name] = max(worst[name], compare(name, expected, found, reference))
    return worst


def compared(seen: Seen) -> dict[str, Floats]:
    """What is compared, of the first run: share [C, S, O], adoption [C, S], lag [4]."""
    lag = indicators(seen.supply, seen.scarcity)[:LAGS, 0]
    return {"share": seen.share[..., 0], "adoption": seen.adoption[..., 0], "lag": lag}


def compare(
    name: str, expected: Mapping[str, Floats], found: Mapping[str, Floats], model: Oracle
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
                f"{name} differs from the oracle: {quantity}{where} in {month} by "
                f"{float(gap.max()):.3g} (allowed {TOLERANCE:.0e}); no speed is reported"
            )
        largest = max(largest, float(gap.max()))
    return largest
