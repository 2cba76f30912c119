"""Economies ranked by how much an alternative moves them, with paired intervals."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.charts.look import title
from sim.charts.palette import FAINT, GRID, INK, offering_colours
from sim.charts.tables import column, rows
from sim.errors import SchemaError


def most_moved_offering(table: pl.DataFrame) -> str:
    """The offering whose share moves most, summed over economies, in the last period.

    table: countries.parquet of a comparison, one arm. A tie goes to the name that sorts first.
    """
    now = _last(table).group_by("offering").agg(pl.col("difference").abs().sum())
    return str(now.sort("difference", "offering", descending=[True, False])["offering"][0])


def _last(table: pl.DataFrame) -> pl.DataFrame:
    share = rows(table, "ranked economies", variable="share").drop_nulls("difference")
    if share.is_empty():
        raise SchemaError("no economy has a share in the chart of ranked economies")
    return share.filter(pl.col("period") == pl.col("period").max())


def ranked(
    table: pl.DataFrame,
    ax: Axes,
    *,
    labels: Mapping[str, str] | None = None,
    offering: str | None = None,
    most: int = 28,
) -> Axes:
    """Draw the ``most`` economies whose share of ``offering`` moves furthest, largest at the top.

    table: countries.parquet of a comparison, one arm; its last period is drawn. A dot is the mean
    difference, a bar the paired 95 % interval, hollow where the interval holds 0. offering: the
    most moved one if left out. Raises SchemaError without such rows.
    """
    name = most_moved_offering(table) if offering is None else offering
    now = _last(table).filter(pl.col("offering") == name)
    if now.is_empty():
        raise SchemaError(f"no rows of '{name}' for the chart of ranked economies")
    furthest = now.sort(pl.col("difference").abs(), "iso3", descending=[True, False]).head(most)
    shown = furthest.sort("difference", "iso3", descending=[True, False])
    middle, low, high = (100 * column(shown, c) for c in ("difference", "low", "high"))
    places = np.arange(len(shown))[::-1]
    colour = offering_colours([name])[name]
    clear = (low > 0) | (high < 0)
    ax.grid(axis="x", color=GRID)
    ax.axvline(0, color=FAINT, lw=1)
    ax.hlines(places, low, high, color=colour, lw=1.6)
    fills = [colour if sure else "white" for sure in clear]
    ax.scatter(middle, places, s=22, c=fills, edgecolors=colour, zorder=3)
    ax.set_yticks(places, shown["iso3"].to_list(), fontsize=7.5, color=INK)
    ax.set_ylim(-0.8, len(shown) - 0.2)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+.4g}" if value else "0"))
    when = shown["period"][0]
    title(
        ax,
        f"Most moved: {(labels or {}).get(name, name)}",
        f"difference in share, {when:%B %Y}, percentage points; paired 95 % interval, "
        "hollow: holds 0",
    )
    return ax
