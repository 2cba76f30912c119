"""Tables as Markdown, and the generated part of a document that is otherwise written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.errors import InputError
from sim.files import display, write_whole

ABSENT = "–"


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; what is empty shows as a dash."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ") or ABSENT


def marks(name: str) -> tuple[str, str]:
    """The two lines between which a generated part lies."""
    return f"<!-- begin {name} (generated) -->", f"<!-- end {name} -->"


def put_section(path: Path, name: str, text: str) -> bool:
    """Replace what lies between the marks of a part; True if the file changed.

    Raises InputError if the marks are not there, in this order.
    """
    begin, end = marks(name)
    old = path.read_text(encoding="utf-8")
    head, found, rest = old.partition(begin)
    _, closed, tail = rest.partition(end)
    if not found or not closed:
        hint = f"Add the lines {begin} and {end}"
        raise InputError(f"no generated part '{name}'", file=display(path), hint=hint)
    new = f"{head}{begin}\n\n{text.strip()}\n\n{end}{tail}"
    if new != old:
        write_whole(path, new)
    return new != old
