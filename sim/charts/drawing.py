"""How each chart of the registry fills its figure from a run's tables and the options asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
from matplotlib.figure import Figure

from sim.charts.adoption import adoption
from sim.charts.alluvial import alluvial
from sim.charts.fan import fan, panel_names
from sim.charts.lag import lag
from sim.charts.network import network
from sim.charts.panels import size_for
from sim.charts.shares import gdp_weighted, shares
from sim.charts.spend_tokens import spend_tokens
from sim.charts.tables import RunTables
from sim.charts.view import WEIGHTS, View, groups_of, month_of, one_of
from sim.charts.world_map import leading_map, variable_map
from sim.charts.world_shares import world_shares
from sim.errors import SchemaError

Draw = Callable[[RunTables, Figure, View], object]
_BY_ECONOMY = ("world", "region", "income", "tier")


def one_stack(tables: RunTables, figure: Figure, view: View) -> None:
    """World shares, or those of one group."""
    kind, names = groups_of(tables.world, view.group, "world")
    if len(names) > 1:
        hint = "Name one group, or use the chart 'shares'"
        raise SchemaError(f"'{view.group}' means several groups", hint=hint)
    figure.subplots_adjust(left=0.075, right=0.69, top=0.86, bottom=0.13)
    world_shares(
        _weighed(tables, view, kind),
        figure.add_subplot(),
        labels=tables.labels,
        segment=_segment(tables, view),
        by=one_of(view.by, WEIGHTS, "weight", "users"),
        group_type=kind,
        group=names[0],
    )


def stacks(tables: RunTables, figure: Figure, view: View) -> None:
    """Shares in every group of a type, as panels."""
    kind, names = groups_of(tables.world, view.group, "region")
    wide, high = size_for(len(names))
    _fit(figure, wide, high + 1.0, below=1.6)
    shares(
        _weighed(tables, view, kind),
        figure,
        group_type=kind,
        groups=names,
        segment=_segment(tables, view),
        by=one_of(view.by, WEIGHTS, "weight", "users"),
        labels=tables.labels,
    )


def adoptions(tables: RunTables, figure: Figure, view: View) -> None:
    """Adoption by region."""
    figure.subplots_adjust(left=0.075, right=0.97, top=0.82, bottom=0.12, hspace=0.28, wspace=0.12)
    adoption(tables.world, figure, segment=_segment(tables, view))


def fans(tables: RunTables, figure: Figure, view: View) -> None:
    """A variable with its bands: by default the world shares of every offering."""
    legal = sorted(tables.world["variable"].unique().to_list())
    variable = one_of(view.variable, legal, "variable", "share")
    kind, names = groups_of(tables.world, view.group, "world")
    _known_offering(tables, view)
    _fit(figure, *size_for(len(panel_names(tables.world, variable, names, view.offering))))
    fan(
        tables.world,
        figure,
        variable=variable,
        group_type=kind,
        groups=names,
        segment=_segment(tables, view),
        offering=view.offering,
        labels=tables.labels,
    )


def lags(tables: RunTables, figure: Figure, _: View) -> None:
    """Capability lags."""
    figure.subplots_adjust(left=0.075, right=0.74, top=0.84, bottom=0.14)
    lag(tables.world, figure.add_subplot())


def maps(tables: RunTables, figure: Figure, view: View) -> None:
    """The leading offering of every economy, or a variable if one is asked for."""
    figure.subplots_adjust(left=0.012, right=0.988, top=0.9, bottom=0.16)
    ax, labels = figure.add_subplot(), tables.labels
    segment = _segment(tables, view)
    if view.variable is None:
        months = tables.countries.filter(variable="share", segment=segment)
        when = month_of(view.period, months)
        leading_map(
            tables.countries, tables.geometry, ax, period=when, segment=segment, labels=labels
        )
        return
    legal = sorted(tables.countries["variable"].unique().to_list())
    variable = one_of(view.variable, legal, "variable", "adoption")
    _known_offering(tables, view)
    found = tables.countries.filter(variable=variable, segment=segment)
    if view.offering is None and found["offering"].null_count() == 0:
        raise SchemaError(f"'{variable}' is stored by offering", hint="Name one with --offering")
    variable_map(
        tables.countries,
        tables.geometry,
        ax,
        variable=variable,
        period=month_of(view.period, found),
        segment=segment,
        offering=view.offering,
        labels=labels,
    )


def networks(tables: RunTables, figure: Figure, view: View) -> None:
    """Spheres on the trade network."""
    figure.subplots_adjust(left=0.012, right=0.988, top=0.88, bottom=0.17)
    levels = tables.countries.filter(variable="users", segment="all")
    network(
        tables.countries,
        tables.places,
        tables.trade,
        figure.add_subplot(),
        labels=tables.labels,
        period=month_of(view.period, levels),
    )


def switches(tables: RunTables, figure: Figure, view: View) -> None:
    """Switching between offerings in the year of ``period``, the last one without it."""
    flows = tables.flows
    year: date = month_of(f"{view.period[:4]}-01" if view.period else None, flows)
    names = flows["group"].unique().sort().to_list()
    figure.subplots_adjust(left=0.25, right=0.75, top=0.87, bottom=0.07)
    alluvial(
        flows,
        figure.add_subplot(),
        year=year.year,
        group=one_of(view.group, names, "group with flows", "World"),
        labels=tables.labels,
    )


def spends(tables: RunTables, figure: Figure, view: View) -> None:
    """Spending against tokens in the world or one group."""
    kind, names = groups_of(tables.world, view.group, "world")
    if len(names) > 1:
        raise SchemaError(f"'{view.group}' means several groups", hint="Name one group")
    figure.subplots_adjust(left=0.09, right=0.69, top=0.86, bottom=0.15)
    spend_tokens(
        tables.world,
        figure.add_subplot(),
        group_type=kind,
        group=names[0],
        segment=_segment(tables, view),
        labels=tables.labels,
    )


def _segment(tables: RunTables, view: View) -> str:
    return one_of(view.segment, tables.world["segment"].unique().sort(), "segment", "all")


def _known_offering(tables: RunTables, view: View) -> None:
    names = tables.world["offering"].drop_nulls().unique().sort().to_list()
    one_of(view.offering, names, "offering", names[0] if names else "")


def _weighed(tables: RunTables, view: View, kind: str) -> pl.DataFrame:
    """world.parquet, or its counterpart with economies weighted by GDP if that is asked for."""
    if view.by != "gdp":
        return tables.world
    if kind not in _BY_ECONOMY:
        legal = ", ".join(_BY_ECONOMY)
        hint = f"A run folder does not say which economies are in a {kind}; take {legal}"
        raise SchemaError(f"no GDP weights by {kind}", hint=hint)
    economies = tables.economies.with_columns(pl.lit("World").alias("world"))
    return gdp_weighted(tables.countries, economies, kind, _segment(tables, view))


def _fit(figure: Figure, wide: float, high: float, below: float = 0.55) -> None:
    """Size in inches, with room for the heading above and ``below`` inches for what is below."""
    figure.set_size_inches(wide, high)
    figure.subplots_adjust(
        left=0.075,
        right=0.97,
        top=1 - 1.0 / high,
        bottom=below / high,
        hspace=0.4,
        wspace=0.2,
    )
