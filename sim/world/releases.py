"""Dated model releases as capability in frontier-months.

A straight line is laid through the records of closed US models on the Epoch index: a model of index
x has capability (x - a) / b, with a the fitted record of January 2023 and b the mean progress of a
month. So 0 is the fitted US record of January 2023 and the US gain one frontier-month a month in
the mean.

Why a line and not the record itself: between GPT-4 of March 2023 and the next records of 2024 the
index rose by less than a point. On an axis that follows the record month by month twelve months
hang on half an index point there, and any model that crosses that half point (most open weights of
2024 do) leaps by a year. The index is built to be linear in capability; the line keeps it so.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.errors import SeedError
from sim.scenario.schema import month_index
from sim.world.axes import RELEASED_TRACKS, TRACKS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_ORIGIN = month_index("2023-01")


class RecordLine(NamedTuple):
    """The fitted US record: index points in January 2023, and index points gained a month."""

    start: float
    slope: float


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


def record_line(frontier: pl.DataFrame) -> RecordLine:
    """Least squares through the records, each once, in its month.

    Raises SeedError with fewer than two records: nothing would say how fast the frontier moves.
    """
    months, record = record_path(frontier)
    if len(months) < 2:
        raise SeedError(
            f"{len(months)} records of closed US models, and a line needs two",
            file="frontier.csv",
            path="track",
            hint="Keep the rows of us_closed",
        )
    centred = months - months.mean()
    slope = float((centred * (record - record.mean())).sum() / (centred * centred).sum())
    return RecordLine(start=float(record.mean() - slope * months.mean()), slope=slope)


def capability(scores: Floats, line: RecordLine) -> Floats:
    """Frontier-months of index values; any shape. Values of 0 (no dated release) become NaN."""
    return np.where(scores > 0.0, (scores - line.start) / line.slope, np.nan)


def unscored_since(frontier: pl.DataFrame, releases: pl.DataFrame) -> Ints:
    """[released track] first month since 2023-01 with a public release that has no index, counted
    after the last record of the track; -1 where every later release has one or there is none.

    From that month on the dated record of a track says less than what users could get.
    """
    first = np.full(RELEASED_TRACKS, -1, dtype=np.int64)
    for position, track in enumerate(TRACKS[:RELEASED_TRACKS]):
        rows = frontier.filter(pl.col("track") == track)
        if rows.height == 0:
            continue
        record = str(rows.filter(pl.col("eci") == rows["eci"].max())["month"].min())
        later = releases.filter(
            (pl.col("track") == track)
            & (pl.col("public") == 1)
            & pl.col("eci").is_null()
            & (pl.col("month") > record)
        )
        if later.height:
            first[position] = month_index(str(later["month"].min())) - _ORIGIN
    return first
