"""No table holds an infinite number: what is undefined is null, and everything else is a number."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from sim.errors import SpheresError


def check_finite(tables: Mapping[str, pl.DataFrame]) -> None:
    """Raise SpheresError for the first number that is infinite or NaN, with its table and row."""
    for name in sorted(tables):
        check_table(name, tables[name])


def check_table(name: str, table: pl.DataFrame) -> None:
    """The same for one table."""
    numbers = [column for column, kind in table.schema.items() if kind.is_float()]
    bad = [column for column in numbers if not (table[column].is_finite().all())]
    if not bad:
        return
    column = bad[0]
    row = table.filter(~pl.col(column).is_finite()).row(0, named=True)
    keys = ", ".join(
        f"{key} {value}" for key, value in row.items() if key not in numbers and value is not None
    )
    raise SpheresError(
        f"table '{name}', column '{column}': {row[column]} in the row of {keys}; a number must be "
        "finite, and one that is undefined is left out. Nothing was written: please report the "
        "scenario, and move back what it moved last."
    )
