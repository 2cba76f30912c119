"""What must agree between cells, rows and tables of the seeds: codes, derived values, pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from sim.errors import SeedError, UnknownEconomy, nearest
from sim.files import display
from sim.world.columns import LINE, Column
from sim.world.preference import SCORES

Frames = dict[str, pl.DataFrame]
Described = dict[str, tuple[Column, ...]]

#: Table, what is wrong, where it is wrong, the column to name.
_RULES: tuple[tuple[str, str, pl.Expr, str], ...] = (
    (
        "countries",
        "is not gdp_usd divided by population",
        (pl.col("gdp_pc_usd") - pl.col("gdp_usd") / pl.col("population")).abs() > 1.0,
        "gdp_pc_usd",
    ),
    (
        "countries",
        "is not bis_e1 or bis_e2",
        pl.col("us_embargo") != pl.max_horizontal("bis_e1", "bis_e2"),
        "us_embargo",
    ),
    (
        "trade",
        "exports to itself",
        pl.col("exporter_iso3") == pl.col("importer_iso3"),
        "importer_iso3",
    ),
    ("dyads", "is not after iso3_a", pl.col("iso3_a") >= pl.col("iso3_b"), "iso3_b"),
    (
        "models",
        "stands without a price, or a price without it",
        pl.col("price_source").is_null() != pl.col("price_in_usd_per_mtok").is_null(),
        "price_source",
    ),
    (
        "models",
        "is outside its interval",
        (pl.col("eci") < pl.col("eci_low")) | (pl.col("eci") > pl.col("eci_high")),
        "eci",
    ),
    (
        "hardware",
        "is below the lower price",
        pl.col("usd_per_gpu_hour_high") < pl.col("usd_per_gpu_hour_low"),
        "usd_per_gpu_hour_high",
    ),
    (
        "releases",
        "is not eci_published plus eci_offset",
        (pl.col("eci") - pl.col("eci_published") - pl.col("eci_offset")).abs() > 1e-9,
        "eci",
    ),
    (
        "releases",
        "has no linked index, or the index no published score, fit and offset",
        pl.sum_horizontal(
            pl.col(name).is_null() for name in ("eci_published", "eci_vintage", "eci_offset", "eci")
        ).is_between(1, 3),
        "model",
    ),
    ("providers", "is not after since", pl.col("until") <= pl.col("since"), "until"),
    (
        "decisions",
        "is not a decision of this kind",
        ~pl.concat_str("kind", pl.lit(" "), "decision").is_in([" ".join(pair) for pair in SCORES]),
        "decision",
    ),
    ("plans", "is not after from", pl.col("until") <= pl.col("from"), "until"),
)


def consistency_errors(
    folder: Path, frames: Frames, described: Described, wanted: dict[str, Any]
) -> list[SeedError | UnknownEconomy]:
    """Every disagreement, in a fixed order. ``wanted`` is checks.yaml."""
    errors: list[SeedError | UnknownEconomy] = []
    errors += _unknown_codes(folder, frames, described)
    for table, message, broken, column in _RULES:
        errors += [
            _error(folder, table, line, column, f"{value} {message}")
            for line, value in frames[table].filter(broken).select(LINE, column).iter_rows()
        ]
    errors += _track_errors(folder, "models", frames)
    errors += _track_errors(folder, "releases", frames)
    errors += _frontier_errors(folder, frames)
    errors += _pair_errors(folder, frames, wanted)
    errors += _share_errors(folder, frames, wanted)
    errors += _row_counts(folder, frames, wanted)
    return errors + _cell_errors(folder, frames, wanted)


def _error(folder: Path, table: str, line: int | None, column: str, message: str) -> SeedError:
    return SeedError(message, file=display(folder / f"{table}.csv"), line=line, path=column)


def _unknown_codes(folder: Path, frames: Frames, described: Described) -> list[UnknownEconomy]:
    """ISO3 codes of any table that countries.csv does not have, each where it first stands."""
    legal = frames["countries"]["iso3"].to_list()
    return [
        UnknownEconomy(
            f"no economy '{code}' in countries.csv",
            file=display(folder / f"{table}.csv"),
            line=line,
            path=column.name,
            hint=nearest(code, legal),
        )
        for table, frame in frames.items()
        for column in described[table]
        if column.unit == "iso3" and table != "countries"
        for line, code in frame.filter(~pl.col(column.name).is_in(legal))
        .group_by(column.name)
        .agg(pl.col(LINE).min())
        .sort(LINE)
        .select(LINE, column.name)
        .iter_rows()
    ]


def _track_errors(folder: Path, table: str, frames: Frames) -> list[SeedError]:
    """A track that is not the developer's economy and the openness of the weights."""
    origin = pl.col("country").replace_strict({"USA": "us", "CHN": "cn"}, default="other")
    kind = pl.when(pl.col("open_weights") == 1).then(pl.lit("_open")).otherwise(pl.lit("_closed"))
    wrong = frames[table].filter(pl.col("track") != origin + kind).select(LINE, "track", "country")
    return [
        _error(folder, table, line, "track", f"{track} does not fit country {country}")
        for line, track, country in wrong.iter_rows()
    ]


def _frontier_errors(folder: Path, frames: Frames) -> list[SeedError]:
    """Rows of frontier.csv that are not the best index so far in models.csv and releases.csv."""
    dated = frames["models"].filter(
        pl.col("eci").is_not_null() & pl.col("release_date").is_not_null()
    )
    later = frames["releases"].filter(pl.col("eci").is_not_null() & (pl.col("public") == 1))
    released = pl.concat(
        [
            dated.select("track", "eci", released=pl.col("release_date").str.head(7)),
            later.select("track", "eci", released=pl.col("month")),
        ]
    )
    frontier = frames["frontier"]
    best = (
        frontier.select(LINE, "month", "track", stated=pl.col("eci"))
        .join(released, on="track")
        .filter(pl.col("released") <= pl.col("month"))
        .group_by(LINE, "stated")
        .agg(pl.col("eci").max())
    )
    same = best.filter((pl.col("eci") - pl.col("stated")).abs() < 1e-9)[LINE].to_list()
    wrong = frontier.filter(~pl.col(LINE).is_in(same)).select(LINE, "eci")
    return [
        _error(folder, "frontier", line, "eci", f"{eci} is not the best released by then")
        for line, eci in wrong.iter_rows()
    ]


def _pair_errors(folder: Path, frames: Frames, wanted: dict[str, Any]) -> list[SeedError]:
    """Pair tables with gaps, and economies that trade with nobody without being listed as such."""
    codes = frames["countries"]["iso3"]
    errors = []
    for table in wanted["complete_pairs"]:
        pairs = codes.len() * (codes.len() - 1) // 2
        if frames[table].height != pairs:
            message = f"{frames[table].height} pairs instead of {pairs}"
            errors.append(_error(folder, table, None, "iso3_a", message))
    trade = frames["trade"]
    trading = pl.concat([trade["exporter_iso3"], trade["importer_iso3"]]).unique()
    silent = sorted(codes.filter(~codes.is_in(trading.to_list())).to_list())
    if silent != sorted(wanted["no_trade_rows"]):
        message = f"economies without a trade row: {', '.join(silent) or 'none'}"
        errors.append(_error(folder, "trade", None, "exporter_iso3", message))
    return errors


def _odd_shares(frames: Frames, rule: dict[str, Any]) -> pl.DataFrame:
    """Economies whose people of working age do not fit their population, with the share."""
    share = pl.col("working_age_pop") / pl.col("population")
    odd = frames["countries"].with_columns(share=share).sort("iso3")
    return odd.filter(~pl.col("share").is_between(rule["low"], rule["high"]))


def _share_errors(folder: Path, frames: Frames, wanted: dict[str, Any]) -> list[SeedError]:
    """Shares of working age outside the band that checks.yaml does not list."""
    rule = wanted["working_age_share"]
    new = _odd_shares(frames, rule).filter(~pl.col("iso3").is_in(rule["known"]))
    return [
        _error(folder, "countries", line, "working_age_pop", f"{share:.2f} of the population")
        for line, share in new.select(LINE, "share").iter_rows()
    ]


def consistency_notices(frames: Frames, wanted: dict[str, Any]) -> list[str]:
    """Known oddities that stay as the sources have them, as readable lines."""
    rule = wanted["working_age_share"]
    odd = _odd_shares(frames, rule).filter(pl.col("iso3").is_in(rule["known"]))
    return [
        f"{iso3} working_age_pop is {share:.2f} of population: {rule['note']}"
        for iso3, share in odd.select("iso3", "share").iter_rows()
    ]


def _row_counts(folder: Path, frames: Frames, wanted: dict[str, Any]) -> list[SeedError]:
    """Tables with more or fewer rows than were compiled."""
    return [
        SeedError(
            f"{frames[table].height} rows instead of {count}", file=display(folder / f"{table}.csv")
        )
        for table, count in wanted["rows"].items()
        if frames[table].height != count
    ]


def _cell_errors(folder: Path, frames: Frames, wanted: dict[str, Any]) -> list[SeedError]:
    """Single cells and trade flows (billion USD, rounded to 0.1) that must not drift."""
    rows = {row["iso3"]: row for row in frames["countries"].iter_rows(named=True)}
    errors = [
        _error(folder, "countries", rows[iso3][LINE], column, f"{rows[iso3][column]}, not {value}")
        for iso3, cells in wanted["cells"]["countries"].items()
        if iso3 in rows
        for column, value in cells.items()
        if rows[iso3][column] != value
    ]
    for exporter, flows in wanted["trade_flows_bn_usd"].items():
        for importer, billion in flows.items():
            here = (pl.col("exporter_iso3") == exporter) & (pl.col("importer_iso3") == importer)
            total = float(frames["trade"].filter(here)["usd"].sum()) / 1e9
            if abs(total - billion) > 0.06:
                message = f"{exporter} to {importer} {total:.1f} billion USD, not {billion}"
                errors.append(_error(folder, "trade", None, "usd", message))
    return errors
