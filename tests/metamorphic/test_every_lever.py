"""Every lever of the baseline moves something that a run shows: no reform does nothing."""

from functools import cache

import pytest
from small_worlds import EIGHT, event, run, same_bits, scenario, with_events, with_values

END = "2027-06"
LEVERS = sorted(scenario(END).levers)
#: Levers that move nothing in the small world as it is; each is shown to work where it can.
IDLE = {
    **{
        f"ban.other.{segment}": "no service of another bloc is among the offerings that ship"
        for segment in scenario(END).segments
    },
}


@cache
def untouched():
    return run(scenario(END))


def another_value(lever, path):
    """A visible change within the lever's range; index values need one that is a release."""
    high = lever.range[1]
    if path.startswith("released."):
        return 160.0
    if lever.value == 0.0:
        return 0.1 * high
    return lever.value * (1.3 if lever.value * 1.3 <= high else 0.7)


@pytest.mark.parametrize("path", LEVERS)
def test_lever_moves_a_share_a_level_a_bill_or_supply(path):
    lever = scenario(END).levers[path]
    policy = event(path, "2024-01", another_value(lever, path))
    moved = run(with_events(scenario(END), policy))
    assert same_bits(moved.before(12), untouched().before(12)), "it moves the past"
    assert same_bits(moved, untouched()) == (path in IDLE)


def test_accelerators_matter_where_computing_is_scarce():
    scarce = with_values(scenario("2024-12"), {"world.inference_share": 0.001})
    built = run(with_events(scarce, event("gulf_buildout", "2023-06", 5e4, economies=("ARE",))))
    row = EIGHT.index("ARE")
    before = run(scarce)
    assert built.local_cost[-1, row] < before.local_cost[-1, row]
    assert built.local_cost[:5].tobytes() == before.local_cost[:5].tobytes()


@pytest.mark.parametrize("kind", ["network", "feedbacks", "dated_releases"])
def test_structure_moves_a_run(kind):
    other = {"network": "none", "feedbacks": "false", "dated_releases": "[us]"}[kind]
    gains = {"feedback.revenue_gain": 0.3, "feedback.trade_gain": 1.0}
    one = with_values(scenario("2026-06"), gains)
    two = with_values(scenario("2026-06", f"structure.{kind}={other}"), gains)
    assert not same_bits(run(one), run(two))


@pytest.mark.parametrize("form", ["logit"])
def test_rival_forms_of_choice_move_a_run(form):
    assert not same_bits(run(scenario()), run(scenario("2023-12", f"structure.choice={form}")))
