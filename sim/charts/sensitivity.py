"""What moves an outcome: tornado bars and Sobol indices."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.charts.look import title
from sim.charts.palette import GRID, INK
from sim.errors import SchemaError

LOW, HIGH = "#7b6aa8", "#d98a1f"  # apart in hue and in lightness, no bloc's colours
FIRST, TOTAL = "#3b3b6d", "#b9b6d3"


def tornado(table: pl.DataFrame, ax: Axes, *, outcome: str = "outcome", most: int = 15) -> Axes:
    """Draw bars from ``low`` to ``high`` around 0 on ``ax``, the widest on top.

    table: columns ``name`` (of an uncertainty), ``low`` and ``high`` (change of the outcome, in
    its unit, at the low and the high end of the uncertainty). At most ``most`` bars; the note says
    how many are left out. Raises SchemaError where columns or rows are missing.
    """
    _require(table, ("name", "low", "high"), "tornado")
    reach = pl.max_horizontal(
        (pl.col("high") - pl.col("low")).abs(), pl.col("low").abs(), pl.col("high").abs()
    )
    kept = table.sort(reach, "name", descending=[True, False]).head(most).reverse()
    for end, colour in (("low", LOW), ("high", HIGH)):
        ax.barh(kept["name"].to_list(), kept[end].to_list(), color=colour, height=0.7)
    ax.axvline(0, color=INK, lw=0.8)
    ax.grid(axis="x", color=GRID)
    ax.set_xlabel(f"change of {outcome}")
    ends = [Patch(color=LOW, label="low end"), Patch(color=HIGH, label="high end")]
    ax.legend(handles=ends, frameon=False, fontsize=8, loc="lower right")
    title(ax, f"What moves {outcome}", _note(table.height, kept.height, "each moved alone"))
    return ax


def sobol_bars(table: pl.DataFrame, ax: Axes, *, outcome: str = "outcome", most: int = 15) -> Axes:
    """Draw first-order and total Sobol indices with their intervals on ``ax``, largest on top.

    table: columns ``name``, ``s1``, ``s1_conf``, ``st``, ``st_conf`` (half widths of 95 %
    intervals), fractions of the outcome's variance. Raises SchemaError where one is missing.
    """
    _require(table, ("name", "s1", "s1_conf", "st", "st_conf"), "Sobol indices")
    kept = table.sort("st", "name", descending=[True, False]).head(most).reverse()
    places = list(range(kept.height))
    for key, colour, shift in (("st", TOTAL, 0.19), ("s1", FIRST, -0.19)):
        ax.barh(
            [place + shift for place in places],
            kept[key].to_list(),
            xerr=kept[f"{key}_conf"].to_list(),
            height=0.36,
            color=colour,
            error_kw={"ecolor": INK, "elinewidth": 0.9},
        )
    ax.set_yticks(places, kept["name"].to_list())
    ax.axvline(0, color=INK, lw=0.8)
    ax.grid(axis="x", color=GRID)
    ax.set_xlabel(f"fraction of the variance of {outcome}")
    handles = [
        Patch(color=FIRST, label="alone (first order)"),
        Patch(color=TOTAL, label="with interactions (total)"),
        Line2D([], [], color=INK, lw=0.9, label="95 % interval"),
    ]
    ax.legend(handles=handles, frameon=False, fontsize=8, loc="lower right")
    title(ax, f"Where the variance of {outcome} comes from", _note(table.height, kept.height, ""))
    return ax


def _require(table: pl.DataFrame, wanted: tuple[str, ...], what: str) -> None:
    lacking = [name for name in wanted if name not in table.columns]
    if lacking or table.is_empty():
        missing = f"without {', '.join(lacking)}" if lacking else "without rows"
        raise SchemaError(f"a table for the chart of {what} {missing}")


def _note(every: int, drawn: int, how: str) -> str:
    left = f"the {drawn} largest of {every}" if drawn < every else f"all {every}"
    return f"{left}; {how}".removesuffix("; ")
