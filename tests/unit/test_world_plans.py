"""Prices of subscriptions: factors by storefront, dated plans, free months."""

import numpy as np
import polars as pl
import pytest
from small_worlds import tables

from sim.scenario.schema import month_index
from sim.world.plans import cheapest_plan, most_frequent, price_factors

START = month_index("2023-01")
ISO3 = ("CHN", "DEU", "IND", "MLT", "NOR", "USA", "VNM")


def at(prices, month, iso3):
    return prices[month_index(month) - START, ISO3.index(iso3)]


def test_factors_are_those_of_the_storefronts():
    found = price_factors(tables().plan_prices, ISO3)
    plus = dict(zip(ISO3, found.plus, strict=True))
    go = dict(zip(ISO3, found.go, strict=True))
    assert plus["USA"] == 1.0
    assert plus["DEU"] == pytest.approx(26.20 / 19.99)
    assert go["IND"] == pytest.approx(4.16 / 5.99)
    assert plus["CHN"] == go["CHN"] == 1.0
    assert found.filled == ("price of plans: no storefront, factor 1 in CHN",)


def test_the_lowest_of_equally_frequent_prices():
    assert most_frequent([3.0, 2.0, 3.0, 2.0, 1.0]) == 2.0


def test_dated_plans():
    prices = cheapest_plan(tables().plans, tables().plan_prices, ISO3, (START, 60))
    assert at(prices, "2023-01", "USA") == at(prices, "2025-12", "USA") == 19.99
    assert at(prices, "2026-01", "USA") == 8.0
    assert at(prices, "2025-07", "IND") == 20.85
    assert at(prices, "2025-08", "IND") == 4.16
    assert at(prices, "2025-11", "IND") == at(prices, "2026-01", "IND") == 0.0
    assert at(prices, "2026-02", "IND") == 4.16
    assert at(prices, "2025-10", "VNM") == 5.09
    assert at(prices, "2026-01", "NOR") == 10.41  # not the general price of 8
    assert at(prices, "2026-04", "MLT") == 9.11
    assert at(prices, "2026-05", "MLT") == 0.0
    assert at(prices, "2027-05", "MLT") == 9.11
    assert at(prices, "2026-01", "CHN") == 8.0
    assert np.isfinite(prices).all()


def test_another_vendor_and_an_early_end():
    plans = pl.DataFrame(
        [(None, "Pro", "A", "2023-03", "2023-05", 10.0), (None, "Pro", "A", "2023-05", None, 12.0)],
        schema=["iso3", "plan", "vendor", "from", "until", "usd_month"],
        orient="row",
    )
    prices = cheapest_plan(plans, tables().plan_prices, ("KEN",), (START, 6), vendor="A")
    assert prices[:, 0].tolist() == [10, 10, 10, 10, 12, 12]
