"""The check of the seed tables: every breach with file and line, coverage, sums, estimates.

What single cells may hold is in ``seeds/columns.csv``; what sums must come to, with the published
totals beside them, is in ``seeds/checks.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sim.errors import InputError, SeedError
from sim.files import display, seeds_dir
from sim.world.columns import Column, read_columns, read_table
from sim.world.consistency import consistency_errors, consistency_notices
from sim.world.fill import Estimate, fill_countries, read_rules, read_yaml
from sim.world.filled import filled_inputs
from sim.world.tables import TABLES

Frames = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class SumCheck:
    """A total of a table beside what was compiled and what others publish, in ``unit``."""

    name: str
    unit: str
    total: float
    expected: float
    published: float | None
    source: str

    def line(self) -> str:
        """One readable line."""
        text = f"{self.name}: {self.total:.4g} {self.unit}"
        if self.published is None:
            return f"{text} ({self.source})"
        ratio = 100 * self.total / self.published
        return f"{text}, {ratio:.1f} % of the published {self.published:.4g} ({self.source})"


@dataclass(frozen=True)
class Coverage:
    """How many of the economies have a value of their own in a column that may be blank."""

    column: str
    known: int
    rows: int
    fill_rule: str | None


@dataclass(frozen=True)
class SeedReport:
    """Everything the check found. ``errors`` is empty when the tables are sound."""

    rows: dict[str, int]
    errors: tuple[InputError, ...]
    sums: tuple[SumCheck, ...]
    coverage: tuple[Coverage, ...]
    estimates: tuple[Estimate, ...]
    notices: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The report as readable lines: rows, sums, coverage, estimates, notices, errors."""
        tables = ", ".join(f"{name} {count}" for name, count in self.rows.items())
        out = [f"rows: {tables}", "sums:", *(f"  {total.line()}" for total in self.sums)]
        out.append("columns of countries with blanks:")
        for item in self.coverage:
            rule = item.fill_rule or "left blank"
            out.append(f"  {item.column}: {item.known} of {item.rows} known; {rule}")
        out.append(f"estimated values: {len(self.estimates)}")
        out += [f"  {estimate.line()}" for estimate in self.estimates]
        out += [f"notice: {notice}" for notice in self.notices]
        out.append(f"errors: {len(self.errors)}")
        return out + [f"  {error}" for error in self.errors]


def check_seeds(seeds: Path | None = None) -> SeedReport:
    """Read and judge every table of the folder, the shipped one by default.

    Bad input is never raised, it is in ``errors``. A table that cannot be read at all is
    one error; the others are still checked.
    """
    folder = seeds_dir() if seeds is None else seeds
    try:
        described = read_columns(folder)
        rules, wanted = read_rules(folder), read_yaml(folder / "checks.yaml")
        sources = read_yaml(folder / "sources.yaml")
    except InputError as problem:
        return SeedReport({}, (problem,), (), (), ())
    frames, errors = _read_all(folder, described)
    errors += _description_errors(folder, described, sources, rules)
    estimates: list[Estimate] = []
    sums: list[SumCheck] = []
    notices: list[str] = []
    if len(frames) == len(TABLES) and not errors:
        countries, estimates = fill_countries(frames["countries"], described["countries"], rules)
        errors += consistency_errors(folder, frames, described, wanted)
        notices = consistency_notices(frames, wanted)
        sums, wrong = _sums(folder, frames, wanted)
        errors += wrong
        if not errors:
            flows = [e.iso3 for e in estimates if e.column == "digital_stri_data_flows"]
            notices += filled_inputs(frames, countries, flows)
    return SeedReport(
        rows={name: frame.height for name, frame in frames.items()},
        errors=tuple(errors),
        sums=tuple(sums),
        coverage=tuple(_coverage(frames, described)),
        estimates=tuple(estimates),
        notices=tuple(notices),
    )


def _read_all(
    folder: Path, described: dict[str, tuple[Column, ...]]
) -> tuple[Frames, list[InputError]]:
    """Every table that can be read, with its line column, and all breaches of columns.csv."""
    frames: Frames = {}
    errors: list[InputError] = []
    for table in TABLES:
        try:
            frames[table], found = read_table(folder, table, described.get(table, ()))
            errors += found
        except InputError as problem:
            errors.append(problem)
    return frames, errors


def _description_errors(
    folder: Path,
    described: dict[str, tuple[Column, ...]],
    sources: dict[str, Any],
    rules: dict[str, Any],
) -> list[InputError]:
    """Columns of unknown source or rule, sources without their parts, and unknown tables."""
    file = display(folder / "columns.csv")
    errors: list[InputError] = []
    for table, columns in described.items():
        for column in columns:
            path = f"{table}.{column.name}"
            errors += [
                _at(f"unknown source '{source}'", file, column.line, path)
                for source in column.sources
                if source not in sources
            ]
            if column.fill_rule is not None and column.fill_rule not in rules:
                errors.append(_at(f"unknown rule '{column.fill_rule}'", file, column.line, path))
        if table not in TABLES:
            errors.append(_at(f"unknown table '{table}'", file, columns[0].line, table))
    for name, source in sources.items():
        for part in ("title", "origin", "licence", "attribution", "cautions"):
            if not source.get(part):
                where = display(folder / "sources.yaml")
                errors.append(SeedError(f"no {part}", file=where, path=str(name)))
    return errors


def _at(message: str, file: str, line: int, path: str) -> SeedError:
    """An error in a description."""
    return SeedError(message, file=file, line=line, path=path)


def _coverage(frames: Frames, described: dict[str, tuple[Column, ...]]) -> list[Coverage]:
    """Known values of every country column that is not required."""
    if "countries" not in frames:
        return []
    frame = frames["countries"]
    return [
        Coverage(column.name, frame[column.name].count(), frame.height, column.fill_rule)
        for column in described["countries"]
        if not column.required
    ]


def _sums(
    folder: Path, frames: Frames, wanted: dict[str, Any]
) -> tuple[list[SumCheck], list[SeedError]]:
    """Totals against what was compiled and against published totals."""
    file = display(folder / "checks.yaml")
    done: list[SumCheck] = []
    errors: list[SeedError] = []
    for rule in wanted["sums"]:
        frame = frames[rule["table"]]
        for column, value in rule["where"].items():
            frame = frame.filter(pl.col(column) == value)
        total = float(frame[rule["column"]].sum())
        published = rule.get("published")
        done.append(
            SumCheck(rule["name"], rule["unit"], total, rule["expected"], published, rule["source"])
        )
        limits = [(rule["expected"], rule["tolerance"], "compiled")]
        if published is not None:
            limits.append((published, rule["published_tolerance"], "published"))
        for target, share, word in limits:
            if abs(total / target - 1) > share:
                off = f"is not within {share:.1%} of the {word} {target:.5g}"
                text = f"{total:.5g} {rule['unit']} {off}"
                errors.append(SeedError(text, file=file, path=rule["name"]))
    return done, errors
