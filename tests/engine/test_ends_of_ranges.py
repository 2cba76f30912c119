"""Both ends of every range give a run: no run fails, and every number of every table is finite."""

import polars as pl
import pytest
from small_worlds import scenario, tables, with_quantities

from sim.ensemble.runner import run_ensemble
from sim.runs import tables as results
from sim.world.build import build_world

ECONOMIES = ("CHN", "TON", "USA")  # Tonga has no accelerators
BASE = scenario("2023-06")
QUANTITIES = BASE.quantities


def at(path, value):
    """A run with one quantity, and nothing around it, at a value."""
    moved = with_quantities(BASE, {path: {"value": value, "draw": None}})
    return run_ensemble(build_world(moved, tables(), order=ECONOMIES), 2, 1)


def not_finite(frame):
    """Columns of a table with a number that is infinite or NaN; null is undefined."""
    numbers = frame.select(pl.col(pl.Float64)).columns
    return [name for name in numbers if not frame[name].drop_nulls().is_finite().all()]


@pytest.mark.parametrize("end", [0, 1], ids=["low", "high"])
@pytest.mark.parametrize("path", sorted(QUANTITIES))
def test_an_end_of_a_range(path, end):
    found = at(path, QUANTITIES[path].range[end])
    assert found.failures == []
    made = results.tables(found.totals)
    assert {name: bad for name in made if (bad := not_finite(made[name]))} == {}
