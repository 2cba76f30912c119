"""Every parameter of the baseline moves something that a run shows.

The world is set so that every mechanism is at work: policy levers on, feedback gains above zero,
computing scarce, releases random from the fifth month on, and China ahead of the US in the end.
"""

from dataclasses import replace
from functools import cache

import pytest
from small_worlds import EIGHT, event, run, same_bits, scenario, with_events, with_values, world

from sim.draws.setting import make_setting
from sim.world.pack import centres, pack_constants, pack_offerings, pack_params, pack_segments

NINE = (*EIGHT, "CUB")  # Cuba's market income is capped by purchasing power
END = "2024-06"
LEVERS_ON = {
    "us.openness": 0.3,
    "us.allies_package": 0.2,
    "us.partnership_scale": 0.2,
    "us.monetisation": 0.1,
    "us.chip_controls.tier2_cap": 0.2,
    "cn.aid": 0.5,
    "cn.low_power_chips": 0.5,
    "cn.openness": 0.9,
    "forum.engagement": 0.5,
    "standards.reach": 0.5,
    "buzz.us": 0.2,
    "partnership.signed": 0.3,
}
MECHANISMS_ON = {
    "world.dated_months": 4,
    "world.reference_month": 4,
    "world.inference_share": 0.001,
    "frontier.cn.pace": 3.0,
    "release.interval.us_open": 1.1,
    "release.gap.us_open": 2.0,
    "feedback.revenue_gain": 0.3,
    "feedback.data_gain": 0.3,
    "feedback.community_gain": 0.3,
    "feedback.openness_gain": 10.0,
    "feedback.trade_gain": 1.0,
    "segments.government.industrial": 0.5,
    "offerings.us_closed.revocability": 0.9,
    "offerings.cn_service.revocability": 0.9,
}
#: Chosen by hand where a change of 30 % falls between two random numbers or two economies.
BY_HAND = {"world.income_cap_ppp": 100.0, "world.dated_months": 8, "world.reference_month": 8}
#: Read, and still without effect on what the model computes.
IDLE = {
    "observe.coverage_china": "an instrument: only observation channels read it",
    "observe.aggregator_china": "an instrument: only observation channels read it",
    "observe.aggregator_selection": "an instrument: only observation channels read it",
    "observe.visits_per_user": "an instrument: only observation channels read it",
    "observe.deepseek_share": "an instrument: only observation channels read it",
    "observe.deepseek_share_home": "an instrument: only observation channels read it",
    "choice.entry": "only the replicator structure reads it (tests/unit/test_equations_choice.py)",
    "offerings.domestic.control": "an economy's own service bears no risk of another state",
    "offerings.domestic.revocability": "an economy's own service bears no risk of another state",
    "offerings.domestic.risk": "an economy's own service is at no political distance",
}


@cache
def busy():
    """A scenario in which every mechanism is at work."""
    on = (event(path, "2023-02", value) for path, value in LEVERS_ON.items())
    return with_values(with_events(scenario(END), *on), MECHANISMS_ON)


@cache
def untouched():
    """(the setting at its centres, what it showed)."""
    setting = make_setting(world(busy(), NINE), 1, (0,), spread=False)
    return setting, run(setting)


def perturbed(path, value):
    """What a run shows with one quantity moved; only `world.*` needs the arrays built anew."""
    resolved = with_values(busy(), {path: value})
    if path.startswith(("world.", "country.")) or path.endswith(".seat_weight"):
        return run(resolved, NINE)
    setting, values = untouched()[0], centres(resolved)
    numbers = setting.numbers._replace(
        params=pack_params(resolved, values),
        segments=pack_segments(resolved, values),
        offerings=pack_offerings(resolved, values),
        constants=pack_constants(resolved, values),
    )
    return run(replace(setting, numbers=numbers))


def another_value(path, quantity):
    low, high = quantity.range
    if path in BY_HAND:
        return BY_HAND[path]
    if path.startswith("release.interval."):
        return 1.0 if quantity.value > 1.5 else 3.0
    if quantity.value == 0.0:
        return 0.1 * high
    near = (1.3 * quantity.value, 0.7 * quantity.value)
    return next(value for value in near if low <= value <= high)


@pytest.mark.parametrize("path", sorted(set(busy().quantities) - set(busy().levers)))
def test_parameter_moves_a_share_a_level_a_bill_or_supply(path):
    moved = perturbed(path, another_value(path, busy().quantities[path]))
    assert same_bits(moved, untouched()[1]) == (path in IDLE)


def test_nothing_moves_without_a_change():
    path = "segments.consumers.churn"
    assert same_bits(perturbed(path, busy().quantities[path].value), untouched()[1])
