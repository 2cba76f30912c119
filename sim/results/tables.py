"""Totals into the five tables of the run folder: world, countries, channels, outcomes, flows."""

from __future__ import annotations

import numpy as np
import polars as pl

from sim.results.accumulators import Accumulator, shapes
from sim.results.bins import signed_edges, unit_edges
from sim.results.codelist import CHANNELS, CONSUMER_CHAT, ECONOMY_BINS, LEVELS
from sim.results.frames import long_frame, month_date, period_labels, stacked
from sim.results.layout import ALL, DECEMBER, OUTCOME_MONTHS, WORLD
from sim.results.switching import allocate
from sim.results.totals import Totals
from sim.results.world_table import STATISTICS, Axes, Floats, months, of_cells, world

CHANNEL_STATISTICS = ("mean", "p05", "p50", "p95")
NOT_USING = "none"  # in flows: users who start or stop using AI
WORLD_CODE = "WLD"


def tables(totals: Totals) -> dict[str, pl.DataFrame]:
    """All tables by file stem. Rows sorted by their keys (nulls first); null = undefined.

    Raises SpheresError if a chunk was never merged.
    """
    acc = totals.finish()
    return {
        "world": world(totals, acc),
        "countries": countries(totals, acc),
        "channels": channels(totals, acc),
        "outcomes": outcomes(totals),
        "flows": flows(totals, acc),
    }


def countries(totals: Totals, acc: Accumulator) -> pl.DataFrame:
    """Economies: share and adoption by month; mean users, tokens and spend in Decembers."""
    layout, axes = totals.layout, shapes(totals.layout, totals.statics)
    edges = unit_edges(ECONOMY_BINS)
    iso3 = ("iso3", layout.iso3 if totals.statics.with_economies else ())
    base: Axes = [months(layout), iso3, ("segment", (*layout.segments, ALL))]
    offering = ("offering", layout.offerings)
    share = of_cells(acc.economy_share, axes.economy_share, edges)
    adoption = of_cells(acc.economy_adoption, axes.economy_adoption, edges)
    decembers = layout.months((DECEMBER,))
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
    """Consumer chat per economy and world; further channels a driver passed as world series."""
    layout, axes = totals.layout, shapes(totals.layout, totals.statics)
    iso3 = (*(layout.iso3 if totals.statics.with_economies else ()), WORLD_CODE)
    variables = [entry.name for entry in CONSUMER_CHAT]
    chat = of_cells(acc.channel, axes.channel, unit_edges(ECONOMY_BINS))
    series = of_cells(acc.indicator, axes.indicator, signed_edges())
    frames = [
        long_frame(
            [months(layout), ("variable", variables), ("iso3", iso3)], chat, channel=CHANNELS[0]
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


def outcomes(totals: Totals) -> pl.DataFrame:
    """Named outcomes of every replicate that did not fail, in June and December."""
    layout = totals.layout
    order = sorted(range(len(layout.outcomes)), key=lambda n: layout.outcomes[n].name)
    live = np.flatnonzero(totals.live)
    periods = period_labels(layout, layout.months(OUTCOME_MONTHS))
    values = np.moveaxis(totals.outcomes[order][:, :, live], 2, 0)
    places = [str(replicate) for replicate in live]
    names = [layout.outcomes[n].name for n in order]
    frame = long_frame(
        [("replicate", places), ("outcome", names), ("period", periods)], {"value": values}
    )
    return frame.with_columns(pl.col("replicate").cast(pl.Int32))


def flows(totals: Totals, acc: Accumulator) -> pl.DataFrame:
    """Gross switching by year: mean users who moved from one offering to another.

    Months are allocated one by one (`switching.allocate`) and added up over the year.
    """
    layout = totals.layout
    names = (*layout.offerings, NOT_USING)
    groups = (*(name for kind, name in layout.groups if kind == "region"), WORLD)
    yearly = _yearly_flows(totals, acc) if totals.statics.with_flows else None
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
    found = np.zeros((len(layout.years), acc.flow.shape[1], size + 1, size + 1))
    for t in range(1, layout.n_months):
        if acc.runs[t] == 0:
            continue
        mean = acc.flow[t] / acc.runs[t]
        into = found[layout.year(t) - layout.year(0)]
        for r, (left, joined, stopped, started) in enumerate(mean):
            into[r, :size, :size] += allocate(left, joined)
            into[r, :size, size] += stopped
            into[r, size, :size] += started
    return found
