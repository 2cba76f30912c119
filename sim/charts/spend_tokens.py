"""Spending against tokens: what each offering earns for what it delivers, year by year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import EngFormatter
from numpy.typing import NDArray

from sim.charts.look import label_right, title
from sim.charts.palette import GRID, INK, offering_colours
from sim.charts.tables import column, offerings_in, rows

Floats = NDArray[np.float64]
_PRICES = 10.0 ** np.arange(-4, 5)  # USD per million tokens, lines of one price


def paths(
    table: pl.DataFrame, group_type: str, group: str, segment: str
) -> dict[str, tuple[list[int], Floats, Floats]]:
    """Offering -> years, million tokens a month and USD a month in each December (means); in the
    last month stored where a horizon holds no December.

    Offerings nobody pays for, or not yet, have no point on a log scale and are left out. Raises
    NothingRecorded without tokens or spend in ``table`` (world.parquet).
    """
    december = _yearly(table.filter(pl.col("offering").is_not_null()))
    where = {"group_type": group_type, "group": group, "segment": segment}
    tokens = rows(december, "spend against tokens", variable="tokens", **where)
    spend = rows(december, "spend against tokens", variable="spend", **where)
    both = tokens.join(spend, on=["period", "offering"], suffix="_usd").sort("period")
    both = both.filter((pl.col("mean") > 0) & (pl.col("mean_usd") > 0))
    found = {}
    for name in offerings_in(both):
        one = both.filter(pl.col("offering") == name)
        years = one["period"].dt.year().to_list()
        found[name] = (years, column(one, "mean"), column(one, "mean_usd"))
    return found


def spend_tokens(
    table: pl.DataFrame,
    ax: Axes,
    *,
    group_type: str = "world",
    group: str = "World",
    segment: str = "all",
    labels: Mapping[str, str] | None = None,
) -> Axes:
    """Draw a path per offering on ``ax``, a dot each December, both axes logarithmic."""
    made = paths(table, group_type, group, segment)
    colours = offering_colours(made)
    ax.set_xscale("log")
    ax.set_yscale("log")
    for name, (_, tokens, usd) in made.items():
        ax.plot(tokens, usd, "-o", color=colours[name], lw=1.5, ms=3)
        ax.plot(tokens[-1:], usd[-1:], "o", color=colours[name], ms=6.5)
    _prices(ax)
    ax.xaxis.set_major_formatter(EngFormatter(sep=""))
    ax.yaxis.set_major_formatter(EngFormatter(sep=""))
    ax.set_xlabel("million tokens a month")
    ax.set_ylabel("USD a month")
    low, high = np.log(ax.get_ylim())
    heights = [(np.log(usd[-1]) - low) / (high - low) for _, _, usd in made.values()]
    texts = [(labels or {}).get(name, name) for name in made]
    _beside(ax, heights, texts, [colours[name] for name in made])
    where = "" if group_type == "world" else f", {group}"
    who = "" if segment == "all" else f", {segment}"
    note = f"{_when(table, made)}, mean over runs; the larger dot is the last"
    title(ax, f"Spending against tokens by offering{where}{who}", note)
    return ax


def _yearly(table: pl.DataFrame) -> pl.DataFrame:
    """The Decembers of ``table``; the last month that stores tokens where there is none."""
    stored = table.filter(pl.col("variable") == "tokens")["period"]
    if (stored.dt.month() == 12).any():
        return table.filter(pl.col("period").dt.month() == 12)
    return table.filter(pl.col("period") == stored.max())


def _when(table: pl.DataFrame, made: Mapping[str, tuple[list[int], Floats, Floats]]) -> str:
    """The months of the dots, in words."""
    stored = _yearly(table)["period"].cast(pl.Date)
    years = [year for found, _, _ in made.values() for year in found]
    last: date = stored.max()  # type: ignore[assignment]  # not empty once paths were found
    if last.month != 12:
        return f"{last:%B %Y}"
    return f"each December {min(years)} to {max(years)}"


def _prices(ax: Axes) -> None:
    """Faint lines of one price, named where they enter the axes."""
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    for price in _PRICES:
        low, high = max(x0, y0 / price), min(x1, y1 / price)
        if low < high:
            ax.plot([low, high], [price * low, price * high], color=GRID, lw=0.8, zorder=0)
            at = (low * (high / low) ** 0.02, price * low * (high / low) ** 0.02)
            ax.annotate(f"{price:g} USD/Mtok", at, fontsize=6.5, color="#767676", rotation=0)
    ax.set_xlim(x0, x1)
    ax.set_ylim(y0, y1)


def _beside(ax: Axes, heights: list[float], texts: list[str], colours: list[str]) -> None:
    """Names right of the axes at ``heights`` (0 to 1), on a linear twin of the log axis."""
    twin = ax.twinx()
    twin.set_ylim(0, 1)
    twin.set_axis_off()
    label_right(twin, heights, texts, colours)
    ax.tick_params(colors=INK)
