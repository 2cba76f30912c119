"""What the charts read: the tables of a run folder, and the seed tables a map needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml
from numpy.typing import NDArray

from sim.charts.geometry import Geometry, read_geometry
from sim.charts.palette import stack_order
from sim.errors import MissingFile, NothingRecorded, SchemaError
from sim.files import display, seeds_dir
from sim.world.tables import load_tables

BANDS = (("p05", "p95"), ("p25", "p75"))  # 90 % and 50 % of runs


@dataclass(frozen=True)
class RunTables:
    """The tables of one run folder, each read when first asked for.

    Files that are not there raise MissingFile.
    """

    run_dir: Path
    seeds: Path = field(default_factory=seeds_dir)

    @cached_property
    def world(self) -> pl.DataFrame:
        """``results/world.parquet``: group aggregates by period, segment and offering."""
        return _parquet(self.run_dir / "results" / "world.parquet")

    @cached_property
    def countries(self) -> pl.DataFrame:
        """``results/countries.parquet``: the same by economy."""
        return _parquet(self.run_dir / "results" / "countries.parquet")

    @cached_property
    def flows(self) -> pl.DataFrame:
        """``results/flows.parquet``: users who switch, by year (mean over runs)."""
        return _parquet(self.run_dir / "results" / "flows.parquet")

    @cached_property
    def outcomes(self) -> pl.DataFrame:
        """``results/outcomes.parquet``: named outcomes of every replicate."""
        return _parquet(self.run_dir / "results" / "outcomes.parquet")

    @cached_property
    def geometry(self) -> Geometry:
        """Shapes and points of the economies, degrees."""
        return read_geometry(self.seeds)

    @cached_property
    def economies(self) -> pl.DataFrame:
        """Columns iso3, name, region, income, tier, gdp_usd, a row per economy; gaps filled as in
        the world that was run.
        """
        return load_tables(self.seeds).countries.select(
            "iso3",
            "name",
            "region",
            pl.col("income_group").alias("income"),
            pl.col("ai_diffusion_tier").cast(pl.Int64).cast(pl.String).alias("tier"),
            pl.col("gdp_usd").cast(pl.Float64),
        )

    @cached_property
    def places(self) -> pl.DataFrame:
        """Columns iso3, latitude and longitude (degrees), a row per economy."""
        return pl.read_csv(_present(self.seeds / "countries.csv"), null_values=[""]).select(
            "iso3", pl.col("latitude", "longitude").cast(pl.Float64)
        )

    @cached_property
    def trade(self) -> pl.DataFrame:
        """Columns exporter_iso3, importer_iso3, usd: goods trade of a year, USD."""
        return pl.read_csv(_present(self.seeds / "trade.csv"), null_values=[""]).select(
            "exporter_iso3", "importer_iso3", pl.col("usd").cast(pl.Float64)
        )

    @cached_property
    def labels(self) -> dict[str, str]:
        """Offering name -> label, from ``scenario.resolved.yaml``."""
        file = _present(self.run_dir / "scenario.resolved.yaml")
        content: Any = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
        offerings: dict[str, dict[str, Any]] = content.get("offerings", {})
        return {name: str(body.get("label", name)) for name, body in offerings.items()}


def _present(file: Path) -> Path:
    if not file.is_file():
        raise MissingFile("a table that a chart needs is not there", file=file)
    return file


def _parquet(file: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(_present(file))
    except pl.exceptions.PolarsError as error:
        hint = "The file is damaged; `spheres verify` says which files are"
        raise SchemaError("not a Parquet table", file=display(file), hint=hint) from error


def rows(table: pl.DataFrame, what: str, **equal: str | None) -> pl.DataFrame:
    """The rows of ``table`` whose columns have the given values (None = null), by period.

    Raises NothingRecorded, naming ``what``, when there are none: an empty chart would say nothing.
    """
    kept = table
    for column, value in equal.items():
        test = pl.col(column).is_null() if value is None else pl.col(column) == value
        kept = kept.filter(test)
    if kept.is_empty():
        wanted = ", ".join(f"{column}={value}" for column, value in equal.items())
        raise NothingRecorded(f"no rows for the chart of {what}", hint=f"Looked for {wanted}")
    return kept.sort("period", maintain_order=True)


def column(table: pl.DataFrame, name: str) -> NDArray[np.float64]:
    """A column as doubles, null as NaN (a gap in a line)."""
    return table[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def dates(table: pl.DataFrame) -> NDArray[np.datetime64]:
    """The column ``period`` as days."""
    return table["period"].cast(pl.Date).to_numpy()


def offerings_in(table: pl.DataFrame) -> list[str]:
    """The offerings that occur in ``table``, in stacking order."""
    return stack_order(table["offering"].drop_nulls().unique().to_list())
