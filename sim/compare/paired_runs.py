"""What paired runs leave: numbers of every arm, and what could not be kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.compare.axes import CommonAxes
from sim.compare.cells import Cells
from sim.record.ensemble import Failure
from sim.scenario import Resolved

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PairedRuns:
    """Arms after their runs; the base is arm 0.

    outcomes [arm, outcome, month, replicate]: NaN where undefined or failed; live [replicate]:
    lived in every arm; cells: statistics of each alternative's differences, empty without paths.
    """

    axes: CommonAxes
    names: tuple[str, ...]
    resolved: tuple[Resolved, ...]
    seed: int
    replicates: int
    outcomes: Floats
    live: NDArray[np.bool_]
    cells: tuple[Cells, ...]
    failures: list[tuple[str, Failure]]
    facts: tuple[str, ...]

    def failed(self) -> tuple[str, ...]:
        """Failures as sentences."""
        return tuple(
            f"{name}, replicate {one.replicate}: {one.equation} in {one.iso3} is not finite in "
            f"{one.month}; left out of all arms"
            for name, one in self.failures
        )
