"""Adoption by group of economies: small multiples with bands, one common scale."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts.bands import BAND_NOTE, banded_line
from sim.charts.look import percent, years
from sim.charts.palette import FAINT, GRID, INK
from sim.charts.tables import column, dates, rows

_COLUMNS = 3
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
    n_rows = -(-len(groups) // _COLUMNS)
    grid = figure.subplots(n_rows, _COLUMNS, sharex=True, sharey=True, squeeze=False)
    panels: list[Axes] = []
    for position, ax in enumerate(grid.flat):
        if position >= len(groups):
            ax.set_axis_off()
            continue
        panel = found.filter(pl.col("group") == groups[position])
        _panel(ax, panel, world, groups[position], top)
        ax.tick_params(labelbottom=position + _COLUMNS >= len(groups))
        panels.append(ax)
    _heading(figure, segment, world_drawn=not world.is_empty())
    return panels


def _panel(ax: Axes, panel: pl.DataFrame, world: pl.DataFrame, name: str, top: float) -> None:
    ax.grid(axis="y", color=GRID)
    if not world.is_empty():
        ax.plot(dates(world), column(world, "p50"), color=FAINT, lw=1)
    banded_line(ax, panel, _LINE)
    years(ax, dates(panel), most=4)
    percent(ax, top)
    ax.set_title(name)
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


def _heading(figure: Figure, segment: str, *, world_drawn: bool) -> None:
    who = "potential users" if segment == "all" else f"potential users among {segment}"
    note = f"share of {who}, %; {BAND_NOTE}"
    if world_drawn:
        note += "; grey: world"
    figure.text(0.012, 0.985, "Adoption of AI by region", va="top", fontsize=12, weight="bold")
    figure.text(0.012, 0.93, note, va="top", fontsize=8.5, color=INK, alpha=0.8)
