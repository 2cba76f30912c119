"""Shares of AI use by offering in groups of economies: stacked areas, of users, tokens, spend or
weighted by GDP.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sim.charts.look import percent, wrapped, years
from sim.charts.palette import offering_colours, stack_order
from sim.charts.panels import grid, heading
from sim.charts.tables import column, dates, offerings_in, rows
from sim.charts.view import GROUP_HEADINGS

Stack = tuple[NDArray[np.datetime64], list[str], NDArray[np.float64]]
_OF = {
    "users": "users",
    "tokens": "tokens",
    "spend": "spending",
    "gdp": "use, each economy weighted by its GDP",
}


def stack(
    table: pl.DataFrame,
    *,
    group_type: str = "world",
    group: str | None = None,
    segment: str = "all",
    by: str = "users",
) -> Stack:
    """Periods [T], offerings [O] in stacking order, and shares [O, T] (fractions that sum to 1).

    table: world.parquet, or what ``gdp_weighted`` makes. ``users`` and ``gdp`` read mean shares;
    ``tokens`` and ``spend`` divide mean levels by their sum. Means over runs are drawn because,
    unlike medians, they add up. A null share (nobody has adopted anything yet) counts as 0.
    Raises SchemaError without such rows.
    """
    variable = by if by in ("tokens", "spend") else "share"
    where = {"group_type": group_type, "segment": segment, "variable": variable}
    if group is not None:
        where["group"] = group
    found = rows(table.filter(pl.col("offering").is_not_null()), f"shares of {by}", **where)
    names = offerings_in(found)
    wide = found.pivot("offering", index="period", values="mean").sort("period")
    values = np.stack([np.nan_to_num(column(wide, name)) for name in names])
    if variable != "share":
        total = values.sum(axis=0)
        values = np.divide(values, total, out=np.zeros_like(values), where=total > 0)
    return dates(wide), names, values


def gdp_weighted(
    countries: pl.DataFrame, economies: pl.DataFrame, group_type: str, segment: str = "all"
) -> pl.DataFrame:
    """Mean shares of groups with economies weighted by GDP, in the shape of world.parquet.

    countries: countries.parquet; economies: columns iso3, gdp_usd (current USD) and one named
    ``group_type``. An economy counts from the month in which somebody there uses AI.
    """
    share = rows(countries, "shares by economy", segment=segment, variable="share")
    share = share.filter(pl.col("mean").is_not_null() & pl.col("offering").is_not_null())
    weighed = share.join(economies, on="iso3").group_by("period", group_type, "offering")
    summed = weighed.agg((pl.col("mean") * pl.col("gdp_usd")).sum().alias("mean"))
    total = pl.col("mean").sum().over("period", group_type)
    return summed.select(
        "period",
        pl.lit(group_type).alias("group_type"),
        pl.col(group_type).alias("group"),
        pl.lit(segment).alias("segment"),
        "offering",
        pl.lit("share").alias("variable"),
        (pl.col("mean") / total).alias("mean"),
    ).sort("period", "group", "offering")


def fill(ax: Axes, made: Stack) -> None:
    """Draw one stack on ``ax``: areas in the colours of the offerings, 0 to 100 %."""
    periods, names, values = made
    colours = offering_colours(names)
    ax.stackplot(
        periods,
        values,
        colors=[colours[name] for name in names],
        edgecolor="white",
        linewidth=0.6,
    )
    years(ax, periods)
    percent(ax, 1.0)


def shares(
    table: pl.DataFrame,
    figure: Figure,
    *,
    group_type: str,
    groups: list[str],
    segment: str = "all",
    by: str = "users",
    labels: Mapping[str, str] | None = None,
) -> list[Axes]:
    """A stacked panel for each of ``groups`` on ``figure``, with one legend."""
    drawn: set[str] = set()
    panels = grid(figure, groups)
    for ax, group in zip(panels, groups, strict=True):
        made = stack(table, group_type=group_type, group=group, segment=segment, by=by)
        fill(ax, made)
        years(ax, made[0], most=4)
        drawn |= set(made[1])
    _legend(figure, stack_order(drawn), labels or {})
    what = f"AI use by offering and {GROUP_HEADINGS[group_type]}"
    who = "" if segment == "all" else f" among {segment}"
    heading(figure, what, f"share of {_OF[by]}{who}, %; mean over runs")
    return panels


def weight_note(by: str, segment: str) -> str:
    """'share of all users, %; mean over runs', in the words for ``by`` and ``segment``."""
    every = "all " if segment == "all" and by == "users" else ""
    who = "" if segment == "all" else f" among {segment}"
    return f"share of {every}{_OF[by]}{who}, %; mean over runs"


def _legend(figure: Figure, names: list[str], labels: Mapping[str, str]) -> None:
    colours = offering_colours(names)
    patches = [Patch(color=colours[name]) for name in names]
    texts = [wrapped(labels.get(name, name), 40) for name in names]
    figure.legend(
        patches,
        texts,
        loc="lower center",
        bbox_to_anchor=(0.5, 0.035),
        ncols=3,
        frameon=False,
        fontsize=8,
        handlelength=1.2,
    )
