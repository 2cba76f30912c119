"""The ensemble engine gives the Mesa model's numbers, month by month, in every lane."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_worlds import EIGHT, tables, with_values

from sim.draws.setting import make_setting
from sim.ensemble.block import Block, prepare
from sim.model.model import Spheres
from sim.results.plan import indicators
from sim.scenario import load
from sim.scenario.layers import read_layer, shipped_names
from sim.scenario.schema import CompleteFile, PolicyFile
from sim.world.build import build_world

TOLERANCE = 1e-9
LAYERS = {name: read_layer(path).file for name, path in shipped_names().items()}
COMPLETE = sorted(name for name, file in LAYERS.items() if isinstance(file, CompleteFile))
LIBRARY = sorted(set(LAYERS) - set(COMPLETE))
FEW = ("ARE", "BRA", "CAN", "CHN", "KEN", "VNM")


def furthest_apart(world, seed, lane, lanes):
    """Largest difference in shares, adoption and indicators over all months, for one lane."""
    block = Block(prepare(world), make_setting(world, seed, tuple(range(lanes))))
    model = Spheres(make_setting(world, seed, (lane,)))
    worst = 0.0
    for _ in range(world.shape[0]):
        block.step()
        model.step()
        share, adoption, _ = model.month_arrays()
        scarcity = np.array([[country.scarcity] for country in model.countries])
        one = indicators(model.supply, scarcity)[:, 0]
        many = indicators(block.supply, block.lanes.scarcity)[:, lane]
        worst = max(
            worst,
            np.abs(share - block.lanes.share[..., lane]).max(),
            np.abs(adoption - block.lanes.adoption[..., lane]).max(),
            np.abs(one - many).max(),
        )
    return worst


@pytest.mark.parametrize("name", COMPLETE)
def test_every_complete_scenario_all_economies_all_months(name):
    world = build_world(load(name))
    assert furthest_apart(world, seed=1, lane=5, lanes=8) < TOLERANCE


@pytest.mark.parametrize("name", LIBRARY)
def test_every_shipped_override_and_policy(name):
    """Past the months in which they begin, with economies that each of them acts on."""
    policies = [name] if isinstance(LAYERS[name], PolicyFile) else []
    base = "baseline" if policies else name
    world = build_world(load(base, policies, ["horizon.end=2027-06"]), tables(), order=FEW)
    assert furthest_apart(world, seed=1, lane=5, lanes=8) < TOLERANCE


@pytest.mark.parametrize("network", ["none", "language_distance"])
def test_rival_networks(network):
    world = build_world(
        load("baseline", (), [f"structure.network={network}", "horizon.end=2026-06"])
    )
    assert furthest_apart(world, seed=3, lane=0, lanes=8) < TOLERANCE


@pytest.mark.parametrize("rule", ["logit", "replicator"])
def test_rival_rules_of_choice(rule):
    world = build_world(load("baseline", (), [f"structure.choice={rule}", "horizon.end=2025-06"]))
    assert furthest_apart(world, seed=4, lane=1, lanes=8) < TOLERANCE


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
    assert furthest_apart(world, seed, lane=3, lanes=8) < TOLERANCE


def test_a_changed_formula_would_be_seen():
    world = build_world(load("baseline", (), ["horizon.end=2023-04"]), order=EIGHT)
    block = Block(prepare(world), make_setting(world, 1, tuple(range(8))))
    model = Spheres(make_setting(world, 1, (0,)))
    model.s = model.s._replace(churn=model.s.churn * 1.001)
    for _ in range(4):
        block.step()
        model.step()
    assert np.abs(model.month_arrays()[0] - block.lanes.share[..., 0]).max() > TOLERANCE
