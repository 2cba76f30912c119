"""Access, adoption, sovereignty, network and feedback equations against closed forms."""

import math

import numpy as np
import pytest
from small_worlds import plain

from sim.equations import access, adoption, feedback, network, observe, sovereignty


def test_reach_runs_from_leakage_to_everybody():
    reach = plain(access.reach)
    assert reach(0.18, 0.0, 0.0, 1.0) == 0.18
    assert reach(0.18, 1.0, 0.0, 1.0) == 1.0
    assert reach(0.0, 1.0, 1.0, 1.0) == 0.0
    assert reach(0.18, 0.15, 0.0, 1.0) == pytest.approx(0.18 + 0.82 * 0.15)


def test_before_the_launch_nothing_leaks_either():
    assert plain(access.reach)(0.18, 1.0, 0.0, 0.0) == 0.0


def test_reach_in_logs():
    assert access.log_reach(0.0) == 0.0
    assert access.log_reach(0.5) == pytest.approx(-math.log(2.0))


def test_only_the_hosted_part_of_an_offering_queues():
    served = plain(access.served)
    assert served(1.0, 0.3) == pytest.approx(0.3)
    assert served(0.5, 0.3) == pytest.approx(0.65)
    assert served(0.0, 0.0) == 1.0
    assert served(3.0, 0.0) == 0.0


def test_hosting_needs_power_and_skills_beyond_its_floor():
    hosting = plain(access.hosting_capability)
    assert hosting(1.0, 1.0, 1.0, 0.05) == 1.0
    assert hosting(0.0, 1.0, 1.0, 0.05) == 0.05
    assert hosting(1.0, 0.25, 2.0, 0.0) == pytest.approx(0.0625)


def test_chip_access_by_tier():
    chips = plain(access.chip_access)
    assert chips(1.0, 0.2, 0.8, 0.0) == pytest.approx(0.2)
    assert chips(0.0, 0.2, 0.8, 0.0) == pytest.approx(0.8)
    assert chips(0.0, 0.0, 0.8, 0.0) == 1.0
    assert chips(1.0, 0.0, 0.8, 1.0) == 1.0


def test_adoption_approaches_its_target_exponentially():
    level = 0.05
    for _ in range(25):
        level = plain(adoption.adopted)(level, 0.6, 0.12, 0.01, 1.0)
    assert 0.6 - level == pytest.approx(0.55 * 0.88**25, rel=1e-12)


def test_habits_are_given_up_at_their_own_rate():
    level = 0.6
    for _ in range(25):
        level = plain(adoption.adopted)(level, 0.1, 0.12, 0.02, 1.0)
    assert level - 0.1 == pytest.approx(0.5 * 0.98**25, rel=1e-12)


def test_adoption_ends_where_nothing_is_offered():
    assert plain(adoption.adopted)(0.4, 0.6, 0.12, 0.02, 0.0) == 0.0
    assert plain(adoption.target)(0.9, 5.0, 0.0) == 0.0


def test_adoption_target_is_a_logistic_below_those_online():
    index = plain(adoption.index)(-0.9, 0.4, 1.5, 2.0, 0.3, 0.1)
    assert index == pytest.approx(-0.9 + 0.6 + 0.6 + 0.1, rel=1e-14)
    ceiling = plain(adoption.ceiling)(0.92, np.log(0.8), 1.0)
    assert ceiling == pytest.approx(0.736)
    target = plain(adoption.target)(ceiling, index, 1.0)
    assert target == pytest.approx(0.736 / (1.0 + math.exp(-index)), rel=1e-14)


def test_speed_rises_with_users_at_home_and_abroad_up_to_all_of_the_way():
    speed = plain(adoption.speed)
    assert speed(0.02, 0.1, 0.0, 0.05, 0.0) == 0.02
    assert speed(0.02, 0.1, 0.5, 0.05, 0.4) == pytest.approx(0.09)
    assert speed(0.9, 0.9, 1.0, 0.9, 1.0) == 1.0


def test_nobody_who_could_is_no_speed_that_is_undefined():
    assert plain(adoption.speed)(0.02, 0.1, math.nan, 0.05, 0.0) == 1.0  # 0 of 0 who could


def test_speed_makes_an_s_curve():
    level, steps = 0.001, []
    for _ in range(200):
        part = level / 0.9
        new = plain(adoption.adopted)(
            level, 0.7, plain(adoption.speed)(0.0, 0.15, part, 0.0, 0.0), 0.01, 1.0
        )
        steps.append(new - level)
        level = new
    fastest = steps.index(max(steps))
    assert 20 < fastest < 120
    assert steps[0] < 0.01 * max(steps)
    assert level == pytest.approx(0.7, abs=1e-3)


def test_readiness_of_an_economy_adds_up_from_what_it_is():
    effect = plain(adoption.economy_effect)
    found = effect(0.3, 2.0, 0.5, 0.4, 0.1, math.log(0.5))
    assert found == pytest.approx(0.6 - 0.2 - 0.1 * math.log(2), rel=1e-14)
    assert effect(0.0, 9.0, 0.5, 0.0, 0.1, 0.0) == 0.0


def test_full_control_of_what_nobody_can_revoke_costs_nothing():
    lost = plain(sovereignty.control_lost)
    assert lost(1.0, 0.0) == 0.0
    assert lost(1.0, 1.0) == 1.0
    assert lost(0.0, 0.0) == 1.0
    assert plain(sovereignty.sovereignty_cost)(0.6, 0.5, lost(1.0, 0.0), 3.0) == 0.0


def test_risk_rises_with_rivalry_and_refusals_and_falls_with_alignment():
    risk = plain(sovereignty.cutoff_risk)
    assert risk(0.3, 0.4, 0.5, 0.1, 1.0, 0.0) == pytest.approx(0.6)
    assert risk(0.3, 0.4, 0.5, 0.1, 1.0, 1.0) == 0.0
    assert risk(0.3, 0.8, 0.5, 0.1, 1.0, 0.2) > risk(0.3, 0.4, 0.5, 0.1, 1.0, 0.2)


def test_affinity_is_one_sum():
    found = plain(sovereignty.affinity)(0.1, 1.0, 0.5, 0.2, 0.3, 0.5, 0.2, 0.01)
    assert found == pytest.approx(0.1 + 0.5 + 0.06 + 0.1 + 0.01)


def test_terms_that_are_products():
    assert plain(sovereignty.security_cost)(0.5, 0.4, 0.5) == pytest.approx(0.1)
    assert plain(sovereignty.customisation_benefit)(0.5, 0.4, 0.5) == pytest.approx(0.1)
    assert plain(sovereignty.stack_benefit)(0.1, 2.0) == pytest.approx(0.2)


def test_standards_hold_inside_the_larger_bloc_and_push_outside_it():
    pull = plain(sovereignty.standards_pull)
    assert pull(1.0, 0.5, 0.5) == 0.0
    assert pull(1.0, 0.5, 0.9) == pytest.approx(0.2) == -pull(1.0, 0.5, 0.1)


def test_supplier_tie_is_zero_at_its_scale():
    assert network.supplier_tie(0.05, 0.01, 0.06) == pytest.approx(0.0, abs=1e-15)
    assert network.supplier_tie(0.0, 0.01, 0.06) == pytest.approx(math.log(1 / 6))


def test_exposure_is_the_networks_when_china_weighs_as_it_did():
    exposure = plain(network.partner_exposure)
    assert exposure(0.3, 0.2, 0.9, 1.0) == 0.3
    weighed = (0.8 * 0.15 + 0.2 * 2.0 * 0.9) / (0.8 + 0.4)
    assert exposure(0.8 * 0.15 + 0.2 * 0.9, 0.2, 0.9, 2.0) == pytest.approx(weighed)


def test_installed_base_is_a_moving_average():
    stock = 0.0
    for _ in range(50):
        stock = plain(network.installed_base)(stock, 0.7, 0.05)
    assert stock == pytest.approx(0.7 * (1.0 - 0.95**50), rel=1e-12)


def test_feedbacks_are_nothing_at_the_reference_and_at_gain_zero():
    assert plain(feedback.pace_feedback)(0.3, 0.4, 0.4, 0.2, 0.6, 0.6) == 0.0
    assert plain(feedback.pace_feedback)(0.0, 0.9, 0.4, 0.0, 0.1, 0.6) == 0.0
    assert plain(feedback.community_feedback)(0.2, 0.3, 0.3) == 0.0
    assert plain(feedback.openness_response)(5.0, 0.2, 0.2) == 0.0
    assert plain(feedback.trade_scale)(0.0, 0.9, 0.1) == 1.0


def test_feedbacks_have_their_signs():
    assert plain(feedback.pace_feedback)(0.3, 0.5, 0.4, 0.2, 0.6, 0.7) == pytest.approx(0.01)
    assert plain(feedback.openness_response)(5.0, 0.1, 0.2) == 0.0
    assert plain(feedback.openness_response)(5.0, 0.4, 0.2) == pytest.approx(1.0)
    assert plain(feedback.trade_scale)(10.0, 0.0, 0.9) == 0.0


def test_alignment_drifts_to_the_change_in_use_and_stops_there():
    drift = 0.0
    for _ in range(3000):
        drift = plain(feedback.alignment_drift)(drift, 0.7, 0.4, 0.01)
    assert drift == pytest.approx(0.3, rel=1e-9)


def test_observation_is_a_product():
    assert plain(observe.observed_users)(0.5, 0.4) == pytest.approx(0.2)
    assert plain(observe.observed_brand)(0.5, 0.8) == pytest.approx(0.4)
