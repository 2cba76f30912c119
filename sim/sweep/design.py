"""Design points: rows of values, the same for every scenario and policy."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.sweep.distributions import correlated, correlation_matrix, value_at
from sim.sweep.schema import Design, SweepFile

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]


class Point(NamedTuple):
    """One design point: its number, its scenario with policy (an index), and fixed values."""

    number: int
    arm: int
    values: dict[str, float]


def design_rows(file: SweepFile) -> tuple[tuple[str, ...], Floats]:
    """Paths (sorted, so the order in the file does not matter) and values [points, paths].

    Raises numpy's LinAlgError for impossible correlations.
    """
    paths = tuple(sorted(file.uncertainties))
    kinds = [file.uncertainties[path] for path in paths]
    if not paths:
        return paths, np.zeros((1, 0))
    if file.design.method == "grid":
        return paths, np.array(list(product(*(kind.numbers for kind in kinds))))
    if file.design.method == "list":
        return paths, np.array([kind.numbers for kind in kinds]).T
    u = unit_sample(file.design, len(paths))
    if file.correlations:
        u = correlated(u, correlation_matrix(paths, file.correlations))
    return paths, np.stack([value_at(kind, u[:, k]) for k, kind in enumerate(kinds)], axis=1)


def unit_sample(design: Design, dimensions: int) -> Floats:
    """Points [points, dimensions] of the unit cube, keyed by the design's seed alone."""
    from scipy.stats import qmc

    rng = np.random.Generator(np.random.PCG64(design.seed))
    count = design.points or 0
    if design.method == "monte-carlo":
        return rng.random((count, dimensions))
    if design.method == "lhs":
        sample = qmc.LatinHypercube(dimensions, rng=rng).random(count)
    else:
        sample = qmc.Sobol(dimensions, scramble=True, rng=rng).random(count)
    return np.asarray(sample, dtype=np.float64)


def design_points(file: SweepFile, arms: int) -> tuple[Point, ...]:
    """Every row for every arm: all rows of the first arm, then of the next."""
    paths, rows = design_rows(file)
    values = [dict(zip(paths, map(float, row), strict=True)) for row in rows]
    return tuple(
        Point(arm * len(values) + k, arm, row)
        for arm in range(arms)
        for k, row in enumerate(values)
    )


def design_table(points: tuple[Point, ...], names: list[tuple[str, str]]) -> pl.DataFrame:
    """A row per point: point, scenario, policy, and one column per path.

    names: (scenario, policy) of every arm.
    """
    import polars as pl

    columns: dict[str, pl.Series] = {
        "point": pl.Series("point", [p.number for p in points], dtype=pl.Int64),
        "scenario": pl.Series("scenario", [names[p.arm][0] for p in points], dtype=pl.String),
        "policy": pl.Series("policy", [names[p.arm][1] for p in points], dtype=pl.String),
    }
    for path in points[0].values:
        columns[path] = pl.Series(path, [p.values[path] for p in points], dtype=pl.Float64)
    return pl.DataFrame(columns)
