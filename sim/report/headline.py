"""The headline numbers: named outcomes with intervals, and how runs differ in them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.compare.words import label
from sim.record.outcomes import INDEX, NUMBER, PERCENT, USD, split
from sim.report.gather import RunReport, paired

#: Outcomes that are shown, in this order.
HEADLINES = (
    "world.adoption",
    "world.share.us",
    "world.share.cn",
    "world.share.cn_open",
    "world.exposure",
    "world.led_by_us",
    "world.led_by_cn",
    "world.spend.us",
    "world.spend.cn",
    "world.lag_cn",
    "world.cn_leads",
    "world.herfindahl",
    "world.modularity",
)
WHOLE_PERCENT = "whole percent"
YEARS = (2026, 2030, 2035)


class Headline(NamedTuple):
    """A line of the table: a number of one run in one month, with the middle 90 % of its runs."""

    what: str
    period: str
    mean: str
    low: str
    high: str


class Change(NamedTuple):
    """A line of a comparison: base, run, and the mean difference with its 95 % interval."""

    what: str
    period: str
    base: str
    run: str
    difference: str
    low: str
    high: str
    higher: str
    clear: bool


def months(table: pl.DataFrame) -> list[date]:
    """The Decembers that are shown; the last month stored where none of them is."""
    stored = sorted(table["period"].cast(pl.Date).unique().to_list())
    wanted = [day for day in stored if day.month == 12 and day.year in YEARS]
    return wanted or stored[-1:]


def headlines(run: RunReport) -> list[Headline]:
    """Every headline of a run, by outcome and month; an outcome it does not store is left out."""
    found = []
    for name in HEADLINES:
        for day in months(run.tables.outcomes):
            values = _values(run, name, day)[1]
            values = values[np.isfinite(values)]
            if len(values):
                low, high = np.quantile(values, (0.05, 0.95))
                form = form_of(name)
                numbers = (written(float(x), form) for x in (values.mean(), low, high))
                found.append(Headline(label(name), f"{day:%B %Y}", *numbers))
    return found


def changes(base: RunReport, run: RunReport) -> list[Change]:
    """How ``run`` differs from ``base``: replicate by replicate, for runs that share their luck.

    Empty where they do not: a difference of unlike luck would say little. Interval: Student, 95 %.
    """
    if not paired(base, run):
        return []
    found = []
    shared = set(months(base.tables.outcomes)) & set(months(run.tables.outcomes))
    for name in HEADLINES:
        for day in sorted(shared):
            pair = _aligned(base, run, name, day)
            if pair is not None:
                found.append(_change(name, day, *pair))
    return found


def _change(name: str, day: date, a: NDArray[np.float64], b: NDArray[np.float64]) -> Change:
    from sim.compare.intervals import intervals, of_runs

    columns = {key: float(value) for key, value in intervals(of_runs(a, b)).items()}
    low, high, form = columns["low"], columns["high"], form_of(name)
    return Change(
        what=label(name),
        period=f"{day:%B %Y}",
        base=written(columns["base"], form),
        run=written(columns["alternative"], form),
        difference=written(columns["difference"], form, signed=True),
        low=written(low, form, signed=True),
        high=written(high, form, signed=True),
        higher=written(columns["p_up"], WHOLE_PERCENT),
        clear=low > 0 or high < 0,
    )


def _aligned(
    base: RunReport, run: RunReport, name: str, day: date
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Values of the replicates that both runs have; None without any defined pair."""
    ids, a = _values(base, name, day)
    others, b = _values(run, name, day)
    shared, left, right = np.intersect1d(ids, others, return_indices=True)
    a, b = a[left], b[right]
    return (a, b) if len(shared) and np.isfinite(a - b).any() else None


def _values(run: RunReport, name: str, day: date) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Replicates and their values of an outcome in a month, in the order of replicates."""
    found = run.tables.outcomes.filter(outcome=name, period=day).sort("replicate")
    values = found["value"].cast(pl.Float64).fill_null(float("nan"))
    return found["replicate"].cast(pl.Int64).to_numpy(), values.to_numpy()


def form_of(name: str) -> str:
    """How the registry writes an outcome's number."""
    row = split(name)[1]
    return NUMBER if row is None else row.form


def written(value: float, form: str, *, signed: bool = False) -> str:
    """A number as the report writes it; a difference carries its sign and percentage points."""
    if not np.isfinite(value):
        return "undefined"
    sign = "+" if signed else ""
    if form in (PERCENT, WHOLE_PERCENT):
        digits = 0 if form == WHOLE_PERCENT else 1
        return f"{100 * value:{sign}.{digits}f}" + (" points" if signed else " %")
    if form == USD:
        return f"{value / 1e9:{sign},.1f} bn USD"
    return f"{value:{sign}.{3 if form == INDEX else 1}f}"
