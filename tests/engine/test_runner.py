"""Blocks, threads and failures of the engine: bytes do not depend on who computed what."""

import threading

import numpy as np
import pytest
from small_worlds import EIGHT

from sim.ensemble import runner
from sim.ensemble.job import Control
from sim.errors import Cancelled
from sim.runs import mesa
from sim.runs.tables import tables
from sim.scenario import load
from sim.world.build import build_world


@pytest.fixture(scope="module")
def world():
    return build_world(load("baseline", (), ["horizon.end=2023-12"]))


def same(one, two):
    return all(one[name].equals(two[name]) for name in one) and set(one) == set(two)


def test_workers_change_no_byte(world):
    alone = runner.run_ensemble(world, 20, 7)
    shared = runner.run_ensemble(world, 20, 7, control=Control(2))
    assert same(tables(alone.totals), tables(shared.totals))


def test_seed_decides(world):
    one = runner.run_ensemble(world, 8, 1).totals.outcomes
    again = runner.run_ensemble(world, 8, 1).totals.outcomes
    other = runner.run_ensemble(world, 8, 2).totals.outcomes
    assert one.tobytes() == again.tobytes()
    assert not np.array_equal(one, other, equal_nan=True)


def test_a_replicate_is_the_same_in_any_ensemble(world):
    few = runner.run_ensemble(world, 8, 1).totals.outcomes
    many = runner.run_ensemble(world, 40, 1).totals.outcomes
    assert few.tobytes() == np.ascontiguousarray(many[:, :, :8]).tobytes()


def test_a_broken_lane_fails_alone(world, monkeypatch):
    sound = runner.run_ensemble(world, 8, 1)
    plain = runner.make_setting

    def poisoned(*args, **kwargs):
        setting = plain(*args, **kwargs)
        for lane, replicate in enumerate(setting.replicates):
            if replicate == 2:
                setting.numbers.taste[3, :, lane] = np.nan
        return setting

    monkeypatch.setattr(runner, "make_setting", poisoned)
    found = runner.run_ensemble(world, 8, 1)
    assert [f.replicate for f in found.failures] == [2]
    assert found.failures[0].month == "2023-01"
    assert found.failures[0].iso3 == world.iso3[3]
    keep = [0, 1, 3, 4, 5, 6, 7]
    assert np.array_equal(
        found.totals.outcomes[:, :, keep], sound.totals.outcomes[:, :, keep], equal_nan=True
    )
    assert np.isnan(found.totals.outcomes[:, :, 2]).all()
    assert np.isfinite(tables(found.totals)["world"]["mean"].drop_nulls().to_numpy()).all()


def test_a_lane_that_breaks_late_is_taken_back(world, monkeypatch):
    plain = runner.make_setting

    def poisoned(*args, **kwargs):
        setting = plain(*args, **kwargs)
        for lane, replicate in enumerate(setting.replicates):
            if replicate == 4:
                setting.numbers.supply.shock[7, :, lane] = np.nan
        return setting

    without = runner.run_ensemble(world, 8, 1)
    monkeypatch.setattr(runner, "make_setting", poisoned)
    found = runner.run_ensemble(world, 8, 1)
    assert [f.replicate for f in found.failures] == [4]
    kept = [0, 1, 2, 3, 5, 6, 7]
    assert np.array_equal(
        found.totals.outcomes[:, :, kept], without.totals.outcomes[:, :, kept], equal_nan=True
    )
    frame = tables(found.totals)["countries"]
    assert np.isfinite(frame["mean"].drop_nulls().to_numpy()).all()


@pytest.mark.parametrize("month", [1, 6, 11])
def test_nothing_of_a_broken_run_is_left(world, monkeypatch, month):
    """Tables are those of an ensemble in which the run was never sound."""
    plain, found = runner.make_setting, []
    for first in (0, month):

        def poisoned(*args, first=first):
            setting = plain(*args)
            setting.numbers.supply.shock[first:, :, 4] = np.nan
            return setting

        monkeypatch.setattr(runner, "make_setting", poisoned)
        found.append(tables(runner.run_ensemble(world, 8, 1).totals))
    for name, table in found[0].items():
        assert table.equals(found[1][name]), name


def test_nothing_of_a_run_that_broke_in_the_mesa_model_is_left(monkeypatch):
    few = build_world(load("baseline", (), ["horizon.end=2023-06"]), order=EIGHT)
    plain, found = mesa.make_setting, []
    for first in (0, 5):

        def poisoned(world, seed, replicates, first=first):
            setting = plain(world, seed, replicates)
            if replicates == (1,):
                setting.numbers.supply.shock[first:] = np.nan
            return setting

        monkeypatch.setattr(mesa, "make_setting", poisoned)
        ensemble = mesa.run_mesa(few, 3, 1)
        assert [failure.replicate for failure in ensemble.failures] == [1]
        found.append(tables(ensemble.totals))
    assert same(*found)


def test_stop_is_obeyed(world):
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        runner.run_ensemble(world, 8, 1, control=Control(stop=stop))
