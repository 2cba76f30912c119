"""Mechanism 3 against closed forms: mark-up, declines, volume that pays, burden, scarcity."""

import math

import pytest
from small_worlds import plain

from sim.equations import cost

local_cost = plain(cost.local_cost)


def burden(price, budget_share, income):
    """Burden of a price (USD a month) on a share of a monthly income."""
    return plain(cost.burden)(price, plain(cost.per_budget)(budget_share, income))


def test_markup_at_the_reference_is_the_reference():
    assert plain(cost.markup)(1.7, 0.05, 0.05, 0.5, 0.0) == 1.7


def test_markup_rises_with_the_own_share_and_with_monetisation():
    markup = plain(cost.markup)
    assert markup(1.0, 0.3, 0.05, 0.5, 0.0) == pytest.approx((0.95 / 0.7) ** 0.5)
    assert markup(1.0, 0.3, 0.05, 0.0, 0.0) == 1.0
    assert markup(1.0, 0.05, 0.05, 0.5, 0.25) == pytest.approx(1.25)
    assert markup(1.0, 1.0, 0.05, 1.0, 0.0) == pytest.approx(0.95 / 0.05)


def test_api_price():
    assert plain(cost.api_price)(2.0, 0.5, 0.2) == pytest.approx(2.4)


def test_a_yearly_decline_compounds():
    assert plain(cost.declined)(8.0, 0.5, 36.0) == pytest.approx(1.0, rel=1e-14)
    assert plain(cost.declined)(8.0, 0.5, -12.0) == pytest.approx(16.0, rel=1e-14)
    assert plain(cost.declined)(8.0, 0.5, 0.0) == 8.0
    assert plain(cost.declined)(8.0, -0.4, 12.0) == pytest.approx(11.2, rel=1e-14)


def test_own_hardware_is_cheaper_above_the_volume_that_pays_the_staff_only():
    api, staff = 1.4, 9000.0
    running = local_cost(2.7, 1.0, 1.0, 0.12, 10.0, 0.25, 0.0, 1.0)
    volume = staff / (api - running)
    assert local_cost(2.7, 1.0, 1.0, 0.12, 10.0, 0.25, staff, volume) == pytest.approx(api)
    assert local_cost(2.7, 1.0, 1.0, 0.12, 10.0, 0.25, staff, 1.01 * volume) < api
    assert local_cost(2.7, 1.0, 1.0, 0.12, 10.0, 0.25, staff, 0.99 * volume) > api


def test_burden_is_flat_when_trivial_and_log_when_heavy():
    assert burden(0.0, 0.04, 100.0) == 0.0
    assert burden(0.004, 0.04, 1000.0) == pytest.approx(0.0001, rel=1e-3)
    heavy = burden(8e6, 0.04, 100.0) - burden(4e6, 0.04, 100.0)
    assert heavy == pytest.approx(math.log(2.0), rel=1e-5)


def test_burden_knows_no_currency():
    assert burden(20.0, 0.04, 300.0) == pytest.approx(burden(2000.0, 0.04, 30000.0), rel=1e-14)


def test_scarcity_starts_where_capacity_ends():
    scarcity = plain(cost.scarcity)
    assert scarcity(99.0, 100.0, 0.5) == 1.0
    assert scarcity(100.0, 100.0, 0.5) == 1.0
    assert scarcity(400.0, 100.0, 0.5) == pytest.approx(2.0)
    assert scarcity(400.0, 100.0, 0.0) == 1.0


def test_without_any_hardware_the_price_is_high_and_still_a_number():
    found = [cost.scarcity(1.0, capacity, 0.5) for capacity in (0.0, 1e-9, 1e-5)]
    assert found == pytest.approx([1e3, 1e3, 10**2.5])


def test_accelerators_reach_purchases_over_retirement():
    stock = 500.0
    for _ in range(2000):
        stock = plain(cost.accelerators_next)(stock, 0.015, 3e6, 25000.0, 0.5, 10.0)
    assert stock == pytest.approx((3e6 / 25000.0 * 0.5 + 10.0) / 0.015, rel=1e-9)


def test_seats_and_tokens_mix_by_weight():
    price = plain(cost.monthly_price)
    assert price(20.0, 1.0, 5.0, 2.0, 0.0) == 20.0
    assert price(20.0, 0.0, 5.0, 2.0, 0.0) == 10.0
    assert price(20.0, 0.5, 5.0, 2.0, 0.1) == pytest.approx(13.5)
    assert plain(cost.unit_price)(2.0, 0.7, 1.0, 0.3) == pytest.approx(1.7)


def test_what_hardware_cannot_serve_queues():
    served = cost.served
    assert served(50.0, 100.0) == 1.0
    assert served(400.0, 100.0) == 0.25
    assert served(0.0, 0.0) == 1.0
    assert served(1.0, 0.0) == 0.0


def test_cheaper_and_richer_use_more():
    assert cost.thrift(2.0, 2.0, 0.0, 0.4) == pytest.approx(1.0)
    assert cost.thrift(0.5, 2.0, 0.0, 0.5) == pytest.approx(2.0)
    assert cost.thrift(2.0, 2.0, math.log(4.0), 0.5) == pytest.approx(2.0)
    assert cost.thrift(0.5, 2.0, 3.0, 0.0) == 1.0


def test_what_costs_nothing_is_used_a_finite_amount():
    floor = cost.thrift(2.0e-4, 2.0, 0.0, 0.5)
    assert cost.thrift(0.0, 2.0, 0.0, 0.5) == cost.thrift(1e-12, 2.0, 0.0, 0.5) == floor
    assert floor == pytest.approx(100.0)


def test_seats_are_used_without_thrift():
    tokens = plain(cost.tokens_used)
    assert tokens(0.3, 1.0, 5.0) == pytest.approx(0.3)
    assert tokens(0.3, 0.0, 5.0) == pytest.approx(1.5)
    assert tokens(0.3, 0.5, 5.0) == pytest.approx(0.9)
