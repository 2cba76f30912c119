"""Stacks, fans, maps, switching, spending, hindcast: they draw what is there."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
import synthetic_run as run
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from sim.charts.alluvial import alluvial, moves
from sim.charts.fan import fan, panel_names
from sim.charts.geometry import read_geometry
from sim.charts.hindcast import hindcast
from sim.charts.hindcast_scores import judged
from sim.charts.leading import leading
from sim.charts.look import styled
from sim.charts.palette import NO_ADOPTION, OFFERING_COLOURS
from sim.charts.projection import equal_earth
from sim.charts.registry import CHARTS
from sim.charts.shares import gdp_weighted, shares, stack
from sim.charts.spend_tokens import paths, spend_tokens
from sim.charts.tables import RunTables
from sim.charts.view import View, groups_of, month_of, one_of
from sim.charts.world_map import leading_map, shaded, variable_map
from sim.errors import OutsideHorizon, SchemaError, UnknownKey

LAST = date(2035, 12, 1)


@pytest.fixture
def figure():
    with styled():
        yield Figure(figsize=(9, 5))


@pytest.fixture(scope="module")
def geometry():
    return read_geometry()


def texts(ax) -> str:
    return " | ".join(text.get_text().replace("\n", " ") for text in ax.texts)


# Shares


@pytest.mark.parametrize("by", ["tokens", "spend"])
def test_a_stack_of_levels_is_their_part_of_the_sum(by):
    table = run.world(24)
    _, names, values = stack(table, by=by)
    np.testing.assert_allclose(values.sum(axis=0), 1, atol=1e-12)
    level = table.filter(variable=by, group="World").pivot("offering", index="period",
                                                           values="mean")  # fmt: skip
    rows = level.select(names).to_numpy()
    np.testing.assert_allclose(values.T, rows / rows.sum(axis=1, keepdims=True))


def test_gdp_weights_count_each_economy_by_its_gdp():
    economies = pl.DataFrame(
        {"iso3": ["USA", "KEN", "PRK"], "region": ["A", "A", "B"], "gdp_usd": [300.0, 100.0, 7.0]}
    )
    made = gdp_weighted(run.countries(), economies, "region")
    found = dict(made.filter(group="A").select("offering", "mean").iter_rows())
    # USA: 0.6 for us_closed, KEN: 0.05; the same offerings otherwise 0.05. Both rows sum to 1.
    assert found["us_closed"] == pytest.approx((300 * 0.6 + 100 * 0.05) / 400)
    assert found["cn_open_hosted"] == pytest.approx((300 * 0.05 + 100 * 0.6) / 400)
    assert sum(found.values()) == pytest.approx(1)
    assert made.filter(group="B").is_empty(), "nobody there uses AI"


def test_stacked_panels_are_the_groups_in_order(figure):
    panels = shares(run.world(24), figure, group_type="region", groups=["Africa", "Europe"])
    assert [panel.get_title(loc="left") for panel in panels] == ["Africa", "Europe"]
    (legend,) = figure.legends
    assert len(legend.get_texts()) == len(run.OFFERINGS)


# Fans


def test_a_fan_of_shares_has_a_panel_per_offering_in_its_colour(figure):
    panels = fan(run.world(24), figure, variable="share", group_type="world", groups=["World"])
    assert len(panels) == len(run.OFFERINGS)
    drawn = [to_hex(panel.lines[0].get_color()) for panel in panels]
    assert drawn == [OFFERING_COLOURS[name] for name in OFFERING_COLOURS]
    assert all(len(panel.collections) == 2 for panel in panels)


def test_a_fan_of_groups_is_on_one_scale(figure):
    groups = ["Africa", "Europe"]
    panels = fan(run.world(24), figure, variable="adoption", group_type="region", groups=groups)
    assert len({panel.get_ylim() for panel in panels}) == 1
    median = run.world(24).filter(group="Europe", variable="adoption")["p50"].to_numpy()
    np.testing.assert_array_equal(panels[1].lines[0].get_ydata(), median)


def test_shares_of_several_groups_need_an_offering():
    table = run.world(24)
    with pytest.raises(SchemaError, match="no total"):
        panel_names(table, "share", ["Africa", "Europe"], None)
    assert panel_names(table, "share", ["Africa", "Europe"], "hybrid") == ["Africa", "Europe"]


# Maps


def test_confidence_follows_the_quantiles():
    def rows(iso3, low, high):
        return [
            (LAST, iso3, "all", name, "share", mean, a, (a + mean) / 2, (b + mean) / 2, b)
            for name, mean, a, b in (("us_open", 0.6, low, 0.7), ("hybrid", 0.4, 0.3, high))
        ]

    columns = ["period", "iso3", "segment", "offering", "variable", "mean",
               "p05", "p25", "p75", "p95"]  # fmt: skip
    records = [*rows("AAA", 0.5, 0.45), *rows("BBB", 0.5, 0.55), *rows("CCC", 0.2, 0.9)]
    found = leading(pl.DataFrame(records, schema=columns, orient="row"), LAST)
    assert found["confidence"].to_list() == ["clear", "likely", "open"]
    assert set(found["offering"]) == {"us_open"}


def test_a_map_paints_leaders_and_leaves_the_unused_grey(figure, geometry):
    ax = leading_map(run.countries(), geometry, figure.add_subplot(), period=LAST)
    land, dots = ax.collections
    fills = dict(zip([*geometry.other, *geometry.shapes], map(to_hex, land.get_facecolor()),
                     strict=True))  # fmt: skip
    assert fills["BRA"] == OFFERING_COLOURS["us_closed"]
    assert fills["KEN"] == OFFERING_COLOURS["cn_open_hosted"]
    assert fills["PRK"] == fills["AUS"] == NO_ADOPTION
    points = dict(zip(geometry.points, map(to_hex, dots.get_facecolor()), strict=True))
    assert points["LUX"] == OFFERING_COLOURS["other_open"]
    assert "December 2035" in texts(ax)


def test_shades_get_paler_with_doubt():
    tones = [int(shaded("#0b3566", key)[1:3], 16) for key in ("clear", "likely", "open")]
    assert tones == sorted(tones)
    assert shaded("#0b3566", "clear") == "#0b3566"


def test_a_map_of_a_variable_is_dark_where_it_is_high(figure, geometry):
    ax = variable_map(
        run.countries(), geometry, figure.add_subplot(), variable="adoption", period=LAST
    )
    land = ax.collections[0].get_facecolor()[:, :3]
    fills = dict(zip([*geometry.other, *geometry.shapes], land, strict=True))
    assert fills["CHN"].sum() < fills["IND"].sum() < fills["CAN"].sum()
    assert "Adoption, December 2035" in texts(ax)


def test_equal_earth_keeps_areas():
    """A cell of one degree covers as much of the map as of the globe, relative to the equator."""

    def area(latitude):
        corners = ((10, 0), (11, 0), (11, 1), (10, 1))
        ring = np.array([(x, y + latitude) for x, y in corners], dtype=float)
        x, y = equal_earth(ring).T
        return abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)) / 2)

    def on_globe(latitude):
        return np.sin(np.radians(latitude + 1)) - np.sin(np.radians(latitude))

    for latitude in (20.0, 50.0, 75.0):
        expected = on_globe(latitude) / on_globe(0.0)
        assert area(latitude) / area(0.0) == pytest.approx(expected, rel=2e-3)


# Switching and spending


def test_moves_leave_out_those_who_start_or_stop():
    made = moves(run.flows(), 2023, "World", starters=False)
    assert all("none" not in pair for pair in made)
    assert len(made) == len(run.OFFERINGS) * (len(run.OFFERINGS) - 1)
    assert len(moves(run.flows(), 2023, "World", starters=True)) > len(made)
    with pytest.raises(SchemaError, match="switching"):
        moves(run.flows(), 2031, "World", starters=True)


def test_ribbons_are_as_thick_as_the_moves(figure):
    ax = alluvial(run.flows(), figure.add_subplot(), year=2024)
    made = moves(run.flows(), 2024, "World", starters=False)
    total = sum(made.values())
    ribbons = [patch for patch in ax.patches if patch.get_alpha() == 0.45]
    thick = sorted(patch.get_path().vertices[4, 1] - patch.get_path().vertices[3, 1]
                   for patch in ribbons)  # fmt: skip
    np.testing.assert_allclose(thick, sorted(users / total for users in made.values()))
    assert "us_closed" in texts(ax)


def test_spending_meets_tokens_each_december(figure):
    table = run.world(36)
    made = paths(table, "world", "World", "all")
    years, tokens, usd = made["us_closed"]
    assert years == [2023, 2024, 2025]
    where = {"variable": "tokens", "offering": "us_closed", "period": date(2025, 12, 1)}
    assert tokens[-1] == table.filter(**where)["mean"].item()
    ax = spend_tokens(table, figure.add_subplot())
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert len(usd) == 3


# Tables of analyses


def test_a_hindcast_says_which_targets_are_met(figure):
    table = pl.DataFrame(
        {
            "channel": ["chat", "chat", "web"],
            "period": ["2025-06", "2025-06", "2025-12"],
            "iso3": ["KEN", "DEU", "WLD"],
            "target_lo": [0.1, 0.5, 0.2],
            "target_hi": [0.2, 0.6, 0.3],
            "p05": [0.15, 0.1, 0.1],
            "p25": [0.2, 0.2, 0.2],
            "p50": [0.25, 0.25, 0.25],
            "p75": [0.3, 0.3, 0.3],
            "p95": [0.4, 0.4, 0.4],
        }
    )
    assert judged(table)["hit"].to_list() == [True, False, True]
    assert judged(table)["apart"].to_list() == pytest.approx([0, 0.1, 0])
    panels = hindcast(table, figure)
    assert "1 of 2 targets" in texts(panels[0])
    with pytest.raises(SchemaError, match="without target_hi"):
        judged(table.drop("target_hi"))


# Options


def test_a_group_is_a_type_or_a_name():
    table = run.world(24)
    assert groups_of(table, None, "world") == ("world", ["World"])
    assert groups_of(table, "region", "world") == ("region", sorted(run.REGIONS))
    assert groups_of(table, "Africa", "world") == ("region", ["Africa"])
    with pytest.raises(UnknownKey, match="Did you mean 'Africa'"):
        groups_of(table, "Afrika", "world")


def test_months_that_are_not_stored_are_refused_with_those_that_are():
    table = run.world(24)
    assert month_of(None, table) == date(2024, 12, 1)
    assert month_of("2023-05", table) == date(2023, 5, 1)
    with pytest.raises(OutsideHorizon, match="2023-01 to 2024-12"):
        month_of("2040-01", table)
    with pytest.raises(UnknownKey, match="Did you mean 'users'"):
        one_of("user", ["users", "gdp"], "weight", "users")


def test_options_become_part_of_the_file_name():
    assert View().suffix == ""
    assert View(group="Lower middle", by="gdp").suffix == "-Lower_middle-gdp"


def test_gdp_weights_are_refused_where_members_are_not_known(tmp_path, figure):
    folder = run.write_run(tmp_path / "invented", n=12)
    bloc = run.world(12).filter(group_type="region").with_columns(group_type=pl.lit("bloc"))
    bloc.write_parquet(folder / "results" / "world.parquet")
    with pytest.raises(SchemaError, match="no GDP weights by bloc"):
        CHARTS["shares"].draw(RunTables(folder), figure, View(group="bloc", by="gdp"))
