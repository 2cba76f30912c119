"""Running statistics of differences between two arms; a block of replicates at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.compare.axes import CommonAxes
from sim.compare.kernel import COLUMNS, merge

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cells:
    """What one alternative's differences add up to. Last axis: `kernel.COLUMNS`.

    T months, Q recorded months, D Decembers, G groups, R regions, C economies, S segments,
    O offerings; the last offering is adoption (in `moved`: not using AI), the last segment all.
    """

    group: Floats  # [T, G, S + 1, O + 1, COLUMNS]
    economy: Floats  # [Q, C, O + 1, COLUMNS]
    indicator: Floats  # [T, I, COLUMNS]
    moved: Floats  # [D, R + 1, O + 1, O + 1] sums over replicates of users

    def absorb(self, block: Cells) -> None:
        """Add a block's. In place; the order of blocks must not depend on who ran them."""
        for mine, theirs in (
            (self.group, block.group),
            (self.economy, block.economy),
            (self.indicator, block.indicator),
        ):
            merge(mine.reshape(-1, COLUMNS), theirs.reshape(-1, COLUMNS))
        self.moved[...] += block.moved


def empty_cells(axes: CommonAxes) -> Cells:
    """Statistics of no replicate."""
    O1 = len(axes.offerings) + 1
    return Cells(
        np.zeros((axes.months, len(axes.groups), len(axes.segments) + 1, O1, COLUMNS)),
        np.zeros((len(axes.recorded), len(axes.iso3), O1, COLUMNS)),
        np.zeros((axes.months, len(axes.indicators), COLUMNS)),
        np.zeros((len(axes.decembers), len(axes.regions) + 1, O1, O1)),
    )
