"""Who uses what in the base and what in the alternative: bands from left to right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from numpy.typing import NDArray

from sim.charts.look import spread, title, wrapped
from sim.charts.palette import INK, NO_ADOPTION, offering_colours, stack_order
from sim.charts.tables import dates, rows

NOT_USING = "none"
_NODE = 0.03  # width of a node
_GAP = 0.02  # between nodes, of all users who move
_LEFT, _RIGHT = 0.0, 1.0
Floats = NDArray[np.float64]


def moves(table: pl.DataFrame, group: str = "World") -> tuple[list[str], Floats]:
    """Names in stacking order (`none` last) and users who move [from, to] in the last period.

    table: switching.parquet of a comparison, one arm. Those who use the same in both arms are left
    out. Raises SchemaError without such rows.
    """
    found = rows(table, "switching", group=group)
    now = found.filter(pl.col("period") == pl.col("period").max())
    used = [name for name in now["offering"].unique().to_list() if name != NOT_USING]
    names = [*stack_order(used), NOT_USING]
    matrix = np.zeros((len(names), len(names)))
    for one, other, users in now.select("base_offering", "offering", "users").iter_rows():
        if one != other:
            matrix[names.index(one), names.index(other)] = users
    return names, matrix


def switching(
    table: pl.DataFrame,
    ax: Axes,
    *,
    labels: Mapping[str, str] | None = None,
    group: str = "World",
) -> Axes:
    """Draw who moves from what (base, left) to what (alternative, right) on ``ax``.

    Widths are users, mean over runs, in the last period of ``table``. Nobody moving is said.
    """
    names, matrix = moves(table, group)
    total = float(matrix.sum())
    ax.set_axis_off()
    ax.set_xlim(_LEFT, _RIGHT)
    when = f"{dates(table).max().astype(object):%B %Y}"
    where = "the world" if group == "World" else group
    title(ax, "Who uses what because of it", _note(total, when, where))
    if not total > 0:
        ax.text(0.5, 0.5, "nobody uses anything else", ha="center", transform=ax.transAxes)
        return ax
    colours = {**offering_colours(names[:-1]), NOT_USING: NO_ADOPTION}
    text = {**(labels or {}), NOT_USING: "not using AI"}
    shares = matrix / total
    left, right = _stack(shares.sum(axis=1)), _stack(shares.sum(axis=0))
    _bands(ax, names, shares, left, right, colours)
    for x, tops, sizes, side in (
        (_LEFT, left, shares.sum(axis=1), "right"),
        (_RIGHT - _NODE, right, shares.sum(axis=0), "left"),
    ):
        _nodes(ax, x, tops, sizes, names, colours)
        _texts(ax, x, tops, sizes, [text.get(name, name) for name in names], side)
    ax.set_ylim(min(*_bottoms(left, shares, 1), *_bottoms(right, shares, 0)) - 0.01, 1.01)
    return ax


def _note(total: float, when: str, where: str) -> str:
    amount = f"{total / 1e6:.3g} million" if total >= 1e5 else f"{total:,.0f}"
    return f"{amount} users in {where} whose use differs, {when}; left: base, right: alternative"


def _stack(sizes: Floats) -> Floats:
    """Upper ends of nodes, from 1 downwards, a gap below each that is not empty."""
    gaps = np.where(sizes > 0, _GAP, 0.0)
    return 1.0 - np.concatenate([[0.0], np.cumsum(sizes + gaps)[:-1]])


def _bottoms(tops: Floats, shares: Floats, axis: int) -> list[float]:
    return [float(x) for x in tops - shares.sum(axis=axis)]


def _bands(
    ax: Axes,
    names: Sequence[str],
    shares: Floats,
    left: Floats,
    right: Floats,
    colours: Mapping[str, str],
) -> None:
    start, end = left.copy(), right.copy()
    for i, name in enumerate(names):
        for j in range(len(names)):
            size = float(shares[i, j])
            if size > 0:
                colour = colours[names[j] if name == NOT_USING else name]
                ax.add_patch(_band(start[i], end[j], size, colour))
                start[i] -= size
                end[j] -= size


def _band(start: float, end: float, size: float, colour: str) -> PathPatch:
    """A band of height ``size`` from the left node at ``start`` to the right node at ``end``."""
    a, b, middle = _LEFT + _NODE, _RIGHT - _NODE, (_LEFT + _RIGHT) / 2
    points = [
        (a, start), (middle, start), (middle, end), (b, end),
        (b, end - size), (middle, end - size), (middle, start - size), (a, start - size),
        (a, start),
    ]  # fmt: skip
    curve = [Path.CURVE4] * 3
    codes = [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY]
    return PathPatch(Path(points, codes), facecolor=colour, alpha=0.55, linewidth=0)


def _nodes(
    ax: Axes,
    x: float,
    tops: Floats,
    sizes: Floats,
    names: Sequence[str],
    colours: Mapping[str, str],
) -> None:
    for name, top, size in zip(names, tops, sizes, strict=True):
        if size > 0:
            ax.add_patch(Rectangle((x, top - size), _NODE, size, color=colours[name], lw=0))


def _texts(
    ax: Axes, x: float, tops: Floats, sizes: Floats, texts: Sequence[str], side: str
) -> None:
    """Names beside the nodes, moved apart where they collide; below 1.5 % a node has no name."""
    kept = [k for k, size in enumerate(sizes) if size >= 0.015]
    wanted = [float(tops[k] - sizes[k] / 2) for k in kept]
    placed = spread(wanted, 0.085, -0.15, 1.0)
    edge = x - 0.012 if side == "right" else x + _NODE + 0.012
    for k, y in zip(kept, placed, strict=True):
        said = wrapped(f"{100 * sizes[k]:.0f} %  {texts[k]}", 42)
        ax.text(edge, y, said, ha=side, va="center", fontsize=7.5, color=INK, clip_on=False)
