"""How commands print: tables on stdout, everything else on stderr."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Literal

Format = Literal["table", "csv", "json"]
Row = Sequence[str | float | None]


def print_rows(columns: Sequence[str], rows: Iterable[Row], form: Format = "table") -> None:
    """Rows on stdout as an aligned table, as CSV or as JSON (a list of objects)."""
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    elif form == "json":
        records = [dict(zip(columns, row, strict=True)) for row in rows]
        print(json.dumps(records, indent=1, ensure_ascii=False))
    else:
        _print_table(columns, rows)


def _print_table(columns: Sequence[str], rows: Iterable[Row]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    wide = console if console.is_terminal else Console(width=240)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(cell_text(cell) for cell in row))
    wide.print(table, markup=False, highlight=False)


def cell_text(cell: str | float | None) -> str:
    """A cell as a table shows it."""
    if cell is None:
        return ""
    text = cell if isinstance(cell, str) else f"{cell:.6g}"
    return text.replace("[", "\\[")


def say(text: str) -> None:
    """One line for the person who looks on, on stderr."""
    print(text, file=sys.stderr)
