"""Hindcast: what the model says of the past beside what was measured."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.charts.hindcast_scores import judged
from sim.charts.look import title
from sim.charts.palette import GRID, INK

HIT, MISS = "#1f7a78", "#b3322e"  # apart in lightness and marked by shape as well
TARGET = "#d0cec6"


def height_for(table: pl.DataFrame, most: int = 30) -> float:
    """Inches that the figure of ``hindcast`` needs."""
    counts: list[int] = table.group_by("channel").len()["len"].to_list()
    return 1.3 + sum(0.9 + 0.19 * min(count, most) for count in counts)


def hindcast(table: pl.DataFrame, figure: Figure, *, most: int = 30) -> list[Axes]:
    """A panel per channel on ``figure``: a target's range in grey, the model's bands over it.

    table: as ``judged`` reads it, a row per target. At most ``most`` rows a panel, those farthest
    off first; the heading counts all of them.
    """
    scored = judged(table)
    channels = sorted(scored["channel"].unique().to_list())
    sizes = [min(scored.filter(channel=name).height, most) + 3 for name in channels]
    panels = figure.subplots(len(channels), 1, squeeze=False, height_ratios=sizes)[:, 0]
    for ax, name in zip(panels, channels, strict=True):
        _panel(ax, name, scored.filter(channel=name), most)
    handles = [
        Patch(color=TARGET, label="measured, with its margin"),
        Line2D([], [], color=HIT, marker="o", label="model: median, 50 % and 90 % of runs"),
        Line2D([], [], color=MISS, marker="D", label="the same, target outside 90 %"),
    ]
    figure.legend(
        handles=handles,
        loc="lower center",
        bbox_to_anchor=(0.5, 0.24 / figure.get_size_inches()[1]),
        ncols=3,
        frameon=False,
        fontsize=7.5,
    )
    return list(panels)


def _panel(ax: Axes, name: str, table: pl.DataFrame, most: int) -> None:
    kept = table.sort("apart", "iso3", "period", descending=[True, False, False]).head(most)
    kept = kept.sort("p50", "iso3", "period")
    ax.grid(axis="x", color=GRID)
    for at, row in enumerate(kept.iter_rows(named=True)):
        colour, marker = (HIT, "o") if row["hit"] else (MISS, "D")
        width = max(row["target_hi"] - row["target_lo"], 1e-12)
        ax.barh(at, width, left=row["target_lo"], height=0.78, color=TARGET, edgecolor=TARGET)
        ax.plot([row["p05"], row["p95"]], [at, at], color=colour, lw=1)
        ax.plot([row["p25"], row["p75"]], [at, at], color=colour, lw=3.2, solid_capstyle="butt")
        ax.plot([row["p50"]], [at], marker, color=colour, ms=4.5, mec="white", mew=0.5)
    names = [f"{row['iso3']}  {str(row['period'])[:7]}" for row in kept.iter_rows(named=True)]
    ax.set_yticks(range(kept.height), names, fontsize=7)
    ax.set_ylim(-0.8, kept.height - 0.2)
    ax.tick_params(axis="y", length=0, colors=INK)
    hits = int(table["hit"].sum())
    shown = f"; shown: the {kept.height} farthest off" if kept.height < table.height else ""
    title(ax, name, f"{hits} of {table.height} targets meet the 90 % band{shown}")
