"""Charts draw what the tables say: right numbers, labels, units; and refuse empty tables."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
import synthetic_run as run
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from sim.charts.adoption import adoption
from sim.charts.lag import lag
from sim.charts.lag_names import lag_label
from sim.charts.look import spread, styled
from sim.charts.network import leaders, network, trade_graph
from sim.charts.network_layout import project, separate
from sim.charts.shares import stack
from sim.charts.world_shares import world_shares
from sim.errors import SchemaError


@pytest.fixture
def figure():
    with styled():
        yield Figure(figsize=(9, 5))


def texts(ax) -> str:
    return " | ".join(text.get_text().replace("\n", " ") for text in ax.texts)


def test_world_shares_sum_to_one_in_every_period():
    periods, names, shares = stack(run.world(24))
    assert shares.shape == (len(run.OFFERINGS), 24)
    assert len(periods) == 24
    assert set(names) == set(run.OFFERINGS)
    np.testing.assert_allclose(shares.sum(axis=0), 1, atol=1e-12)


def test_world_shares_label_every_offering_with_its_last_share(figure):
    ax = world_shares(run.world(24), figure.add_subplot(), labels={"us_closed": "US closed"})
    last = run.shares(24)[0, -1]
    assert f"{100 * last:.0f} %  US closed" in texts(ax)
    assert all(name in texts(ax) for name in run.OFFERINGS if name != "us_closed")
    assert "share of all users, %" in texts(ax)
    assert ax.get_ylim() == (0, 1)


def test_world_shares_draw_offerings_that_a_user_defined(figure):
    names = (*run.OFFERINGS[:-1], "my_cooperative")
    ax = world_shares(run.world(12, names), figure.add_subplot())
    assert "my_cooperative" in texts(ax)


def test_world_shares_refuse_a_table_without_shares(figure):
    table = run.world(12).filter(pl.col("variable") != "share")
    with pytest.raises(SchemaError, match="shares of users"):
        world_shares(table, figure.add_subplot())


def test_adoption_has_a_panel_per_region_on_one_scale(figure):
    panels = adoption(run.world(36), figure)
    assert [panel.get_title(loc="left") for panel in panels] == list(run.REGIONS)
    assert len({panel.get_ylim() for panel in panels}) == 1
    assert all(len(panel.collections) == 2 for panel in panels), "a 50 % and a 90 % band"


def test_lag_names_blocs_and_units(figure):
    ax = lag(run.world(36), figure.add_subplot())
    assert "China, open weights" in texts(ax)
    assert ax.get_ylabel() == "months behind the US frontier"
    assert lag_label("lag_us_open") == "United States, open weights"


def test_lag_draws_gaps_for_undefined_months(figure):
    table = run.world(36).with_columns(
        pl.when(pl.col("period") < date(2023, 7, 1))
        .then(None)
        .otherwise(pl.col("p50"))
        .alias("p50")
    )
    ax = lag(table, figure.add_subplot())
    heights = ax.lines[1].get_ydata()
    assert np.isnan(heights[:6]).all()
    assert not np.isnan(heights[6:]).any()


def test_lag_refuses_a_table_without_lags(figure):
    table = run.world(12).filter(~pl.col("variable").str.starts_with("lag_"))
    with pytest.raises(SchemaError, match="capability lags"):
        lag(table, figure.add_subplot())


def test_leaders_are_the_largest_shares_and_null_without_use():
    table = leaders(run.countries(), date(2035, 12, 1))
    found = dict(zip(table["iso3"], table["offering"], strict=True))
    assert found == {iso3: leading for iso3, _, _, _, leading in run.PLACES}


def test_network_keeps_the_largest_flows_between_known_economies():
    leading = leaders(run.countries(), date(2035, 12, 1))
    graph = trade_graph(leading, run.places(), run.trade(), edges=5)
    assert graph.number_of_nodes() == len(run.PLACES)
    assert graph.number_of_edges() == 5
    kept = min(usd for _, _, usd in graph.edges(data="usd"))
    every = trade_graph(leading, run.places(), run.trade(), edges=10_000)
    assert sorted((usd for _, _, usd in every.edges(data="usd")), reverse=True)[4] == kept


def test_network_draws_a_circle_per_economy_and_counts_leaders(figure):
    ax = network(run.countries(), run.places(), run.trade(), figure.add_subplot(), labels={})
    circles = ax.collections[-1]
    assert len(circles.get_paths()) == len(run.PLACES)
    assert "cn_service (2)" in [text.get_text() for text in ax.get_legend().get_texts()]
    assert "December 2035" in texts(ax)


def test_separated_circles_do_not_overlap_and_stay_near():
    rng = np.random.default_rng(1)
    places = project(rng.uniform(40, 60, 60), rng.uniform(0, 40, 60))
    radii = rng.uniform(0.5, 2.0, 60)
    moved = separate(places, radii, gap=0.5)
    distance = np.linalg.norm(moved[:, None] - moved[None, :], axis=2)
    touching = radii[:, None] + radii[None, :]
    off = ~np.eye(60, dtype=bool)
    assert (distance[off] > 0.98 * touching[off]).all()
    assert np.linalg.norm(moved - places, axis=1).max() < 15


def test_spread_keeps_order_gap_and_limits():
    placed = spread([0.5, 0.51, 0.1, 0.52], 0.1, 0.0, 1.0)
    assert [placed[i] for i in (2, 0, 1, 3)] == sorted(placed)
    assert min(np.diff(sorted(placed))) >= 0.1 - 1e-12
    assert 0 <= min(placed) <= max(placed) <= 1
    assert spread([], 0.1, 0, 1) == []
    assert spread([0.9] * 3, 1.0, 0.0, 1.0) == [0.0, 0.5, 1.0]


def test_axis_ends_where_the_data_end(figure):
    ax = world_shares(run.world(30), figure.add_subplot())
    assert ax.get_xlim()[1] == date2num(date(2025, 6, 1))
