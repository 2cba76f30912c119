"""What happened leaves a mark: ecosystems, goodwill and trust against closed forms."""

import math

import pytest
from small_worlds import plain

from sim.equations import history


def test_an_ecosystem_settles_at_growth_over_decay():
    level = 0.0
    for _ in range(3000):
        level = plain(history.ecosystem)(level, 0.02, 0.5, 0.1)
    assert level == pytest.approx(0.5 * 0.1 / 0.02, rel=1e-12)


def test_an_ecosystem_that_nobody_uses_decays():
    level = 3.0
    for _ in range(24):
        level = plain(history.ecosystem)(level, 0.02, 0.5, 0.0)
    assert level == pytest.approx(3.0 * 0.98**24, rel=1e-12)


def test_use_spills_over_from_the_world():
    spread = plain(history.spread_use)
    assert spread(0.1, 0.5, 0.0) == 0.1
    assert spread(0.1, 0.5, 1.0) == 0.5
    assert spread(0.1, 0.5, 0.25) == pytest.approx(0.2)


def test_early_skills_help_most():
    assert history.familiarity(0.0, 0.1) == 0.0
    assert history.familiarity(0.1 * (math.e - 1.0), 0.1) == pytest.approx(1.0, rel=1e-14)


def test_goodwill_fades_from_a_shock():
    step, level = plain(history.goodwill), 0.0
    level = step(level, 0.99, 0.04, 2.0, 0.03, -1.0)
    assert level == pytest.approx(0.05)
    for _ in range(12):
        level = step(level, 0.99, 0.04, 0.0, 0.03, 0.0)
    assert level == pytest.approx(0.05 * 0.99**12, rel=1e-12)


def test_goodwill_that_never_fades_is_a_sum_of_shocks():
    step, level = plain(history.goodwill), 0.0
    for month in range(100):
        level = step(level, 1.0, 0.1, float(month), 0.0, 9.0)
    assert level == pytest.approx(0.1 * sum(range(100)))


def test_trust_is_untouched_where_nothing_was_withdrawn():
    assert plain(history.missing)(0.7, 0.7) == 0.0
    assert plain(history.trust)(0.0, 0.0, 1.5, 0.2, 0.01) == 0.0


def test_trust_falls_to_its_depth_and_heals():
    trust, level = plain(history.trust), 0.0
    for _ in range(6):
        level = trust(level, 0.5, 1.5, 0.2, 0.0)
    assert level == pytest.approx(-1.5 * (1.0 - 0.9**6), rel=1e-12)
    lost = level
    for _ in range(24):
        level = trust(level, 0.0, 1.5, 0.2, 0.01)
    assert level == pytest.approx(lost * 0.99**24, rel=1e-12)


def test_a_month_without_service_costs_much_less_than_two_years():
    found = []
    for months in (1, 24):
        level = 0.0
        for _ in range(months):
            level = plain(history.trust)(level, 1.0, 1.5, 0.1, 0.01)
        found.append(level)
    assert found[1] < 5.0 * found[0] < 0.0
