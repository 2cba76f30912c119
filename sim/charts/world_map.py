"""Maps of the world: each economy's leading offering, or any variable; small states as dots."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import matplotlib as mpl
import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import LogNorm, Normalize, to_hex, to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.ticker import EngFormatter, FuncFormatter

from sim.charts.geometry import Geometry, Ring
from sim.charts.leading import CONFIDENCE, leading
from sim.charts.look import title, wrapped
from sim.charts.palette import INK, KEPT, NO_ADOPTION, OUTSIDE, SEA, offering_colours
from sim.charts.projection import equal_earth, outline
from sim.charts.tables import rows
from sim.record.codelist import UNITS

_SOUTH, _NORTH = -57.0, 84.0
_COLOURS = "cividis_r"  # even in lightness, the same for colour-blind readers


def shaded(colour: str, confidence: str) -> str:
    """``colour`` mixed with white: the less sure a lead, the paler."""
    kept = KEPT[confidence]
    red, green, blue = (kept * part + (1 - kept) for part in to_rgb(colour))
    return to_hex((red, green, blue))


def leading_map(
    countries: pl.DataFrame,
    geometry: Geometry,
    ax: Axes,
    *,
    period: date,
    segment: str = "all",
    labels: Mapping[str, str] | None = None,
) -> Axes:
    """Colour every economy by its leading offering at ``period``, paler where the lead is unsure.

    Raises SchemaError where countries.parquet has no shares for that month.
    """
    found = leading(countries, period, segment)
    colours = offering_colours(found["offering"].to_list())
    fills = {
        row["iso3"]: shaded(colours[row["offering"]], row["confidence"])
        for row in found.iter_rows(named=True)
    }
    paint(ax, geometry, fills)
    _leading_legend(ax, colours, found["offering"].to_list(), labels or {})
    who = "all users" if segment == "all" else segment
    title(
        ax,
        f"Leading AI offering by economy, {period:%B %Y}",
        f"by mean share over runs, {who}; pale: the runs do not agree on the leader",
    )
    return ax


def variable_map(
    countries: pl.DataFrame,
    geometry: Geometry,
    ax: Axes,
    *,
    variable: str,
    period: date,
    segment: str = "all",
    offering: str | None = None,
    labels: Mapping[str, str] | None = None,
) -> Axes:
    """Colour every economy by the mean of ``variable`` at ``period``; levels on a log scale.

    Raises SchemaError where countries.parquet has no such rows.
    """
    found = rows(
        countries.filter(pl.col("period") == period),
        f"{variable} by economy",
        segment=segment,
        variable=variable,
        offering=offering,
    )
    value = {iso3: mean for iso3, mean in found.select("iso3", "mean").iter_rows() if mean}
    norm = _norm(variable, list(value.values()))
    scale = mpl.colormaps[_COLOURS]
    paint(ax, geometry, {iso3: to_hex(scale(norm(mean))) for iso3, mean in value.items()})
    _bar(ax, norm, variable)
    who = "" if segment == "all" else f", {segment}"
    which = f", {(labels or {}).get(offering, offering)}" if offering else ""
    headline = f"{variable.capitalize()}{which}{who}, {period:%B %Y}"
    unit = UNITS.get(variable, "")
    title(ax, headline, f"{unit}; mean over runs; grey: none".removeprefix("; "))
    return ax


def paint(ax: Axes, geometry: Geometry, fills: Mapping[str, str]) -> None:
    """Draw the world on ``ax``: shapes in ``fills`` by ISO3, small states as dots of the same."""
    corners = outline(_SOUTH, _NORTH)
    edge = Path(corners)
    frame = PathPatch(edge, facecolor=SEA, edgecolor="none", zorder=0)
    ax.add_patch(frame)
    shapes = [
        *((rings, OUTSIDE) for rings in geometry.other.values()),
        *((rings, fills.get(code, NO_ADOPTION)) for code, rings in geometry.shapes.items()),
    ]
    land = PathCollection(
        [_outlined(rings) for rings, _ in shapes],
        facecolors=[fill for _, fill in shapes],
        edgecolors="white",
        linewidths=0.35,
        zorder=1,
    )
    ax.add_collection(land)
    land.set_clip_path(edge, ax.transData)
    at = equal_earth(np.array(list(geometry.points.values())))
    dots = [fills.get(code, NO_ADOPTION) for code in geometry.points]
    ax.scatter(at[:, 0], at[:, 1], s=15, c=dots, edgecolors=INK, linewidths=0.4, zorder=2)
    ax.set_aspect("equal")
    ax.set_xlim(corners[:, 0].min(), corners[:, 0].max())
    ax.set_ylim(corners[:, 1].min(), corners[:, 1].max())
    ax.set_axis_off()


def _outlined(rings: tuple[Ring, ...]) -> Path:
    """One path of all rings; holes run the other way, so they stay empty."""
    return Path.make_compound_path(*(Path(equal_earth(ring), closed=True) for ring in rings))


def _norm(variable: str, values: list[float]) -> Normalize:
    if UNITS.get(variable) == "fraction":
        return Normalize(0, max(values, default=1.0))
    high = max(values, default=1.0)
    return LogNorm(max(min(values, default=1.0), high / 1e6), high, clip=True)


def _bar(ax: Axes, norm: Normalize, variable: str) -> None:
    inset = ax.inset_axes((0.3, -0.075, 0.4, 0.03))
    shown = mpl.cm.ScalarMappable(norm, mpl.colormaps[_COLOURS])
    assert ax.figure is not None
    bar = ax.figure.colorbar(shown, cax=inset, orientation="horizontal")
    percent = UNITS.get(variable) == "fraction"
    form = FuncFormatter(lambda x, _: f"{100 * x:.0f} %") if percent else EngFormatter(sep="")
    bar.ax.xaxis.set_major_formatter(form)
    bar.outline.set_visible(False)


def _leading_legend(
    ax: Axes, colours: Mapping[str, str], found: list[str], labels: Mapping[str, str]
) -> None:
    """The offerings that lead somewhere, in how many economies, and what paleness means."""
    texts = [wrapped(f"{labels.get(name, name)} ({found.count(name)})", 42) for name in colours]
    below = {"frameon": False, "fontsize": 8, "title_fontsize": 8.5}
    first = ax.legend(
        [Patch(color=colour) for colour in colours.values()],
        texts,
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        ncols=min(len(colours), 3) or 1,
        title="leading offering (number of economies)",
        **below,
    )
    ax.add_artist(first)
    shades = [Line2D([], [], marker="s", ls="", ms=7, color=shaded(INK, key)) for key in CONFIDENCE]
    ax.legend(
        shades,
        [wrapped(text, 34) for text in CONFIDENCE.values()],
        loc="lower left",
        bbox_to_anchor=(0.0, 0.04),
        labelcolor=INK,
        frameon=False,
        fontsize=6.5,
        title="the lead is",
        title_fontsize=7,
        alignment="left",
    )
