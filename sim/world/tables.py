"""The seed tables as frames: typed, sorted by key, missing country values filled by stated rules.

``seeds/columns.csv`` describes every column; ``seeds/fill_rules.yaml`` holds the rules. Nothing
here depends on the order of rows in the files.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import polars as pl

from sim.files import seeds_dir
from sim.world.columns import LINE, read_columns, read_table
from sim.world.fill import Estimate, fill_countries, read_rules

__all__ = ["Estimate", "SeedTables", "load_tables"]


@dataclass(frozen=True)
class SeedTables:
    """One frame a table, columns as in ``columns.csv``; ``estimates`` lists every filled cell."""

    countries: pl.DataFrame
    trade: pl.DataFrame
    dyads: pl.DataFrame
    models: pl.DataFrame
    prices: pl.DataFrame
    frontier: pl.DataFrame
    releases: pl.DataFrame
    providers: pl.DataFrame
    bans: pl.DataFrame
    hardware: pl.DataFrame
    clouds: pl.DataFrame
    launches: pl.DataFrame
    paths: pl.DataFrame
    plan_prices: pl.DataFrame
    plans: pl.DataFrame
    compute: pl.DataFrame
    language_fit: pl.DataFrame
    favourability: pl.DataFrame
    decisions: pl.DataFrame
    estimates: tuple[Estimate, ...]


#: Names of the tables, in the order they are read.
TABLES = tuple(field.name for field in fields(SeedTables) if field.name != "estimates")


def load_tables(seeds: Path | None = None) -> SeedTables:
    """Read the folder of seed tables (the shipped one by default) and fill what a rule fills.

    Countries are sorted by ISO3 and complete in every column that has a fill rule. Raises
    MissingFile, and SeedError for the first cell that breaks its description.
    """
    folder = seeds_dir() if seeds is None else seeds
    described = read_columns(folder)
    frames: dict[str, pl.DataFrame] = {}
    for table in TABLES:
        frame, errors = read_table(folder, table, described.get(table, ()))
        if errors:
            raise errors[0]
        frames[table] = frame.drop(LINE)
    countries, estimates = fill_countries(
        frames.pop("countries"), described["countries"], read_rules(folder)
    )
    return SeedTables(countries=countries, estimates=tuple(estimates), **frames)
