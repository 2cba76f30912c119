"""Hindcast scores, where there are any: what the model said of the past beside measurements."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import polars as pl

from sim.charts.hindcast_scores import judged
from sim.files import seeds_dir
from sim.report.gather import RunReport

TABLE, SCORES = "hindcast.csv", "scores.csv"


class Score(NamedTuple):
    """A channel: targets, those inside the 90 % band, and the mean distance of the others."""

    channel: str
    targets: int
    met: int
    part: str


class Backcast(NamedTuple):
    """What was found: scores by channel (and any table of scores as it is), and where."""

    scores: tuple[Score, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    origin: str


def backcast(run: RunReport) -> Backcast | None:
    """Scores of the run folder, else those of the shipped hindcast; None where there are none.

    Raises SchemaError for a table that is there but lacks columns.
    """
    for folder, origin in _places(run):
        table, scores = folder / TABLE, folder / SCORES
        if table.is_file() or scores.is_file():
            made = _scores(pl.read_csv(table)) if table.is_file() else ()
            columns, rows = _as_text(pl.read_csv(scores)) if scores.is_file() else ((), ())
            return Backcast(made, columns, rows, origin)
    return None


def _places(run: RunReport) -> list[tuple[Path, str]]:
    shipped = sorted((seeds_dir().parent / "experiments").glob("*hindcast*"))
    own = [(run.folder, "this run"), (run.folder / "results", "this run")]
    return own + [(path, f"experiments/{path.name}, made with the shipped baseline")
                  for path in shipped if path.is_dir()]  # fmt: skip


def _scores(table: pl.DataFrame) -> tuple[Score, ...]:
    by = (
        judged(table)
        .group_by("channel")
        .agg(pl.len().alias("n"), pl.col("hit").sum())
        .sort("channel")
    )
    return tuple(
        Score(name, n, hits, f"{100 * hits / n:.0f} %")
        for name, n, hits in by.select("channel", "n", "hit").iter_rows()
    )


def _as_text(table: pl.DataFrame) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    rows = tuple(tuple(_cell(cell) for cell in row) for row in table.iter_rows())
    return tuple(table.columns), rows


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell)
