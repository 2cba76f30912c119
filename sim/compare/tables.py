"""Tables of paired runs: one row a cell, sorted; null where undefined.

Every table of differences has the columns of `intervals.intervals` and `clear_from`: the
first period from which the interval leaves out 0, on one side, in every later one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.compare.intervals import (
    clear_from,
    intervals,
    needed,
    of_runs,
    variance_reduction,
)
from sim.compare.kernel import COUNT, SQUARES
from sim.compare.paired_runs import PairedRuns
from sim.record.layout import ALL, WORLD
from sim.runs.frames import long_frame, month_date, stacked

Floats = NDArray[np.float64]
Axes = Sequence[tuple[str, Sequence[str | date | None]]]
NUMBERS = ("base", "alternative", "difference", "low", "high", "p_up", "p_down", "n")
NOT_USING = "none"
#: Without a wish, the interval is to be no wider on a side than this part of the difference.
RELATIVE_WIDTH = 0.1


def runs(paired: PairedRuns) -> pl.DataFrame:
    """Named outcomes run by run: arm, replicate, outcome, period, value."""
    live = np.flatnonzero(paired.live)
    axes: Axes = [
        ("arm", paired.names),
        ("outcome", paired.axes.outcomes),
        ("period", _dates(paired, paired.axes.outcome_months)),
        ("replicate", [str(r) for r in live]),
    ]
    frame = long_frame(axes, {"value": paired.outcomes[..., live]})
    keyed = frame.with_columns(pl.col("replicate").cast(pl.Int32))
    return keyed.select("arm", "replicate", "outcome", "period", "value").sort(
        "arm", "replicate", "outcome", "period", maintain_order=True
    )


def differences(paired: PairedRuns, half_width: float | None = None) -> pl.DataFrame:
    """Named outcomes: arm, outcome, period, the columns above, variance_reduction, needed.

    needed: replicates for an interval of +- half_width (in the outcome's unit), of a tenth of the
    difference if left out; needed_apart: the same with independent seeds.
    """
    months = paired.axes.outcome_months
    base, frames = paired.outcomes[0], []
    for name, other in zip(paired.names[1:], paired.outcomes[1:], strict=True):
        cells = of_runs(base, other)  # [outcome, month, COLUMNS]
        columns = intervals(cells)
        less = variance_reduction(base, other)
        wish = RELATIVE_WIDTH * np.abs(columns["difference"])
        target = wish if half_width is None else np.full_like(wish, half_width)
        runs_needed = needed(cells[..., COUNT], cells[..., SQUARES], target)
        with np.errstate(invalid="ignore"):
            columns |= {
                "variance_reduction": np.where(np.isfinite(less), less, np.nan),
                "needed": runs_needed,
                "needed_apart": np.ceil(runs_needed * np.where(np.isfinite(less), less, np.nan)),
            }
        axes: Axes = [("outcome", paired.axes.outcomes), ("period", _dates(paired, months))]
        moved = {key: np.moveaxis(column, 1, 0) for key, column in columns.items()}
        frames.append(_frame(paired, months, [axes[1], axes[0]], moved, arm=name))
    return _sorted(frames, ("arm", "outcome", "period"), ("variance_reduction", "needed",
                   "needed_apart"))  # fmt: skip


def paths(paired: PairedRuns) -> pl.DataFrame:
    """Groups by month: arm, group_type, group, segment, offering, variable, period, columns above.

    variable: share, adoption, and of the world the series of the code list.
    """
    axes = paired.axes
    months = tuple(range(axes.months))
    group = ("group", [f"{kind}\t{name}" for kind, name in axes.groups])
    segment = ("segment", (*axes.segments, ALL))
    period = ("period", _dates(paired, months))
    frames = []
    for name, cells in zip(paired.names[1:], paired.cells, strict=True):
        share, adoption = _split(intervals(cells.group))
        offering = ("offering", axes.offerings)
        frames += [
            _frame(paired, months, [period, group, segment, offering], share, arm=name,
                   variable="share"),
            _frame(paired, months, [period, group, segment], adoption, arm=name,
                   variable="adoption"),
            _frame(paired, months, [period, ("variable", axes.indicators)],
                   intervals(cells.indicator), arm=name, group=f"world\t{WORLD}", segment=ALL),
        ]  # fmt: skip
    parts = pl.col("group").str.split("\t").list
    split = [
        f.with_columns(parts.get(0).alias("group_type"), parts.get(1).alias("group"))
        for f in frames
    ]
    keys = ("arm", "group_type", "group", "segment", "offering", "variable", "period")
    return _sorted(split, keys)


def economies(paired: PairedRuns) -> pl.DataFrame:
    """Economies in recorded months: arm, iso3, offering, variable, period, columns above.

    All segments together; variable: share (of an offering in use) and adoption.
    """
    axes = paired.axes
    base: Axes = [("period", _dates(paired, axes.recorded)), ("iso3", axes.iso3)]
    frames = []
    for name, cells in zip(paired.names[1:], paired.cells, strict=True):
        share, adoption = _split(intervals(cells.economy))
        offering = ("offering", axes.offerings)
        frames += [
            _frame(paired, axes.recorded, [*base, offering], share, arm=name, variable="share"),
            _frame(paired, axes.recorded, base, adoption, arm=name, variable="adoption"),
        ]
    return _sorted(frames, ("arm", "iso3", "offering", "variable", "period"))


def switching(paired: PairedRuns) -> pl.DataFrame:
    """Users by what they use in the base and in the alternative, mean over replicates.

    Columns: arm, period (Decembers and the last month), group (region or World), base_offering,
    offering, users; `none` is not using AI. Users who use the same in both are in rows with equal
    offerings.
    """
    axes = paired.axes
    names = (*axes.offerings, NOT_USING)
    place: Axes = [
        ("period", _dates(paired, axes.decembers)),
        ("group", (*axes.regions, WORLD)),
        ("base_offering", names),
        ("offering", names),
    ]
    n = int(paired.live.sum())
    frames = [
        long_frame(place, {"users": cells.moved / n}, arm=name)
        for name, cells in zip(paired.names[1:], paired.cells, strict=True)
    ]
    return stacked(frames, ("arm", "period", "group", "base_offering", "offering"), ("users",))


def _split(columns: Mapping[str, Floats]) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Columns of the offerings' shares, and of adoption, which has the last place."""
    offerings = {name: column[..., :-1] for name, column in columns.items()}
    return offerings, {name: column[..., -1] for name, column in columns.items()}


def _frame(
    paired: PairedRuns,
    months: Sequence[int],
    axes: Axes,
    columns: Mapping[str, Floats],
    **fixed: str,
) -> pl.DataFrame:
    """A frame whose first axis is `months`, with `clear_from`."""
    first = clear_from(columns)
    when = np.broadcast_to(first, next(iter(columns.values())).shape).reshape(-1)
    labels = pl.Series("clear_from", [*_dates(paired, months), None], dtype=pl.Date)
    found = labels.gather(pl.Series(np.where(when < 0, len(months), when), dtype=pl.UInt32))
    return long_frame(axes, columns, **fixed).with_columns(found.alias("clear_from"))


def _sorted(
    frames: Sequence[pl.DataFrame], keys: Sequence[str], more: Sequence[str] = ()
) -> pl.DataFrame:
    """All rows, sorted by keys."""
    first = [
        frame.with_columns(pl.col("clear_from").dt.epoch("d").cast(pl.Float64)) for frame in frames
    ]
    table = stacked(first, keys, (*NUMBERS, *more, "clear_from"))
    return table.with_columns(
        pl.col("n").cast(pl.Int32), pl.col("clear_from").cast(pl.Int32).cast(pl.Date)
    )


def _dates(paired: PairedRuns, months: Sequence[int]) -> list[date]:
    return [month_date(paired.axes.start + t) for t in months]
