"""The common look: sizes and fonts, date axes, percent axes, titles, labels beside lines."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from textwrap import wrap
from typing import Any, cast

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, YearLocator
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from sim.charts.palette import FAINT, GRID, INK

# The salt and the fixed fonts make an SVG the same bytes wherever it is drawn.
STYLE: dict[str, Any] = {
    "figure.dpi": 100,
    "savefig.dpi": 160,
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.labelsize": 8.5,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "svg.hashsalt": "spheres",
    "svg.fonttype": "path",
}


def styled() -> AbstractContextManager[None]:
    """Within it matplotlib draws in the common look; outside nothing is changed."""
    return rc_context(cast(Any, STYLE))


def title(ax: Axes, headline: str, note: str) -> None:
    """A bold headline and, under it, a plain line with the unit and what is drawn."""
    ax.set_title("")
    above: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points"}
    ax.annotate(headline, (0, 1), xytext=(0, 24), fontsize=12, fontweight="bold", **above)
    ax.annotate(note, (0, 1), xytext=(0, 9), fontsize=8.5, color="#555555", **above)


def years(ax: Axes, periods: NDArray[np.datetime64], most: int = 8) -> None:
    """Ticks at Januaries, at most ``most`` of them; the axis ends where the data end."""
    span = (periods[-1] - periods[0]).astype("timedelta64[D]").astype(int) / 365.25
    step = max(1, int(np.ceil(span / most)))
    ax.xaxis.set_major_locator(YearLocator(step))  # type: ignore[no-untyped-call]
    form = "%Y" if span >= 1 else "%Y-%m"
    ax.xaxis.set_major_formatter(DateFormatter(form))  # type: ignore[no-untyped-call]
    # A single month has no length; half a month each way makes room for it.
    aside = np.timedelta64(15 if span == 0 else 0, "D")
    ax.set_xlim(periods[0] - aside, periods[-1] + aside)


def percent(ax: Axes, top: float | None = None) -> None:
    """A vertical axis of fractions, written as percent, from 0 to ``top``."""
    ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f} %"))
    ax.set_ylim(0, top)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions near ``wanted``, in the same order, at least ``gap`` apart, within low..high.

    Where there is no room for the gap everywhere, positions are spaced evenly over the room.
    """
    n = len(wanted)
    if n == 0:
        return []
    if (n - 1) * gap >= high - low:
        return [float(x) for x in np.linspace(low, high, n)] if n > 1 else [(low + high) / 2]
    order = sorted(range(n), key=lambda i: (wanted[i], i))
    placed = [min(max(wanted[i], low), high) for i in order]
    for i in range(1, n):
        placed[i] = max(placed[i], placed[i - 1] + gap)
    placed[-1] = min(placed[-1], high)
    for i in range(n - 2, -1, -1):
        placed[i] = min(placed[i], placed[i + 1] - gap)
    result = [0.0] * n
    for position, i in zip(placed, order, strict=True):
        result[i] = position
    return result


def wrapped(text: str, width: int = 33) -> str:
    """``text`` broken at spaces into lines of at most ``width`` letters."""
    return "\n".join(wrap(text, width, break_long_words=False))


def label_right(
    ax: Axes, at: Sequence[float], texts: Sequence[str], colours: Sequence[str], size: float = 8.0
) -> None:
    """Write ``texts`` right of the axes at heights ``at`` (data), moved apart where they collide.

    A short line leads from a text to its height; the axes' limits must be set before.
    """
    texts = [wrapped(text) for text in texts]
    most = max((text.count("\n") + 1 for text in texts), default=1)
    low, high = ax.get_ylim()
    height = ax.get_window_extent().height * 72 / ax.figure.dpi
    line = (1.2 * most + 0.3) * size * (high - low) / height
    places = spread(at, line, low + line / 2, high - line / 2)
    across = ax.get_yaxis_transform()
    for true, placed, text, colour in zip(at, places, texts, colours, strict=True):
        ax.plot(
            [1.004, 1.02, 1.032],
            [true, placed, placed],
            transform=across,
            color=colour,
            lw=1.6,
            clip_on=False,
            solid_capstyle="round",
        )
        ax.text(
            1.04,
            placed,
            text,
            transform=across,
            va="center",
            fontsize=size,
            color=INK,
            linespacing=1.15,
        )
