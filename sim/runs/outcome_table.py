"""The table of named outcomes: the one that grows with the replicates, and is made in parts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from polars.io.plugins import register_io_source

from sim.record.finite import check_table
from sim.record.totals import Totals
from sim.runs.frames import period_labels

#: Replicates made into rows at once: about 10 MB for 80 outcomes in 26 months.
TOGETHER = 128


class Outcomes:
    """Rows (replicate, outcome, period, value) of every replicate that did not fail, sorted."""

    def __init__(self, totals: Totals) -> None:
        """Raises SpheresError if a number is infinite."""
        layout = totals.layout
        self.order = sorted(range(len(layout.outcomes)), key=lambda n: layout.outcomes[n].name)
        self.labels = [layout.outcomes[n].name for n in self.order]
        periods = period_labels(layout, layout.outcome_months)
        self.days = pl.Series(periods, dtype=pl.Date)
        self.values = totals.outcomes  # [N, K, replicates]
        self.live = np.flatnonzero(totals.live).astype(np.int32)
        if np.isinf(self.values).any():
            for part in self.parts():
                check_table("outcomes", part)

    def frame(self, *, coded: bool = False) -> pl.DataFrame:
        """All rows at once. coded: `outcome` as codes of its labels (Enum), which takes a quarter
        of the memory that strings take.
        """
        return pl.concat(list(self.parts(coded=coded)), rechunk=True)

    def scan(self) -> pl.LazyFrame:
        """The same rows, made while they are read: memory does not grow with the replicates."""

        def read(
            columns: list[str] | None,
            predicate: pl.Expr | None,
            rows: int | None,
            _batch: int | None,
        ) -> Iterator[pl.DataFrame]:
            for part in self.parts():
                found = part if rows is None else part.head(rows)
                rows = None if rows is None else rows - found.height
                found = found if predicate is None else found.filter(predicate)
                yield found if columns is None else found.select(columns)
                if rows == 0:
                    return

        return register_io_source(read, schema=self._part(0, 0).schema, is_pure=True)

    def parts(self, *, coded: bool = False) -> Iterator[pl.DataFrame]:
        """The rows, some replicates at a time; one part without rows if all failed."""
        for first in range(0, max(len(self.live), 1), TOGETHER):
            yield self._part(first, min(first + TOGETHER, len(self.live)), coded=coded)

    def _part(self, first: int, end: int, *, coded: bool = False) -> pl.DataFrame:
        live, periods = self.live[first:end], len(self.days)
        names = pl.Series(self.labels, dtype=pl.Enum(self.labels) if coded else pl.String)
        rows = len(self.labels) * periods
        outcome = np.repeat(np.arange(len(self.labels), dtype=np.uint32), periods)
        period = np.tile(np.arange(periods, dtype=np.uint32), len(self.labels) * len(live))
        values = np.empty((len(live), len(self.order), periods))
        for place, n in enumerate(self.order):
            values[:, place] = self.values[n][:, live].T
        return pl.DataFrame(
            {
                "replicate": pl.Series(np.repeat(live, rows)),
                "outcome": names.gather(pl.Series(np.tile(outcome, len(live)))),
                "period": self.days.gather(pl.Series(period)),
                "value": pl.Series(values.reshape(-1), nan_to_null=True),
            }
        )
