"""Any variable over time with its bands: one panel, or small multiples by group or offering."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter

from sim.charts.bands import BAND_NOTE, banded_line
from sim.charts.look import percent, wrapped, years
from sim.charts.palette import GRID, offering_colours
from sim.charts.panels import grid, heading
from sim.charts.tables import column, dates, offerings_in, rows
from sim.errors import SchemaError
from sim.record.codelist import UNITS

LINE = "#3b3b6d"


def panel_names(
    table: pl.DataFrame, variable: str, groups: list[str], offering: str | None
) -> list[str]:
    """What the panels of ``fan`` are: the groups, or the offerings of one group.

    Raises SchemaError for shares of several groups without an offering: they have no total.
    """
    found = rows(table, variable, variable=variable)
    split = found.filter(pl.col("offering").is_not_null())
    if offering is not None or split.is_empty():
        return groups
    if len(groups) == 1:
        return offerings_in(split)
    if found.filter(pl.col("offering").is_null()).is_empty():
        hint = "Name one group with --group, or an offering with --offering"
        raise SchemaError(f"'{variable}' of several groups has no total to draw", hint=hint)
    return groups


def fan(
    table: pl.DataFrame,
    figure: Figure,
    *,
    variable: str,
    group_type: str,
    groups: list[str],
    segment: str = "all",
    offering: str | None = None,
    labels: Mapping[str, str] | None = None,
) -> list[Axes]:
    """Panels with median, 50 % and 90 % bands of ``variable`` (world.parquet) on ``figure``.

    A panel for each group; with one group and a variable that offerings have, one for each
    offering. Raises SchemaError where there are no such rows.
    """
    labels = labels or {}
    names = panel_names(table, variable, groups, offering)
    by_offering = names != groups
    colours = offering_colours(names) if by_offering else {}
    titles = [wrapped(labels.get(name, name), 34) for name in names]
    panels = grid(figure, titles, one_scale=not by_offering)
    where = {"group_type": group_type, "segment": segment, "variable": variable}
    reach: list[tuple[float, float]] = []
    for ax, name in zip(panels, names, strict=True):
        cell = {"group": groups[0], "offering": name} if by_offering else {"group": name}
        found = rows(table, variable, **{**where, "offering": offering, **cell})
        ax.grid(axis="y", color=GRID)
        banded_line(ax, found, colours.get(name, LINE))
        years(ax, dates(found), most=4)
        reach.append(
            (float(np.nanmin(column(found, "p05"))), float(np.nanmax(column(found, "p95"))))
        )
    for ax, (low, high) in zip(panels, reach, strict=True):
        if by_offering:
            _scale(ax, variable, low, high)
        else:
            _scale(ax, variable, min(low for low, _ in reach), max(high for _, high in reach))
    whose = f", {groups[0]}" if len(groups) == 1 and group_type != "world" else ""
    which = f", {labels.get(offering, offering)}" if offering else ""
    who = "" if segment == "all" else f", {segment}"
    note = f"{UNITS.get(variable, '')}; {BAND_NOTE}".removeprefix("; ")
    note += "; every panel has its own scale" if by_offering else ""
    heading(figure, f"{variable.replace('_', ' ').capitalize()}{which}{who}{whose}", note)
    return panels


def _scale(ax: Axes, variable: str, low: float, high: float) -> None:
    """The shared vertical axis: percent for fractions, thousands for levels."""
    if UNITS.get(variable) == "fraction" and low >= 0:
        percent(ax, min(1.0, 1.1 * high) or 1.0)
        return
    room = 0.06 * (high - low or 1.0)
    ax.set_ylim(min(low - room, 0.0) if low >= 0 else low - room, high + room)
    if max(abs(low), abs(high)) >= 1000:
        ax.yaxis.set_major_formatter(EngFormatter(sep=""))
