"""The summary of a comparison: what the files change, what it does, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from sim.compare.changes import sentences
from sim.compare.comparison import ComparisonTables
from sim.compare.words import change, factor, label, number

_LONGEST = 30  # lines of changes in the summary; all of them are in a table
_GROUPS = 6  # differences of regions and income groups told; all are in summary.csv
_PARTS = 10  # outcomes whose parts are told
_COUNTRIES = 8
Row = dict[str, Any]


def summary(comparison: ComparisonTables) -> str:
    """Markdown text; the same for the same tables."""
    n, seed = comparison.replicates, comparison.seed
    base = comparison.names[0]
    lines = [f"# What differs from {base}", ""]
    lines += [f"{n} replicates, seed {seed}; a replicate has the same luck in every arm.", ""]
    for arm in comparison.names[1:]:
        lines += [f"## {arm}", ""]
        lines += _changed(comparison, arm)
        lines += _done(comparison, arm)
    listed = (*comparison.facts, *comparison.failures)
    if listed:
        lines += ["## Noted", "", *(f"- {fact}" for fact in listed), ""]
    return "\n".join(lines)


def headline(comparison: ComparisonTables, arm: str) -> pl.DataFrame:
    """Differences of an arm in the last month that has named outcomes, the world's first."""
    table = comparison.tables["differences"].filter(pl.col("arm") == arm)
    last = table.filter(pl.col("period") == pl.col("period").max())
    of_world = pl.col("outcome").str.starts_with("world.")
    return last.sort(~of_world, "outcome", maintain_order=True)


def _changed(comparison: ComparisonTables, arm: str) -> list[str]:
    found = sentences(comparison.tables["changes"], arm)
    if not found:
        return ["It describes the same world: nothing is changed.", ""]
    spec = comparison.arms[comparison.names.index(arm)]
    narrative = spec.resolved.narrative.strip()
    text = [narrative, ""] if narrative != comparison.arms[0].resolved.narrative.strip() else []
    shown = [f"- {line}" for line in found[:_LONGEST]]
    if len(found) > _LONGEST:
        shown.append(f"- and {len(found) - _LONGEST} more, in results/changes.parquet")
    return [*text, "What changes:", "", *shown, ""]


def _done(comparison: ComparisonTables, arm: str) -> list[str]:
    rows = list(headline(comparison, arm).iter_rows(named=True))
    if not rows:
        return ["The horizon holds no June or December: there are no named outcomes.", ""]
    labels = _labels(comparison)
    when = _month(rows[0]["period"])
    lines = [f"What it does, {when} (mean over runs, 95 % interval of the difference):", ""]
    if all(row["difference"] in (0.0, None) for row in rows):
        lines += ["- Nothing: every difference of a named outcome is exactly 0.", ""]
    else:
        lines += [f"- {_effect(row, labels)}" for row in _told(rows)]
        lines += _unclear(rows, labels)
        lines += ["", *_countries(comparison, arm, labels)]
    return [*lines, *_precision(rows, comparison), *_parts(comparison, arm, labels)]


def _told(rows: list[Row]) -> list[Row]:
    """Clear differences: the world's, and the clearest of groups."""
    clear = [row for row in rows if row["clear_from"] is not None]
    clear.sort(key=lambda row: -_strength(row))
    of_world = [row for row in clear if row["outcome"].startswith("world.")]
    others = [row for row in clear if not row["outcome"].startswith("world.")]
    return of_world + others[:_GROUPS]


def _effect(row: Row, labels: Mapping[str, str]) -> str:
    name = row["outcome"]
    up = row["difference"] > 0
    of_runs = row["p_up"] if up else row["p_down"]
    low, high = (change(name, row[side], bare=True) for side in ("low", "high"))
    return (
        f"{label(name, labels)}: {number(name, row['base'])} -> {number(name, row['alternative'])}"
        f"; {change(name, row['difference'])} ({low} to {high}), {'up' if up else 'down'} in "
        f"{100 * of_runs:.0f} % of runs, clear from {_month(row['clear_from'])}"
    )


def _unclear(rows: list[Row], labels: Mapping[str, str]) -> list[str]:
    names = [
        label(row["outcome"], labels)
        for row in rows
        if row["clear_from"] is None and row["outcome"].startswith("world.")
    ]
    return [f"- No clear difference: {'; '.join(names)}"] if names else []


def _countries(comparison: ComparisonTables, arm: str, labels: Mapping[str, str]) -> list[str]:
    table = comparison.tables["countries"].filter(
        (pl.col("arm") == arm) & (pl.col("variable") == "share")
    )
    last = table.filter(pl.col("period") == pl.col("period").max()).drop_nulls("difference")
    moved = last.group_by("iso3").agg(
        (pl.col("difference").abs().sum() / 2).alias("moved"),
        pl.col("offering").sort_by("difference", "offering", descending=[True, False]).first(),
    )
    top = moved.filter(pl.col("moved") > 0).sort("moved", "iso3", descending=[True, False])
    if top.is_empty():
        return []
    rows = top.head(_COUNTRIES).iter_rows(named=True)
    text = ", ".join(
        f"{row['iso3']} {100 * row['moved']:.2g} % (to {labels.get(row['offering'])})"
        for row in rows
    )
    return [f"Where most use changes hands: {text}.", ""]


def _precision(rows: list[Row], comparison: ComparisonTables) -> list[str]:
    known = [row for row in rows if row["variance_reduction"] is not None]
    if not known:
        return []
    values = sorted(row["variance_reduction"] for row in known)
    least = min(known, key=lambda row: row["variance_reduction"])
    asked = [row["needed"] for row in known if row["needed"] is not None]
    target = (
        "+- a tenth of each difference"
        if comparison.half_width is None
        else f"+-{comparison.half_width:g}"
    )
    text = (
        f"Common random numbers cut the variance of differences {factor(values[len(values) // 2])} "
        f"times against independent seeds (median of {len(values)} outcomes; least "
        f"{factor(values[0])}, {least['outcome']})."
    )
    if asked:
        many = sorted(asked)[len(asked) // 2]
        most = f"{max(asked):,.0f}"
        text += f" An interval of {target} takes {many:,.0f} replicates (median; most {most})."
    return [text, ""]


def _parts(comparison: ComparisonTables, arm: str, labels: Mapping[str, str]) -> list[str]:
    table = comparison.tables.get("attribution")
    told = _told(list(headline(comparison, arm).iter_rows(named=True)))
    if table is None or not told:
        return []
    mine = table.filter((pl.col("arm") == arm) & (pl.col("period") == told[0]["period"]))
    lines = ["What the differences are made of (Shapley values, which sum to them):", ""]
    for name in [row["outcome"] for row in told[:_PARTS]]:
        part = mine.filter(pl.col("outcome") == name)
        if part.is_empty():
            return []
        texts = [
            f"{row['group']} {change(name, row['part'], bare=True)}"
            for row in part.iter_rows(named=True)
        ]
        total = change(name, part["total"][0])
        lines.append(f"- {label(name, labels)}; {total}: {', '.join(texts)}")
    return [*lines, ""]


def _labels(comparison: ComparisonTables) -> dict[str, str]:
    found: dict[str, str] = {}
    for arm in reversed(comparison.arms):
        found |= {name: o.label for name, o in arm.resolved.offerings.items()}
    return found


def _strength(row: Row) -> float:
    half = (row["high"] - row["low"]) / 2
    return abs(row["difference"]) / half if half > 0 else float("inf")


def _month(day: date) -> str:
    names = "January February March April May June July August September October November December"
    return f"{names.split()[day.month - 1]} {day.year}"
