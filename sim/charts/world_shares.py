"""Shares of AI use by offering in one group, the world first of all: a stacked area over time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from sim.charts.look import label_right, title
from sim.charts.palette import offering_colours
from sim.charts.shares import fill, stack, weight_note


def world_shares(
    table: pl.DataFrame,
    ax: Axes,
    *,
    labels: Mapping[str, str] | None = None,
    segment: str = "all",
    by: str = "users",
    group_type: str = "world",
    group: str | None = None,
) -> Axes:
    """Draw the shares of ``table`` (world.parquet) on ``ax``, labelled at the right edge.

    The world's unless ``group_type`` and ``group`` name another group; ``by`` as in ``stack``.
    Raises SchemaError without such rows.
    """
    made = stack(table, group_type=group_type, group=group, segment=segment, by=by)
    fill(ax, made)
    _, names, shares = made
    colours = offering_colours(names)
    labels = labels or {}
    middles = np.cumsum(shares[:, -1]) - shares[:, -1] / 2
    texts = [
        f"{_rounded(share)}  {labels.get(name, name)}"
        for name, share in zip(names, shares[:, -1], strict=True)
    ]
    label_right(ax, list(middles), texts, [colours[name] for name in names])
    where = "World AI use" if group_type == "world" else f"AI use, {group},"
    title(ax, f"{where} by offering", weight_note(by, segment))
    return ax


def _rounded(share: float) -> str:
    """A fraction as whole percent; below one percent it says so rather than '0 %'."""
    if 0 < share < 0.005:
        return "<1 %"
    return f"{100 * share:.0f} %"
