"""Flips: a knob is the model's own number, and turning it just so puts another in front."""

import numpy as np
import pytest
from small_worlds import event, tables, with_events, with_values, world

from sim.draws.setting import make_setting
from sim.errors import UnknownEconomy
from sim.explain.flips import NOBODY, flips, leaders
from sim.explain.frozen import Freezer, before
from sim.explain.indifferent import between, indifferent
from sim.explain.knobs import knobs
from sim.model.single import Single
from sim.model.terms import CHOSEN
from sim.scenario import load

FOUR = ("BRA", "CHN", "KEN", "USA")
MONTH = "2025-06"
KENYA = FOUR.index("KEN")


def decision(resolved, c=KENYA):
    """An economy's decision frozen in MONTH, and what the month chose."""
    single = Single(make_setting(world(resolved, FOUR), 1, (0,), spread=False))
    single.advance(single.world.shape[0] - 1)
    start = before(single, c)
    single.advance(1)
    return Freezer(single, tables().providers).freeze(c, start), single.told_of(c, CHOSEN).copy()


@pytest.fixture(scope="module")
def base():
    return load("baseline", sets=[f"horizon.end={MONTH}"])


@pytest.fixture(scope="module")
def kenya(base):
    return decision(base)


def test_an_untouched_moment_chooses_as_the_model_did(kenya):
    frozen, chosen = kenya
    np.testing.assert_allclose(frozen.chosen(), chosen, rtol=1e-12)
    assert NOBODY not in leaders(frozen)


def test_a_knob_left_at_its_value_moves_nothing(kenya):
    frozen, _ = kenya
    for knob in knobs(frozen):
        assert knob.low <= knob.now <= knob.high, knob.name
        np.testing.assert_allclose(
            frozen.chosen(knob.turn(knob.now)), frozen.chosen(), rtol=1e-9, err_msg=knob.name
        )


def knob_of(frozen, name):
    return next(knob for knob in knobs(frozen) if knob.name == name)


@pytest.mark.parametrize(
    ("name", "lever", "to", "where"),
    [
        ("rivalry", "rivalry", 0.95, None),
        ("forum.engagement", "forum.engagement", -0.6, None),
        ("defence.salience", "defence.salience", 2.0, None),
        ("standards.reach", "standards.reach", 0.9, None),
        ("partnership.signed (us_partnership)", "partnership.signed", 0.7, ("KEN",)),
        ("cloud regions (cn)", "cloud.cn", 5.0, ("KEN",)),
    ],
)
def test_a_knob_is_what_the_lever_of_that_month_would_do(base, kenya, name, lever, to, where):
    frozen, knob = kenya[0], knob_of(kenya[0], name)
    changed = with_events(base, event(lever, MONTH, to, economies=where))
    value = knob.now + to if lever.startswith("cloud") else to
    np.testing.assert_allclose(
        frozen.chosen(knob.turn(value)), decision(changed)[1], rtol=1e-9, err_msg=name
    )


def test_a_price_knob_is_the_price(base, kenya):
    """A cut of all US packaged prices by a lever is what the knobs of each do together."""
    cut = decision(with_events(base, event("us.price_cut", MONTH, 0.5)))[0]
    frozen = kenya[0]
    for offering in ("us_closed", "us_partnership"):
        knob = knob_of(frozen, f"price of {offering}")
        o = frozen.offerings.index(offering)
        seats = frozen.s.seat_weight[:, 0] == 1.0  # for these the price is the seat alone
        turned = knob.turn(-50.0).utility[seats, o]
        np.testing.assert_allclose(turned, cut.weighed.utility[seats, o], rtol=1e-9)


def test_reach_that_is_taken_away_takes_trust_in_the_same_month(base, kenya):
    """The knob of reach is a refusal by every vendor, in part."""
    refused = [
        event(f"access.{vendor}", MONTH, 0.0, economies=("KEN",))
        for vendor in ("openai", "google", "anthropic")
    ]
    after = decision(with_events(base, *refused))[0]
    frozen, o = kenya[0], kenya[0].offerings.index("us_closed")
    left = after.weighed.reach[:, o] / frozen.weighed.reach[:, o]
    frozen_cut = [
        knob_of(frozen, "users that us_closed reaches").turn(100.0 * (part - 1.0)) for part in left
    ]
    for s, weighed in enumerate(frozen_cut):
        assert weighed.reach[s, o] == pytest.approx(after.weighed.reach[s, o])
    assert after.trust[o] < frozen.trust[o] == 0.0
    whole = knob_of(frozen, "users that us_closed reaches").turn(-100.0)
    p = frozen.p  # all of the reach it ever had is gone
    lost = -p.trust_fall * frozen.before.once[o] * p.trust_depth
    assert (whole.utility - frozen.weighed.utility)[:, o] == pytest.approx(lost)


def test_a_capability_knob_is_a_better_model(base, kenya):
    """Its worth in a task: the part done well, to the segment's power."""
    frozen, name = kenya[0], "us_open"
    o, months = frozen.offerings.index(name), 5.0
    worth = knob_of(frozen, f"capability of {name}").turn(months).worth
    quantities = base.quantities
    for s, segment in enumerate(frozen.segments):
        power = quantities[f"segments.{segment}.task_exponent"].value
        for q, (task, what) in enumerate(base.tasks.items()):
            capability = (frozen.top if what.frontier else frozen.general)[o] + months
            far = capability - quantities[f"tasks.{task}.threshold"].value
            part = 1.0 / (1.0 + np.exp(-far / quantities[f"tasks.{task}.width"].value))
            assert worth[s, q, o] == pytest.approx(part**power, rel=1e-9)
    others = [k for k in range(len(frozen.offerings)) if k != o]
    assert (worth[:, :, others] == frozen.weighed.worth[:, :, others]).all()


def test_knobs_of_what_is_known_felt_and_built(kenya):
    frozen = kenya[0]
    o, f = frozen.offerings.index("cn_open_hosted"), frozen.families.index("cn")
    known = knob_of(frozen, "those who know cn_open_hosted").turn(900.0).known
    assert (known[:, o] == np.minimum(1.0, 10.0 * frozen.weighed.known[:, o])).all()
    liked = knob_of(frozen, "goodwill towards cn_open_hosted")
    assert (liked.turn(liked.now + 0.5).utility - frozen.weighed.utility)[:, o] == pytest.approx(
        0.5
    )
    scale, level = frozen.p.ecosystem_scale, frozen.before.ecosystem[f]
    skilled = knob_of(frozen, "skills built on cn").turn(2.0)
    more = np.log((1 + 2.0 / scale) / (1 + level / scale))
    felt = frozen.s.ecosystem_weight[:, 0] * more
    gained = skilled.utility - frozen.weighed.utility
    for k, family in enumerate(frozen.family):
        assert gained[:, k] == pytest.approx(felt if family == f else 0.0 * felt)


def test_no_lever_opens_what_is_not_launched():
    """Partnerships are there from May 2025 on."""
    names = {
        end: {
            knob.name for knob in knobs(decision(load("baseline", sets=[f"horizon.end={end}"]))[0])
        }
        for end in ("2025-04", "2025-05")
    }
    lever = "partnership.signed (us_partnership)"
    assert (lever in names["2025-04"], lever in names["2025-05"]) == (False, True)


def test_flips_flip_and_no_sooner(kenya):
    frozen, _ = kenya
    was, seen = leaders(frozen), 0
    for s, found in flips(frozen, range(len(frozen.segments))).items():
        assert [f.part for f in found] == sorted(f.part for f in found)
        for flip in found:
            knob = knob_of(frozen, flip.change)
            after = leaders(frozen, knob.turn(flip.needed))[s]
            short = leaders(frozen, knob.turn(knob.now + 0.999 * flip.by))[s]
            assert frozen.offerings[after] == flip.new_leader
            assert (after != was[s], short == was[s]) == (True, True), flip
            seen += 1
    assert seen > 5


def test_a_leader_that_nothing_can_flip_has_no_flips(base):
    alone = with_values(base, {"offerings.us_closed.constant.consumers": 20.0})
    frozen, _ = decision(alone, FOUR.index("USA"))
    taken_away = ("users that us_closed reaches", "those who know us_closed")
    assert [f for f in flips(frozen, [0])[0] if f.change not in taken_away] == []


def test_indifferent_economies_are_those_whose_gap_is_small(base):
    found = indifferent(base, MONTH, within=0.3, segments=["developers"])
    gaps = [abs(one.gap) for one in found]
    assert gaps == sorted(gaps)
    assert all(gap <= 0.3 for gap in gaps)
    assert {one.segment for one in found} <= {"developers"}
    one = found[0]
    alone = indifferent(base, MONTH, within=0.3, segments=["developers"], only=one.iso3.lower())
    assert alone == (one,)
    with pytest.raises(UnknownEconomy):
        indifferent(base, MONTH, only="XXX")


def test_the_gap_is_that_of_the_choice(kenya):
    frozen, chosen = kenya
    for s in range(len(frozen.segments)):
        rivals = between(frozen, s)
        ratio = chosen[s, rivals.best_us] / chosen[s, rivals.best_cn]
        assert rivals.gap == pytest.approx(np.log(ratio), abs=1e-9)
