"""What dated points of a scenario (`paths`) make of what moves by itself, and of parameters.

A parameter with a path is read from `World.moving` by whoever reads it month by month.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.scenario import Resolved
from sim.scenario.economies import read_economies
from sim.scenario.paths import split_fact
from sim.scenario.schema import month_index
from sim.world.parameters import WorldParams
from sim.world.paths import Paths, economy_paths
from sim.world.tables import SeedTables

Floats = NDArray[np.float64]
CLOSING = "adoption.internet_closing"


def moving(resolved: Resolved) -> dict[str, Floats]:
    """Parameter -> [T], of those that have a path: linear between its points, flat outside."""
    return {
        path: _values(resolved, points)
        for path, points in sorted(resolved.paths.items())
        if split_fact(path) is None
    }


def economies_over_time(
    resolved: Resolved, tables: SeedTables, countries: pl.DataFrame, w: WorldParams
) -> Paths:
    """People online and incomes of the economies of `countries`. Where a scenario says how many are
    online, that level stands for the year of the table.
    """
    said = [code for code, values in resolved.countries.items() if "internet_pct" in values]
    own = pl.col("iso3").is_in(said) & (pl.col("variable") == "online")
    horizon = resolved.horizon.start, resolved.horizon.n_months
    listed = tables.paths.filter(~own)
    paths = economy_paths(listed, countries, horizon, w.adoption_internet_closing)
    return moved(paths, resolved, w, countries["iso3"].to_list())


def moved(paths: Paths, resolved: Resolved, w: WorldParams, iso3: Sequence[str]) -> Paths:
    """Paths of economies with what the scenario says of them.

    A path of `adoption.internet_closing` counts from the reference month on, over what the constant
    rate does; one of `online` is the level itself; one of `income_growth` is the yearly growth from
    the reference month on, in the place of that of the tables.
    """
    after = np.arange(resolved.horizon.n_months) > w.world_reference_month
    online, income = paths.online, paths.income
    if CLOSING in resolved.paths:
        more = _values(resolved, resolved.paths[CLOSING]) - w.adoption_internet_closing
        online = 1.0 - (1.0 - online) * np.exp(-np.cumsum(after * more / 12.0))[:, None]
    for columns, values in _facts(resolved, "online", iso3):
        online = np.where(columns, values[:, None], online)
    for columns, growth in _facts(resolved, "income_growth", iso3):
        known = paths.income[max(0, int(after.argmax()) - 1)]
        grown = known * np.exp(np.cumsum(after * np.log1p(growth) / 12.0))[:, None]
        income = np.where(after[:, None] & columns, grown, income)
    return paths._replace(online=online, income=income)


def _facts(
    resolved: Resolved, fact: str, iso3: Sequence[str]
) -> list[tuple[NDArray[np.bool_], Floats]]:
    """(economies [C], values [T]) of every path of a fact; the more particular ones come later."""
    said: dict[str, Mapping[str, float]] = {}
    for path, points in resolved.paths.items():
        found = split_fact(path)
        if found is not None and found[1] == fact:
            said[found[0]] = points
    return [
        (np.array([code in chosen for code in iso3]), _values(resolved, said[selector]))
        for selector, chosen in read_economies().widest_first(said)
    ]


def _values(resolved: Resolved, points: Mapping[str, float]) -> Floats:
    """[T] linear between dated points, flat outside."""
    when = [month_index(month) - resolved.horizon.start for month in sorted(points)]
    months = np.arange(resolved.horizon.n_months)
    return np.interp(months, when, [points[month] for month in sorted(points)])
