"""Providers of clouds in an economy, dated, by bloc."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.scenario.schema import month_index
from sim.world.axes import BLOCS
from sim.world.economies import CLOUDS

Floats = NDArray[np.float64]


def cloud_presence(
    clouds: pl.DataFrame, countries: pl.DataFrame, horizon: tuple[int, int]
) -> Floats:
    """[T, C, bloc] how many providers of a bloc have a region in an economy, in a month.

    clouds: first regions with their year; a region counts from July of that year and, where it was
    closed, up to the month before `until`. countries: the undated regions of January 2025; a
    provider that has some there but no date counts throughout, and one with a date goes by it.
    horizon: (first month as of `month_index`, number of months).
    """
    start, months = horizon
    iso3 = countries["iso3"].to_list()
    place = {code: c for c, code in enumerate(iso3)}
    now = start + np.arange(months)
    present = np.zeros((months, len(iso3), len(BLOCS)))
    for bloc, providers in enumerate(CLOUDS):
        for provider in providers:
            here = np.zeros((months, len(iso3)), dtype=np.bool_)
            dated = clouds.filter(pl.col("provider") == provider)
            undated = countries[f"cloud_{provider}"].to_numpy() > 0
            for code, year, until in dated.select("iso3", "year", "until").iter_rows():
                if code not in place:
                    continue
                undated[place[code]] = False
                open_now = now >= month_index(f"{year}-07")
                if until is not None:
                    open_now &= now < month_index(until)
                here[:, place[code]] = open_now
            present[:, :, bloc] += here | undated
    return present
