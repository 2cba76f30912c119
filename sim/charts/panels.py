"""Small multiples: a grid of panels with one common scale, and the heading over it."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts.palette import INK

MOST_COLUMNS = 3


def grid(
    figure: Figure, names: list[str], columns: int = MOST_COLUMNS, *, one_scale: bool = True
) -> list[Axes]:
    """A panel for each name, titled, over the same months; unused places of the grid stay empty.

    All panels have one vertical scale unless ``one_scale`` is false.
    """
    columns = min(columns, len(names))
    rows = -(-len(names) // columns)
    made = figure.subplots(rows, columns, sharex=True, sharey=one_scale, squeeze=False)
    axes = list(made.flat)
    for spare in axes[len(names) :]:
        spare.set_axis_off()
    for position, (ax, name) in enumerate(zip(axes, names, strict=False)):
        ax.set_title(name)
        ax.tick_params(labelbottom=position + columns >= len(names))
    return axes[: len(names)]


def heading(figure: Figure, headline: str, note: str) -> None:
    """A bold headline and a plain line with units, at the upper left of ``figure``."""
    height = figure.get_size_inches()[1]
    figure.text(0.012, 1 - 0.08 / height, headline, va="top", fontsize=12, weight="bold")
    figure.text(0.012, 1 - 0.38 / height, note, va="top", fontsize=8.5, color=INK, alpha=0.8)


def size_for(panels: int, columns: int = MOST_COLUMNS) -> tuple[float, float]:
    """Inches (wide, high) that give each of ``panels`` room."""
    return 9.0, 1.3 + 2.0 * -(-panels // min(columns, max(panels, 1)))
