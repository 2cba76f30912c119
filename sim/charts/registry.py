"""The list of charts: name, what it shows, size, and how it is drawn from a run's tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from matplotlib.figure import Figure

from sim.charts import drawing
from sim.charts.drawing import Draw
from sim.charts.footer import Footer, add_footer
from sim.charts.hindcast import height_for, hindcast
from sim.charts.look import styled
from sim.charts.tables import RunTables
from sim.charts.view import View
from sim.errors import MissingFile, SchemaError, UnknownKey, nearest
from sim.files import display


@dataclass(frozen=True)
class Chart:
    """One chart: its file stem in ``figures/``, its size in inches (wide, high), how it is drawn,
    which options of ``View`` it knows, and whether every run folder gets it.
    """

    file: str
    size: tuple[float, float]
    draw: Draw
    options: tuple[str, ...] = ()
    standard: bool = False


CHARTS: Mapping[str, Chart] = {
    "world-shares": Chart(
        "world_shares", (9.0, 4.8), drawing.one_stack, ("group", "segment", "by"), standard=True
    ),
    "shares": Chart("shares", (9.0, 5.8), drawing.stacks, ("group", "segment", "by")),
    "adoption": Chart("adoption", (9.0, 5.4), drawing.adoptions, ("segment",), standard=True),
    "fan": Chart("fan", (9.0, 6.4), drawing.fans, ("group", "segment", "variable", "offering")),
    "lag": Chart("lag", (9.0, 4.2), drawing.lags, standard=True),
    "map": Chart(
        "map",
        (10.0, 5.9),
        drawing.maps,
        ("segment", "variable", "offering", "period"),
        standard=True,
    ),
    "network": Chart("network", (10.0, 6.3), drawing.networks, ("period",), standard=True),
    "switching": Chart("switching", (9.0, 5.0), drawing.switches, ("group", "period")),
    "spend-tokens": Chart("spend_tokens", (9.0, 5.2), drawing.spends, ("group", "segment")),
}

#: Charts of a table that an analysis wrote, not of a run folder.
TABLE_CHARTS: Mapping[str, Callable[[pl.DataFrame, Figure], object]] = {
    "hindcast": hindcast,
}


def known(name: str) -> str:
    """``name`` if there is such a chart. Raises UnknownKey."""
    if name in CHARTS:
        return name
    if name in TABLE_CHARTS:
        hint = "Give the file of the table with --table"
        raise UnknownKey(f"the chart '{name}' is drawn from the table of an analysis", hint=hint)
    legal = [*CHARTS, *TABLE_CHARTS]
    hint = nearest(name, legal) or f"The charts are: {', '.join(legal)}"
    raise UnknownKey(f"there is no chart '{name}'", hint=hint)


def draw(name: str, tables: RunTables, footer: Footer, view: View | None = None) -> Figure:
    """The chart ``name`` of a run as a finished Figure, footer included.

    Raises UnknownKey for a name that is not in ``CHARTS`` or an option the chart does not know,
    and SchemaError, OutsideHorizon or MissingFile where the run folder lacks what is asked for.
    """
    chart = CHARTS[known(name)]
    view = view or View()
    _check_options(name, chart, view)
    with styled():
        figure = Figure(figsize=chart.size, facecolor="white")
        chart.draw(tables, figure, view)
        add_footer(figure, footer)
    return figure


def draw_table(name: str, file: Path, footer: Footer) -> Figure:
    """The chart ``name`` of ``TABLE_CHARTS`` for a CSV or Parquet file, footer included.

    Raises UnknownKey, MissingFile, or SchemaError naming the columns that are absent.
    """
    if name not in TABLE_CHARTS:
        hint = nearest(name, TABLE_CHARTS) or f"Those of a table are: {', '.join(TABLE_CHARTS)}"
        raise UnknownKey(f"the chart '{name}' takes no table", hint=hint)
    table = read_table(file)
    with styled():
        figure = Figure(figsize=(9.0, 5.0), facecolor="white")
        figure.subplots_adjust(left=0.3, right=0.97, top=0.84, bottom=0.15)
        if name == "hindcast" and "channel" in table.columns:
            height = height_for(table)
            figure.set_size_inches(9.0, height)
            figure.subplots_adjust(
                left=0.13, top=1 - 0.75 / height, bottom=0.8 / height, hspace=0.35
            )
        TABLE_CHARTS[name](table, figure)
        add_footer(figure, footer)
    return figure


def read_table(file: Path) -> pl.DataFrame:
    """A table by its ending, .csv or .parquet. Raises MissingFile or SchemaError."""
    if not file.is_file():
        raise MissingFile("the table of a chart is not there", file=display(file))
    try:
        if file.suffix == ".csv":
            return pl.read_csv(file)
        if file.suffix == ".parquet":
            return pl.read_parquet(file)
    except (pl.exceptions.PolarsError, OSError):
        pass
    raise SchemaError("expected a CSV or Parquet table", file=display(file))


def _check_options(name: str, chart: Chart, view: View) -> None:
    given = [key for key, value in vars(view).items() if value is not None]
    for key in given:
        if key not in chart.options:
            takes = ", ".join(f"--{option}" for option in chart.options) or "no options"
            raise UnknownKey(f"the chart '{name}' does not know --{key}", hint=f"It takes: {takes}")
