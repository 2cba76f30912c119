"""Choice, nests and renewal against closed forms: logistic limit, red and blue buses."""

import math

import numpy as np
import pytest
from choice_assembly import nest_factor, nested_logit, part_anew, renewal, renewed, shown
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


def test_nothing_feasible_leaves_no_shares():
    assert nested_logit([1.0, 2.0], [0, 1], 0.7, mask=[0.0, 0.0]).tolist() == [0.0, 0.0]


def test_attraction_is_exponential_utility_of_those_who_know_it_and_are_reached():
    assert choice.attraction(0.0, 0.5, 0.2) == pytest.approx(0.1, rel=1e-15)
    assert choice.attraction(1.5, 1.0, 1.0) == pytest.approx(math.exp(1.5), rel=1e-14)
    assert choice.attraction(9.0, 0.0, 1.0) == choice.attraction(9.0, 1.0, 0.0) == 0.0


def test_half_who_know_it_are_half_the_odds():
    found = nested_logit([0.7, 0.7], [0, 0], 0.6, known=[0.25, 0.5])
    assert found == pytest.approx([1 / 3, 2 / 3], rel=1e-13)


def test_attractions_of_a_nest_sum_to_a_power_of_their_sum():
    assert 8.0 * choice.nest_factor(8.0, 1 / 3) == pytest.approx(2.0, rel=1e-13)
    assert choice.nest_factor(8.0, 1.0) == 1.0
    assert choice.nest_factor(0.0, 0.5) == 0.0


def test_renewal_moves_the_churned_part_only():
    assert renewal([0.6, 0.4], [0.2, 0.8], 0.1)[1] == pytest.approx([0.56, 0.44])
    assert renewal([0.6, 0.4], [0.2, 0.8], 1.0)[1] == pytest.approx([0.2, 0.8])
    assert renewal([0.6, 0.4], [0.2, 0.8], 0.0)[1] == pytest.approx([0.6, 0.4])


def test_renewal_approaches_a_constant_choice_exponentially():
    latent = np.array([1.0, 0.0])
    for _ in range(40):
        latent, share = renewal(latent, [0.25, 0.75], 0.1)
    assert share[0] - 0.25 == pytest.approx(0.75 * 0.9**40, rel=1e-12)


def test_access_withdrawn_is_gone_at_once_and_the_rest_is_scaled_up():
    latent, share = renewal([0.6, 0.3, 0.1], [0.0, 0.5, 0.5], 0.2, reach=[0.0, 1.0, 0.1])
    assert latent == pytest.approx([0.48, 0.34, 0.18])
    assert share == pytest.approx([0.0, 0.34 / 0.52, 0.18 / 0.52])


def test_a_month_without_access_costs_less_than_two_years_of_it():
    """What is withdrawn lives on unseen, and fades by renewal."""
    before = np.array([0.6, 0.4])
    for months in (1, 24):
        latent = before
        for _ in range(months):
            latent, share = renewal(latent, [0.0, 1.0], 0.1, reach=[0.0, 1.0])
            assert share.tolist() == [0.0, 1.0]
        _, back = renewal(latent, before, 0.1)
        kept = 0.6 * 0.9**months
        assert back[0] == pytest.approx(kept + 0.1 * (0.6 - kept), rel=1e-12)


def test_where_nothing_was_used_all_is_chosen_anew():
    assert renewal([0.0, 0.0], [0.7, 0.3], 0.2)[1].tolist() == [0.7, 0.3]
    assert renewal([0.0, 0.0], [0.0, 0.0], 0.2)[1].tolist() == [0.0, 0.0]


def test_rows_of_nothing_divide_by_nothing():
    """Compilers may divide before they choose; a warning is an error in these tests."""
    many = np.zeros((64, 9))
    anew = part_anew(many, 0.5)
    assert (anew == 1.0).all()
    assert (renewed(many, many, anew) == 0.0).all()
    assert (shown(many, many, many) == 0.0).all()
    assert (nest_factor(many, 0.5) == 0.0).all()


def test_only_what_reaches_somebody_is_in_reach():
    assert plain(choice.mask)(0.0) == 0.0
    assert plain(choice.mask)(1e-300) == 1.0


def test_replicator_multiplies_use_by_exponential_utility():
    shares = np.array([0.7, 0.2, 0.1])
    utilities = np.array([0.1, 0.9, -0.4])
    pull = [
        choice.imitated(choice.attraction(u, 1.0, 1.0), s, 0.0)
        for u, s in zip(utilities, shares, strict=True)
    ]
    wanted = shares * np.exp(utilities)
    np.testing.assert_allclose(np.array(pull) / sum(pull), wanted / wanted.sum(), rtol=1e-12)
    assert choice.imitated(1.0, 0.0, 0.02) == 0.02  # an offering that nobody uses can enter
