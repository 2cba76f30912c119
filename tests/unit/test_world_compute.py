"""The stock of accelerators before the month it was counted in."""

import numpy as np
import pytest
from small_worlds import tables

from sim.errors import SeedError
from sim.scenario.schema import month_index
from sim.world.compute import stock_factor

START = month_index("2023-01")


def test_the_stock_grows_to_the_month_it_was_counted_in():
    factor = stock_factor(tables().compute, (START, 60))
    counted = month_index("2026-08") - START
    assert factor[0] == pytest.approx(3.3 ** -(43 / 12))
    assert factor[counted - 12] == pytest.approx(1 / 3.3)
    assert (factor[counted:] == 1.0).all()
    assert (np.diff(factor[: counted + 1]) > 0.0).all()


def test_the_slower_series_brackets_it():
    slow = stock_factor(tables().compute, (START, 60), series="nvidia")
    assert slow[0] > stock_factor(tables().compute, (START, 60))[0]


def test_an_unknown_series():
    with pytest.raises(SeedError, match="no series 'amd'"):
        stock_factor(tables().compute, (START, 60), series="amd")
