"""A rebuilt world is the world, whatever moved."""

from dataclasses import fields

import numpy as np
import pytest
from small_worlds import EIGHT, event, scenario, tables, with_events, with_values, world

from sim.lanes.fields import Fields
from sim.record.plan import planned_alike
from sim.scenario import load
from sim.world.build import build_world
from sim.world.parameters import WorldParams
from sim.world.rebuild import rebuild_world

END = "2024-12"


@pytest.fixture(scope="module")
def before():
    return world(scenario(END))


def same(one, other) -> bool:
    """Equal in every bit, through named tuples, dataclasses and dicts."""
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.tobytes() == other.tobytes()
    if isinstance(one, Fields):
        return one.names == other.names and same(one.array, other.array)
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[k], other[k]) for k in one)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if hasattr(one, "__dataclass_fields__"):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    if hasattr(one, "equals"):
        return one.equals(other)
    if hasattr(one, "edges"):
        return list(one.edges(data=True)) == list(other.edges(data=True))
    return one == other


def check(like, resolved):
    whole = build_world(resolved, tables(), order=EIGHT)
    again = rebuild_world(like, resolved, tables())
    for f in fields(whole):
        assert same(getattr(again, f.name), getattr(whole, f.name)), f.name


def elsewhere(quantity) -> float:
    """Another legal value than the one a quantity has."""
    low, high = quantity.range
    near = quantity.value + 0.25 * (high - quantity.value)
    return near if near != quantity.value else 0.5 * (low + quantity.value)


def paths() -> list[str]:
    """Every lever; of the parameters the world-level ones; of blocks one of each field."""
    found = []
    for path in load("baseline").quantities:
        group, name = path.split(".")[0], path.split(".")[1] if "." in path else ""
        if group == "segments" and name != "developers":
            continue
        if group == "offerings" and name != "cn_service":
            continue
        if path.replace(".", "_") in WorldParams._fields:
            continue  # economies change: built anew, see below
        found.append(path)
    return found


def test_every_quantity(before):
    resolved = before.resolved
    for path in paths():
        quantity = resolved.quantities[path]
        moved = with_values(resolved, {path: elsewhere(quantity)})
        again = rebuild_world(before, moved, tables())
        whole = build_world(moved, tables(), order=EIGHT)
        different = [
            f.name for f in fields(whole) if not same(*(getattr(w, f.name) for w in (again, whole)))
        ]
        assert different == [], path


@pytest.mark.parametrize(
    ("lever", "to", "more"),
    [
        ("us.chip_controls.tightness", 0.9, {}),
        ("ban.cn.consumers", 1.0, {"economies": ("KEN",)}),
        ("access.openai", 0.0, {"economies": ("DEU",)}),
        ("cloud.us", 3.0, {}),
        ("price.cn_open", 0.1, {}),
        ("us.cutoffs", 0.4, {}),
    ],
)
def test_events(before, lever, to, more):
    check(before, with_events(before.resolved, event(lever, "2024-03", to, **more)))


def test_from_one_move_to_the_next(before):
    one = with_events(before.resolved, event("us.chip_controls.tightness", "2024-03", 0.9))
    check(rebuild_world(before, one, tables()), before.resolved)


@pytest.mark.parametrize(
    "sets", [["structure.network=none"], ["world.home_share=0.5"], ["country.leakage_factor=0.5"]]
)
def test_other_economies_or_structure_are_built_anew(sets):
    short = "horizon.end=2023-03"
    like = build_world(load("baseline", sets=[short]), tables())
    resolved = load("baseline", sets=[short, *sets])
    again, whole = rebuild_world(like, resolved, tables()), build_world(resolved, tables())
    assert all(same(getattr(again, f.name), getattr(whole, f.name)) for f in fields(whole))


@pytest.mark.parametrize("part", ["segments", "offerings"])
def test_results_of_another_order_are_not_planned_alike(before, part):
    items = list(getattr(before.resolved, part).items())
    turned = before.resolved.model_copy(update={part: dict(reversed(items))})
    again = rebuild_world(before, turned, tables())
    assert planned_alike(before, before)
    assert not planned_alike(again, before)


def test_another_horizon(before):
    check(before, scenario("2024-11"))
