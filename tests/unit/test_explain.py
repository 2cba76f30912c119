"""Explanations: the terms add up to what the model decided, in the month asked for."""

from math import exp, log

import numpy as np
import pytest
from small_worlds import event, scenario, with_events, with_values

from sim.draws.setting import make_setting
from sim.errors import OutsideHorizon, SchemaError, UnknownEconomy, UnknownKey
from sim.explain.explain import chosen_segments, explain, step_of
from sim.model.mesa import Spheres
from sim.world.build import build_world

T = 8


@pytest.fixture(scope="module")
def resolved():
    return scenario("2023-12")


@pytest.fixture(scope="module")
def model(resolved):
    """The agents' model after the month that is explained, and what its state was before."""
    reference = Spheres(make_setting(build_world(resolved), 3, (0,), spread=False))
    for _ in range(T + 1):
        reference.step()
    return reference


@pytest.fixture(scope="module", params=["KEN", "CHN", "PRK"])
def told(request, resolved):
    return explain(resolved, request.param, "2023-09", seed=3)


def row_of(model, told):
    return model.world.iso3.index(told.iso3)


def test_terms_add_up_to_utility_and_to_attraction(told):
    outside = ("reach", "awareness", "nest", "tasks", "own hardware", "met in use")
    for segment in told.segments:
        for view in segment.offerings:
            inside = sum(value for name, value in view.terms.items() if name not in outside)
            assert inside == pytest.approx(view.utility, abs=1e-9)
            assert sum(view.terms.values()) == pytest.approx(view.attraction, abs=1e-9)


def test_attractions_are_log_parts_of_the_choice_up_to_one_number(told):
    for segment in told.segments:
        feasible = [view for view in segment.offerings if view.feasible]
        rest = [view.attraction - log(view.choice_share) for view in feasible]
        assert max(rest) - min(rest) < 1e-9
        assert segment.gap == pytest.approx(
            log(feasible[0].choice_share / feasible[1].choice_share), abs=1e-9
        )


def test_multiplied_terms_are_logs_of_what_is_multiplied(told):
    for segment in told.segments:
        for view in segment.offerings:
            if view.feasible:
                assert exp(view.terms["reach"]) == pytest.approx(view.reach)
                assert exp(view.terms["awareness"]) == pytest.approx(view.known)
                assert exp(view.terms["own hardware"]) == pytest.approx(view.served)
            else:
                assert view.reach * view.known == 0.0
                assert view.terms["awareness"] == view.terms["tasks"] == view.terms["nest"] == 0.0


def test_what_is_told_is_what_the_model_has(model, told):
    c, offerings = row_of(model, told), list(model.world.resolved.offerings)
    state = model.memory.state
    for s, segment in enumerate(told.segments):
        assert {view.name for view in segment.offerings} == set(offerings)
        for view in segment.offerings:
            o = offerings.index(view.name)
            assert view.share == pytest.approx(state.offering.share[c, s, o], abs=1e-12)
            assert view.latent == pytest.approx(state.offering.latent[c, s, o], abs=1e-12)
            assert view.known == pytest.approx(state.offering.known[c, s, o], abs=1e-12)
            assert view.reach == pytest.approx(state.offering.reach[c, s, o], abs=1e-12)
        assert segment.adoption.level == pytest.approx(state.segment.adoption[c, s], abs=1e-12)
    for name, value in told.local.trust.items():
        assert value == pytest.approx(state.relation.trust[c, offerings.index(name)], abs=1e-12)
    assert told.local.local_cost == pytest.approx(state.economy.local_cost[c])
    assert told.local.served == pytest.approx(state.economy.served[c])
    assert told.local.accelerators == pytest.approx(state.economy.accelerators[c])
    assert list(told.world.released.values()) == pytest.approx(list(model.memory.supply.released))


def test_goodwill_and_skills_are_what_their_terms_rest_on(told, resolved):
    weight = resolved.quantities["segments.developers.ecosystem_weight"].value
    scale = resolved.quantities["ecosystem.scale"].value
    developers = next(one for one in told.segments if one.name == "developers")
    families = {name: one.family or one.track for name, one in resolved.offerings.items()}
    assert set(told.local.ecosystem) == set(families.values())
    for view in developers.offerings:
        here = told.local
        felt = here.goodwill[view.name] + here.trust[view.name]
        assert view.terms["goodwill"] == pytest.approx(felt, abs=1e-12)
        level = here.ecosystem[families[view.name]]
        assert view.terms["ecosystem"] == pytest.approx(weight * log(1 + level / scale), abs=1e-12)
    assert any(level > 0.0 for level in told.local.ecosystem.values())


def test_use_before_and_choice_make_latent_use_after(told):
    for segment in told.segments:
        shown = [view.latent * (view.reach > 0.0) for view in segment.offerings]
        after = [view.share for view in segment.offerings]
        assert after == pytest.approx(np.array(shown) / sum(shown), abs=1e-12)
        assert sum(view.choice_share for view in segment.offerings) == pytest.approx(1, abs=1e-9)


def test_tasks_add_up_to_the_value_of_the_offer(told, resolved):
    for segment in told.segments:
        weight = resolved.quantities[f"segments.{segment.name}.value_weight"].value
        names = [view.name for view in segment.offerings]
        assert [task.name for task in segment.tasks] == list(resolved.tasks)
        for task in segment.tasks:
            size = resolved.quantities[f"tasks.{task.name}.size.{segment.name}"].value
            assert task.size == pytest.approx(size)
        value = sum(task.value for task in segment.tasks)
        assert weight * value == pytest.approx(
            segment.adoption.terms["value of the offer"], abs=1e-9
        )
        for task in segment.tasks:
            assert task.value == pytest.approx(-task.size * log(1 - task.done), abs=1e-9)
            assert task.leader in names
            assert 1.0 / len(names) < task.leader_part <= 1.0
            assert 0.0 < task.done_well < 1.0


def test_adoption_adds_up_and_moves_as_fast_as_it_says(told, resolved):
    for segment in told.segments:
        view = segment.adoption
        assert sum(view.terms.values()) == pytest.approx(view.index, abs=1e-9)
        assert view.target == pytest.approx(view.ceiling / (1 + exp(-view.index)), abs=1e-9)
        share = resolved.quantities[f"segments.{segment.name}.ceiling"].value
        exponent = resolved.quantities["adoption.online_exponent"].value
        assert view.ceiling == pytest.approx(share * max(view.online, 1e-3) ** exponent, rel=1e-9)
        if view.ceiling > 0.0:
            assert view.speed == pytest.approx(min(1.0, sum(view.speed_terms.values())))
        moved = view.before + view.covered * (view.target - view.before)
        assert view.level == pytest.approx(moved, abs=1e-12)


def test_habits_are_given_up_at_their_own_rate(resolved):
    """A target far below where adoption stands is approached by the rate of falling."""
    refused = [
        event(f"access.{vendor}", "2023-09", 0.0, economies=("BRA",))
        for vendor in ("openai", "google", "anthropic")
    ]
    alone = {
        f"offerings.{name}.constant.government": -8.0
        for name in resolved.offerings
        if name != "us_closed"
    }
    fast = {"segments.government.speed_start": 1.0}  # there at once, but not back
    bad = with_events(with_values(resolved, alone | fast), *refused)
    view = explain(bad, "BRA", "2023-09", ["government"], seed=3).segments[0].adoption
    assert view.target < view.before
    assert view.covered == resolved.quantities["adoption.fall"].value != view.speed
    moved = view.before + view.covered * (view.target - view.before)
    assert view.level == pytest.approx(moved, abs=1e-12)


def test_leader_and_runner_up_come_first(told):
    for segment in told.segments:
        first, second = segment.offerings[:2]
        assert (segment.leader, segment.runner_up) == (first.name, second.name)
        assert first.choice_share >= second.choice_share
        assert segment.gap == first.attraction - second.attraction


def test_refused_offerings_are_never_leaders(resolved):
    told = explain(resolved, "PRK", "2023-09", ["consumers"], seed=3)
    (segment,) = told.segments
    refused = [view.name for view in segment.offerings if not view.feasible]
    assert "us_closed" in refused
    assert segment.leader not in refused
    assert not {task.leader for task in segment.tasks} & set(refused)


def test_what_was_withdrawn_shows_in_trust_and_stays_latent(resolved):
    refused = [
        event(f"access.{vendor}", "2023-07", 0.0, economies=("BRA",))
        for vendor in ("openai", "google", "anthropic")
    ]
    kept = explain(resolved, "BRA", "2023-09", ["government"], seed=3)
    lost = explain(with_events(resolved, *refused), "BRA", "2023-09", ["government"], seed=3)
    assert kept.local.trust["us_closed"] == 0.0 > lost.local.trust["us_closed"]
    view = next(v for v in lost.segments[0].offerings if v.name == "us_closed")
    assert view.latent > view.share


def test_the_replicator_meets_offerings_in_use():
    told = explain(scenario("2023-12", "structure.choice=replicator"), "KEN", "2023-09", seed=3)
    for segment in told.segments:
        rest = [v.attraction - log(v.choice_share) for v in segment.offerings if v.feasible]
        assert max(rest) - min(rest) < 1e-9
        assert any(view.terms["met in use"] != 0.0 for view in segment.offerings)


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
