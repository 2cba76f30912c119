"""World shares of AI use by offering: a stacked area over time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.charts.look import label_right, percent, title, years
from sim.charts.palette import offering_colours
from sim.charts.tables import column, dates, offerings_in, rows


def share_matrix(
    table: pl.DataFrame, segment: str = "all"
) -> tuple[NDArray[np.datetime64], list[str], NDArray[np.float64]]:
    """Periods [T], offerings [O] in stacking order, and mean world shares [O, T] (fractions).

    Means over runs are drawn because, unlike medians, they add up to 1. A null share (nobody
    has adopted anything yet) counts as 0. Raises SchemaError without world shares.
    """
    found = rows(table, "world shares", group_type="world", segment=segment, variable="share")
    found = found.filter(pl.col("offering").is_not_null())
    names = offerings_in(found)
    wide = found.pivot("offering", index="period", values="mean").sort("period")
    shares = np.stack([np.nan_to_num(column(wide, name)) for name in names])
    return dates(wide), names, shares


def world_shares(
    table: pl.DataFrame,
    ax: Axes,
    *,
    labels: Mapping[str, str] | None = None,
    segment: str = "all",
) -> Axes:
    """Draw the world shares of ``table`` (world.parquet) on ``ax``, labelled at the right edge."""
    periods, names, shares = share_matrix(table, segment)
    labels = labels or {}
    colours = offering_colours(names)
    ax.stackplot(
        periods,
        shares,
        colors=[colours[name] for name in names],
        edgecolor="white",
        linewidth=0.6,
    )
    years(ax, periods)
    percent(ax, 1.0)
    tops = np.cumsum(shares[:, -1])
    middles = tops - shares[:, -1] / 2
    texts = [
        f"{_rounded(share)}  {labels.get(name, name)}"
        for name, share in zip(names, shares[:, -1], strict=True)
    ]
    label_right(ax, list(middles), texts, [colours[name] for name in names])
    who = "all users" if segment == "all" else f"users among {segment}"
    title(ax, "World AI use by offering", f"share of {who}, %; mean over runs")
    return ax


def _rounded(share: float) -> str:
    """A fraction as whole percent; below one percent it says so rather than '0 %'."""
    if 0 < share < 0.005:
        return "<1 %"
    return f"{100 * share:.0f} %"
