"""A line of medians with its 50 % and 90 % bands, as every chart over time draws it."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes

from sim.charts.tables import BANDS, column, dates

BAND_NOTE = "median, with the middle 50 % and 90 % of runs"
_ALPHAS = (0.18, 0.32)


def banded_line(ax: Axes, table: pl.DataFrame, colour: str, style: str = "-") -> None:
    """Draw p50 and both bands of ``table`` (one row per period, sorted) in ``colour``."""
    periods = dates(table)
    for (low, high), alpha in zip(BANDS, _ALPHAS, strict=True):
        ax.fill_between(
            periods,
            column(table, low),
            column(table, high),
            color=colour,
            alpha=alpha,
            linewidth=0,
        )
    ax.plot(periods, column(table, "p50"), style, color=colour, lw=1.8)
