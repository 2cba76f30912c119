"""Nested logit and renewal against closed forms: logistic limit, red and blue buses."""

import math

import numpy as np
import pytest
from small_worlds import plain

from sim.equations import choice
from sim.equations.jit import rows

attraction, nest_attraction = rows(choice.attraction), rows(choice.nest_attraction)
choice_share, renewed = rows(choice.choice_share), rows(choice.renewed)


def shares(utilities, nests, similarity, mask=None):
    """Choice probabilities as the model assembles them from the equations."""
    utilities, nests = np.array(utilities, dtype=float), np.array(nests)
    pull = attraction(utilities, np.ones_like(utilities) if mask is None else np.array(mask))
    totals = np.array([pull[nests == nest].sum() for nest in range(nests.max() + 1)])
    weights = nest_attraction(totals, similarity)
    return choice_share(pull, totals[nests], weights[nests], weights.sum())


@pytest.mark.parametrize("difference", [-20.0, -3.0, -0.1, 0.0, 1.0, 7.0, 20.0])
def test_two_offerings_are_the_logistic_of_the_utility_difference(difference):
    wanted = 1.0 / (1.0 + math.exp(-difference))
    found = shares([1.3 + difference, 1.3], [0, 0], 0.7)
    assert found[0] == pytest.approx(wanted, rel=1e-13)
    assert found.sum() == pytest.approx(1.0, abs=1e-15)


def test_similarity_one_is_plain_logit():
    utilities = np.array([0.3, -1.0, 2.0, 0.7, -4.0])
    wanted = np.exp(utilities) / np.exp(utilities).sum()
    assert shares(utilities, [0, 1, 0, 2, 1], 1.0) == pytest.approx(wanted, rel=1e-13)


@pytest.mark.parametrize("similarity", [0.05, 0.5, 0.7, 1.0])
def test_a_second_bus_takes_two_to_the_similarity(similarity):
    car, red, blue = shares([0.0, 0.0, 0.0], [0, 1, 1], similarity)
    both = 2.0**similarity
    assert car == pytest.approx(1.0 / (1.0 + both), rel=1e-12)
    assert red == blue == pytest.approx(both / (1.0 + both) / 2, rel=1e-12)


def test_two_buses_that_are_the_same_split_one_buses_share():
    alone = shares([0.0, 0.0], [0, 1], 1e-9)
    painted = shares([0.0, 0.0, 0.0], [0, 1, 1], 1e-9)
    assert painted[0] == pytest.approx(alone[0], abs=1e-8)
    plain_logit = shares([0.0, 0.0, 0.0], [0, 1, 1], 1.0)
    assert plain_logit[0] == pytest.approx(1 / 3)


def test_odds_within_a_nest_ignore_everything_outside_it():
    first = shares([1.0, 0.2, -3.0], [0, 0, 1], 0.6)
    second = shares([1.0, 0.2, 5.0], [0, 0, 1], 0.6)
    assert (
        first[0] / first[1] == pytest.approx(second[0] / second[1]) == pytest.approx(math.exp(0.8))
    )


def test_the_same_utility_everywhere_changes_nothing_in_one_nest():
    one, two = shares([1.0, 0.2, -3.0], [0, 0, 0], 0.6), shares([9.0, 8.2, 5.0], [0, 0, 0], 0.6)
    assert one == pytest.approx(two, rel=1e-12)


def test_an_offering_out_of_reach_has_no_share():
    found = shares([9.0, 0.0, 0.0], [0, 0, 1], 0.7, mask=[0.0, 1.0, 1.0])
    assert found[0] == 0.0
    assert found[1:].sum() == pytest.approx(1.0, abs=1e-15)


def test_nothing_feasible_leaves_no_shares_and_no_value():
    assert shares([1.0, 2.0], [0, 1], 0.7, mask=[0.0, 0.0]).tolist() == [0.0, 0.0]
    assert choice.inclusive_value(0.0) == 0.0


def test_inclusive_value_is_the_log_sum():
    assert choice.inclusive_value(math.exp(1.5)) == pytest.approx(1.5, rel=1e-15)


def test_renewal_moves_the_churned_part_only():
    assert plain(choice.renewed)(0.6, 1.0, 0.2, 0.1) == pytest.approx(0.56)
    assert plain(choice.renewed)(0.6, 1.0, 0.2, 1.0) == pytest.approx(0.2)


def test_renewal_approaches_a_constant_choice_exponentially():
    share = 1.0
    for _ in range(40):
        share = plain(choice.renewed)(share, 1.0, 0.25, 0.1)
    assert share - 0.25 == pytest.approx(0.75 * 0.9**40, rel=1e-12)


def test_access_withdrawn_is_gone_at_once_and_the_rest_is_scaled_up():
    kept = np.array([0.0, 0.3, 0.1])
    found = renewed(kept, kept.sum(), np.array([0.0, 0.5, 0.5]), 0.2)
    assert found[0] == 0.0
    assert found == pytest.approx([0.0, 0.8 * 0.75 + 0.1, 0.8 * 0.25 + 0.1])


def test_with_nothing_left_all_use_is_chosen_anew():
    found = renewed(np.zeros(2), 0.0, np.array([0.7, 0.3]), 0.2)
    assert found.tolist() == [0.7, 0.3]


def test_rows_of_nothing_divide_by_nothing():
    """Compilers may divide before they choose; a warning is an error in these tests."""
    many = np.zeros((64, 9))
    assert (renewed(many, many, many, 0.5) == 0.0).all()
    assert (choice_share(many, many, many, many) == 0.0).all()


def test_utility_adds_up_with_its_signs():
    terms = plain(choice.utility)(1.0, 0.5, 0.3, 2.0, 0.1, 0.2, 0.4, 0.05)
    assert terms == pytest.approx(1.0 + 0.5 - 0.6 - 0.1 + 0.2 + 0.4 + 0.05)
