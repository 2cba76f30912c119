"""Cloud providers by bloc: opened, closed, and reconciled with the undated list."""

import numpy as np
import pytest
from small_worlds import tables

from sim.scenario.schema import month_index
from sim.world.axes import CN, OTHER, US
from sim.world.clouds import cloud_presence
from sim.world.economies import CLOUDS

START = month_index("2023-01")


@pytest.fixture(scope="module")
def presence():
    return cloud_presence(tables().clouds, tables().countries, (START, 60))


def at(presence, month, iso3, bloc):
    column = tables().countries["iso3"].to_list().index(iso3)
    return presence[month_index(month) - START, column, bloc]


def test_openings_and_closings(presence):
    assert at(presence, "2024-06", "MYS", US) == at(presence, "2024-07", "MYS", US) - 1
    assert at(presence, "2024-09", "AUS", CN) == at(presence, "2024-10", "AUS", CN) + 1
    assert at(presence, "2024-07", "IND", CN) == at(presence, "2024-08", "IND", CN) + 1


def test_home_markets_have_all_of_their_own(presence):
    assert (presence[:, tables().countries["iso3"].to_list().index("USA"), US] == 5.0).all()
    assert (presence[:, tables().countries["iso3"].to_list().index("CHN"), CN] == 3.0).all()
    assert (presence[:, :, OTHER] == 0.0).all()
    assert at(presence, "2025-01", "TCD", US) == at(presence, "2025-01", "TCD", CN) == 0.0


def test_an_announced_region_does_not_count(presence):
    here = presence[:, tables().countries["iso3"].to_list().index("SAU"), US]
    assert here.max() == here[-1] == 2.0  # without Amazon


def test_in_january_2025_it_is_the_undated_list_but_for_named_pairs(presence):
    table = tables().countries
    listed = np.stack(
        [
            sum(
                ((table[f"cloud_{p}"].to_numpy() > 0).astype(float) for p in providers),
                start=np.zeros(table.height),
            )
            for providers in CLOUDS
        ],
        axis=1,
    )
    differs = presence[month_index("2025-01") - START] != listed
    found = {(table["iso3"][int(c)], int(b)) for c, b in np.argwhere(differs)}
    assert found == {
        ("MEX", US),
        ("MYS", US),
        ("NZL", US),
        ("NGA", CN),
        ("PHL", CN),
        ("AUS", CN),
        ("IND", CN),
    }
