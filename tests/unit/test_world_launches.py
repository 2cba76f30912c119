"""Launch dates: exactly nothing before them, everything after, an economy's own date first."""

import numpy as np
import polars as pl
from small_worlds import scenario, tables

from sim.scenario.schema import month_index
from sim.world.launches import launched

START = month_index("2023-01")
ISO3 = ("CHN", "FRA", "KEN", "KOR", "USA")
OFFERINGS = tuple(scenario().offerings)


def at(array, month, iso3, offering):
    return array[month_index(month) - START, ISO3.index(iso3), OFFERINGS.index(offering)]


def test_the_dates_of_the_shipped_table():
    there = launched(tables().launches, OFFERINGS, ISO3, (START, 156))
    assert there.shape == (156, 5, len(OFFERINGS))
    assert set(np.unique(there)) == {0.0, 1.0}
    assert at(there, "2023-01", "KEN", "us_closed") == 1.0
    assert at(there, "2023-07", "CHN", "cn_service") == 0.0
    assert at(there, "2023-08", "CHN", "cn_service") == 1.0
    assert at(there, "2023-08", "USA", "cn_service") == 0.0
    assert at(there, "2023-11", "USA", "cn_service") == 1.0
    assert at(there, "2023-08", "KOR", "domestic") == 1.0
    assert at(there, "2023-11", "KEN", "domestic") == 1.0
    assert at(there, "2024-01", "FRA", "domestic") == 0.0
    assert at(there, "2025-04", "KEN", "us_partnership") == 0.0


def test_nothing_is_withdrawn_and_every_offering_of_the_baseline_has_a_date():
    there = launched(tables().launches, OFFERINGS, ISO3, (START, 156))
    assert (np.diff(there, axis=0) >= 0.0).all()
    assert (there[-1] == 1.0).all()
    assert set(OFFERINGS) <= set(tables().launches["offering"])


def test_rows_without_everywhere_and_offerings_without_rows():
    own = pl.DataFrame(
        [("a", "KEN", "2023-03"), ("b", None, "2023-02"), ("b", "KEN", "2023-01")],
        schema=["offering", "iso3", "launched"],
        orient="row",
    )
    there = launched(own, ("a", "b", "c"), ("CHN", "KEN"), (START, 4))
    assert there[:, 0, 0].tolist() == [0, 0, 0, 0]
    assert there[:, 1, 0].tolist() == [0, 0, 1, 1]
    assert there[:, 0, 1].tolist() == [0, 1, 1, 1]
    assert there[:, 1, 1].tolist() == [1, 1, 1, 1]
    assert (there[:, :, 2] == 1.0).all()
