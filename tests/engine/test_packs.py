"""A pack of runs gives the bits of one run at a time, wherever a run stands in it."""

import numpy as np
import pytest
from numba import njit
from small_worlds import EIGHT

from sim.draws.setting import make_setting
from sim.ensemble.arrays import packed
from sim.ensemble.block import Block, prepare
from sim.equations.elementary import exp, log, power
from sim.equations.packs import WIDTH, aligned, choose, load, store
from sim.scenario import load as load_scenario
from sim.world.build import build_world


@njit(error_model="numpy")
def in_packs(x, y, out):
    for j in range(0, x.shape[0], WIDTH):
        a, b = load(x, (j,)), load(y, (j,))
        store(out, (0, j), exp(a))
        store(out, (1, j), log(b))
        store(out, (2, j), power(b, 0.37) - 2.0 / a)
        store(out, (3, j), choose(a <= b, -a, 1.5) * 3.0)


@njit(error_model="numpy")
def one_by_one(x, y, out):
    for j in range(x.shape[0]):
        a, b = x[j], y[j]
        out[0, j] = exp(a)
        out[1, j] = log(b)
        out[2, j] = power(b, 0.37) - 2.0 / a
        out[3, j] = choose(a <= b, -a, 1.5) * 3.0


def test_same_bits_as_one_by_one():
    rng = np.random.default_rng(4)
    x, y = rng.normal(0.0, 300.0, 20 * WIDTH), rng.lognormal(0.0, 5.0, 20 * WIDTH)
    x[:4], y[:4] = (np.nan, 0.0, -800.0, 1e300), (np.nan, 0.0, -1.0, 1e-300)
    found, expected = aligned(4, len(x)), aligned(4, len(x))
    in_packs(x, y, found)
    one_by_one(x, y, expected)
    assert found.tobytes() == expected.tobytes()


def test_packs_repeat_the_last_lane():
    values = np.arange(3 * (WIDTH + 2), dtype=float).reshape(3, WIDTH + 2)
    found = packed(values)
    assert found.shape == (2, 3, WIDTH)
    np.testing.assert_array_equal(found[0], values[:, :WIDTH])
    np.testing.assert_array_equal(found[1, :, :2], values[:, WIDTH:])
    assert (found[1, :, 2:] == values[:, -1:]).all()


@pytest.mark.parametrize("count", [1, 5, WIDTH + 3])
def test_a_run_does_not_depend_on_its_place(count):
    world = build_world(load_scenario("baseline", (), ["horizon.end=2023-06"]), order=EIGHT)
    few = Block(prepare(world), make_setting(world, 1, tuple(range(count))))
    one = Block(prepare(world), make_setting(world, 1, (count - 1,)))
    for _ in range(6):
        few.step()
        one.step()
    assert few.lanes.share.shape[-1] == count
    for name in few.lanes._fields:
        wide, lone = getattr(few.lanes, name), getattr(one.lanes, name)
        assert wide[..., -1].tobytes() == lone[..., 0].tobytes(), name
