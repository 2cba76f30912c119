"""A pack of runs gives the bits of one run at a time, wherever a run stands in it."""

import numpy as np
import pytest
from numba import njit
from small_worlds import EIGHT

from sim.draws.setting import make_setting
from sim.ensemble.block import Block, prepare
from sim.lanes.elementary import exp, log, power
from sim.lanes.packs import WIDTH, aligned, choose, highest, load, lowest, store, total
from sim.model.given import packed
from sim.scenario import load as load_scenario
from sim.world.build import build_world


@njit(error_model="numpy")
def in_packs(x, y, out):
    for j in range(x.shape[0]):
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
    found, expected = aligned(4, 20, WIDTH), aligned(4, len(x))
    in_packs(x.reshape(20, WIDTH), y.reshape(20, WIDTH), found)
    one_by_one(x, y, expected)
    assert found.tobytes() == expected.tobytes()


@njit(error_model="numpy")
def over_runs(x, out):
    for j in range(x.shape[0]):
        out[j, 0] = total(load(x, (j,)))
        out[j, 1] = lowest(load(x, (j,)))
        out[j, 2] = highest(load(x, (j,)))


def test_sum_and_range_of_a_pack():
    x = np.random.default_rng(5).normal(0.0, 3.0, (7, WIDTH))
    found = np.zeros((7, 3))
    over_runs(x, found)
    half = x
    while half.shape[1] > 1:
        middle = half.shape[1] // 2
        half = half[:, :middle] + half[:, middle:]
    assert found[:, 0].tobytes() == half[:, 0].tobytes()
    assert found[:, 1].tobytes() == x.min(axis=1).tobytes()
    assert found[:, 2].tobytes() == x.max(axis=1).tobytes()


def test_indices_name_a_pack_or_a_float():
    @njit
    def both(x):
        return total(load(x, (1,))), load(x, (1, 2))

    @njit
    def wrong(x):
        return total(load(x, (0,)))

    values = aligned(3, WIDTH)
    values[1] = np.arange(WIDTH)
    assert both(values) == (WIDTH * (WIDTH - 1) / 2, 2.0)
    with pytest.raises(TypeError, match="all but the last a pack"):
        wrong(aligned(3, 3, WIDTH))


def test_a_pack_repeats_the_last_lane():
    values = np.arange(3.0 * 5).reshape(3, 5)
    found = packed(values)
    assert found.shape == (3, WIDTH)
    np.testing.assert_array_equal(found[:, :5], values)
    assert (found[:, 5:] == values[:, -1:]).all()


def test_more_runs_than_a_pack_are_refused():
    world = build_world(load_scenario("baseline", (), ["horizon.end=2023-06"]), order=EIGHT)
    with pytest.raises(ValueError, match="holds 16 runs, not 17"):
        Block(prepare(world), make_setting(world, 1, tuple(range(WIDTH + 1))))


@pytest.mark.parametrize("count", [1, 5, WIDTH])
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
