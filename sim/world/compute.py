"""Accelerators before the month that the clusters of countries.csv are counted in."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.errors import SeedError
from sim.scenario.schema import month_index

Floats = NDArray[np.float64]

#: Month that `gpu_h100e` of countries.csv stands for.
COUNTED = "2026-08"
_MONTHS = 12


def stock_factor(
    compute: pl.DataFrame, horizon: tuple[int, int], series: str = "world", counted: str = COUNTED
) -> Floats:
    """[T] part of the accelerators of `counted` that were there in a month; 1 from then on.

    The world's stock is taken to have grown at the constant yearly factor of the series, and the
    shares of economies to have been what they are: known clusters carry no dates here. horizon:
    (first month as of `month_index`, number of months). Raises SeedError for an unknown series.
    """
    growth = dict(compute.select("series", "growth_per_year").rows())
    if series not in growth:
        raise SeedError(
            f"no series '{series}'",
            file="compute.csv",
            path="series",
            hint=f"Series are {', '.join(sorted(growth))}",
        )
    start, months = horizon
    years = (month_index(counted) - start - np.arange(months)) / _MONTHS
    return np.asarray(growth[series] ** -np.maximum(years, 0.0), dtype=np.float64)
