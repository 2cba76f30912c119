"""Running statistics of differences between two arms; a block of replicates at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.analysis.paired_axes import CommonAxes
from sim.analysis.paired_kernel import BASE, COLUMNS, COUNT, DOWN, MEAN, OTHER, SQUARES, UP

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cells:
    """What one alternative's differences add up to. Last axis: `paired_kernel.COLUMNS`.

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
            _merge(mine, theirs)
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


def _merge(mine: Floats, theirs: Floats) -> None:
    """Counts, means and sums of squared deviations of two sets of replicates as one.

    Chan, Golub and LeVeque (1983): the cross term is the distance of the two means.
    """
    n, m = mine[..., COUNT], theirs[..., COUNT]
    part = np.divide(m, n + m, out=np.zeros_like(n), where=m > 0)
    gap = theirs[..., MEAN] - mine[..., MEAN]
    mine[..., SQUARES] += theirs[..., SQUARES] + gap * gap * n * part
    for column in (MEAN, BASE, OTHER):
        mine[..., column] += (theirs[..., column] - mine[..., column]) * part
    for column in (COUNT, UP, DOWN):
        mine[..., column] += theirs[..., column]
