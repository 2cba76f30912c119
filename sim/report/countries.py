"""The table of economies: adoption and the leading offering of each in the last stored December."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sim.charts.leading import leading
from sim.report.gather import RunReport


class Cell(NamedTuple):
    """One economy in one run, as text."""

    adoption: str
    band: str
    leader: str
    share: str
    confidence: str


class Economy(NamedTuple):
    """A row of the table: the economy, and a cell for each run."""

    iso3: str
    name: str
    region: str
    income: str
    cells: tuple[Cell, ...]


_EMPTY = Cell("none", "", "no use", "", "")


def month_shown(runs: Sequence[RunReport]) -> date:
    """The last month in which every run stores adoption of economies; Decembers first."""
    stored = [
        set(run.tables.countries.filter(variable="adoption")["period"].to_list()) for run in runs
    ]
    shared = set.intersection(*stored)
    last: date = max(shared, key=lambda day: (day.month == 12, day))
    return last


def economies(runs: Sequence[RunReport], day: date) -> list[Economy]:
    """Every economy of the seed tables by name, with its cells in the order of ``runs``."""
    columns = [_cells(run, day) for run in runs]
    rows = runs[0].tables.economies.sort("name").iter_rows(named=True)
    return [
        Economy(
            row["iso3"],
            row["name"],
            row["region"],
            row["income"],
            tuple(cells.get(row["iso3"], _EMPTY) for cells in columns),
        )
        for row in rows
    ]


def _cells(run: RunReport, day: date) -> dict[str, Cell]:
    used = run.tables.countries.filter(period=day, segment="all", variable="adoption")
    first = leading(run.tables.countries, day)
    both = used.select("iso3", "mean", "p05", "p95").join(first, on="iso3", how="left")
    labels = run.labels
    return {row["iso3"]: _cell(row, labels) for row in both.iter_rows(named=True)}


def _cell(row: dict[str, float | str | None], labels: dict[str, str]) -> Cell:
    if row["mean"] is None or row["offering"] is None:
        return _EMPTY
    offering = str(row["offering"])
    return Cell(
        f"{100 * float(row['mean']):.1f} %",
        f"{100 * float(row['p05'] or 0):.0f} to {100 * float(row['p95'] or 0):.0f} %",
        labels.get(offering, offering),
        f"{100 * float(row['share'] or 0):.0f} %",
        str(row["confidence"]),
    )
