"""The numbers behind the report's interactive charts, as compact columns of JSON.

A column of names is stored as the list of its words and an index for each row; fractions are kept
to 1e-4 and levels to four digits, which is finer than a screen shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from sim.charts.leading import leading
from sim.report.gather import RunReport

Columns = dict[str, Any]
GROUPS = ("world", "region", "income", "bloc")
_BANDS = ("p05", "p25", "p50", "p75", "p95")
_LAGS = "lag_"


def datasets(runs: Sequence[RunReport]) -> dict[str, Columns]:
    """Name -> columns: ``shares``, ``bands``, ``lags``, ``money``, ``leaders``, ``economies``."""
    makers = {
        "shares": shares,
        "bands": bands,
        "lags": lags,
        "money": money,
        "leaders": leaders,
        "economies": economies,
    }
    return {
        name: packed(pl.concat([_tagged(maker(run), run.title) for run in runs]))
        for name, maker in makers.items()
    }


def packed(table: pl.DataFrame) -> Columns:
    """``table`` as columns: words as ``{w: [...], i: [...]}``, numbers as lists, null as null."""
    made: Columns = {}
    for name in table.columns:
        column = table[name]
        if column.dtype == pl.String:
            words = column.unique().drop_nulls().sort().to_list()
            place = {word: k for k, word in enumerate(words)}
            made[name] = {"w": words, "i": [place.get(word, -1) for word in column.to_list()]}
        else:
            made[name] = [_short(value) for value in column.to_list()]
    return made


def shares(run: RunReport) -> pl.DataFrame:
    """Columns month, group, offering, share (mean): use by offering, quarter by quarter."""
    return _quarters(_of_groups(run, "share")).select(
        _MONTH, "group", "offering", pl.col("mean").fill_null(0.0).alias("share")
    )


def bands(run: RunReport) -> pl.DataFrame:
    """Columns month, group, measure and quantiles: adoption, and the share of each offering."""
    made = pl.concat([_of_groups(run, "adoption"), _of_groups(run, "share")])
    return _quarters(made).select(
        _MONTH, "group", pl.coalesce("offering", "variable").alias("measure"), *_BANDS
    )


def lags(run: RunReport) -> pl.DataFrame:
    """Columns month, lag and quantiles, months behind the US frontier."""
    found = run.tables.world.filter(
        pl.col("variable").str.starts_with(_LAGS) & (pl.col("segment") == "all")
    )
    return _quarters(found).select(_MONTH, pl.col("variable").alias("lag"), *_BANDS)


def money(run: RunReport) -> pl.DataFrame:
    """Columns year, offering, tokens (million a month), usd (a month): means of Decembers."""
    found = run.tables.world.filter(group_type="world", segment="all").filter(
        pl.col("offering").is_not_null()
        & pl.col("variable").is_in(["tokens", "spend"])
        & (pl.col("period").dt.month() == 12)
    )
    wide = found.pivot("variable", index=["period", "offering"], values="mean")
    for name in ("tokens", "spend"):
        if name not in wide.columns:
            wide = wide.with_columns(pl.lit(None, pl.Float64).alias(name))
    return (
        wide.filter((pl.col("tokens") > 0) & (pl.col("spend") > 0))
        .sort("offering", "period")
        .select(_YEAR, "offering", "tokens", pl.col("spend").alias("usd"))
    )


def leaders(run: RunReport) -> pl.DataFrame:
    """Columns year, iso3, leader, share, confidence, adoption: economies each December."""
    used = run.tables.countries.filter(variable="adoption", segment="all")
    used = used.select("period", "iso3", pl.col("mean").alias("adoption"))
    found = [
        leading(run.tables.countries, day).with_columns(pl.lit(day).alias("period"))
        for day in _decembers(run)
    ]
    rows = pl.concat(found).join(used, on=["period", "iso3"], how="left")
    return rows.sort("iso3", "period").select(
        _YEAR, "iso3", pl.col("offering").alias("leader"), "share", "confidence", "adoption"
    )


def economies(run: RunReport) -> pl.DataFrame:
    """Columns year, iso3, offering, share: use of each economy by offering each December."""
    found = run.tables.countries.filter(variable="share", segment="all").filter(
        pl.col("period").is_in(_decembers(run)) & (pl.col("mean") >= 0.0005)
    )
    return found.sort("iso3", "offering", "period").select(
        _YEAR, "iso3", "offering", pl.col("mean").round(3).alias("share")
    )


_MONTH = pl.col("period").dt.strftime("%Y-%m").alias("month")
_YEAR = pl.col("period").dt.year().alias("year")


def _decembers(run: RunReport) -> list[Any]:
    """Decembers with shares of economies; the last month stored where there is none."""
    found = run.tables.countries.filter(variable="share")["period"].cast(pl.Date).unique().sort()
    years = found.filter(found.dt.month() == 12)
    return (found.tail(1) if years.is_empty() else years).to_list()


def _of_groups(run: RunReport, variable: str) -> pl.DataFrame:
    found = run.tables.world.filter(variable=variable, segment="all")
    return found.filter(pl.col("group_type").is_in(GROUPS))


def _quarters(table: pl.DataFrame) -> pl.DataFrame:
    """Quarter ends and the first month: as fine as a screen shows, a third of the bytes."""
    keep = pl.col("period").dt.month().is_in([3, 6, 9, 12])
    keep |= pl.col("period") == pl.col("period").min()
    return table.filter(keep).sort("group", "offering", "period", nulls_last=True)


def _tagged(table: pl.DataFrame, title: str) -> pl.DataFrame:
    return table.with_columns(pl.lit(title).alias("run"))


def _short(value: float | None) -> float | None:
    """Four decimals below 1, four digits above; null for what is undefined."""
    if value is None or isinstance(value, int):
        return value
    if not np.isfinite(value):
        return None
    return round(value, 4) if abs(value) < 10 else float(f"{value:.4g}")
