"""Long tables from arrays: one row per cell, labels from axes, rows sorted, null for undefined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.record.layout import Layout

Floats = NDArray[np.float64]


def month_date(index: int) -> date:
    """First day of the month ``index`` = year * 12 + month - 1."""
    return date(index // 12, index % 12 + 1, 1)


def period_labels(layout: Layout, periods: Sequence[int]) -> list[date]:
    """Dates of periods, counted from the start of the horizon."""
    return [month_date(layout.start + t) for t in periods]


def long_frame(
    axes: Sequence[tuple[str, Sequence[str | date | None]]],
    values: Mapping[str, Floats],
    **fixed: str | None,
) -> pl.DataFrame:
    """One row per cell of equally shaped arrays.

    axes: (column, labels), one per axis of the arrays, in their order; values: column -> array;
    fixed: columns with one label. NaN becomes null.
    """
    shape = tuple(len(labels) for _, labels in axes)
    size = int(np.prod(shape))
    columns: dict[str, pl.Series] = {}
    for k, (name, labels) in enumerate(axes):
        inner = int(np.prod(shape[k + 1 :]))
        codes = np.tile(np.repeat(np.arange(len(labels)), inner), size // (inner * shape[k] or 1))
        columns[name] = pl.Series(name, list(labels)).gather(pl.Series(codes, dtype=pl.UInt32))
    for name, label in fixed.items():
        columns[name] = pl.Series(name, [label], dtype=pl.String).new_from_index(0, size)
    for name, array in values.items():
        columns[name] = pl.Series(name, np.asarray(array).reshape(-1), nan_to_null=True)
    return pl.DataFrame(columns)


def stacked(
    frames: Sequence[pl.DataFrame], keys: Sequence[str], numbers: Sequence[str]
) -> pl.DataFrame:
    """All rows under one schema, sorted by the key columns (nulls first).

    Keys are sorted as codes of sorted labels: a fraction of the memory that strings would take.
    """
    order = [*keys, *numbers]
    labels = {name: pl.Enum(_labels(frames, name)) for name in keys if name != "period"}
    ready = [
        frame.with_columns(
            *(pl.lit(None, dtype=pl.String).alias(k) for k in keys if k not in frame.columns),
            *(pl.lit(None, dtype=pl.Float64).alias(k) for k in numbers if k not in frame.columns),
        )
        .with_columns(pl.col(name).cast(kind) for name, kind in labels.items())
        .select(order)
        for frame in frames
    ]
    return pl.concat(ready).sort(keys).with_columns(pl.col(name).cast(pl.String) for name in labels)


def _labels(frames: Sequence[pl.DataFrame], name: str) -> list[str]:
    """All labels of a column, sorted."""
    found = [frame[name].drop_nulls().unique() for frame in frames if name in frame.columns]
    return sorted({str(label) for labels in found for label in labels})
