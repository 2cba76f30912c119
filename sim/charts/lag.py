"""How many months other blocs and open weights are behind the US frontier."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.charts.bands import BAND_NOTE, banded_line
from sim.charts.lag_names import is_open, lag_colour, lag_label, lag_variables
from sim.charts.look import label_right, title, years
from sim.charts.palette import FAINT, GRID
from sim.charts.tables import column, dates, rows
from sim.errors import SchemaError


def lag(table: pl.DataFrame, ax: Axes) -> Axes:
    """Draw every lag of ``table`` (world.parquet; months) on ``ax``; open weights dashed.

    Raises SchemaError when the table has no lag at all.
    """
    names = lag_variables(table)
    if not names:
        raise SchemaError("no rows for the chart of capability lags", hint="Looked for lag_*")
    ends: list[float] = []
    colours: list[str] = []
    reached = [0.0]
    ax.grid(axis="y", color=GRID)
    ax.axhline(0, color=FAINT, lw=1)
    for name in names:
        found = rows(table, name, group_type="world", segment="all", variable=name, offering=None)
        colour = lag_colour(name)
        banded_line(ax, found, colour, "--" if is_open(name) else "-")
        years(ax, dates(found))
        ends.append(_last(column(found, "p50")))
        colours.append(colour)
        reached += [float(np.nanmin(column(found, "p05"))), float(np.nanmax(column(found, "p95")))]
    ax.set_ylim(min(reached) - 0.4, 1.06 * max(reached) + 0.4)
    ax.yaxis.set_major_locator(MaxNLocator(7, integer=True))
    ax.set_ylabel("months behind the US frontier")
    texts = [f"{end:.1f}  {lag_label(name)}" for name, end in zip(names, ends, strict=True)]
    label_right(ax, ends, texts, colours)
    title(ax, "Capability lag", f"months of frontier progress; {BAND_NOTE}")
    return ax


def _last(values: NDArray[np.float64]) -> float:
    """The last value that is defined."""
    return float(values[~np.isnan(values)][-1])
