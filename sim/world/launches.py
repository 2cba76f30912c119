"""When an offering can first be had in an economy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.scenario.schema import month_index

Floats = NDArray[np.float64]


def launched(
    launches: pl.DataFrame,
    offerings: Sequence[str],
    iso3: Sequence[str],
    horizon: tuple[int, int],
) -> Floats:
    """[T, C, O] 1 from the month of launch on, 0 before.

    horizon: (first month, number of months), the first as of `month_index`. A row that names the
    economy goes before the row for everywhere (empty `iso3`), be it earlier or later. An offering
    without rows is there throughout: it is a scenario's own, and its file says from when. An
    offering that has rows, but none for an economy, is not launched there within the horizon.
    """
    start, months = horizon
    never = start + months
    first = np.full((len(iso3), len(offerings)), never, dtype=np.int64)
    row = {code: c for c, code in enumerate(iso3)}
    found = launches.select("offering", "iso3", "launched").rows()
    for position, offering in enumerate(offerings):
        mine = [(code, month_index(month)) for name, code, month in found if name == offering]
        if not mine:
            first[:, position] = start
        for code, month in sorted(mine, key=lambda pair: pair[0] is not None):
            if code is None:
                first[:, position] = month
            elif code in row:
                first[row[code], position] = month
    now = start + np.arange(months)
    return (now[:, None, None] >= first).astype(np.float64)
