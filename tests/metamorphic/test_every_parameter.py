"""Every parameter of the baseline moves something that a run shows.

The world is the busy one, in which every mechanism is at work.
"""

from dataclasses import replace
from functools import cache

import pytest
from busy_world import NINE, busy
from small_worlds import run, same_bits, with_values, world

from sim.draws.setting import make_setting
from sim.world.pack import (
    centres,
    pack_constants,
    pack_offerings,
    pack_params,
    pack_segments,
    pack_sizes,
    pack_tasks,
)
from sim.world.parameters import WorldParams

#: Chosen by hand where a change of 30 % falls between two random numbers or two economies.
BY_HAND = {"world.income_cap_ppp": 100.0, "world.dated_months": 8, "world.reference_month": 8}
#: Read, and still without effect on what the model computes.
IDLE = {
    "observe.coverage_china": "an instrument: only observation channels read it",
    "observe.aggregator_china": "an instrument: only observation channels read it",
    "observe.aggregator_selection": "an instrument: only observation channels read it",
    "observe.visits_per_user": "an instrument: only observation channels read it",
    "observe.curiosity": "an instrument: only observation channels read it",
    "observe.downloads_china": "an instrument: only observation channels read it",
    "segments.consumers.basket_mtok_month": "they buy seats, and no tokens",
    "observe.deepseek_share": "an instrument: only observation channels read it",
    "observe.deepseek_share_home": "an instrument: only observation channels read it",
    "choice.entry": "only the replicator structure reads it (tests/unit/test_equations_choice.py)",
    "offerings.domestic.control": "an economy's own service bears no risk of another state",
    "offerings.domestic.revocability": "an economy's own service bears no risk of another state",
    "offerings.domestic.risk": "an economy's own service is at no political distance",
}


@cache
def untouched():
    """(the setting at its centres, what it showed)."""
    setting = make_setting(world(busy(), NINE), 1, (0,), spread=False)
    return setting, run(setting)


def perturbed(path, value):
    """What a run shows with one quantity moved; only what shapes the world has it built anew."""
    resolved = with_values(busy(), {path: value})
    if path.replace(".", "_") in WorldParams._fields or path.endswith(".seat_weight"):
        return run(resolved, NINE)
    setting, values = untouched()[0], centres(resolved)
    numbers = setting.numbers._replace(
        params=pack_params(resolved, values),
        segments=pack_segments(resolved, values),
        offerings=pack_offerings(resolved, values),
        tasks=pack_tasks(resolved, values),
        sizes=pack_sizes(resolved, values),
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
