"""Totals into the five tables of the run folder: world, countries, channels, outcomes, flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from sim.record.accumulators import Accumulator, cells_of, shapes
from sim.record.bins import signed_edges, unit_edges
from sim.record.codelist import CHANNELS, CONSUMER_CHAT, ECONOMY_BINS, LEVELS
from sim.record.finite import check_finite
from sim.record.layout import (
    ALL,
    CHANNEL,
    ECONOMY_ADOPTION,
    ECONOMY_SHARE,
    INDICATOR_SERIES,
    WORLD,
    WORLD_CHANNEL,
)
from sim.record.switching import allocate
from sim.record.totals import Totals
from sim.runs.frames import long_frame, month_date, period_labels, stacked
from sim.runs.outcome_table import Outcomes
from sim.runs.world_table import STATISTICS, Axes, Floats, months, of_cells, world

CHANNEL_STATISTICS = ("mean", "p05", "p50", "p95")
NOT_USING = "none"  # in flows: users who start or stop using AI
WORLD_CODE = "WLD"


class Tables(Mapping[str, pl.DataFrame]):
    """The tables of a run by file stem. `outcomes` is made anew whenever it is asked for whole."""

    def __init__(self, frames: Mapping[str, pl.DataFrame], outcomes: Outcomes, coded: bool) -> None:
        self._frames, self._outcomes, self._coded = frames, outcomes, coded

    def __getitem__(self, name: str) -> pl.DataFrame:
        return self._outcomes.frame(coded=self._coded) if name == "outcomes" else self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted([*self._frames, "outcomes"]))

    def __len__(self) -> int:
        return len(self._frames) + 1

    def scan(self, name: str) -> pl.LazyFrame:
        """A table to be read once: filtered, or written. Labels are strings."""
        return self._outcomes.scan() if name == "outcomes" else self._frames[name].lazy()


def tables(totals: Totals, *, coded: bool = False) -> Tables:
    """All tables by file stem. Rows sorted by their keys (nulls first); null = undefined.

    coded: whether `outcomes`, where it is asked for whole, holds its labels as an Enum.
    Raises SpheresError if a chunk was never merged, or if a number is infinite.
    """
    acc = totals.finish()
    frames = {
        "world": world(totals, acc),
        "countries": countries(totals, acc),
        "channels": channels(totals, acc),
        "flows": flows(totals, acc),
    }
    check_finite(frames)
    return Tables(frames, Outcomes(totals), coded)


def countries(totals: Totals, acc: Accumulator) -> pl.DataFrame:
    """Economies: share and adoption in recorded months; mean users, tokens, spend in Decembers."""
    layout, axes = totals.layout, shapes(totals.layout, totals.plan)
    edges = unit_edges(ECONOMY_BINS)
    iso3 = ("iso3", layout.iso3 if totals.plan.with_economies else ())
    base: Axes = [
        ("period", period_labels(layout, layout.recorded)),
        iso3,
        ("segment", (*layout.segments, ALL)),
    ]
    offering = ("offering", layout.offerings)
    share = of_cells(cells_of(acc, ECONOMY_SHARE), axes.economy_share, edges)
    adoption = of_cells(cells_of(acc, ECONOMY_ADOPTION), axes.economy_adoption, edges)
    decembers = layout.decembers
    runs = acc.runs[list(decembers)][:, None, None, None, None]
    mean = np.divide(
        acc.economy_level, runs, out=np.full_like(acc.economy_level, np.nan), where=runs > 0
    )
    levels: Axes = [
        ("period", period_labels(layout, decembers)),
        ("variable", LEVELS),
        *base[1:],
        offering,
    ]
    frames = [
        long_frame([*base, offering], share, variable="share"),
        long_frame(base, adoption, variable="adoption"),
        long_frame(levels, {"mean": mean}),
    ]
    keys = ("period", "iso3", "segment", "offering", "variable")
    return stacked(frames, keys, STATISTICS)


def channels(totals: Totals, acc: Accumulator) -> pl.DataFrame:
    """Consumer chat per economy and world; further channels a driver passed as world series.

    Every month has means; economies have quantiles in recorded months only.
    """
    layout, axes = totals.layout, shapes(totals.layout, totals.plan)
    names = ("variable", [entry.name for entry in CONSUMER_CHAT])
    edges = unit_edges(ECONOMY_BINS)
    whole = of_cells(cells_of(acc, WORLD_CHANNEL), axes.world_channel, edges)
    series = of_cells(cells_of(acc, INDICATOR_SERIES), axes.indicator, signed_edges())
    frames = [
        long_frame([months(layout), names], whole, iso3=WORLD_CODE, channel=CHANNELS[0]),
        long_frame(
            [months(layout), names, ("iso3", layout.iso3 if axes.channel[2] else ())],
            _economies_chat(totals, acc),
            channel=CHANNELS[0],
        ),
    ]
    for k, name in enumerate(layout.indicators):
        if "." in name:
            channel, variable = name.split(".", 1)
            one = {key: column[:, k] for key, column in series.items()}
            frames.append(
                long_frame(
                    [months(layout)], one, iso3=WORLD_CODE, channel=channel, variable=variable
                )
            )
    keys = ("period", "iso3", "channel", "variable")
    return stacked(frames, keys, CHANNEL_STATISTICS)


def _economies_chat(totals: Totals, acc: Accumulator) -> dict[str, Floats]:
    """Columns [T, V, C] of the economies' consumer chat."""
    layout, axes = totals.layout, shapes(totals.layout, totals.plan)
    found = of_cells(cells_of(acc, CHANNEL), axes.channel, unit_edges(ECONOMY_BINS))
    known = np.repeat(acc.chat_sum[:, 3:], len(CONSUMER_CHAT), axis=1)
    known[:, 0] = acc.runs[:, None]
    mean = np.divide(acc.chat_sum[:, :3], known, out=np.full(known.shape, np.nan), where=known > 0)
    columns = {name: np.full(mean.shape, np.nan) for name in found}
    for name, column in columns.items():
        column[list(layout.recorded)] = found[name]
    columns["mean"] = mean
    return columns


def outcomes(totals: Totals) -> pl.DataFrame:
    """Named outcomes of every replicate that did not fail, in June and December."""
    return Outcomes(totals).frame()


def flows(totals: Totals, acc: Accumulator) -> pl.DataFrame:
    """Gross switching by year: mean users who moved from one offering to another.

    The margins of the quarters are added up and allocated once a year (`switching.allocate`).
    """
    layout = totals.layout
    names = (*layout.offerings, NOT_USING)
    groups = (*(name for kind, name in layout.groups if kind == "region"), WORLD)
    yearly = _yearly_flows(totals, acc) if totals.plan.with_flows else None
    if yearly is None:
        yearly, groups = np.zeros((len(layout.years), 0, len(names), len(names))), ()
    frame = long_frame(
        [
            ("period", [month_date(12 * year) for year in layout.years]),
            ("group", groups),
            ("from_offering", names),
            ("to_offering", names),
        ],
        {"users": yearly},
    ).filter(pl.col("from_offering") != pl.col("to_offering"))
    return stacked([frame], ("period", "group", "from_offering", "to_offering"), ("users",))


def _yearly_flows(totals: Totals, acc: Accumulator) -> Floats:
    """[Y, R + 1, O + 1, O + 1]; the last offering is not using AI, the last group the world."""
    layout, size = totals.layout, len(totals.layout.offerings)
    margins = np.zeros((len(layout.years), *acc.flow.shape[1:]))
    for q, t in enumerate(layout.recorded):
        if acc.runs[t] > 0:
            margins[layout.year(t) - layout.year(0)] += acc.flow[q] / acc.runs[t]
    found = np.zeros((*margins.shape[:2], size + 1, size + 1))
    for y, groups in enumerate(margins):
        for r, (left, joined, stopped, started) in enumerate(groups):
            found[y, r, :size, :size] = allocate(left, joined)
            found[y, r, :size, size] = stopped
            found[y, r, size, :size] = started
    return found
