"""Paths by economy: through the figures, filled by rule, going on after the last year."""

import numpy as np
import polars as pl
import pytest
from small_worlds import tables

from sim.scenario.schema import month_index
from sim.world.paths import economy_paths

START = month_index("2023-01")
JULY_2024 = month_index("2024-07") - START


def countries(*rows):
    return pl.DataFrame(rows, schema=["iso3", "region", "internet_pct"], orient="row")


def table(*rows):
    return pl.DataFrame(rows, schema=["iso3", "variable", "year", "value"], orient="row")


@pytest.fixture(scope="module")
def shipped():
    return economy_paths(tables().paths, tables().countries, (START, 240), 0.04)


def of(shipped, name, iso3):
    return getattr(shipped, name)[:, tables().countries["iso3"].to_list().index(iso3)]


def test_shipped_paths_are_complete_and_plausible(shipped):
    for array in shipped[:3]:
        assert array.shape == (240, 198)
        assert np.isfinite(array).all()
    assert ((shipped.online >= 0.0) & (shipped.online <= 1.0)).all()
    assert (np.abs(np.diff(np.log(shipped.income), axis=0)) < 0.05).all()
    assert (shipped.people > 0.4).all()
    assert (shipped.people < 2.0).all()


def test_the_base_is_the_middle_of_2024(shipped):
    around = shipped.people[JULY_2024 - 1 : JULY_2024 + 1]
    assert around.mean(axis=0) == pytest.approx(1.0, abs=1e-3)
    income = shipped.income[JULY_2024 - 1 : JULY_2024 + 1]
    assert income.mean(axis=0) == pytest.approx(1.0, abs=0.02)


def test_figures_of_the_sources(shipped):
    july_2023, july_2030 = month_index("2023-07") - START, month_index("2030-07") - START
    assert of(shipped, "online", "NGA")[july_2023] == pytest.approx(0.392136, abs=0.005)
    growth = 13589.832 / 9818.043
    assert of(shipped, "income", "IND")[july_2030] == pytest.approx(growth, rel=0.01)
    assert of(shipped, "people", "CHN")[-1] < 1.0 < of(shipped, "people", "NGA")[-1]


def test_fills_are_listed(shipped):
    text = "\n".join(shipped.filled)
    assert "TWN" in text
    assert "gdp_pc_ppp: CUB grows as the median of Americas from 2022 to 2030" in text
    assert "people:" not in text.replace("people online:", "")


def test_people_offline_close_after_the_last_year():
    rows = table(("KEN", "online", 2022, 0.4), ("KEN", "online", 2023, 0.5))
    here = countries(("KEN", "Africa", 10.0))
    filled = table(*rows.rows(), *_flat("KEN"))
    months = (month_index("2043-12") - START) + 1
    online = economy_paths(filled, here, (START, months), 0.1).online[:, 0]
    later = (months - 0.5 - 6.0) / 12.0
    assert online[-1] == pytest.approx(1.0 - 0.5 * np.exp(-0.1 * later), abs=1e-4)
    assert (np.diff(online) > 0.0).all()
    still = economy_paths(filled, here, (START, 60), 0.0).online[:, 0]
    assert still[-1] == pytest.approx(0.5)


def test_an_economy_without_rows_takes_its_level_and_the_growth_of_its_region():
    here = countries(("AAA", "Asia", 80.0), ("BBB", "Asia", 50.0), ("CCC", "Asia", 50.0))
    rows = [("BBB", "gdp_pc_ppp", y, 100.0 * 1.02 ** (y - 2022)) for y in range(2022, 2031)]
    rows += [("CCC", "gdp_pc_ppp", y, 100.0 * 1.02 ** (y - 2022)) for y in range(2022, 2031)]
    people = [row for code in ("AAA", "BBB", "CCC") for row in _flat(code) if row[1] == "people"]
    paths = economy_paths(table(*rows, *people), here, (START, 156), 0.0)
    assert paths.income[:, 0] == pytest.approx(paths.income[:, 1])
    assert paths.income[24, 0] / paths.income[12, 0] == pytest.approx(1.02)
    assert paths.online[:, 0] == pytest.approx(0.8)
    assert "gdp_pc_ppp: AAA" in "\n".join(paths.filled)


def _flat(code):
    people = [(code, "people", year, 1000.0) for year in range(2024, 2041)]
    return people + [(code, "gdp_pc_ppp", year, 500.0) for year in range(2022, 2031)]
