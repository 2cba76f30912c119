"""Final statistics of a sweep: each outcome in its last month, by scenario and policy."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from sim.sweep.plan import Plan
from sim.sweep.record import OUTCOMES, part_name
from sim.sweep.store import Store

if TYPE_CHECKING:
    import polars as pl

COLUMNS = ("scenario", "policy", "outcome", "period", "n", "mean", "p05", "p95")


def statistics(store: Store, plan: Plan) -> pl.DataFrame:
    """One row per scenario, policy and outcome, over all points and replicates.

    p05 and p95 bound the 90 % interval of runs. Parts are read one at a time.
    """
    import polars as pl

    last: dict[int, list[pl.DataFrame]] = {}
    for point in plan.points:
        raw = store.read(part_name(OUTCOMES, point.number))
        if raw is not None:
            part = pl.read_parquet(io.BytesIO(raw)).select("outcome", "period", "value")
            last.setdefault(point.arm, []).append(_wanted(part, plan))
    frames = [
        _summarised(pl.concat(parts), *plan.names[arm]) for arm, parts in sorted(last.items())
    ]
    return pl.concat(frames) if frames else pl.DataFrame({column: [] for column in COLUMNS})


def _wanted(part: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    import polars as pl

    part = part.filter(pl.col("period") == pl.col("period").max())
    names = plan.file.outcomes
    return part.filter(pl.col("outcome").is_in(names)) if names else part


def _summarised(part: pl.DataFrame, scenario: str, policy: str) -> pl.DataFrame:
    import polars as pl

    rows = []
    for (outcome, period), group in part.group_by("outcome", "period", maintain_order=True):
        values = group["value"].drop_nulls().to_numpy()
        if not len(values):
            continue
        low, high = np.quantile(values, (0.05, 0.95))
        rows.append((scenario, policy, outcome, period, len(values), values.mean(), low, high))
    table = pl.DataFrame(rows, schema=list(COLUMNS), orient="row")
    return table.sort("outcome")


def summary_csv(store: Store, plan: Plan) -> str:
    """The statistics as CSV."""
    return statistics(store, plan).write_csv()
