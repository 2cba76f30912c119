"""Differences over time: what an alternative adds to or takes from the base, with intervals."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.charts.look import label_right, title, years
from sim.charts.palette import FAINT, GRID, offering_colours
from sim.charts.tables import column, dates, offerings_in, rows

_ALPHA = 0.25


def ribbons(
    table: pl.DataFrame,
    ax: Axes,
    *,
    labels: Mapping[str, str] | None = None,
    group_type: str = "world",
    group: str = "World",
    segment: str = "all",
) -> Axes:
    """Draw differences of shares by offering (groups.parquet of a comparison, one arm) on ``ax``.

    A line is the mean difference, its ribbon the paired 95 % interval; percentage points of the
    group's use. Raises SchemaError without such rows.
    """
    found = rows(
        table, "differences", group_type=group_type, group=group, segment=segment, variable="share"
    )
    names = offerings_in(found)
    colours = offering_colours(names)
    labels = labels or {}
    ends = []
    ax.grid(axis="y", color=GRID)
    ax.axhline(0, color=FAINT, lw=1)
    for name in names:
        one = found.filter(pl.col("offering") == name)
        middle = 100 * column(one, "difference")
        low, high = 100 * column(one, "low"), 100 * column(one, "high")
        ax.fill_between(dates(one), low, high, color=colours[name], alpha=_ALPHA, linewidth=0)
        ax.plot(dates(one), middle, color=colours[name], lw=1.8)
        ends.append(float(np.nan_to_num(middle[-1])))
    years(ax, dates(found.filter(pl.col("offering") == names[0])))
    signed_points(ax, found)
    named = sorted(zip(ends, names, strict=True))  # labels keep the order of the lines' ends
    texts = [f"{end:+.2g}  {labels.get(name, name)}" for end, name in named]
    label_right(ax, sorted(ends), texts, [colours[name] for _, name in named])
    where = "" if group_type == "world" else f", {group}"
    title(
        ax,
        f"Difference in shares of use{where}",
        "alternative minus base, percentage points; mean and paired 95 % interval",
    )
    return ax


def signed_points(ax: Axes, table: pl.DataFrame) -> None:
    """A vertical axis of percentage points that holds every interval and 0 in ``table``."""
    ends = [100 * column(table, name) for name in ("low", "high", "difference")]
    values = np.concatenate([[0.0], *ends])
    values = values[np.isfinite(values)]
    low, high = float(values.min()), float(values.max())
    room = 0.06 * (high - low) or 1.0
    ax.set_ylim(low - room, high + room)
    ax.yaxis.set_major_locator(MaxNLocator(7))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+.4g}" if value else "0"))
