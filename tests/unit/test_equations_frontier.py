"""The frontier and its releases against closed forms: steady lag, attention."""

import math

import pytest
from small_worlds import plain

from sim.equations import frontier

ETA, PHI = 0.23, 0.05
BASE = 11.8 / 77.6
advance, catch_up, pace = plain(frontier.advance), plain(frontier.catch_up), plain(frontier.pace)


def lag_after(months, ratio, start, eta=ETA, phi=PHI):
    """Lag of a follower after some months of the recursion that the model uses."""
    leader, follower = 0.0, -start
    for _ in range(months):
        behind = catch_up(follower, leader, phi)
        leader = advance(leader, pace(1.0, eta), 1.0, catch_up(leader, follower, phi), 0.0)
        follower = advance(follower, pace(ratio, eta), 1.0, behind, 0.0)
    return leader - follower


def steady_lag(ratio, eta=ETA, phi=PHI):
    """Months behind in the long run, where spillover makes up for the slower pace."""
    return (1.0 - ratio**eta) / phi


@pytest.mark.parametrize(("factor", "lag"), [(1.0, 7.0), (0.5, 9.0), (2.0, 4.8)])
def test_steady_lag_is_the_published_one(factor, lag):
    assert lag_after(600, factor * BASE, 0.0) == pytest.approx(lag, abs=0.06)


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("start", [0.0, 3.0, 30.0])
def test_recursion_converges_to_the_steady_lag(factor, start):
    steady = steady_lag(factor * BASE)
    assert lag_after(600, factor * BASE, start) == pytest.approx(steady, rel=1e-9)


def test_response_time_is_about_twenty_months():
    before, after = (steady_lag(f * BASE) for f in (1.0, 0.5))
    left = (after - lag_after(20, 0.5 * BASE, before)) / (after - before)
    assert left == pytest.approx(math.exp(-1.0), abs=0.01)


def test_equal_compute_leaves_no_lag():
    assert lag_after(600, 1.0, 12.0) == pytest.approx(0.0, abs=1e-9)


def test_catching_up_is_symmetric_and_never_pulls_the_leader_back():
    assert catch_up(3.0, 10.0, PHI) == pytest.approx(0.35)
    assert catch_up(10.0, 3.0, PHI) == 0.0


def test_a_shock_slows_progress_but_does_not_undo_it():
    assert advance(5.0, 1.0, 1.0, 0.0, -4.0) == 5.0
    assert advance(5.0, 1.0, 1.0, 0.0, 0.5) == 6.5


def test_controls_bite_only_as_far_as_they_do_not_leak():
    chips = plain(frontier.obtainable_chips)
    assert chips(0.3, 0.0, 0.0) == 0.3
    assert chips(0.3, 1.0, 0.0) == 0.0
    assert chips(0.3, 1.0, 1.0) == 0.3
    assert chips(0.3, 0.8, 0.25) == pytest.approx(0.12)


def test_compute_adds_foreign_and_domestic_chips():
    compute = plain(frontier.effective_compute)(0.1, 0.2, 0.5, 1.0)
    assert compute == pytest.approx(0.2)
    efficient = plain(frontier.algorithmic_efficiency)(0.8, 0.1)
    assert efficient == pytest.approx(1.08)


@pytest.mark.parametrize("half_life", [0.5, 1.0, 6.0])
def test_attention_halves_every_half_life(half_life):
    left, steps = 8.0, 12
    for _ in range(steps):
        left = frontier.buzz_left(left, half_life, 0.0)
    assert left == pytest.approx(8.0 * 2.0 ** (-steps / half_life), rel=1e-12)


def test_steady_attention_is_a_geometric_sum():
    left = 0.0
    for _ in range(400):
        left = frontier.buzz_left(left, 3.0, 0.2)
    assert left == pytest.approx(0.2 / (1.0 - 2.0 ** (-1 / 3)), rel=1e-12)


def test_attention_of_a_random_release_is_exponential():
    draw = plain(frontier.release_buzz)
    assert draw(math.exp(-1.0), 0.1) == pytest.approx(0.1)
    mean = sum(draw((k + 0.5) / 5000, 0.1) for k in range(5000)) / 5000
    assert mean == pytest.approx(0.1, rel=1e-3)


def test_released_capability_never_falls():
    released = plain(frontier.released)
    assert released(10.0, 12.0, 1.0) == 12.0
    assert released(10.0, 8.0, 1.0) == 10.0
    assert released(10.0, 12.0, 0.0) == 10.0


def test_deterrence_closes_what_openness_would_open():
    opened = frontier.openness_after_deterrence
    assert opened(0.4, 0.0, 0.2) == 0.4
    assert opened(0.4, 1.0, 0.2) == pytest.approx(0.4 * math.exp(-0.2))
