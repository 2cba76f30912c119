"""The list of charts: name, what it shows, size, and how it is drawn from a run's tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from matplotlib.figure import Figure

from sim.charts.adoption import adoption
from sim.charts.footer import Footer, add_footer
from sim.charts.lag import lag
from sim.charts.look import styled
from sim.charts.network import network
from sim.charts.tables import RunTables
from sim.charts.world_shares import world_shares
from sim.errors import UnknownKey, nearest


@dataclass(frozen=True)
class Chart:
    """One chart: its file stem in ``figures/``, its size in inches, and how it is drawn."""

    file: str
    size: tuple[float, float]
    draw: Callable[[RunTables, Figure], object]


def _world_shares(tables: RunTables, figure: Figure) -> None:
    figure.subplots_adjust(left=0.075, right=0.69, top=0.86, bottom=0.13)
    world_shares(tables.world, figure.add_subplot(), labels=tables.labels)


def _adoption(tables: RunTables, figure: Figure) -> None:
    figure.subplots_adjust(left=0.075, right=0.97, top=0.82, bottom=0.12, hspace=0.28, wspace=0.12)
    adoption(tables.world, figure)


def _lag(tables: RunTables, figure: Figure) -> None:
    figure.subplots_adjust(left=0.075, right=0.74, top=0.84, bottom=0.14)
    lag(tables.world, figure.add_subplot())


def _network(tables: RunTables, figure: Figure) -> None:
    figure.subplots_adjust(left=0.012, right=0.988, top=0.88, bottom=0.17)
    axes = figure.add_subplot()
    network(tables.countries, tables.places, tables.trade, axes, labels=tables.labels)


CHARTS: Mapping[str, Chart] = {
    "world-shares": Chart("world_shares", (9.0, 4.8), _world_shares),
    "adoption": Chart("adoption", (9.0, 5.4), _adoption),
    "lag": Chart("lag", (9.0, 4.2), _lag),
    "network": Chart("network", (10.0, 6.3), _network),
}


def known(name: str) -> str:
    """``name`` if there is such a chart. Raises UnknownKey."""
    if name not in CHARTS:
        legal = ", ".join(CHARTS)
        hint = nearest(name, CHARTS) or f"The charts are: {legal}"
        raise UnknownKey(f"there is no chart '{name}'", hint=hint)
    return name


def draw(name: str, tables: RunTables, footer: Footer) -> Figure:
    """The chart ``name`` of a run as a finished Figure, footer included.

    Raises UnknownKey for a name that is not in ``CHARTS`` and SchemaError or MissingFile where
    the run folder lacks what the chart shows.
    """
    chart = CHARTS[known(name)]
    with styled():
        figure = Figure(figsize=chart.size, facecolor="white")
        chart.draw(tables, figure)
        add_footer(figure, footer)
    return figure
