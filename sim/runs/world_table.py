"""The table of the world and its groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.record.accumulators import Accumulator, cells_of, shapes
from sim.record.bins import level_edges, signed_edges, unit_edges
from sim.record.cells import Cells
from sim.record.codelist import GROUP_BINS, LEVEL_FLOOR_LOG2, LEVELS, METRICS, QUANTILES
from sim.record.layout import (
    ALL,
    GROUP_ADOPTION,
    GROUP_LEVEL,
    GROUP_SHARE,
    INDICATOR_SERIES,
    WORLD,
    Layout,
)
from sim.record.quantiles import cell_means, cell_quantiles, run_means, run_quantiles
from sim.record.totals import Totals
from sim.runs.frames import long_frame, period_labels, stacked

Floats = NDArray[np.float64]
Axes = list[tuple[str, Sequence[str | date | None]]]

STATISTICS = ("mean", *(f"p{round(100 * q):02d}" for q in QUANTILES))


def named(statistics: Sequence[Floats], shape: tuple[int, ...]) -> dict[str, Floats]:
    """Mean and quantiles as columns, arrays of ``shape``."""
    return {name: x.reshape(shape) for name, x in zip(STATISTICS, statistics, strict=True)}


def of_cells(
    cells: Cells, shape: tuple[int, ...], edges: Floats, scale: Floats | None = None
) -> dict[str, Floats]:
    """Mean and quantiles of cells as columns."""
    return named([cell_means(cells), *cell_quantiles(cells, edges, scale)], shape)


def months(layout: Layout) -> tuple[str, Sequence[date]]:
    """The axis of months."""
    return "period", period_labels(layout, range(layout.n_months))


def world(totals: Totals, acc: Accumulator) -> pl.DataFrame:
    """Groups by month: share, adoption, indicators. Users, tokens and spend in recorded months;
    metrics half-yearly.
    """
    layout, axes = totals.layout, shapes(totals.layout, totals.plan)
    base: Axes = [
        months(layout),
        ("group", tuple(f"{kind}\t{name}" for kind, name in layout.groups)),
        ("segment", (*layout.segments, ALL)),
    ]
    edges = unit_edges(GROUP_BINS)
    share = of_cells(cells_of(acc, GROUP_SHARE), axes.group_share, edges)
    adoption = of_cells(cells_of(acc, GROUP_ADOPTION), axes.group_adoption, edges)
    frames = [
        long_frame([*base, ("offering", layout.offerings)], share, variable="share"),
        long_frame(base, adoption, variable="adoption"),
        *_levels(totals, acc, base),
        _indicators(totals, acc),
        _metrics(totals),
    ]
    parts = pl.col("group").str.split("\t").list
    keyed = [
        frame.with_columns(parts.get(0).alias("group_type"), parts.get(1).alias("group"))
        for frame in frames
    ]
    keys = ("period", "group_type", "group", "segment", "offering", "variable")
    return stacked(keyed, keys, STATISTICS)


def _levels(totals: Totals, acc: Accumulator, base: Axes) -> list[pl.DataFrame]:
    """Users, tokens and spend in recorded months; the last offering is their total."""
    layout, shape = totals.layout, shapes(totals.layout, totals.plan).group_level
    people = np.broadcast_to(totals.plan.level_unit[:, :, None], shape[2:]).reshape(-1)
    scale = np.tile(people, shape[0])
    whole = cells_of(acc, GROUP_LEVEL)
    frames = []
    for v, name in enumerate(LEVELS):
        picked = np.arange(len(whole.hits)).reshape(shape)[:, v].reshape(-1)
        cells = Cells(
            whole.total[picked],
            whole.low[picked],
            whole.high[picked],
            whole.hits[picked],
            whole.hist[picked],
        )
        statistics = of_cells(
            cells, (shape[0], *shape[2:]), level_edges(LEVEL_FLOOR_LOG2[v]), scale
        )
        axes: Axes = [
            ("period", period_labels(layout, layout.recorded)),
            *base[1:],
            ("offering", (*layout.offerings, None)),
        ]
        frames.append(long_frame(axes, statistics, variable=name))
    return frames


def _indicators(totals: Totals, acc: Accumulator) -> pl.DataFrame:
    """World series; those named `channel.variable` belong to the table of channels."""
    layout = totals.layout
    shape = shapes(layout, totals.plan).indicator
    statistics = of_cells(cells_of(acc, INDICATOR_SERIES), shape, signed_edges())
    frame = long_frame(
        [months(layout), ("variable", layout.indicators)],
        statistics,
        group=f"world\t{WORLD}",
        segment=ALL,
    )
    return frame.filter(~pl.col("variable").str.contains(".", literal=True))


def _metrics(totals: Totals) -> pl.DataFrame:
    """Metrics in June and December, exact over the live replicates."""
    layout = totals.layout
    places = {outcome.name: n for n, outcome in enumerate(layout.outcomes)}
    names = [entry.name for entry in METRICS if f"world.{entry.name}" in places]
    values = totals.outcomes[[places[f"world.{name}"] for name in names]][:, :, totals.live]
    statistics = named([run_means(values), *run_quantiles(values)], values.shape[:2])
    periods = period_labels(layout, layout.outcome_months)
    return long_frame(
        [("variable", names), ("period", periods)], statistics, group=f"world\t{WORLD}", segment=ALL
    )
