"""What must change nothing, bit for bit, and what must change everything."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import EIGHT, event, run, same_bits, scenario, with_events, with_values, world
from strategies import economies, seeds

END = "2024-06"
PATHS = sorted(scenario(END).quantities)
quick = settings(max_examples=15, deadline=None)


@quick
@given(chosen=st.lists(st.sampled_from(PATHS), unique=True, min_size=1), spread=st.booleans())
def test_override_with_own_value_is_a_no_op(chosen, spread):
    values = {path: scenario(END).quantities[path].value for path in chosen}
    own = with_values(scenario(END), values)
    assert same_bits(run(own, spread=spread), run(scenario(END), spread=spread))


def test_own_value_through_the_front_door_is_a_no_op():
    paths = ("frontier.cn.catch_up", "us.chip_controls.tightness", "segments.consumers.churn")
    quantities = scenario(END).quantities
    sets = [f"{path}={quantities[path].value!r}" for path in paths]
    assert same_bits(run(scenario(END, *sets), spread=True), run(scenario(END), spread=True))


LEVERS = st.sampled_from(
    ["us.chip_controls.tightness", "us.price_cut", "cn.aid", "access.openai", "ban.cn.consumers"]
)


#: Chip controls are at 0.5 and 0.75 in the baseline: to set them so changes nothing.
new_values = st.floats(0.3, 0.9).filter(lambda to: to not in (0.5, 0.75))


@quick
@given(lever=LEVERS, month=st.integers(1, 17), to=new_values, spread=st.booleans())
def test_a_future_event_changes_nothing_before_its_month(lever, month, to, spread):
    on = f"{2023 + month // 12}-{month % 12 + 1:02d}"
    moved = run(with_events(scenario(END), event(lever, on, to)), spread=spread)
    base = run(scenario(END), spread=spread)
    assert same_bits(moved.before(month), base.before(month))
    chat = list(scenario(END).offerings).index("cn_service")
    there = world(scenario(END)).launched[: month + 2, :, chat].any()
    acts = lever != "ban.cn.consumers" or there  # a ban before the launch has nothing to ban
    assert same_bits(moved.before(month + 2), base.before(month + 2)) != acts


def test_an_event_that_ends_leaves_later_reach_as_it_was():
    """What it did to shares fades from then on, and does so slowly: it has left a mark."""
    on_and_off = event("access.openai", "2023-10", 0.0, until="2024-01", economies=("KEN",))
    moved, base = run(with_events(scenario(END), on_and_off)), run(scenario(END))
    row, service = EIGHT.index("KEN"), list(scenario(END).offerings).index("us_closed")
    assert same_bits(moved.before(9), base.before(9))
    lost = (base.share - moved.share)[:, row, 0, service]
    assert (lost[9:12] > 0.0).all()
    assert (np.diff(lost[11:]) < 0.0).all()
    assert lost[17] > 0.1 * lost[11]
    parts = moved.adoption[9:, row, 0] / base.adoption[9:, row, 0]
    assert (parts[2] < parts[[4, 6, 8]]).all()


def test_an_event_elsewhere_changes_nothing_of_an_economy_but_through_the_world():
    far = event("ban.cn.consumers", "2023-09", 1.0, economies=("BRA",))
    alone = scenario("2023-12", "structure.network=none", "structure.feedbacks=false")
    shared = ("sovereignty.refused_gain", "cost.us_closed.pass_through", "ecosystem.spill")
    still = with_values(alone, dict.fromkeys(shared, 0.0))
    moved, base = run(with_events(still, far)), run(still)
    others = [k for k, code in enumerate(EIGHT) if code != "BRA"]
    assert moved.adoption[:, others].tobytes() == base.adoption[:, others].tobytes()
    assert (moved.share[-1, EIGHT.index("BRA")] != base.share[-1, EIGHT.index("BRA")]).any()


@quick
@given(seed=seeds, chosen=economies())
def test_two_runs_with_one_seed_are_equal_bit_for_bit(seed, chosen):
    one = run(scenario("2023-06"), chosen, seed=seed, spread=True)
    assert same_bits(one, run(scenario("2023-06"), chosen, seed=seed, spread=True))


@quick
@given(one=seeds, other=seeds)
def test_another_seed_differs(one, other):
    paths = [run(scenario("2023-03"), seed=s, spread=True) for s in (one, other)]
    assert same_bits(*paths) == (one == other)


def test_a_longer_horizon_repeats_the_shorter_one():
    long, short = run(scenario("2024-06"), spread=True), run(scenario("2023-12"), spread=True)
    assert same_bits(long.before(12), short)


@pytest.mark.parametrize("until", ["2024-06", "2030-01"])
def test_an_event_that_says_what_holds_anyway_is_a_no_op(until):
    lever = scenario(END).levers["us.openness"].value
    same = with_events(scenario(END), event("us.openness", "2023-05", lever, until=until))
    assert same_bits(run(same), run(scenario(END)))
