"""Flips: a knob is the model's own number, and turning it just so puts another in front."""

import numpy as np
import pytest
from oracle.world import Oracle
from small_worlds import event, with_events, with_values, world

from sim.draws.setting import make_setting
from sim.errors import UnknownEconomy
from sim.explain.flips import NOBODY, flips, leaders
from sim.explain.frozen import Freezer, before
from sim.explain.indifferent import between, indifferent
from sim.explain.knobs import knobs
from sim.model.single import Single
from sim.scenario import load

FOUR = ("BRA", "CHN", "KEN", "USA")
MONTH = "2025-06"
KENYA = FOUR.index("KEN")


def decision(resolved, c=KENYA):
    """An economy's decision frozen in MONTH, and its country after it."""
    setting = make_setting(world(resolved, FOUR), 1, (0,), spread=False)
    single, oracle = Single(setting), Oracle(setting)
    single.advance(single.world.shape[0] - 1)
    start = before(single, c)
    single.advance(1)
    for _ in range(oracle.world.shape[0]):
        oracle.step()
    return Freezer(single).freeze(c, start), oracle.countries[c]


@pytest.fixture(scope="module")
def base():
    return load("baseline", sets=[f"horizon.end={MONTH}"])


@pytest.fixture(scope="module")
def kenya(base):
    return decision(base)


def test_an_untouched_moment_chooses_as_the_model_did(kenya):
    frozen, country = kenya
    np.testing.assert_allclose(frozen.chosen(), country.chosen, rtol=1e-12)
    assert NOBODY not in leaders(frozen)


def test_a_knob_left_at_its_value_moves_nothing(kenya):
    frozen, _ = kenya
    for knob in knobs(frozen):
        assert knob.low <= knob.now <= knob.high, knob.name
        np.testing.assert_allclose(
            knob.turn(knob.now).chosen(), frozen.chosen(), rtol=1e-9, err_msg=knob.name
        )


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
    knob = next((k for k in knobs(kenya[0]) if k.name == name), None)
    assert knob is not None
    changed = with_events(base, event(lever, MONTH, to, economies=where))
    value = knob.now + to if lever.startswith("cloud") else to
    np.testing.assert_allclose(
        knob.turn(value).chosen(), decision(changed)[1].chosen, rtol=1e-9, err_msg=name
    )


def test_a_price_knob_is_the_price(base, kenya):
    """A cut of all US packaged prices by a lever is what the knobs of each do together."""
    cut = decision(with_events(base, event("us.price_cut", MONTH, 0.5)))[1]
    frozen = kenya[0]
    for offering in ("us_closed", "us_partnership"):
        knob = next(k for k in knobs(frozen) if k.name == f"price of {offering}")
        o = frozen.offerings.index(offering)
        seats = frozen.s.seat_weight[:, 0] == 1.0  # for these the price is the seat alone
        turned = knob.turn(-50.0).utility[seats, o]
        np.testing.assert_allclose(turned, cut.utility[seats, o], rtol=1e-9)


def test_flips_flip_and_no_sooner(kenya):
    frozen, _ = kenya
    seen = 0
    for s in range(len(frozen.segments)):
        was = leaders(frozen)[s]
        found = flips(frozen, s)
        assert [f.part for f in found] == sorted(f.part for f in found)
        for flip in found:
            knob = next(k for k in knobs(frozen) if k.name == flip.change)
            after = leaders(knob.turn(flip.needed))[s]
            short = leaders(knob.turn(knob.now + 0.999 * flip.by))[s]
            assert frozen.offerings[after] == flip.new_leader
            assert (after != was, short == was) == (True, True), flip
            seen += 1
    assert seen > 5


def test_a_leader_that_nothing_can_flip_has_no_flips(base):
    alone = with_values(base, {"offerings.us_closed.constant.consumers": 20.0})
    frozen, _ = decision(alone, FOUR.index("USA"))
    assert [f for f in flips(frozen, 0) if not f.change.startswith("users that us_closed")] == []


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


def test_the_gap_is_that_of_utilities(kenya):
    frozen, country = kenya
    for s in range(len(frozen.segments)):
        rivals = between(frozen, s)
        us, cn = country.utility[s, rivals.best_us], country.utility[s, rivals.best_cn]
        assert rivals.gap == pytest.approx(us - cn, abs=1e-12)
