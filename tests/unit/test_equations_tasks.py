"""Capability opens tasks, and every task is a choice: against closed forms."""

import math

import numpy as np
import pytest
from choice_assembly import over_tasks
from small_worlds import plain

from sim.equations import tasks


def test_half_of_a_task_is_done_well_at_its_threshold():
    assert tasks.done_well(36.0, 36.0, 9.0) == 0.5
    assert tasks.done_well(45.0, 36.0, 9.0) == pytest.approx(1 / (1 + math.exp(-1)), rel=1e-14)
    assert tasks.done_well(27.0, 36.0, 9.0) == pytest.approx(1 / (1 + math.e), rel=1e-14)


def test_months_ahead_are_worth_what_the_width_says_while_a_task_is_hard():
    """Far below a threshold a month of lead is exponent / width in logit units; above, nothing."""
    hard = [math.log(tasks.worth(tasks.done_well(c, 100.0, 8.0), 1.6)) for c in (0.0, 20.0)]
    easy = [math.log(tasks.worth(tasks.done_well(c, -100.0, 8.0), 1.6)) for c in (0.0, 20.0)]
    assert hard[1] - hard[0] == pytest.approx(20.0 * 1.6 / 8.0, rel=1e-4)
    assert easy[1] - easy[0] == pytest.approx(0.0, abs=1e-4)


def test_worth_is_a_power():
    assert tasks.worth(0.25, 0.5) == pytest.approx(0.5, rel=1e-14)
    assert tasks.worth(0.25, 0.0) == 1.0
    assert tasks.worth(1.0, 7.0) == 1.0


def test_value_is_the_log_sum_with_an_outside_option():
    assert tasks.value(0.3, math.e - 1.0) == pytest.approx(0.3, rel=1e-14)
    assert tasks.value(0.3, 0.0) == 0.0


def test_work_that_goes_to_ai_is_the_part_that_odds_say():
    attractions = np.array([0.2, 0.5, 1.3])
    odds = plain(tasks.odds)(0.8, attractions.sum())
    weight = plain(tasks.weight)(0.25, 0.8, odds)
    assert weight * attractions.sum() == pytest.approx(0.25 * odds / (1.0 + odds), rel=1e-14)


def test_slope_of_value_by_utility_is_use():
    """Small and Rosen: d value / d utility of an offering is its part of all work."""
    sizes, worth, scale = np.array([0.6, 0.4]), np.array([[0.9, 0.5], [0.3, 0.01]]), 0.7

    def value(shift):
        return over_tasks(np.exp([0.4 + shift, 1.0]), worth, sizes, scale)[1]

    portfolio, _ = over_tasks(np.exp([0.4, 1.0]), worth, sizes, scale)
    odds = scale * (np.exp([0.4, 1.0]) * worth).sum(axis=1)
    used = (sizes * odds / (1.0 + odds)).sum()
    slope = (value(1e-5) - value(-1e-5)) / 2e-5
    assert slope == pytest.approx(portfolio[0] * used, rel=1e-8)


def test_hard_tasks_go_to_whoever_is_ahead_and_easy_ones_to_whoever_is_at_hand():
    ahead, at_hand = 40.0, 25.0
    worth = [
        [tasks.worth(tasks.done_well(c, threshold, 8.0), 1.6) for c in (ahead, at_hand)]
        for threshold in (-10.0, 60.0)
    ]
    pull = np.array([1.0, 2.0])
    easy, _ = over_tasks(pull, worth, [1.0, 0.0], 0.5)
    hard, _ = over_tasks(pull, worth, [0.0, 1.0], 0.5)
    assert easy[1] > 0.6
    assert hard[0] > 0.8


def test_impossible_tasks_leave_no_use_and_no_value():
    portfolio, value = over_tasks([1.0, 2.0], np.zeros((3, 2)), [0.2, 0.3, 0.5], 0.5)
    assert portfolio.tolist() == [0.0, 0.0]
    assert value == 0.0


def test_tokens_are_the_reference_for_a_model_that_does_as_much():
    assert plain(tasks.tokens)(0.15, 3.0, 3.0) == pytest.approx(0.15)
    assert plain(tasks.tokens)(0.15, 12.0, 3.0) == pytest.approx(0.6)
