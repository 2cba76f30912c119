"""A run folder made of invented numbers, in the shape of the contract, for tests of charts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

OFFERINGS = (
    "us_closed",
    "us_partnership",
    "us_open",
    "cn_service",
    "cn_open_hosted",
    "cn_open_local",
    "other_open",
    "domestic",
    "hybrid",
)
LABELS = {name: f"{name.replace('_', ' ')} with a label of some length" for name in OFFERINGS}
REGIONS = ("Africa", "Americas", "Asia", "Europe", "Oceania")
QUANTILES = {"p05": -1.645, "p25": -0.674, "p50": 0.0, "p75": 0.674, "p95": 1.645}
# A handful of economies: iso3, latitude, longitude, users in millions, leading offering.
PLACES = (
    ("USA", 39.0, -98.0, 150.0, "us_closed"),
    ("CAN", 60.0, -96.0, 15.0, "us_closed"),
    ("BRA", -10.0, -52.0, 60.0, "us_closed"),
    ("DEU", 51.0, 10.0, 30.0, "us_closed"),
    ("FRA", 46.0, 2.0, 28.0, "other_open"),
    ("LUX", 49.8, 6.1, 0.3, "other_open"),
    ("KEN", 1.0, 38.0, 12.0, "cn_open_hosted"),
    ("RUS", 60.0, 97.0, 40.0, "cn_service"),
    ("CHN", 35.0, 104.0, 400.0, "cn_service"),
    ("IND", 22.0, 79.0, 250.0, "us_closed"),
    ("JPN", 36.0, 138.0, 45.0, "us_open"),
    ("PRK", 40.0, 127.0, 0.0, None),
)


def months(n: int = 156) -> list[date]:
    """The first ``n`` months from January 2023."""
    return [date(2023 + m // 12, m % 12 + 1, 1) for m in range(n)]


def _rows(group_type, group, offering, variable, mean, spread, periods, low=0.0):
    quantiles = {
        name: np.clip(mean + z * spread, low, None) if z else mean for name, z in QUANTILES.items()
    }
    return pl.DataFrame(
        {
            "period": periods,
            "group_type": [group_type] * len(periods),
            "group": [group] * len(periods),
            "segment": ["all"] * len(periods),
            "offering": pl.Series([offering] * len(periods), dtype=pl.String),
            "variable": [variable] * len(periods),
            "mean": mean,
            **quantiles,
        }
    )


def shares(n: int) -> np.ndarray:
    """World shares [O, n] that sum to 1 and wander smoothly."""
    t = np.linspace(0, 1, n)
    start = np.array([3.2, -2.5, 0.2, 0.9, -2.0, -3.0, -1.0, -1.5, -2.5])
    slope = np.array([-1.2, 1.6, 0.4, 0.2, 2.6, 2.9, 1.0, 0.8, 2.8])
    value = np.exp(start[:, None] + slope[:, None] * t[None, :])
    return value / value.sum(axis=0)


def world(n: int = 156, offerings: tuple[str, ...] = OFFERINGS) -> pl.DataFrame:
    """A table like results/world.parquet with shares, adoption and lags."""
    periods = months(n)
    t = np.arange(n)
    parts = [
        _rows("world", "World", name, "share", mean, 0.12 * mean, periods)
        for name, mean in zip(offerings, shares(n), strict=True)
    ]
    for group, level in zip(("World", *REGIONS), (0.4, 0.2, 0.5, 0.4, 0.6, 0.55), strict=True):
        kind = "world" if group == "World" else "region"
        mean = level / (1 + np.exp(-(t - 50) / 22))
        parts.append(_rows(kind, group, None, "adoption", mean, 0.1 * mean, periods))
    for name, level in (("lag_cn", 7.0), ("lag_cn_open", 8.2), ("lag_other", 14.0)):
        mean = level + 1.5 * np.sin(t / 9) - 0.012 * t
        parts.append(_rows("world", "World", None, name, mean, 0.4 + 0.015 * t, periods))
    for group, tilt in zip(REGIONS, (0.5, 1.5, 0.8, 2.0, 1.0), strict=True):
        mean = shares(n) * np.where(np.arange(len(offerings)) == 0, tilt, 1)[:, None]
        mean = mean / mean.sum(axis=0)
        parts += [
            _rows("region", group, name, "share", row, 0.12 * row, periods)
            for name, row in zip(offerings, mean, strict=True)
        ]
    for variable, scale in (("tokens", 3e6), ("spend", 5e8)):
        for o, name in enumerate(offerings):
            mean = scale * shares(n)[o] * (1 + 0.05 * t) * (1 + o if variable == "spend" else 1)
            parts.append(_rows("world", "World", name, variable, mean, 0.1 * mean, periods))
    return pl.concat(parts)


def flows(years: tuple[int, ...] = (2023, 2024)) -> pl.DataFrame:
    """A table like results/flows.parquet for the world and Africa."""
    names = (*OFFERINGS, "none")
    records = [
        (date(year, 1, 1), group, a, b, size * (1 + (3 * i + 5 * j) % 7))
        for year in years
        for group, size in (("World", 1e6), ("Africa", 1e5))
        for i, a in enumerate(names)
        for j, b in enumerate(names)
        if a != b
    ]
    columns = ["period", "group", "from_offering", "to_offering", "users"]
    return pl.DataFrame(records, schema=columns, orient="row")


def outcomes(replicates: int = 8, shift: float = 0.0) -> pl.DataFrame:
    """A table like results/outcomes.parquet; ``shift`` moves every value."""
    records = [
        (r, name, date(year, 12, 1), base + 0.01 * r + 0.005 * (year - 2023) + shift)
        for r in range(replicates)
        for name, base in (("world.adoption", 0.2), ("world.share.cn", 0.3), ("world.lag_cn", 5.0))
        for year in (2023, 2024)
    ]
    table = pl.DataFrame(records, schema=["replicate", "outcome", "period", "value"], orient="row")
    return table.with_columns(pl.col("replicate").cast(pl.Int32))


def countries(periods: list[date] | None = None) -> pl.DataFrame:
    """A table like results/countries.parquet with shares and users of ``PLACES``."""
    records = []
    for period in periods or [date(2035, 12, 1)]:
        for iso3, _, _, users, leading in PLACES:
            for name in OFFERINGS:
                share = None if leading is None else (0.6 if name == leading else 0.05)
                records.append((period, iso3, "all", name, "share", share))
                records.append((period, iso3, "all", name, "users", users * 1e6 * (share or 0)))
            use = None if leading is None else min(0.9, 0.1 + users / 500)
            records.append((period, iso3, "all", None, "adoption", use))
    names = ["period", "iso3", "segment", "offering", "variable", "mean"]
    return pl.DataFrame(records, schema=names, orient="row").with_columns(
        pl.col("mean").alias(q) for q in QUANTILES
    )


def places() -> pl.DataFrame:
    """Where the economies of ``PLACES`` lie, degrees."""
    rows = [(iso3, latitude, longitude) for iso3, latitude, longitude, _, _ in PLACES]
    return pl.DataFrame(rows, schema=["iso3", "latitude", "longitude"], orient="row")


def trade() -> pl.DataFrame:
    """Goods trade between all economies of ``PLACES`` but the last, USD."""
    names = [place[0] for place in PLACES[:-1]]
    rows = [(a, b, 1e9 * (1 + i * j)) for i, a in enumerate(names) for j, b in enumerate(names)]
    table = pl.DataFrame(rows, schema=["exporter_iso3", "importer_iso3", "usd"], orient="row")
    return table.filter(pl.col("exporter_iso3") != pl.col("importer_iso3"))


def write_run(folder: Path, n: int = 156) -> Path:
    """A whole run folder with the tables above; returns ``folder``."""
    (folder / "results").mkdir(parents=True)
    world(n).write_parquet(folder / "results" / "world.parquet")
    countries().write_parquet(folder / "results" / "countries.parquet")
    flows().write_parquet(folder / "results" / "flows.parquet")
    outcomes().write_parquet(folder / "results" / "outcomes.parquet")
    lines = "".join(f"  {name}: {{label: {label}}}\n" for name, label in LABELS.items())
    text = f"name: invented\nofferings:\n{lines}"
    (folder / "scenario.resolved.yaml").write_text(text, encoding="utf-8")
    manifest = {
        "version": "0.0.0",
        "scenario": "invented",
        "scenario_hash": "0123456789abcdef",
        "counts": {"replicates": 64},
        "seed": 1,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
