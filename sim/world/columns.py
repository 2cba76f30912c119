"""What a column of a seed table may hold, and the reading of a table against it.

The description is itself a table, ``seeds/columns.csv``: one row for every column of every table.
An empty cell is the only missing value (the text ``NA`` is Namibia's two-letter code).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sim.errors import MissingFile, SeedError
from sim.files import display

#: Line of the row in its file (the header is line 1); dropped before a table leaves this room.
LINE = "_line"

_DTYPE = {"int": pl.Int64, "float": pl.Float64, "bool01": pl.Int64}
_TYPES = ("str", "date", *_DTYPE)
_DATE = {"YYYY-MM": (7, "-01"), "YYYY-MM-DD": (10, "")}


@dataclass(frozen=True)
class Column:
    """One row of ``columns.csv``. ``low`` and ``high`` are in ``unit``; dates compare as text."""

    table: str
    name: str
    meaning: str
    unit: str
    type: str
    low: str | None
    high: str | None
    year: str | None
    sources: tuple[str, ...]
    licence: str
    required: bool
    fill_rule: str | None
    allowed: tuple[str, ...]
    key: bool
    line: int

    @property
    def numeric(self) -> bool:
        """Whether cells are numbers."""
        return self.type in _DTYPE


def read_text(path: Path) -> pl.DataFrame:
    """Every cell of a CSV as text, empty as null, with the line of each row. Raises MissingFile."""
    if not path.is_file():
        raise MissingFile(
            "no such seed table", file=display(path), hint="Restore it from the project"
        )
    try:
        frame = pl.read_csv(path, infer_schema=False, encoding="utf8")
    except pl.exceptions.PolarsError as problem:
        reason = str(problem).splitlines()[0]
        raise SeedError(
            f"not a table of comma-separated values: {reason}", file=display(path)
        ) from None
    return frame.with_row_index(LINE, offset=2)


def read_columns(seeds: Path) -> dict[str, tuple[Column, ...]]:
    """Table name to its columns, in file order. Raises MissingFile, SeedError."""
    path = seeds / "columns.csv"
    tables: dict[str, list[Column]] = {}
    for row in read_text(path).iter_rows(named=True):
        column = _column(row, path)
        tables.setdefault(column.table, []).append(column)
    return {name: tuple(columns) for name, columns in tables.items()}


def _column(row: dict[str, str | None], path: Path) -> Column:
    """One description; a missing part is an error at its line."""
    line = int(row[LINE] or 0)
    for part in ("table", "column", "meaning", "unit", "type", "source", "licence", "required"):
        if not row.get(part):
            raise SeedError(f"the column has no {part}", file=display(path), line=line)
    if row["type"] not in _TYPES:
        raise SeedError(
            f"unknown type '{row['type']}'",
            file=display(path),
            line=line,
            hint=f"Types are {', '.join(_TYPES)}",
        )
    return Column(
        table=str(row["table"]),
        name=str(row["column"]),
        meaning=str(row["meaning"]),
        unit=str(row["unit"]),
        type=str(row["type"]),
        low=row["min"],
        high=row["max"],
        year=row["year"],
        sources=tuple(str(row["source"]).split("+")),
        licence=str(row["licence"]),
        required=row["required"] == "1",
        fill_rule=row["fill_rule"],
        allowed=tuple((row["allowed"] or "").split("|")) if row["allowed"] else (),
        key=row["key"] == "1",
        line=line,
    )


def read_table(
    seeds: Path, table: str, columns: tuple[Column, ...]
) -> tuple[pl.DataFrame, list[SeedError]]:
    """The table with typed columns, sorted by its key, and every breach of its description.

    Numbers are Int64 or Float64, 0/1 columns Int64, months and days text. A cell that breaks its
    type is null in the frame. Raises MissingFile, and SeedError where the header is another.
    """
    path = seeds / f"{table}.csv"
    text = read_text(path)
    _check_header(path, text.columns, columns)
    typed = text.select(LINE, *(_typed(column) for column in columns))
    errors = _cell_errors(path, columns, text, typed)
    keys = [column.name for column in columns if column.key]
    errors += _duplicates(path, typed, keys)
    errors.sort(key=lambda error: (error.line or 0, error.path or ""))
    return typed.sort(keys, nulls_last=False), errors


def _check_header(path: Path, found: list[str], columns: tuple[Column, ...]) -> None:
    """Refuse a header that is not the described one, in its order."""
    names, header = [column.name for column in columns], [name for name in found if name != LINE]
    if header == names:
        return
    missing = [name for name in names if name not in header]
    extra = [name for name in header if name not in names]
    raise SeedError(
        f"the header differs: missing {missing or 'none'}, not described {extra or 'none'}",
        file=display(path),
        line=1,
        hint="Columns and their order are those of columns.csv",
    )


def _typed(column: Column) -> pl.Expr:
    """Cells as the column's type; what does not parse becomes null."""
    cell = pl.col(column.name)
    return cell.cast(_DTYPE[column.type], strict=False) if column.numeric else cell


#: A test of cells (True where broken), what is wrong with `{}` in place of the cell, what helps.
_Test = tuple[pl.Expr, str, str]


def _cell_errors(
    path: Path, columns: tuple[Column, ...], text: pl.DataFrame, typed: pl.DataFrame
) -> list[SeedError]:
    """Bad types, empty required cells, values out of range or not allowed.

    All tests of a table are asked at once whether any cell breaks them; only where one does are
    its rows looked up. Asking one by one took most of the time of reading a small table.
    """
    both = typed.with_columns(text[column.name].alias(_raw(column)) for column in columns)
    tests = [(column, *test) for column in columns for test in _tests(column)]
    broken = both.select(test.any().alias(str(n)) for n, (_, test, _, _) in enumerate(tests)).row(0)
    return [
        SeedError(
            message.format(value),
            file=display(path),
            line=line,
            path=column.name,
            hint=hint or None,
        )
        for found, (column, test, message, hint) in zip(broken, tests, strict=True)
        if found
        for line, value in both.filter(test).select(LINE, _raw(column)).iter_rows()
    ]


def _raw(column: Column) -> str:
    """Name that the text of a column has beside its values."""
    return f"{column.name} as text"


def _tests(column: Column) -> list[_Test]:
    """What can be wrong with a cell of the column."""
    cell, raw = pl.col(column.name), pl.col(_raw(column))
    tests: list[_Test] = []
    if column.required:
        tests.append((raw.is_null(), "empty", "The column must be known everywhere"))
    bad_type = raw.is_not_null() & _misfit(column)
    tests.append((bad_type, "'{}' is not " + _noun(column), f"Unit: {column.unit}"))
    fits = raw.is_not_null() & ~_misfit(column)
    if column.low is not None:
        low = float(column.low) if column.numeric else column.low
        tests.append((fits & (cell < low), f"{{}} is below {column.low} {column.unit}", ""))
    if column.high is not None:
        high = float(column.high) if column.numeric else column.high
        tests.append((fits & (cell > high), f"{{}} is above {column.high} {column.unit}", ""))
    if column.allowed:
        unknown = _not_allowed(column, cell)
        tests.append((fits & unknown, "'{}' is not allowed", f"One of {', '.join(column.allowed)}"))
    return tests


def _noun(column: Column) -> str:
    """What a cell of the column must be, in words."""
    words = {"int": "a whole number", "float": "a number", "bool01": "0 or 1", "str": "text"}
    return words.get(column.type, f"a date written {column.unit}")


def _misfit(column: Column) -> pl.Expr:
    """True where the text is not of the column's type."""
    cell = pl.col(column.name)
    if column.type == "float":
        return cell.is_null() | ~cell.is_finite()
    if column.type == "bool01":
        return cell.is_null() | ~cell.is_in([0, 1])
    if column.type == "int":
        return cell.is_null()
    if column.type == "date":
        length, rest = _DATE[column.unit]
        day = (cell + rest).str.to_date("%Y-%m-%d", strict=False)
        return day.is_null() | (cell.str.len_chars() != length)
    return pl.lit(value=False)


def _not_allowed(column: Column, cell: pl.Expr) -> pl.Expr:
    """True where a cell, or one of its words where the unit is ``words``, is not listed."""
    legal = pl.lit(pl.Series([list(column.allowed)]))
    if column.unit == "words":
        return cell.str.split(" ").list.set_difference(legal).list.len() > 0
    return ~cell.is_in(list(column.allowed))


def _duplicates(path: Path, typed: pl.DataFrame, keys: list[str]) -> list[SeedError]:
    """One error for each row whose key stood in an earlier row."""
    repeated = typed.filter(~pl.struct(keys).is_first_distinct())
    return [
        SeedError(
            f"a second row for {', '.join(str(part) for part in row[1:])}",
            file=display(path),
            line=row[0],
            path=", ".join(keys),
            hint="A key stands once",
        )
        for row in repeated.select(LINE, *keys).iter_rows()
    ]
