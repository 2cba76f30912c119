"""Which targets of a hindcast are met: the table that its chart and the report read."""

from __future__ import annotations

import polars as pl

from sim.errors import SchemaError

COLUMNS = (
    "channel", "period", "iso3", "target_lo", "target_hi", "p05", "p25", "p50", "p75", "p95",
)  # fmt: skip


def judged(table: pl.DataFrame) -> pl.DataFrame:
    """``table`` with ``hit`` (the 90 % band meets the target's range) and ``apart``: how far the
    band is from the range, in the target's unit, 0 for a hit. Raises SchemaError without COLUMNS.
    """
    lacking = [name for name in COLUMNS if name not in table.columns]
    if lacking or table.is_empty():
        missing = f"without {', '.join(lacking)}" if lacking else "without rows"
        raise SchemaError(f"a table for the chart of the hindcast {missing}")
    above = pl.col("p05") - pl.col("target_hi")
    below = pl.col("target_lo") - pl.col("p95")
    apart = pl.max_horizontal(above, below, pl.lit(0.0))
    return table.with_columns(apart.alias("apart"), (apart == 0).alias("hit"))
