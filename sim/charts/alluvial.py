"""Switching between offerings: who left what for what in a year, as ribbons from left to right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from sim.charts.look import spread, title, wrapped
from sim.charts.palette import FAINT, INK, offering_colours, stack_order
from sim.charts.tables import rows
from sim.errors import NothingRecorded

NOT_USING = "none"
_BAR = 0.03  # width of a bar, of the axes
_GAP = 0.012  # between bars, of all users who move
Flows = dict[tuple[str, str], float]


def moves(flows: pl.DataFrame, year: int, group: str, *, starters: bool) -> Flows:
    """(from, to) -> users in ``year``, from flows.parquet; without those who start or stop using
    AI unless ``starters``. Raises NothingRecorded without such rows.
    """
    found = rows(flows.filter(pl.col("period") == date(year, 1, 1)), "switching", group=group)
    made: Flows = {}
    for row in found.filter(pl.col("users") > 0).iter_rows(named=True):
        pair = (row["from_offering"], row["to_offering"])
        if starters or NOT_USING not in pair:
            made[pair] = row["users"]
    if not made:
        raise NothingRecorded(f"nobody switched in {year}", hint="Choose another year")
    return made


def alluvial(
    flows: pl.DataFrame,
    ax: Axes,
    *,
    year: int,
    group: str = "World",
    starters: bool = False,
    labels: Mapping[str, str] | None = None,
) -> Axes:
    """Draw the moves of ``year`` on ``ax``: ribbons in the colour of what was left."""
    made = moves(flows, year, group, starters=starters)
    total = sum(made.values())
    names = {NOT_USING: "not using AI", **(labels or {})}
    order = [*stack_order({o for pair in made for o in pair} - {NOT_USING}), NOT_USING]
    colours = {**offering_colours(order[:-1]), NOT_USING: FAINT}
    sides = [_bars(made, order, side) for side in (0, 1)]
    starts, ends = ({name: low for name, (low, _) in side.items()} for side in sides)
    for source in order:
        for target in order:
            users = made.get((source, target), 0.0)
            if users > 0:
                _ribbon(ax, starts[source], ends[target], users / total, colours[source])
                starts[source] += users / total
                ends[target] += users / total
    for side, bars in enumerate(sides):
        _label(ax, bars, side, colours, names, total)
    ax.set_xlim(0, 1)
    ax.set_ylim(-0.01, 1 + _GAP * len(order))
    ax.set_axis_off()
    where = "" if group == "World" else f", {group}"
    note = "left: what they left; right: what they chose instead; mean over runs"
    title(ax, f"Switching between AI offerings in {year}{where}", f"users; {note}")
    return ax


def _bars(made: Flows, order: list[str], side: int) -> dict[str, tuple[float, float]]:
    """Bottom and height of each bar at one side, fractions of all moves, first name lowest."""
    total, at = sum(made.values()), 0.0
    bars = {}
    for name in order:
        height = sum(users for pair, users in made.items() if pair[side] == name) / total
        if height > 0:
            bars[name] = (at, height)
            at += height + _GAP
    return bars


def _ribbon(ax: Axes, left: float, right: float, thick: float, colour: str) -> None:
    a, b, middle = _BAR, 1 - _BAR, 0.5
    corners = [
        (a, left),
        (middle, left),
        (middle, right),
        (b, right),
        (b, right + thick),
        (middle, right + thick),
        (middle, left + thick),
        (a, left + thick),
        (a, left),
    ]
    curve = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    ax.add_patch(PathPatch(Path(corners, curve), facecolor=colour, alpha=0.45, linewidth=0))


def _label(
    ax: Axes,
    bars: Mapping[str, tuple[float, float]],
    side: int,
    colours: Mapping[str, str],
    names: Mapping[str, str],
    total: float,
) -> None:
    """The bars of one side with their names and users, moved apart where they collide."""
    top = max(low + height for low, height in bars.values())
    places = spread([low + height / 2 for low, height in bars.values()], 0.07, 0.0, top)
    for (name, (low, height)), place in zip(bars.items(), places, strict=True):
        colour = colours[name]
        ax.add_patch(Rectangle((side * (1 - _BAR), low), _BAR, height, color=colour, lw=0))
        x, away = (1.012, "left") if side else (-0.012, "right")
        lead = [1.001, 1.01] if side else [-0.001, -0.01]
        ax.plot(lead, [low + height / 2, place], color=colour, lw=1.4, clip_on=False)
        text = wrapped(f"{names.get(name, name)}  {_people(height * total)}", 34)
        ax.text(x, place, text, ha=away, va="center", fontsize=7.5, color=INK, linespacing=1.05)


def _people(users: float) -> str:
    """Users in words: '138 M', '4.1 M', '12 k'."""
    for size, letter in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if users >= size:
            return f"{users / size:.3g} {letter}"
    return f"{users:.0f}"
