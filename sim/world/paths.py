"""What changes by itself about economies, month by month: people online, incomes.

Dated points of a scenario (`paths`) come in here. A parameter with a path is read from
`World.moving` by whoever reads it month by month; `adoption.internet_closing` is read here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.scenario import Resolved
from sim.scenario.economies import read_economies
from sim.scenario.paths import split_fact
from sim.scenario.schema import month_index
from sim.world.economies import Economies
from sim.world.parameters import WorldParams

Floats = NDArray[np.float64]
CLOSING = "adoption.internet_closing"


def moving(resolved: Resolved) -> dict[str, Floats]:
    """Parameter -> [T], of those that have a path: linear between its points, flat outside."""
    return {
        path: _values(resolved, points)
        for path, points in sorted(resolved.paths.items())
        if split_fact(path) is None
    }


def online(resolved: Resolved, e: Economies, w: WorldParams, iso3: Sequence[str]) -> Floats:
    """[T, C] fraction of people online: as in the tables until the reference month, then a part
    `adoption.internet_closing` of those offline follows every year. Economies with a path `online`
    have that.
    """
    months = np.arange(resolved.horizon.n_months) - w.world_reference_month
    gone = np.asarray(w.adoption_internet_closing * np.maximum(0.0, months) / 12.0)
    if CLOSING in resolved.paths:
        rate = _values(resolved, resolved.paths[CLOSING])
        gone = np.cumsum(np.where(months > 0.0, rate / 12.0, 0.0))
    found = np.asarray(1.0 - (1.0 - e.online) * np.exp(-gone)[:, None])
    for columns, values in _facts(resolved, "online", iso3):
        found[:, columns] = values[:, None]
    return found


def income_log(resolved: Resolved, e: Economies, w: WorldParams, iso3: Sequence[str]) -> Floats:
    """[T, C] ln(income / reference income): that of the tables, which from the reference month on
    grows in economies with a path `income_growth`.
    """
    found = np.repeat(e.income_log[None, :], resolved.horizon.n_months, axis=0)
    months = np.arange(resolved.horizon.n_months) - w.world_reference_month
    for columns, growth in _facts(resolved, "income_growth", iso3):
        grown = np.cumsum(np.where(months > 0.0, np.log1p(growth) / 12.0, 0.0))
        found[:, columns] = e.income_log[columns] + grown[:, None]
    return found


def _facts(
    resolved: Resolved, fact: str, iso3: Sequence[str]
) -> list[tuple[NDArray[np.bool_], Floats]]:
    """(columns, values [T]) of every path of a fact; the more particular ones come later."""
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
    start = resolved.horizon.start
    when = [month_index(month) - start for month in sorted(points)]
    months = np.arange(resolved.horizon.n_months)
    return np.interp(months, when, [points[month] for month in sorted(points)])
