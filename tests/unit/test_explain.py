"""Explanations: the terms add up to what the model decided, in the month asked for."""

import numpy as np
import pytest
from oracle.world import Oracle
from small_worlds import scenario

from sim.draws.setting import make_setting
from sim.errors import OutsideHorizon, SchemaError, UnknownEconomy, UnknownKey
from sim.explain.explain import chosen_segments, explain, step_of
from sim.world.build import build_world

T = 8


@pytest.fixture(scope="module")
def resolved():
    return scenario("2023-12")


@pytest.fixture(scope="module")
def model(resolved):
    """The oracle after the month that is explained."""
    reference = Oracle(make_setting(build_world(resolved), 3, (0,), spread=False))
    for _ in range(T + 1):
        reference.step()
    return reference


@pytest.fixture(scope="module", params=["KEN", "CHN", "PRK"])
def told(request, resolved):
    return explain(resolved, request.param, "2023-09", seed=3)


def country_of(model, told):
    return model.countries[model.world.iso3.index(told.iso3)]


def test_terms_add_up_to_the_utility_of_the_model(model, told):
    country, offerings = country_of(model, told), list(model.world.resolved.offerings)
    for s, segment in enumerate(told.segments):
        assert {view.name for view in segment.offerings} == set(offerings)
        for view in segment.offerings:
            o = offerings.index(view.name)
            assert view.utility == pytest.approx(country.utility[s, o], abs=1e-12)
            assert sum(view.terms.values()) == pytest.approx(view.utility, abs=1e-9)


def test_choice_and_use_are_those_of_the_model(model, told):
    country, offerings = country_of(model, told), list(model.world.resolved.offerings)
    for s, segment in enumerate(told.segments):
        for view in segment.offerings:
            o = offerings.index(view.name)
            assert view.share == pytest.approx(country.share[s, o], abs=1e-12)
            assert view.choice_share == pytest.approx(country.chosen[s, o], abs=1e-12)
            assert view.feasible == (view.reach > 0)
            assert view.feasible or view.choice_share == 0
        assert sum(view.choice_share for view in segment.offerings) == pytest.approx(1, abs=1e-9)
        assert segment.adoption.level == pytest.approx(country.adoption[s], abs=1e-12)


def test_use_before_and_choice_make_use_after(told):
    for segment in told.segments:
        before = np.array([view.share_before * view.feasible for view in segment.offerings])
        chosen = np.array([view.choice_share for view in segment.offerings])
        kept = (1 - segment.anew) * before / before.sum()
        after = [view.share for view in segment.offerings]
        assert after == pytest.approx(kept + segment.anew * chosen, abs=1e-12)


def test_adoption_adds_up_and_moves_towards_its_target(told):
    for segment in told.segments:
        view = segment.adoption
        assert sum(view.terms.values()) == pytest.approx(view.index, abs=1e-9)
        assert view.target == pytest.approx(view.online / (1 + np.exp(-view.index)), abs=1e-9)
        assert min(view.before, view.target) <= view.level <= max(view.before, view.target)


def test_leader_and_runner_up_come_first(told):
    for segment in told.segments:
        first, second = segment.offerings[:2]
        assert (segment.leader, segment.runner_up) == (first.name, second.name)
        assert first.choice_share >= second.choice_share
        assert segment.gap == first.utility - second.utility


def test_refused_offerings_are_never_leaders(resolved):
    told = explain(resolved, "PRK", "2023-09", ["consumers"], seed=3)
    (segment,) = told.segments
    refused = [view.name for view in segment.offerings if not view.feasible]
    assert "us_closed" in refused
    assert segment.leader not in refused


def test_world_and_local_conditions_are_those_of_the_month(model, told):
    country = country_of(model, told)
    assert told.local.local_cost == pytest.approx(country.local_cost)
    assert told.local.scarcity == pytest.approx(country.scarcity)
    assert told.local.chip_access == pytest.approx(country.chip_access)
    assert told.local.accelerators == pytest.approx(country.accelerators)
    assert told.world.released["us_closed"] == pytest.approx(model.supply.released[0])
    assert list(told.world.api_price.values()) == pytest.approx(list(model.supply.api))


def test_every_term_is_that_of_the_oracle(model, told):
    country, offerings = country_of(model, told), list(model.world.resolved.offerings)
    for s, segment in enumerate(told.segments):
        for view in segment.offerings:
            o = offerings.index(view.name)
            assert view.price == pytest.approx(country.price[s, o], abs=1e-9)
            assert view.reach == pytest.approx(country.appraisal.reach[s, o], abs=1e-12)
            for name, values in country.appraisal.terms.items():
                assert view.terms[name] == pytest.approx(values[s, o], abs=1e-9), name


def test_later_months_of_the_horizon_change_nothing(resolved):
    longer = explain(scenario("2024-06"), "KEN", "2023-09", ["consumers"], seed=3)
    here = explain(resolved, "KEN", "2023-09", ["consumers"], seed=3)
    assert longer.segments == here.segments


def test_months_and_segments_that_do_not_exist(resolved):
    assert step_of(resolved.horizon, "2023-01") == 0
    with pytest.raises(OutsideHorizon, match="2023-01 to 2023-12"):
        step_of(resolved.horizon, "2024-01")
    with pytest.raises(SchemaError, match="YYYY-MM"):
        step_of(resolved.horizon, "2023-13")
    with pytest.raises(UnknownKey, match="consumers"):
        chosen_segments(resolved, ["consumer"])
    with pytest.raises(UnknownEconomy, match="KEN"):
        explain(resolved, "Kenya", "2023-09")
