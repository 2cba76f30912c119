"""Which offering leads in each economy, and how sure the runs are of it."""

from __future__ import annotations

from datetime import date

import polars as pl

from sim.charts.tables import rows

#: From sure to unsure. Judged by quantiles over runs, which are all that a run folder keeps.
CONFIDENCE = {
    "clear": "clear: its 5 % quantile is above every other's 95 %",
    "likely": "likely: its 25 % quantile is above every other's 75 %",
    "open": "open: neither",
}


def leading(countries: pl.DataFrame, period: date, segment: str = "all") -> pl.DataFrame:
    """Columns iso3, offering, share, confidence at ``period``, a row per economy with any use.

    From countries.parquet: the largest mean share leads, a tie goes to the name that sorts first.
    ``confidence`` is a key of ``CONFIDENCE``. Raises SchemaError without shares.
    """
    now = countries.filter((pl.col("period") == period) & pl.col("offering").is_not_null())
    share = rows(now, "leading offerings", segment=segment, variable="share")
    ranked = share.filter(pl.col("mean") > 0).sort(
        "iso3", "mean", "offering", descending=[False, True, False]
    )
    first = ranked.group_by("iso3", maintain_order=True).first()
    others = ranked.join(first.select("iso3", "offering"), on=["iso3", "offering"], how="anti")
    rival = others.group_by("iso3").agg(pl.col("p75", "p95").max().name.prefix("rival_"))
    judged = first.join(rival, on="iso3", how="left").with_columns(
        pl.col("rival_p75", "rival_p95").fill_null(0.0)
    )
    confidence = (
        pl.when(pl.col("p05") > pl.col("rival_p95"))
        .then(pl.lit("clear"))
        .when(pl.col("p25") > pl.col("rival_p75"))
        .then(pl.lit("likely"))
        .otherwise(pl.lit("open"))
    )
    return judged.select(
        "iso3", "offering", pl.col("mean").alias("share"), confidence.alias("confidence")
    ).sort("iso3")
