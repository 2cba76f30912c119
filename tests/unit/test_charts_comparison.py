"""Charts of differences draw what the tables say, and refuse empty ones."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
import synthetic_run as run
from matplotlib.figure import Figure

from sim.charts.look import styled
from sim.charts.ranked import most_moved_offering, ranked
from sim.charts.ribbons import ribbons
from sim.charts.switching import moves, switching
from sim.charts.waterfall import waterfall
from sim.errors import SchemaError

END = date(2024, 12, 1)


@pytest.fixture
def figure():
    with styled():
        yield Figure(figsize=(9, 5))


def texts(ax) -> str:
    return " | ".join(text.get_text().replace("\n", " ") for text in ax.texts)


def groups(n=24):
    """Differences of world shares: one offering up by a point, one down."""
    frames = [
        pl.DataFrame(
            {
                "period": run.months(n),
                "difference": end * np.linspace(0, 1, n),
                "low": end * np.linspace(0, 1, n) - 0.001,
                "high": end * np.linspace(0, 1, n) + 0.001,
            }
        ).with_columns(
            offering=pl.lit(name), variable=pl.lit("share"), segment=pl.lit("all"),
            group=pl.lit("World"), group_type=pl.lit("world"),
        )
        for name, end in (("us_closed", 0.01), ("cn_service", -0.01), ("us_open", 0.0))
    ]  # fmt: skip
    return pl.concat(frames)


def countries():
    rows = [
        ("KEN", "us_closed", 0.02),
        ("KEN", "cn_service", -0.01),
        ("BRA", "us_closed", -0.03),
        ("BRA", "cn_service", 0.01),
        ("FRA", "us_closed", 0.0),
        ("PRK", "us_closed", None),
    ]
    table = pl.DataFrame(rows, schema=["iso3", "offering", "difference"], orient="row")
    return table.with_columns(
        low=pl.col("difference") - 0.005, high=pl.col("difference") + 0.005,
        period=pl.lit(END), variable=pl.lit("share"),
    )  # fmt: skip


def flows(users=3e6):
    rows = [("us_closed", "cn_service", users), ("none", "us_closed", users / 3),
            ("us_closed", "us_closed", 9e9), ("cn_service", "none", 0.0)]  # fmt: skip
    table = pl.DataFrame(rows, schema=["base_offering", "offering", "users"], orient="row")
    return table.with_columns(period=pl.lit(END), group=pl.lit("World"))


def parts():
    rows = [("controls", 0.02, 0.01), ("price", -0.005, 0.01)]
    table = pl.DataFrame(rows, schema=["group", "part", "total"], orient="row")
    return table.with_columns(
        low=pl.col("part") - 0.001, high=pl.col("part") + 0.001,
        outcome=pl.lit("world.share.cn"), period=pl.lit(END),
    )  # fmt: skip


def test_ribbons_are_differences_in_points(figure):
    ax = ribbons(groups(), figure.add_subplot(), labels={"us_closed": "American"})
    said = texts(ax)
    assert "+1  American" in said
    assert "-1  cn_service" in said
    assert "percentage points" in said
    heights = [float(line.get_ydata()[-1]) for line in ax.lines if len(line.get_xdata()) == 24]
    assert sorted(heights) == pytest.approx([-1, 0, 1])
    low, high = ax.get_ylim()
    assert low < -1.1 < 1.1 < high


def test_ribbons_of_nothing_are_refused(figure):
    with pytest.raises(SchemaError, match="differences"):
        ribbons(groups(), figure.add_subplot(), group_type="region", group="Africa")


def test_ranked_orders_economies_and_marks_the_unclear(figure):
    assert most_moved_offering(countries()) == "us_closed"
    ax = ranked(countries(), figure.add_subplot())
    assert [t.get_text() for t in ax.get_yticklabels()] == ["KEN", "FRA", "BRA"]
    dots = ax.collections[-1]
    assert list(dots.get_offsets()[:, 0]) == pytest.approx([2, 0, -3])
    faces = [tuple(face) for face in dots.get_facecolors()]
    assert faces[1] == (1.0, 1.0, 1.0, 1.0)
    assert faces[0] != faces[1]
    with pytest.raises(SchemaError, match="hybrid"):
        ranked(countries(), figure.add_subplot(), offering="hybrid")


def test_switching_draws_only_who_moves(figure):
    names, matrix = moves(flows())
    assert names[-1] == "none"
    assert matrix.sum() == 4e6
    ax = switching(flows(), figure.add_subplot(), labels={"us_closed": "American"})
    said = texts(ax)
    assert "4 million users" in said
    assert "75 %  American" in said
    assert "25 %  not using AI" in said


def test_switching_says_that_nobody_moves(figure):
    ax = switching(flows(0.0), figure.add_subplot())
    assert "nobody uses anything else" in texts(ax)


def test_waterfall_ends_at_the_total(figure):
    ax = waterfall(parts(), figure.add_subplot(), outcome="world.share.cn")
    assert [bar.get_height() for bar in ax.patches] == pytest.approx([2.0, -0.5, 1.0])
    assert [bar.get_y() for bar in ax.patches] == pytest.approx([0.0, 2.0, 0.0])
    assert [t.get_text() for t in ax.get_xticklabels()] == ["controls", "price", "together"]
    with pytest.raises(SchemaError, match="parts"):
        waterfall(parts(), figure.add_subplot(), outcome="world.adoption")
