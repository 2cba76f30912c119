"""Dated model releases as capability in frontier-months.

The axis is laid through the records of closed US models on the Epoch index: month m of a record has
capability m (months since January 2023); between records it is interpolated, below the first
record it goes on with the mean slope of the path.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.scenario.schema import month_index

Floats = NDArray[np.float64]
_ORIGIN = month_index("2023-01")


def record_path(frontier: pl.DataFrame) -> tuple[Floats, Floats]:
    """(months since 2023-01, index) of the records of closed US models, ascending in both."""
    best: dict[int, float] = {}
    rows = frontier.filter(pl.col("track") == "us_closed")
    for month, score in rows.select("month", "eci").iter_rows():
        m = month_index(month) - _ORIGIN
        best[m] = max(best.get(m, 0.0), float(score))
    months: list[float] = []
    scores: list[float] = []
    for m in sorted(best):
        if not scores or best[m] > scores[-1]:
            months.append(float(m))
            scores.append(best[m])
    return np.array(months), np.array(scores)


def capability(scores: Floats, path: tuple[Floats, Floats]) -> Floats:
    """Frontier-months of index values; any shape. Values of 0 (no dated release) become NaN."""
    months, record = path
    slope, start = np.polyfit(months, record, 1)
    return np.where(scores > 0, (scores - start) / slope, np.nan)
