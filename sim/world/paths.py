"""What changes in an economy month by month: people online, people, income.

A figure of a year stands for its middle (1 July) and is interpolated to the middle of each month:
online as a share, people and income by constant growth. Gaps are filled by rules, each fill listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Years that a path is laid through; later months go on with the growth of the last two.
YEARS = tuple(range(2022, 2041))
#: Middle of this year is where the factors are 1: head counts and incomes of countries.csv are of
#: 2024 or close to it.
BASE_YEAR = 2024
#: Year that a level of countries.csv stands for where paths.csv has no figure on people online.
LEVEL_YEAR = 2023
_MONTHS = 12


class Paths(NamedTuple):
    """Monthly paths. Factors are relative to the middle of `BASE_YEAR`."""

    online: Floats  # [T, C] fraction of people who use the internet
    people: Floats  # [T, C] factor on head counts
    income: Floats  # [T, C] factor on GDP per head, constant prices
    filled: tuple[str, ...]  # what no source gave, in words


def economy_paths(
    table: pl.DataFrame,
    countries: pl.DataFrame,
    horizon: tuple[int, int],
    closing: float,
) -> Paths:
    """Paths of the economies of `countries`, in its order.

    table: rows of paths.csv. horizon: (first month as of `month_index`, number of months).
    closing: the part of the people offline that comes online in a year after an economy's last
    year of data, as a constant rate (`adoption.internet_closing`).
    """
    iso3 = countries["iso3"].to_list()
    regions = countries["region"].to_list()
    levels = countries["internet_pct"].cast(pl.Float64).to_numpy() / 100.0
    at = _mid_years(horizon)
    online, online_fills = _online(_grid(table, "online", iso3), levels, regions, iso3, closing)
    people, people_fills = _grown(_grid(table, "people", iso3), regions, iso3, "people")
    income, income_fills = _grown(_grid(table, "gdp_pc_ppp", iso3), regions, iso3, "gdp_pc_ppp")
    return Paths(
        online=_between(online, at, closing),
        people=np.exp(_along(np.log(people), at)),
        income=np.exp(_along(np.log(income), at)),
        filled=online_fills + people_fills + income_fills,
    )


def _mid_years(horizon: tuple[int, int]) -> Floats:
    """[T] middle of each month, in years counted from the middle of the first year of a path."""
    start, months = horizon
    middle = (start + np.arange(months) + 0.5) / _MONTHS
    return np.asarray(middle - (YEARS[0] + 0.5), dtype=np.float64)


def _grid(table: pl.DataFrame, variable: str, iso3: Sequence[str]) -> Floats:
    """[year, C] values of a variable, NaN where there is no row."""
    rows = table.filter(
        (pl.col("variable") == variable)
        & pl.col("iso3").is_in(list(iso3))
        & pl.col("year").is_between(YEARS[0], YEARS[-1])
    )
    place = {code: c for c, code in enumerate(iso3)}
    grid = np.full((len(YEARS), len(iso3)), np.nan)
    columns = np.array([place[code] for code in rows["iso3"].to_list()], dtype=np.int64)
    grid[rows["year"].to_numpy() - YEARS[0], columns] = rows["value"].to_numpy()
    return grid


def _online(
    grid: Floats, levels: Floats, regions: Sequence[str], iso3: Sequence[str], closing: float
) -> tuple[Floats, tuple[str, ...]]:
    """[year, C] complete; where a source is silent after 2021 the level of countries.csv stands."""
    filled = []
    bare = np.flatnonzero(np.isnan(grid).all(axis=0))
    grid = grid.copy()
    grid[LEVEL_YEAR - YEARS[0], bare] = levels[bare]
    if len(bare):
        names = ", ".join(iso3[int(c)] for c in bare)
        filled.append(
            f"people online: the level of countries.csv stands for {LEVEL_YEAR} in {names}"
        )
    odds_change = _changes(_log_odds(grid), regions)
    for c in range(len(iso3)):
        known = np.flatnonzero(~np.isnan(grid[:, c]))
        for y in range(known[0] - 1, -1, -1):
            grid[y, c] = _moved(grid[y + 1, c], -odds_change[y, c])
        for y in range(known[0] + 1, known[-1]):
            if np.isnan(grid[y, c]):
                grid[y, c] = grid[y - 1, c] + (_next(grid, y, c) - grid[y - 1, c]) / 2.0
        after = np.arange(known[-1] + 1, len(YEARS))
        left = np.exp(-closing * (after - known[-1]))
        grid[after, c] = 1.0 - (1.0 - grid[known[-1], c]) * left
    return grid, tuple(filled)


def _next(grid: Floats, y: int, c: int) -> float:
    """The next known value of a column after row y, brought to row y + 1."""
    ahead = np.flatnonzero(~np.isnan(grid[y:, c]))[0]
    step = (grid[y + ahead, c] - grid[y - 1, c]) / (ahead + 1)
    return float(grid[y - 1, c] + 2.0 * step)


def _log_odds(share: Floats) -> Floats:
    held = np.clip(share, 1e-3, 1.0 - 1e-3)
    return np.asarray(np.log(held / (1.0 - held)), dtype=np.float64)


def _moved(share: float, by: float) -> float:
    """The share whose odds are those of `share` times exp(by); nobody stays nobody."""
    if share in (0.0, 1.0):
        return share
    odds = share / (1.0 - share) * np.exp(by)
    return float(odds / (1.0 + odds))


def _changes(grid: Floats, regions: Sequence[str]) -> Floats:
    """[year - 1, C] median change from a year to the next over the economies of a region; where
    a region has none that year its last one, else 0.
    """
    steps = np.diff(grid, axis=0)
    medians = np.zeros(steps.shape)
    for region in sorted(set(regions)):
        inside = np.array([other == region for other in regions])
        last = 0.0
        for y in range(len(steps)):
            known = steps[y, inside]
            known = known[~np.isnan(known)]
            last = float(np.median(known)) if len(known) else last
            medians[y, inside] = last
    return medians


def _grown(
    grid: Floats, regions: Sequence[str], iso3: Sequence[str], name: str
) -> tuple[Floats, tuple[str, ...]]:
    """([year, C] factors on the base year, fills): gaps grow as the own last or first growth where
    the variable has ended for everybody or not begun, else as the median of the region.
    """
    logs = np.log(grid)
    usual = _changes(logs, regions)
    seen = np.flatnonzero(~np.isnan(grid).all(axis=1))
    first, last = (int(seen[0]), int(seen[-1])) if len(seen) else (0, 0)
    steps = np.diff(logs, axis=0)
    filled = []
    for c in range(len(iso3)):
        gaps = np.flatnonzero(np.isnan(steps[first:last, c])) + first
        if len(gaps):
            years = f"{YEARS[gaps[0]]} to {YEARS[gaps[-1] + 1]}"
            filled.append(f"{name}: {iso3[c]} grows as the median of {regions[c]} from {years}")
        steps[gaps, c] = usual[gaps, c]
        steps[:first, c] = steps[first, c]
        steps[last:, c] = steps[last - 1, c] if last > first else 0.0
    path = np.concatenate([np.zeros((1, len(iso3))), np.cumsum(steps, axis=0)])
    return np.asarray(np.exp(path - path[BASE_YEAR - YEARS[0]])), tuple(filled)


def _along(values: Floats, at: Floats) -> Floats:
    """[T, C] linear between the years; beyond the last on the line of the last two."""
    year = np.clip(np.floor(at).astype(np.int64), 0, len(values) - 2)
    part = (at - year)[:, None]
    return np.asarray(values[year] * (1.0 - part) + values[year + 1] * part, dtype=np.float64)


def _between(online: Floats, at: Floats, closing: float) -> Floats:
    """[T, C] shares; beyond the last year the people offline go on closing."""
    inside = np.minimum(at, len(online) - 1.0)
    beyond = np.maximum(at - (len(online) - 1.0), 0.0)[:, None]
    return np.asarray(1.0 - (1.0 - _along(online, inside)) * np.exp(-closing * beyond))
