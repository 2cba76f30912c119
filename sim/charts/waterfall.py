"""Parts of a difference: from the base's value, group by group, to the alternative's."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.charts.look import title, wrapped
from sim.charts.palette import FAINT, GRID, INK, bloc_colour
from sim.charts.tables import column, rows

_UP, _DOWN = bloc_colour("us"), bloc_colour("cn")


def waterfall(
    table: pl.DataFrame, ax: Axes, *, outcome: str, name: str = "", percent: bool = True
) -> Axes:
    """Draw the parts of one outcome's difference (attribution.parquet, one arm, last period).

    A bar is a part (Shapley value, mean over runs) with its paired 95 % interval; the last is their
    sum. percent: the outcome is a fraction, drawn in percentage points. Raises SchemaError without
    such rows.
    """
    found = rows(table, "parts of a difference", outcome=outcome)
    now = found.filter(pl.col("period") == pl.col("period").max())
    now = now.sort(pl.col("part").abs(), "group", descending=[True, False])
    scale = 100.0 if percent else 1.0
    parts, low, high = (scale * column(now, c) for c in ("part", "low", "high"))
    total, start = scale * float(now["total"][0]), 0.0
    ax.grid(axis="y", color=GRID)
    ax.axhline(0, color=FAINT, lw=1)
    for k, part in enumerate(parts):
        ax.bar(k, part, bottom=start, width=0.62, color=_UP if part > 0 else _DOWN)
        ax.plot([k, k], [start + low[k], start + high[k]], color=INK, lw=1.1)
        ax.plot([k - 0.31, k + 1.31], [start + part] * 2, color=FAINT, lw=0.8)
        _value(ax, k, start + max(part, high[k], 0), part)
        start += part
    ax.bar(len(parts), total, width=0.62, color="#555555")
    _value(ax, len(parts), max(total, 0.0), total)
    texts = [wrapped(str(group), 18) for group in now["group"].to_list()]
    ax.set_xticks(range(len(parts) + 1), [*texts, "together"], fontsize=8)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+.4g}" if value else "0"))
    ax.margins(y=0.15)
    unit = "percentage points" if percent else "unit of the outcome"
    when = f"{now['period'][0]:%B %Y}"
    title(
        ax, f"What the difference is made of: {name or outcome}",
        f"Shapley values, {when}, {unit}; mean over runs and paired 95 % interval",
    )  # fmt: skip
    return ax


def _value(ax: Axes, x: int, y: float, value: float) -> None:
    ax.annotate(
        f"{value:+.3g}", (x, y), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=8
    )
