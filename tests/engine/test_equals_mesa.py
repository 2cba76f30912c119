"""The ensemble engine gives the Mesa model's numbers, month by month, in every lane."""

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sim.model.model import Spheres
from small_worlds import EIGHT, tables, with_draws, with_values

from sim.draws.setting import make_setting
from sim.ensemble.block import Block, prepare
from sim.results.plan import indicators
from sim.scenario import load
from sim.scenario.layers import read_layer, shipped_names
from sim.scenario.quantity import DRAW_KINDS
from sim.scenario.schema import CompleteFile, PolicyFile
from sim.world.build import build_world
from sim.world.pack import drawable

TOLERANCE = 1e-9
LAYERS = {name: read_layer(path).file for name, path in shipped_names().items()}
COMPLETE = sorted(name for name, file in LAYERS.items() if isinstance(file, CompleteFile))
LIBRARY = sorted(set(LAYERS) - set(COMPLETE))
FEW = ("ARE", "BRA", "CAN", "CHN", "KEN", "VNM")


def apart(one, other):
    """Largest difference of two arrays, relative where above 1; undefined equals itself."""
    one, other = np.broadcast_arrays(one, other)
    gap = np.abs(one - other) / np.maximum(1.0, np.abs(one))
    gap = np.where((one == other) | (np.isnan(one) & np.isnan(other)), 0.0, gap)
    return np.nan_to_num(gap, nan=np.inf).max()


def furthest_apart(world, seed, compared, lanes):
    """Largest difference in shares, adoption and indicators over all months, of some lanes of a
    block from the same replicates run alone.
    """
    block = Block(prepare(world), make_setting(world, seed, tuple(range(lanes))))
    models = {lane: Spheres(make_setting(world, seed, (lane,))) for lane in compared}
    worst = 0.0
    for _ in range(world.shape[0]):
        block.step()
        many = indicators(block.supply, block.lanes.scarcity)
        for lane, model in models.items():
            model.step()
            share, adoption, _ = model.month_arrays()
            scarcity = np.array([[country.scarcity] for country in model.countries])
            worst = max(
                worst,
                apart(share, block.lanes.share[..., lane]),
                apart(adoption, block.lanes.adoption[..., lane]),
                apart(indicators(model.supply, scarcity)[:, 0], many[:, lane]),
            )
    return worst


@pytest.mark.parametrize("name", COMPLETE)
def test_every_complete_scenario_all_economies_all_months(name):
    world = build_world(load(name))
    assert furthest_apart(world, seed=1, compared=(5,), lanes=8) < TOLERANCE


@pytest.mark.parametrize("name", LIBRARY)
def test_every_shipped_override_and_policy(name):
    """Past the months in which they begin, with economies that each of them acts on."""
    policies = [name] if isinstance(LAYERS[name], PolicyFile) else []
    base = "baseline" if policies else name
    world = build_world(load(base, policies, ["horizon.end=2027-06"]), tables(), order=FEW)
    assert furthest_apart(world, seed=1, compared=(5,), lanes=8) < TOLERANCE


@pytest.mark.parametrize("network", ["none", "language_distance"])
def test_rival_networks(network):
    world = build_world(
        load("baseline", (), [f"structure.network={network}", "horizon.end=2026-06"])
    )
    assert furthest_apart(world, seed=3, compared=(0,), lanes=8) < TOLERANCE


@pytest.mark.parametrize("rule", ["logit", "replicator"])
def test_rival_rules_of_choice(rule):
    world = build_world(load("baseline", (), [f"structure.choice={rule}", "horizon.end=2025-06"]))
    assert furthest_apart(world, seed=4, compared=(1,), lanes=8) < TOLERANCE


def test_spend_per_user_is_the_same():
    world = build_world(load("baseline", (), ["horizon.end=2023-06"]))
    block = Block(prepare(world), make_setting(world, 2, tuple(range(8))))
    model = Spheres(make_setting(world, 2, (7,)))
    for _ in range(6):
        block.step()
        model.step()
    np.testing.assert_allclose(block.lanes.bill[..., 7], model.month_arrays()[2], rtol=1e-12)


PATHS = sorted(load("baseline").quantities)


@given(
    changed=st.dictionaries(st.sampled_from(PATHS), st.floats(0.0, 1.0), max_size=6),
    seed=st.integers(0, 2**20),
)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_scenarios(changed, seed):
    base = load("baseline", (), ["horizon.end=2024-03"])
    quantities = base.quantities
    values = {}
    for path, where in changed.items():
        value, (low, high) = quantities[path].value, quantities[path].range
        least, most = max(low, 0.5 * value), min(high, 1.5 * value)
        values[path] = least + where * (most - least)
    resolved = with_values(base, values)
    world = build_world(resolved, order=EIGHT)
    assert furthest_apart(world, seed, compared=(3,), lanes=8) < TOLERANCE


BASE = load("baseline", (), ["horizon.end=2023-12"])
DRAWABLE = sorted(drawable(BASE))
LANES = 8


def draw_of(quantity, kind, wide):
    """A draw of a kind that a quantity may have, wide enough that a range holds some lanes back."""
    value, (low, high) = quantity.value, quantity.range
    if kind == "lognormal" and value > 0.0:
        return kind, 0.5 * wide
    if kind == "logit_normal" and 0.0 < value < 1.0:
        return kind, 2.0 * wide
    size = abs(value) if value else 0.1 * min(1.0, high - low)
    return "half_normal" if kind == "half_normal" else "normal", 1.5 * wide * size


@given(
    drawn=st.dictionaries(
        st.sampled_from(DRAWABLE),
        st.tuples(st.sampled_from(DRAW_KINDS), st.floats(0.05, 1.0)),
        min_size=1,
        max_size=6,
    ),
    seed=st.integers(0, 2**20),
)
@example(drawn={"access.leakage.enterprise": ("normal", 1.0)}, seed=1)
@example(drawn={"access.leakage.government": ("half_normal", 1.0)}, seed=1)
@example(drawn={"offerings.us_closed.local_weight": ("half_normal", 1.0)}, seed=1)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_lanes_that_draw_apart(drawn, seed):
    quantities = BASE.quantities()
    draws = {path: draw_of(quantities[path], *how) for path, how in drawn.items()}
    world = build_world(with_draws(BASE, draws), tables(), order=EIGHT)
    assert furthest_apart(world, seed, compared=(0, 3, 5, 7), lanes=LANES) < TOLERANCE


@pytest.mark.parametrize("kind", ["normal", "half_normal", "lognormal", "logit_normal"])
def test_who_is_reached_does_not_depend_on_the_run_beside(kind):
    """Leakage that some lanes draw as 0: there a banned service reaches nobody, elsewhere it does.

    Whoever is lane 0, each lane is the replicate run alone.
    """
    start = with_values(BASE, {"access.leakage.enterprise": 0.02})
    moved = with_draws(start, {"access.leakage.enterprise": (kind, 0.05)})
    world = build_world(moved, tables(), order=EIGHT)
    setting = make_setting(world, 1, tuple(range(LANES)))
    leakage = setting.numbers.segments.leakage[list(world.resolved.segments).index("enterprise")]
    assert (leakage == 0.0).any() == (kind == "normal")
    assert furthest_apart(world, 1, compared=range(LANES), lanes=LANES) < TOLERANCE


def test_a_changed_formula_would_be_seen():
    world = build_world(load("baseline", (), ["horizon.end=2023-04"]), order=EIGHT)
    block = Block(prepare(world), make_setting(world, 1, tuple(range(8))))
    model = Spheres(make_setting(world, 1, (0,)))
    model.s = model.s._replace(churn=model.s.churn * 1.001)
    for _ in range(4):
        block.step()
        model.step()
    assert np.abs(model.month_arrays()[0] - block.lanes.share[..., 0]).max() > TOLERANCE
