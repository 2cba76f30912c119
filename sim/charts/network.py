"""The trade network: economies as circles, coloured by the offering that leads in each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import networkx as nx
import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from numpy.typing import NDArray

from sim.charts.look import title, wrapped
from sim.charts.network_layout import project, separate
from sim.charts.palette import INK, NO_ADOPTION, is_dark, offering_colours
from sim.charts.tables import rows

_LARGEST = 17.0  # radius of the largest circle, in degrees of longitude
_SMALLEST = 1.8
_NAMED = 3.1  # circles from this radius on carry their ISO code


def leaders(countries: pl.DataFrame, period: date) -> pl.DataFrame:
    """Columns iso3, offering (the leading one; null without any use), users, at ``period``.

    From countries.parquet, all segments: the largest mean share leads; a tie goes to the name
    that sorts first. Users are persons.
    """
    now = countries.filter((pl.col("period") == period) & (pl.col("segment") == "all"))
    share = rows(now, "leading offerings", variable="share").filter(pl.col("mean") > 0)
    first = (
        share.sort("iso3", "mean", "offering", descending=[False, True, False])
        .group_by("iso3", maintain_order=True)
        .first()
        .select("iso3", "offering")
    )
    users = rows(now, "users by economy", variable="users")
    total = _users_of_all(users)
    return total.join(first, on="iso3", how="left").sort("iso3")


def _users_of_all(users: pl.DataFrame) -> pl.DataFrame:
    """Columns iso3, users: the row without an offering where there is one, else the sum."""
    whole = users.filter(pl.col("offering").is_null())
    kept = users if whole.is_empty() else whole
    return kept.group_by("iso3").agg(pl.col("mean").sum().alias("users"))


def trade_graph(
    leading: pl.DataFrame, places: pl.DataFrame, trade: pl.DataFrame, edges: int
) -> nx.Graph:
    """A graph of the economies in ``leading`` with the ``edges`` largest two-way trade flows.

    Node attributes: offering (or None), users, latitude, longitude; edge attribute: usd.
    """
    graph = nx.Graph()
    for row in leading.join(places, on="iso3").sort("iso3").iter_rows(named=True):
        graph.add_node(row["iso3"], **{key: row[key] for key in row if key != "iso3"})
    pair = (
        trade.with_columns(
            a=pl.min_horizontal("exporter_iso3", "importer_iso3"),
            b=pl.max_horizontal("exporter_iso3", "importer_iso3"),
        )
        .filter(pl.col("a").is_in(list(graph)) & pl.col("b").is_in(list(graph)))
        .group_by("a", "b")
        .agg(pl.col("usd").sum())
        .sort("usd", "a", "b", descending=[True, False, False])
        .head(edges)
    )
    graph.add_weighted_edges_from(pair.iter_rows(), weight="usd")
    return graph


def network(
    countries: pl.DataFrame,
    places: pl.DataFrame,
    trade: pl.DataFrame,
    ax: Axes,
    *,
    labels: Mapping[str, str] | None = None,
    period: date | None = None,
    edges: int = 250,
) -> Axes:
    """Draw the network on ``ax`` at ``period`` (default: the last one of ``countries``).

    Circle areas are proportional to users (persons), with a smallest size so that every economy
    is seen; circles lie near their true place, moved only as far as needed not to overlap. Lines
    are the ``edges`` largest two-way goods flows (USD).
    """
    when: date = period or countries.select(pl.col("period").cast(pl.Date).max()).item()
    leading = leaders(countries, when)
    graph = trade_graph(leading, places, trade, edges)
    radii = _radii(np.array([graph.nodes[node]["users"] or 0.0 for node in graph]))
    where = _positions(graph, radii)
    names = [name for name in leading["offering"].to_list() if name is not None]
    colours = offering_colours(names)
    _draw_edges(ax, graph, where)
    _draw_nodes(ax, graph, where, radii, colours)
    _legend(ax, colours, labels or {}, names)
    ax.set_aspect("equal")
    ax.margins(0.01)
    ax.autoscale_view()
    ax.set_axis_off()
    title(
        ax,
        f"Leading AI offering by economy, {when:%B %Y}",
        f"circle area: users; lines: the {graph.number_of_edges()} largest goods-trade flows; "
        "leading by mean share over runs",
    )
    return ax


def _radii(users: NDArray[np.float64]) -> NDArray[np.float64]:
    largest = max(float(users.max(initial=0.0)), 1.0)
    return np.maximum(_LARGEST * np.sqrt(users / largest), _SMALLEST)


def _positions(graph: nx.Graph, radii: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    latitude = np.array([graph.nodes[node]["latitude"] for node in graph], dtype=np.float64)
    longitude = np.array([graph.nodes[node]["longitude"] for node in graph], dtype=np.float64)
    placed = separate(project(latitude, longitude), radii)
    return dict(zip(graph, placed, strict=True))


def _draw_edges(ax: Axes, graph: nx.Graph, where: Mapping[str, NDArray[np.float64]]) -> None:
    usd = np.array([value for _, _, value in graph.edges(data="usd")])
    if not len(usd):
        return
    lines = [[tuple(where[a]), tuple(where[b])] for a, b in graph.edges()]
    strength = np.sqrt(usd / usd.max())
    ax.add_collection(
        LineCollection(
            lines,
            linewidths=0.3 + 2.4 * strength,
            colors=[(0.35, 0.35, 0.35, 0.10 + 0.30 * s) for s in strength],
            zorder=1,
        )
    )


def _draw_nodes(
    ax: Axes,
    graph: nx.Graph,
    where: Mapping[str, NDArray[np.float64]],
    radii: NDArray[np.float64],
    colours: Mapping[str, str],
) -> None:
    leading = [graph.nodes[node]["offering"] for node in graph]
    fills = [NO_ADOPTION if name is None else colours[name] for name in leading]
    circles = [Circle(tuple(where[n]), r) for n, r in zip(graph, radii, strict=True)]
    ax.add_collection(
        PatchCollection(circles, facecolors=fills, edgecolors="white", linewidths=0.5, zorder=2)
    )
    for node, radius, fill in zip(graph, radii, fills, strict=True):
        if radius >= _NAMED:
            ink = "white" if is_dark(fill) else INK
            size = float(np.clip(1.75 * radius, 5.5, 11))
            x, y = where[node]
            ax.text(x, y, node, ha="center", va="center", fontsize=size, color=ink, zorder=3)


def _legend(
    ax: Axes, colours: Mapping[str, str], labels: Mapping[str, str], leading: list[str]
) -> None:
    """One entry per leading offering, with the number of economies it leads in."""
    dots = [
        Line2D([], [], marker="o", ls="", ms=7, color=colour, label=labels.get(name, name))
        for name, colour in colours.items()
    ]
    texts = [wrapped(f"{labels.get(name, name)} ({leading.count(name)})", 42) for name in colours]
    ax.legend(
        dots,
        texts,
        loc="upper center",
        bbox_to_anchor=(0.5, 0.01),
        ncols=min(len(dots), 3) or 1,
        frameon=False,
        fontsize=8,
        title="leading offering (number of economies)",
        title_fontsize=8.5,
    )
