"""Adoption by group of economies: small multiples with bands, one common scale."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts.bands import BAND_NOTE, banded_line
from sim.charts.look import percent, years
from sim.charts.palette import FAINT, GRID
from sim.charts.panels import grid, heading
from sim.charts.tables import column, dates, rows
from sim.charts.view import GROUP_HEADINGS

_LINE = "#3b3b6d"


def adoption(
    table: pl.DataFrame, figure: Figure, *, group_type: str = "region", segment: str = "all"
) -> list[Axes]:
    """Draw adoption in each group of ``group_type`` (world.parquet) as panels on ``figure``.

    Adoption is the fraction of the segment's potential users. A thin grey line repeats the world
    median in each panel, where the table has it. Raises SchemaError without such rows.
    """
    kind = {"segment": segment, "variable": "adoption", "offering": None}
    found = rows(table, "adoption", group_type=group_type, **kind)
    world = table.filter((pl.col("group_type") == "world") & (pl.col("variable") == "adoption"))
    world = world.filter(pl.col("segment") == segment).sort("period")
    groups = sorted(found["group"].unique().to_list())
    top = min(1.0, 1.14 * float(np.nanmax(column(found, "p95"))))
    panels = grid(figure, groups)
    for ax, group in zip(panels, groups, strict=True):
        _panel(ax, found.filter(pl.col("group") == group), world, top)
    who = "potential users" if segment == "all" else f"potential users among {segment}"
    note = f"share of {who}, %; {BAND_NOTE}" + ("" if world.is_empty() else "; grey: world")
    heading(figure, f"Adoption of AI by {GROUP_HEADINGS[group_type]}", note)
    return panels


def _panel(ax: Axes, panel: pl.DataFrame, world: pl.DataFrame, top: float) -> None:
    ax.grid(axis="y", color=GRID)
    if not world.is_empty():
        ax.plot(dates(world), column(world, "p50"), color=FAINT, lw=1)
    banded_line(ax, panel, _LINE)
    years(ax, dates(panel), most=4)
    percent(ax, top)
    ax.annotate(
        f"{100 * column(panel, 'p50')[-1]:.0f} %",
        (dates(panel)[-1], column(panel, "p95")[-1]),
        xytext=(-2, 2),
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=8.5,
        fontweight="bold",
        color=_LINE,
    )
