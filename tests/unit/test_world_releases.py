"""The capability axis: a straight line through the US record, and what it is laid through."""

import numpy as np
import polars as pl
import pytest
from small_worlds import tables

from sim.errors import SeedError
from sim.scenario import load
from sim.world.axes import CN_OPEN, RELEASED_TRACKS, TRACKS, US_CLOSED, US_OPEN
from sim.world.build import build_world
from sim.world.releases import RecordLine, capability, record_line, record_path, unscored_since


def frontier(*rows):
    return pl.DataFrame(rows, schema=["month", "track", "eci"], orient="row")


def test_records_ascend_and_end_in_autumn_2026():
    months, record = record_path(tables().frontier)
    assert (np.diff(months) > 0).all()
    assert (np.diff(record) > 0).all()
    assert (months[0], record[0]) == (2.0, 125.76)
    assert (months[-1], record[-1]) == (44.0, 166.64)


def test_the_line_goes_through_two_records():
    two = frontier(
        ("2023-01", "us_closed", 100.0),
        ("2023-06", "us_closed", 100.0),
        ("2023-11", "us_closed", 120.0),
        ("2023-03", "cn_open", 180.0),
    )
    assert record_line(two) == pytest.approx(RecordLine(start=100.0, slope=2.0))


def test_capability_is_a_line_without_kinks():
    line = record_line(tables().frontier)
    scores = np.linspace(80.0, 200.0, 25)
    assert np.diff(capability(scores, line)) == pytest.approx(5.0 / line.slope)
    assert capability(np.array(line.start), line) == pytest.approx(0.0)
    assert np.isnan(capability(np.array([0.0]), line))[0]


def test_the_us_gain_a_month_a_month_and_no_half_point_is_worth_a_year():
    months, record = record_path(tables().frontier)
    line = record_line(tables().frontier)
    reached = capability(record, line)
    assert np.polyfit(months, reached, 1) == pytest.approx([1.0, 0.0], abs=1e-9)
    assert capability(np.array(126.57), line) - capability(np.array(125.76), line) < 1.0


def test_a_line_needs_two_records():
    with pytest.raises(SeedError, match="a line needs two"):
        record_line(frontier(("2023-01", "us_closed", 100.0)))


def test_later_fits_are_brought_to_that_of_february_2026():
    found = {
        model: (published, eci)
        for model, published, eci in tables()
        .releases.filter(pl.col("eci").is_not_null())
        .select("model", "eci_published", "eci")
        .iter_rows()
    }
    assert len(found) == 12
    assert found["GPT-5.2"] == (152.03, 152.03)
    assert found["Claude Opus 5.5"] == (167.33, 166.64)
    assert found["Claude Sonnet 5.5"] == (166.2, 164.04)
    assert found["Kimi K3"] == (157.68, 157.55)


def test_tracks_with_releases_that_nobody_scored_are_known():
    since = unscored_since(tables().frontier, tables().releases)
    assert since[US_OPEN] == 38  # Nemotron 3 Super, March 2026; the last record is of August 2025
    assert since[CN_OPEN] == 43  # August 2026, the month after Kimi K3
    assert since[US_CLOSED] == 45  # October 2026
    none = tables().releases.clear()
    assert (unscored_since(tables().frontier, none) == -1).all()


def test_every_dated_release_is_in_the_baseline():
    """The events of the baseline are the steps of frontier.csv, track by track."""
    events = {
        (e.lever.removeprefix("released."), e.on): e.to
        for e in load("baseline").events
        if e.lever.startswith("released.")
    }
    stepped = {}
    for track in TRACKS[:RELEASED_TRACKS]:
        best = 0.0
        rows = tables().frontier.filter(pl.col("track") == track).sort("month")
        for month, eci in rows.select("month", "eci").iter_rows():
            if eci > best:
                stepped[track, month] = best = eci
    assert events == stepped


def test_dated_months_end_with_the_tables_or_where_releases_have_no_index():
    world = build_world(load("baseline"), tables(), order=("USA", "CHN"))
    last = world.fixed.world_dated_months
    assert last == 47  # January 2023 to November 2026
    assert world.dated_until.tolist() == [45, 38, 39, 43, 35]
    assert world.dated[46, US_CLOSED] > world.dated[37, US_CLOSED]
