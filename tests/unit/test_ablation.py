"""Ablations: a mechanism that is switched off is off in every bit, and was on before."""

import numpy as np
import pytest
from small_worlds import EIGHT, event, with_events, world

from sim.draws.setting import make_setting
from sim.evidence.ablation import ABLATIONS, OFFERINGS, SEGMENTS
from sim.model.single import Single
from sim.scenario import load
from sim.scenario.alter import with_values
from sim.scenario.pattern import expand

LABELS = {ablation.label: ablation for ablation in ABLATIONS}
END = "2024-12"
#: Mechanism -> what it has besides what switches it off, each moved to another legal value.
REST = {
    "without lock-in": {"segments.*.memory": 0.9},
    "without ecosystem": {
        "ecosystem.decay": 0.3,
        "ecosystem.growth": 5.0,
        "ecosystem.spill": 0.9,
        "ecosystem.scale": 0.01,
    },
    "without goodwill": {"goodwill.persistence": 0.5},
    "without trust": {"trust.fall": 0.9, "trust.healing": 0.4},
    "everybody knows everything": {
        "segments.*.effort": 0.4,
        "segments.*.word_of_mouth": 2.0,
        "segments.*.partner_talk": 1.0,
        "offerings.*.effort": 3.0,
        "attention.gain": 50.0,
        "attention.half_life": 10.0,
    },
    "without attention to releases": {"attention.half_life": 10.0, "release.buzz_mean": 3.0},
    "without affordability": {"segments.*.budget_share": 0.5},
    "tokens do not answer to prices": {"intensity.price_reference": 50.0},
    "nothing on own hardware": {
        "cost.scarcity_steepness": 3.0,
        "cost.accelerator_gdp_share": 0.05,
        "cost.accelerator_retirement": 0.5,
        "cost.local.volume_mtok_month": 10.0,
        "cost.local.staff_income_share": 100.0,
        "segments.*.hosting_weight": 5.0,
    },
    "without growth of its own": {"adoption.growth_persistence": 0.1},
    "without feedbacks": {
        "feedback.revenue_gain": 2.0,
        "feedback.data_gain": 2.0,
        "feedback.community_gain": 2.0,
        "feedback.openness_gain": 50.0,
        "feedback.trade_gain": 5.0,
    },
    "without sovereignty and affinity": {
        "sovereignty.rivalry_gain": 5.0,
        "sovereignty.refused_gain": 5.0,
        "sovereignty.cutoff.us": 3.0,
        "affinity.alliance_weight": 5.0,
        "affinity.development_gain": 5.0,
        "affinity.forum_gain": 5.0,
        "affinity.drift_speed": 0.5,
    },
    "without supplier tie": {"network.tie_offset": 0.5, "network.tie_scale": 0.5},
    "no network": {
        "segments.*.imitation": 5.0,
        "segments.*.partner_talk": 2.0,
        "segments.*.speed_partners": 0.9,
    },
    "plain logit": {"choice.similarity": 0.2},
}
#: Mechanisms that need something to happen before they show.
WITHDRAWN = [
    event(f"access.{vendor}", "2023-06", 0.0, economies=("BRA", "KEN"))
    for vendor in ("openai", "google", "anthropic")
]


def resolved(label=None, extra=()):
    """The baseline with events for every mechanism to answer to, and one of them switched off."""
    ablation = LABELS.get(label)
    sets = [f"horizon.end={END}", *(ablation.sets if ablation else ())]
    sets.append("world.reference_month=6")  # feedbacks act within the horizon
    found = with_events(load("baseline", sets=sets), *WITHDRAWN)
    values = dict.fromkeys(("feedback.data_gain", "feedback.revenue_gain"), 0.5)
    return with_values(found, values | (dict(ablation.held) if ablation else {}) | dict(extra))


def outcome(what):
    """Shares, adoption, tokens and what labs can do at the end, as bytes."""
    run = Single(make_setting(world(what, EIGHT), 1, (0,), spread=False))
    run.advance(run.world.shape[0])
    state = run.memory.state
    assert np.isfinite(state.offering.share).all()
    assert state.segment.adoption.max() > 0.0
    told = (state.offering.share, state.segment.adoption, state.offering.tokens)
    told = (*told, run.memory.supply.bloc.latent)
    return b"".join(values.tobytes() for values in told)


def moved(label):
    known = load("baseline").quantities
    found = {}
    for pattern, value in REST[label].items():
        paths = expand(pattern, known)
        assert paths, pattern
        found |= dict.fromkeys(paths, value)
    return found


@pytest.fixture(scope="module")
def whole():
    return outcome(resolved())


@pytest.mark.parametrize("label", REST)
def test_what_is_switched_off_moves_no_bit(label, whole):
    off = outcome(resolved(label))
    assert outcome(resolved(label, moved(label))) == off
    assert off != whole


@pytest.mark.parametrize("label", [label for label in REST if label != "without growth of its own"])
def test_what_is_on_moves_something(label, whole):
    assert outcome(resolved(None, moved(label))) != whole


def test_growth_of_its_own_persists_where_it_is_on():
    """Its persistence shows from the second year on."""
    changed = resolved(None, moved("without growth of its own"))
    assert outcome(changed) != outcome(resolved())


def test_no_network_is_a_network_that_nobody_heeds():
    heeds_nobody = LABELS["without talk and haste from partners"].held
    imitates_nobody = LABELS["without trade imitation"].held
    assert outcome(resolved(None, heeds_nobody | imitates_nobody)) == outcome(
        resolved("no network", {"feedback.trade_gain": 3.0})
    )


def test_capability_tells_nothing_apart_without_the_exponent():
    """Worth is 1 in every task, whatever its threshold and width."""
    extra = {f"tasks.{task}.threshold": 300.0 for task in load("baseline").tasks}
    for values in ({}, extra):
        what = resolved("capability tells nothing apart in tasks", values)
        run = Single(make_setting(world(what, EIGHT), 1, (0,), spread=False))
        run.advance(3)
        assert (run.memory.supply.task.worth == 1.0).all()


def test_every_ablation_holds_paths_of_the_baseline_within_their_ranges():
    base = load("baseline")
    assert set(SEGMENTS) == set(base.segments)
    assert set(OFFERINGS) == set(base.offerings)
    for ablation in ABLATIONS:
        for path, value in ablation.held.items():
            low, high = base.quantities[path].range
            assert low <= value <= high, (ablation.label, path)
        load("baseline", sets=list(ablation.sets))


def test_without_awareness_all_know_what_is_launched():
    what = resolved("everybody knows everything")
    run = Single(make_setting(world(what, EIGHT), 1, (0,), spread=False))
    run.advance(8)
    launched = run.world.launched[7][:, None, :] * np.ones((1, len(SEGMENTS), 1))
    assert (run.memory.state.offering.known == launched).all()
    assert 0.0 < launched.mean() < 1.0
