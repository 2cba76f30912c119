"""Engine and Mesa model give the oracle's numbers, month by month, in every lane."""

from dataclasses import replace

import numpy as np
import pytest
from busy_world import NINE, busy
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from judged import LANES, assert_engine, assert_mesa, engine
from small_worlds import (
    EIGHT,
    closed,
    launched_late,
    scenario,
    tables,
    with_draws,
    with_values,
)

from sim.draws.setting import make_setting
from sim.scenario import load
from sim.scenario.layers import read_layer, shipped_names
from sim.scenario.quantity import DRAW_KINDS
from sim.scenario.schema import CompleteFile, PolicyFile
from sim.world.build import build_world
from sim.world.pack import drawable

LAYERS = {name: read_layer(path).file for name, path in shipped_names().items()}
COMPLETE = sorted(name for name, file in LAYERS.items() if isinstance(file, CompleteFile))
LIBRARY = sorted(set(LAYERS) - set(COMPLETE))
FEW = ("ARE", "BRA", "CAN", "CHN", "KEN", "VNM")


# Every shipped scenario and every structure.


@pytest.mark.parametrize("name", COMPLETE)
def test_every_complete_scenario_all_economies_all_months(name):
    assert_engine(build_world(load(name)), seed=1, compared=(5,))


@pytest.mark.parametrize("name", LIBRARY)
def test_every_shipped_override_and_policy(name):
    """Past the months in which they begin, with economies that each of them acts on."""
    policies = [name] if isinstance(LAYERS[name], PolicyFile) else []
    base = "baseline" if policies else name
    world = build_world(load(base, policies, ["horizon.end=2027-06"]), tables(), order=FEW)
    assert_engine(world, seed=1, compared=(5,))


STRUCTURES = (
    ("network=none", "2024-06"),
    ("network=language_distance", "2024-06"),
    ("choice=logit", "2024-06"),
    ("choice=replicator", "2024-06"),
    ("feedbacks=false", "2024-06"),
    ("dated_releases=[us]", "2024-06"),
)


@pytest.mark.parametrize(("change", "end"), STRUCTURES)
def test_every_structure(change, end):
    resolved = load("baseline", (), [f"structure.{change}", f"horizon.end={end}"])
    assert_engine(build_world(resolved, tables()), seed=3, compared=(0,))


@pytest.mark.parametrize("order", [EIGHT, ("BRA", "DEU", "KEN", "USA")])
def test_worlds_with_and_without_china(order):
    world = build_world(busy(), tables(), order=order)
    assert_engine(world, seed=2, compared=range(LANES))


# What comes late, goes, and comes back.

LATE = {"cn_service": 3, "cn_open_local": 6, "domestic": 6, "us_open": 0}


def turns(order=EIGHT):
    """Offerings launched in the middle of a busy run; Kenya has nothing at all for some months, and
    India nothing from a month on.
    """
    late = launched_late(build_world(busy(), tables(), order=order), LATE)
    return closed(closed(late, "KEN", 0, 4), "IND", 10, 18)


def test_launches_in_the_middle_and_economies_without_any_offering():
    arrays = turns()
    assert_engine(arrays, seed=2, compared=range(LANES))
    months = [lanes[0] for lanes in engine(arrays, 2)]
    kenya, india = (EIGHT.index(code) for code in ("KEN", "IND"))
    late = list(arrays.resolved.offerings).index("cn_open_local")
    shares = np.array([found["share"] for found in months])
    assert (shares[:6, :, :, late] == 0.0).all()
    assert (np.array([found["known"] for found in months])[:6, :, :, late] == 0.0).all()
    assert (shares[6:, kenya, :, late] > 0.0).all()
    for row, gone in ((kenya, slice(0, 4)), (india, slice(10, 18))):
        assert (shares[gone, row] == 0.0).all()
        assert all((found["adoption"][row] == 0.0).all() for found in months[gone])
    there = arrays.launched[:10, india].max(axis=0) > 0.0
    assert (months[-1]["trust"][india][there] < 0.0).all()


@pytest.mark.parametrize("rule", ["nested_logit", "logit", "replicator"])
def test_mesa_with_launches_by_every_rule_of_choice(rule):
    arrays = turns()
    structure = arrays.resolved.structure.model_copy(update={"choice": rule})
    resolved = arrays.resolved.model_copy(update={"structure": structure})
    assert_mesa(replace(arrays, resolved=resolved), seed=1, lane=0)


@pytest.mark.parametrize("share", [0.0, 1e-9, 1e-4])
def test_hardware_that_does_not_suffice(share):
    """None at all is for inference, or hardly any: own hosting queues, and serves nobody."""
    scarce = with_values(busy("2023-12"), {"world.inference_share": share})
    arrays = build_world(scarce, tables(), order=NINE)
    assert_engine(arrays, seed=2, compared=(0, 4))
    *_, last = (lanes[0] for lanes in engine(arrays, 2))
    assert (last["served"] < 1.0).any()
    assert share > 0.0 or (last["served"] == 0.0).all()


@pytest.mark.parametrize("gain", [0.0, 40.0])
def test_the_weight_of_china_in_trade(gain):
    scaled = with_values(busy("2024-03"), {"feedback.trade_gain": gain})
    assert_engine(build_world(scaled, tables(), order=EIGHT), seed=5, compared=(0, 7))


# The Mesa model.


def test_mesa_all_economies():
    assert_mesa(build_world(scenario("2025-06"), tables()), seed=1, lane=5)


@pytest.mark.parametrize("change", [change for change, _ in STRUCTURES])
def test_mesa_of_every_structure(change):
    world = build_world(scenario("2024-12", f"structure.{change}"), tables(), order=EIGHT)
    assert_mesa(world, seed=2, lane=3)


@pytest.mark.parametrize("name", ["two-camps", "eroded-from-below", "open-gambit"])
def test_mesa_of_some_overrides(name):
    world = build_world(load(name, (), ["horizon.end=2027-06"]), tables(), order=FEW)
    assert_mesa(world, seed=4, lane=0)


def test_mesa_where_every_mechanism_is_at_work():
    assert_mesa(build_world(busy(), tables(), order=NINE), seed=1, lane=0)


# Any path with any value, any draw.

BASES = (scenario("2023-12"), busy("2023-12"))
PATHS = sorted(BASES[0].quantities)
DRAWABLE = sorted(drawable(BASES[0]))
many = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@given(
    changed=st.dictionaries(st.sampled_from(PATHS), st.floats(0.0, 1.0), max_size=12),
    base=st.sampled_from(BASES),
    seed=st.integers(0, 2**20),
)
@many
def test_paths_with_other_values(changed, base, seed):
    quantities, values = base.quantities, {}
    for path, where in changed.items():
        value, (low, high) = quantities[path].value, quantities[path].range
        least, most = max(low, 0.5 * value), min(high, 1.5 * value)
        values[path] = least + where * (most - least)
    world = build_world(with_values(base, values), tables(), order=EIGHT)
    assert_engine(world, seed, compared=(3,))


def draw_of(quantity, kind, wide):
    """A draw of a kind that a quantity may have; wide ones have some lanes held back by a range."""
    value, (low, high) = quantity.value, quantity.range
    if kind == "lognormal" and value > 0.0:
        return kind, 0.5 * wide
    if kind == "logit_normal" and 0.0 < value < 1.0:
        return kind, 2.0 * wide
    size = abs(value) if value else 0.1 * min(1.0, high - low)
    return "half_normal" if kind == "half_normal" else "normal", 1.5 * wide * size


@pytest.mark.parametrize("base", BASES, ids=["shipped", "busy"])
@pytest.mark.parametrize("kind", DRAW_KINDS)
def test_every_path_drawn_at_once(kind, base):
    quantities = base.quantities
    draws = {path: draw_of(quantities[path], kind, 0.1) for path in DRAWABLE}
    world = build_world(with_draws(base, draws), tables(), order=NINE)
    numbers = make_setting(world, 6, tuple(range(LANES))).numbers
    still = [
        name
        for part in (numbers.params, numbers.segments, numbers.offerings)
        for name in part.names
        if (part[name] == part[name][..., :1]).all()
    ]
    held = {"goodwill_persistence"} if kind == "half_normal" else set()  # at the end of its range
    assert set(still) <= {"seat_weight"} | held
    assert_engine(world, 6, compared=(0, 3, 5, 7))


@given(
    drawn=st.dictionaries(
        st.sampled_from(DRAWABLE),
        st.tuples(st.sampled_from(DRAW_KINDS), st.floats(0.05, 1.0)),
        min_size=1,
        max_size=12,
    ),
    base=st.sampled_from(BASES),
    seed=st.integers(0, 2**20),
)
@example(drawn={"segments.enterprise.leakage": ("normal", 1.0)}, base=BASES[0], seed=1)
@example(drawn={"segments.government.leakage": ("half_normal", 1.0)}, base=BASES[0], seed=1)
@example(drawn={"offerings.us_closed.local_weight": ("half_normal", 1.0)}, base=BASES[0], seed=1)
@many
def test_lanes_that_draw_apart(drawn, base, seed):
    quantities = base.quantities
    draws = {path: draw_of(quantities[path], *how) for path, how in drawn.items()}
    world = build_world(with_draws(base, draws), tables(), order=EIGHT)
    assert_engine(world, seed, compared=(0, 3, 5, 7))


@pytest.mark.parametrize("kind", DRAW_KINDS)
def test_who_is_reached_does_not_depend_on_the_run_beside(kind):
    """Leakage that some lanes draw as 0: there a banned service reaches nobody, elsewhere it does.

    Whoever is lane 0, each lane is the replicate run alone.
    """
    start = with_values(BASES[0], {"segments.enterprise.leakage": 0.02})
    moved = with_draws(start, {"segments.enterprise.leakage": (kind, 0.05)})
    world = build_world(moved, tables(), order=EIGHT)
    setting = make_setting(world, 1, tuple(range(LANES)))
    leakage = setting.numbers.segments.leakage[list(world.resolved.segments).index("enterprise")]
    assert (leakage == 0.0).any() == (kind == "normal")
    assert_engine(world, 1, compared=range(LANES))
