"""summary.csv: the world by year, one row a year, for a first look."""

from __future__ import annotations

import polars as pl

from sim.record.layout import ALL

_DIGITS = 6


def summary(world: pl.DataFrame) -> pl.DataFrame:
    """World shares by offering, adoption, users and lag: mean with 90 % range, each December (the
    last month for a year the horizon cuts short). world: the table of world.parquet.
    """
    last = world.group_by(pl.col("period").dt.year().alias("year")).agg(
        pl.col("period").max().alias("period")
    )
    rows = world.filter(pl.col("group_type") == "world").join(last, on="period")
    wanted = rows.filter(
        ((pl.col("segment") == ALL) & pl.col("variable").is_in(["share", "adoption"]))
        | (
            (pl.col("segment") == ALL)
            & (pl.col("variable") == "users")
            & pl.col("offering").is_null()
        )
        | pl.col("variable").is_in(["lag_cn", "lag_cn_open"])
    )
    labelled = wanted.with_columns(
        pl.concat_str(["variable", "offering"], separator=".", ignore_nulls=True).alias("name")
    ).unpivot(["mean", "p05", "p95"], index=["year", "period", "name"], variable_name="statistic")
    named = labelled.with_columns(
        pl.concat_str(["name", "statistic"], separator=".").alias("column"),
        pl.col("value").round_sig_figs(_DIGITS),
    )
    columns = named["column"].unique().sort().to_list()
    wide = named.pivot("column", index=["year", "period"], values="value")
    return wide.select(pl.col("year"), pl.col("period").dt.month().alias("month"), *columns).sort(
        "year"
    )
