"""What was measured from 2021 to 2026, at the centres of all parameters (P8 to P13 of the design).

Figures are those of seeds/targets; most of them were fitted, so that these tests say whether the
centres still reproduce them, within a factor of one and a half.
"""

import numpy as np
import pytest

from dynamics.centre import run
from sim.evidence.likelihood import firms_log_errors, later_growth_errors, users_log_errors
from sim.evidence.posterior import LAST_MONTH
from sim.evidence.prediction import Predictor
from sim.evidence.targets import load_targets
from sim.scenario import load
from sim.world.build import build_world

FACTOR = 1.5


@pytest.fixture(scope="module")
def seen():
    """(targets, what the centres predict, people of economies)."""
    world = build_world(load("baseline", (), [f"horizon.end={LAST_MONTH}"]))
    targets = load_targets(world.iso3)
    centre = {"attention.gain": np.array([world.resolved.quantities["attention.gain"].value])}
    return targets, Predictor(world, targets)(centre), world.economies.people


def series(seen, name):
    targets, found, _ = seen
    n = targets.series.names.index(name)
    return found.series[0, n], targets.series.value[n]


def test_p8_nothing_is_used_before_it_exists():
    base = run()
    launched = base.world.launched
    assert (launched.min(axis=(0, 1)) == 0.0).sum() == len(base.offerings) - 1
    before = np.broadcast_to(launched[:, :, None, :] == 0.0, base.share.shape)
    assert (base.share[before] == 0.0).all()
    china, chat = base.iso3.index("CHN"), base.of("cn_service")
    assert (base.share[: base.at("2023-08"), china, :, chat] == 0.0).all()
    assert (base.share[base.at("2023-09"), china, :, chat] > 0.0).all()


def test_p9_ai_users_grow_as_measured_over_2025(seen):
    targets, found, people = seen
    _, growth = users_log_errors(found, targets, people)
    measured = np.median(np.diff(np.log(targets.users.share), axis=1))
    assert 1 / FACTOR < (measured + np.median(growth)) / measured < FACTOR


@pytest.mark.xfail(reason="nothing in the model accelerates: the centres follow half-way only")
def test_p9_ai_users_grow_as_measured_into_2026(seen):
    targets, found, _ = seen
    later = np.median(np.log(targets.later.share / targets.users.share[targets.later.at, 1]))
    reached = later + np.median(later_growth_errors(found, targets))
    assert 1 / FACTOR < reached / later < FACTOR


def test_p10_firms_take_ai_up_on_top_of_a_base(seen):
    targets, found, _ = seen
    gap = np.exp(np.median(firms_log_errors(found, targets)[0], axis=1))
    assert (gap < FACTOR).all()
    assert (gap > 1 / FACTOR).all()


@pytest.mark.parametrize(
    "name",
    [
        "downloads-2025",
        "downloads-2026",
        "enterprise-open-2024",
        "enterprise-open-2025",
        "closed-tokens-2025",
        "closed-spend-2025",
        "aggregator-cn-mean",
        "aggregator-cn-peak",
        "aggregator-open-mean",
        "aggregator-open-late",
        "web-2024",
        "web-2025-02",
        "web-2025-08",
        "lag-cn",
        pytest.param(
            "web-2025-01", marks=pytest.mark.xfail(reason="visits follow the release too soon")
        ),
        pytest.param(
            "aggregator-cn-low", marks=pytest.mark.xfail(reason="thrice what was measured in 2024")
        ),
    ],
)
def test_p11_to_p13_channels_are_near_what_was_published(seen, name):
    reached, published = series(seen, name)
    assert published / FACTOR < reached < published * FACTOR


def test_p12_firms_turn_from_open_weights_while_developers_turn_to_them(seen):
    assert series(seen, "enterprise-open-2025")[0] < series(seen, "enterprise-open-2024")[0]
    assert series(seen, "aggregator-open-late")[0] > series(seen, "aggregator-open-mean")[0]


def test_p13_closed_models_earn_more_than_their_part_of_tokens(seen):
    assert series(seen, "closed-spend-2025")[0] > series(seen, "closed-tokens-2025")[0] + 0.1
