"""Nested logit and renewal against closed forms: logistic limit, red and blue buses."""

import math

import numpy as np
import pytest
from choice_assembly import (
    choice_share,
    kept_factor,
    nest_factor,
    nested_logit,
    part_anew,
    renewal,
    renewed,
)
from small_worlds import plain

from sim.equations import choice


@pytest.mark.parametrize("difference", [-20.0, -3.0, -0.1, 0.0, 1.0, 7.0, 20.0])
def test_two_offerings_are_the_logistic_of_the_utility_difference(difference):
    wanted = 1.0 / (1.0 + math.exp(-difference))
    found = nested_logit([1.3 + difference, 1.3], [0, 0], 0.7)
    assert found[0] == pytest.approx(wanted, rel=1e-13)
    assert found.sum() == pytest.approx(1.0, abs=1e-15)


def test_similarity_one_is_plain_logit():
    utilities = np.array([0.3, -1.0, 2.0, 0.7, -4.0])
    wanted = np.exp(utilities) / np.exp(utilities).sum()
    assert nested_logit(utilities, [0, 1, 0, 2, 1], 1.0) == pytest.approx(wanted, rel=1e-13)


@pytest.mark.parametrize("similarity", [0.05, 0.5, 0.7, 1.0])
def test_a_second_bus_takes_two_to_the_similarity(similarity):
    car, red, blue = nested_logit([0.0, 0.0, 0.0], [0, 1, 1], similarity)
    both = 2.0**similarity
    assert car == pytest.approx(1.0 / (1.0 + both), rel=1e-12)
    assert red == blue == pytest.approx(both / (1.0 + both) / 2, rel=1e-12)


def test_two_buses_that_are_the_same_split_one_buses_share():
    alone = nested_logit([0.0, 0.0], [0, 1], 1e-9)
    painted = nested_logit([0.0, 0.0, 0.0], [0, 1, 1], 1e-9)
    assert painted[0] == pytest.approx(alone[0], abs=1e-8)
    plain_logit = nested_logit([0.0, 0.0, 0.0], [0, 1, 1], 1.0)
    assert plain_logit[0] == pytest.approx(1 / 3)


def test_odds_within_a_nest_ignore_everything_outside_it():
    first = nested_logit([1.0, 0.2, -3.0], [0, 0, 1], 0.6)
    second = nested_logit([1.0, 0.2, 5.0], [0, 0, 1], 0.6)
    assert (
        first[0] / first[1] == pytest.approx(second[0] / second[1]) == pytest.approx(math.exp(0.8))
    )


def test_the_same_utility_everywhere_changes_nothing_in_one_nest():
    one, two = (
        nested_logit([1.0, 0.2, -3.0], [0, 0, 0], 0.6),
        nested_logit([9.0, 8.2, 5.0], [0, 0, 0], 0.6),
    )
    assert one == pytest.approx(two, rel=1e-12)


def test_an_offering_out_of_reach_has_no_share():
    found = nested_logit([9.0, 0.0, 0.0], [0, 0, 1], 0.7, mask=[0.0, 1.0, 1.0])
    assert found[0] == 0.0
    assert found[1:].sum() == pytest.approx(1.0, abs=1e-15)


def test_nothing_feasible_leaves_no_shares_and_no_value():
    assert nested_logit([1.0, 2.0], [0, 1], 0.7, mask=[0.0, 0.0]).tolist() == [0.0, 0.0]
    assert choice.inclusive_value(0.0) == 0.0


def test_inclusive_value_is_the_log_sum():
    assert choice.inclusive_value(math.exp(1.5)) == pytest.approx(1.5, rel=1e-15)


def test_renewal_moves_the_churned_part_only():
    assert renewal([0.6, 0.4], [0.2, 0.8], 0.1) == pytest.approx([0.56, 0.44])
    assert renewal([0.6, 0.4], [0.2, 0.8], 1.0) == pytest.approx([0.2, 0.8])
    assert renewal([0.6, 0.4], [0.2, 0.8], 0.0) == pytest.approx([0.6, 0.4])


def test_renewal_approaches_a_constant_choice_exponentially():
    share = np.array([1.0, 0.0])
    for _ in range(40):
        share = renewal(share, [0.25, 0.75], 0.1)
    assert share[0] - 0.25 == pytest.approx(0.75 * 0.9**40, rel=1e-12)


def test_access_withdrawn_is_gone_at_once_and_the_rest_is_scaled_up():
    found = renewal([0.0, 0.3, 0.1], [0.0, 0.5, 0.5], 0.2)
    assert found[0] == 0.0
    assert found == pytest.approx([0.0, 0.8 * 0.75 + 0.1, 0.8 * 0.25 + 0.1])


def test_with_nothing_left_all_use_is_chosen_anew():
    assert renewal([0.0, 0.0], [0.7, 0.3], 0.2).tolist() == [0.7, 0.3]


def test_rows_of_nothing_divide_by_nothing():
    """Compilers may divide before they choose; a warning is an error in these tests."""
    many = np.zeros((64, 9))
    anew = part_anew(many, 0.5)
    assert (anew == 1.0).all()
    assert (renewed(many, kept_factor(many, anew), many, anew) == 0.0).all()
    assert (choice_share(many, nest_factor(many, many, many)) == 0.0).all()


def test_utility_adds_up_with_its_signs():
    terms = plain(choice.utility)(1.0, 0.5, 0.3, 2.0, 0.1, 0.2, 0.4, 0.05)
    assert terms == pytest.approx(1.0 + 0.5 - 0.6 - 0.1 + 0.2 + 0.4 + 0.05)


def test_replicator_multiplies_use_by_exponential_utility():
    shares = np.array([0.7, 0.2, 0.1])
    utilities = np.array([0.1, 0.9, -0.4])
    pull = [
        choice.imitated(choice.attraction(u, 1.0), s, 0.0)
        for u, s in zip(utilities, shares, strict=True)
    ]
    wanted = shares * np.exp(utilities)
    np.testing.assert_allclose(np.array(pull) / sum(pull), wanted / wanted.sum(), rtol=1e-12)
    assert choice.imitated(1.0, 0.0, 0.02) == 0.02  # an offering that nobody uses can enter
