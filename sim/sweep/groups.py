"""Shares and adoption of the world and its groups in Decembers: the small table of a point."""

from __future__ import annotations

import numpy as np
import polars as pl

from sim.record.accumulators import cells_of, shapes
from sim.record.bins import unit_edges
from sim.record.cells import Cells
from sim.record.codelist import GROUP_BINS
from sim.record.layout import ALL, GROUP_ADOPTION, GROUP_SHARE
from sim.record.totals import Totals
from sim.runs.frames import long_frame, period_labels, stacked
from sim.runs.world_table import STATISTICS, Axes, of_cells

KEYS = ("period", "group_type", "group", "segment", "offering", "variable")


def groups(totals: Totals) -> pl.DataFrame:
    """The December rows of the run folder's world table whose variable is share or adoption.

    Columns as there: period, group_type, group, segment, offering, variable, mean and quantiles.
    A horizon without December gives its last month (`Layout.decembers`).
    """
    layout, acc = totals.layout, totals.finish()
    axes = shapes(layout, totals.plan)
    decembers = layout.decembers
    base: Axes = [
        ("period", period_labels(layout, decembers)),
        ("group", tuple(f"{kind}\t{name}" for kind, name in layout.groups)),
        ("segment", (*layout.segments, ALL)),
    ]
    edges, count = unit_edges(GROUP_BINS), len(decembers)
    share = _of_months(cells_of(acc, GROUP_SHARE), axes.group_share, decembers)
    adoption = _of_months(cells_of(acc, GROUP_ADOPTION), axes.group_adoption, decembers)
    share_shape, adoption_shape = (count, *axes.group_share[1:]), (count, *axes.group_adoption[1:])
    frames = [
        long_frame(
            [*base, ("offering", layout.offerings)],
            of_cells(share, share_shape, edges),
            variable="share",
        ),
        long_frame(base, of_cells(adoption, adoption_shape, edges), variable="adoption"),
    ]
    return stacked([_split(frame) for frame in frames], KEYS, STATISTICS)


def _of_months(cells: Cells, shape: tuple[int, ...], periods: tuple[int, ...]) -> Cells:
    """The cells of some periods, the first axis."""
    picked = np.arange(len(cells.hits)).reshape(shape)[list(periods)].reshape(-1)
    return Cells._make(part[picked] for part in cells)


def _split(frame: pl.DataFrame) -> pl.DataFrame:
    parts = pl.col("group").str.split("\t").list
    return frame.with_columns(parts.get(0).alias("group_type"), parts.get(1).alias("group"))
