"""Missing values of the country table, filled by the rules of ``seeds/fill_rules.yaml``.

Medians are taken over the values that stand in the table, so the order of rules, columns and rows
cannot matter; only the income group is filled first, because others are grouped by it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl
import yaml

from sim.errors import MissingFile, SeedError
from sim.files import display
from sim.world.columns import Column

Value = int | float | str
Row = dict[str, Any]
Filled = tuple[Value, str]


@dataclass(frozen=True)
class Estimate:
    """A cell of the country table that no source gave: its value and the rule that made it."""

    iso3: str
    column: str
    value: Value
    rule: str

    def line(self) -> str:
        """One readable line."""
        value = f"{self.value:.6g}" if isinstance(self.value, float) else self.value
        return f"{self.iso3} {self.column} = {value} ({self.rule})"


@dataclass(frozen=True)
class Known:
    """What the rules look at: the country rows (income groups complete) and the rule settings."""

    rows: dict[str, Row]
    rules: dict[str, Any]

    def values(self, column: str, **group: str) -> list[float]:
        """Known values of a column over the economies that match ``group``."""
        return [
            float(row[column])
            for row in self.rows.values()
            if row[column] is not None and all(row[key] == want for key, want in group.items())
        ]


def read_yaml(path: Path) -> dict[str, Any]:
    """A small YAML file of the seeds folder as a mapping. Raises MissingFile, SeedError."""
    if not path.is_file():
        raise MissingFile("no such file", file=display(path))
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        raise SeedError("not readable as YAML", file=display(path), line=line) from None
    if not isinstance(loaded, dict):
        raise SeedError("not a mapping", file=display(path), line=1)
    return loaded


def read_rules(seeds: Path) -> dict[str, Any]:
    """Settings of every fill rule. Raises SeedError for a rule that no code knows."""
    path = seeds / "fill_rules.yaml"
    rules = read_yaml(path)
    for name in rules:
        if name not in RULES:
            raise SeedError(
                f"unknown rule '{name}'", file=display(path), hint=f"Rules are {', '.join(RULES)}"
            )
    return rules


def fill_countries(
    countries: pl.DataFrame, columns: tuple[Column, ...], rules: dict[str, Any]
) -> tuple[pl.DataFrame, list[Estimate]]:
    """The country table without gaps in columns that have a rule, and the cells that were filled.

    Estimates are sorted by column (table order) and ISO3. Raises SeedError for an unknown rule.
    """
    rows = {row["iso3"]: row for row in countries.sort("iso3").iter_rows(named=True)}
    ruled = [column for column in columns if column.fill_rule is not None]
    ruled.sort(key=lambda column: column.name != "income_group")
    estimates: list[Estimate] = []
    for column in ruled:
        found = _estimates(column, Known(rows, rules))
        estimates += found
        if column.name == "income_group":
            for estimate in found:
                rows[estimate.iso3] = {**rows[estimate.iso3], column.name: estimate.value}
    return _with_estimates(countries.sort("iso3"), estimates), estimates


def _estimates(column: Column, known: Known) -> list[Estimate]:
    """The rule applied to every gap of one column."""
    name = column.fill_rule or ""
    if name not in RULES or name not in known.rules:
        raise SeedError(f"unknown rule '{name}'", file="columns.csv", line=column.line)
    made = []
    for iso3, row in known.rows.items():
        if row[column.name] is None:
            value, why = RULES[name](known, row, column.name)
            if column.type in ("int", "bool01"):
                value = round(float(value))
            made.append(Estimate(iso3, column.name, value, f"{name}: {why}"))
    return made


def _with_estimates(countries: pl.DataFrame, estimates: list[Estimate]) -> pl.DataFrame:
    """``countries`` with the estimated cells written in."""
    by_column: dict[str, dict[str, Value]] = {}
    for estimate in estimates:
        by_column.setdefault(estimate.column, {})[estimate.iso3] = estimate.value
    filled = countries
    for column, values in by_column.items():
        cells = [
            values.get(iso3) if cell is None else cell
            for iso3, cell in zip(filled["iso3"], filled[column], strict=True)
        ]
        filled = filled.with_columns(pl.Series(column, cells, dtype=countries.schema[column]))
    return filled


def _income_threshold(known: Known, row: Row, _column: str) -> Filled:
    """Income group from GDP per head (USD), thresholds of the World Bank."""
    rule = known.rules["income_threshold"]
    for group, upper in rule["upper_usd_per_person"].items():
        if row["gdp_pc_usd"] <= upper:
            return str(group), f"GDP per head {row['gdp_pc_usd']} USD, at most {upper}"
    return str(rule["above"]), f"GDP per head {row['gdp_pc_usd']} USD, above all thresholds"


def _group_median(known: Known, row: Row, column: str) -> Filled:
    """Median of region and income group, else of the income group, else of the world."""
    income, least = row["income_group"], int(known.rules["group_median"]["min_members"])
    tries: list[tuple[str, dict[str, str]]] = [
        (f"{row['region']}, {income}", {"region": row["region"], "income_group": income}),
        (f"income group {income}", {"income_group": income}),
        ("world", {}),
    ]
    for label, group in tries:
        values = known.values(column, **group)
        if len(values) >= least:
            return median(values), f"{label} ({len(values)} values)"
    raise SeedError(f"no {least} known values to take a median of", path=column)


def _proxy_median(known: Known, row: Row, column: str) -> Filled:
    """Median of named stand-ins where there are any, else the group median."""
    names = known.rules["proxy_median"]["proxies"].get(column, {}).get(row["iso3"], [])
    stand_ins = [known.rows[name][column] for name in names if name in known.rows]
    values = [float(value) for value in stand_ins if value is not None]
    if not values:
        return _group_median(known, row, column)
    return median(values), "as " + ", ".join(names)


def _population_share(known: Known, row: Row, column: str) -> Filled:
    """Population times the region's median share of the column in the population."""
    shares = [
        float(other[column]) / float(other["population"])
        for other in known.rows.values()
        if other[column] is not None and other["region"] == row["region"]
    ]
    share = median(shares)
    return float(row["population"]) * share, f"share {share:.4f}, median of {row['region']}"


def _treaty_default(known: Known, row: Row, column: str) -> Filled:
    """1 towards the state itself and the state an economy belongs to, else 0."""
    rule = known.rules["treaty_default"]
    iso3, partner = row["iso3"], rule["self"][column]
    state = rule["belongs_to"].get(iso3, iso3)
    if state == partner:
        return 1, "the state itself" if iso3 == state else f"part of {state}"
    held = known.rows.get(state, {}).get(column) if state != iso3 else None
    return (0, "no treaty on record") if held is None else (int(held), f"as {state}")


def _gdp_scaled(known: Known, row: Row, column: str) -> Filled:
    """GDP times the median ratio of known values to GDP, times the rule's factor."""
    factor = float(known.rules["gdp_scaled"]["factor"])
    ratio = median(
        float(other[column]) / float(other["gdp_usd"])
        for other in known.rows.values()
        if other[column] is not None
    )
    per_billion = ratio * factor * 1e9
    return float(row["gdp_usd"]) * ratio * factor, f"{per_billion:.3g} per billion USD of GDP"


#: Rule name, as in ``columns.csv``, to the function (known, row, column) -> (value, why).
RULES: dict[str, Callable[[Known, Row, str], Filled]] = {
    "income_threshold": _income_threshold,
    "population_share": _population_share,
    "group_median": _group_median,
    "proxy_median": _proxy_median,
    "treaty_default": _treaty_default,
    "gdp_scaled": _gdp_scaled,
}
