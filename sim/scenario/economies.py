"""Economy codes and groups, read from the country table without any data library.

A list of selectors names economies: an ISO3 code (``KEN``), ``all``, ``group:eu`` (a 0/1 column),
``region:Africa``, ``subregion:Western Asia``, ``income:Low``, ``tier:2``; a leading ``-`` takes
away (``[all, -CHN]``, ``[group:eu, -HUN]``). A list of exclusions alone starts from all.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from sim.errors import MissingFile, SeedError, UnknownEconomy, nearest
from sim.files import display, seeds_dir
from sim.scenario.yaml_lines import Document, Key

_COLUMNS = {
    "region": "region",
    "subregion": "subregion",
    "income": "income_group",
    "tier": "ai_diffusion_tier",
}


@dataclass(frozen=True)
class Economies:
    """The country table as text: ``rows[iso3][column]``."""

    rows: dict[str, dict[str, str]]
    columns: tuple[str, ...]

    def select(self, selectors: Iterable[str]) -> frozenset[str]:
        """Economies a list of selectors names. Raises UnknownEconomy (without file and line)."""
        plus: set[str] = set()
        minus: set[str] = set()
        words = list(selectors)
        for word in words:
            if word.startswith("-"):
                minus |= self._one(word[1:])
            else:
                plus |= self._one(word)
        if all(word.startswith("-") for word in words):
            plus = set(self.rows)
        chosen = frozenset(plus - minus)
        if not chosen:
            raise UnknownEconomy(f"{', '.join(words)} selects no economy")
        return chosen

    def widest_first(self, selectors: Iterable[str]) -> list[tuple[str, frozenset[str]]]:
        """Single selectors with the economies they name, those that name most first: where they
        overlap, the last one is the most particular. Raises UnknownEconomy.
        """
        chosen = [(word, self.select([word])) for word in selectors]
        return sorted(chosen, key=lambda pair: (-len(pair[1]), pair[0]))

    def rivals(self, said: Mapping[str, object]) -> tuple[str, str] | None:
        """Two selectors that are as particular as each other, overlap, and do not say the same."""
        for (one, here), (other, there) in combinations(self.widest_first(said), 2):
            if len(here) == len(there) and here & there and said[one] != said[other]:
                return one, other
        return None

    def _one(self, word: str) -> set[str]:
        if word == "all":
            return set(self.rows)
        kind, colon, value = word.partition(":")
        if not colon:
            return {self.known(word)}
        if kind == "group":
            return self._group(value)
        if kind not in _COLUMNS:
            legal = ", ".join(("group", *_COLUMNS))
            raise UnknownEconomy(f"unknown selector '{word}'", hint=f"Legal before ':': {legal}")
        column = _COLUMNS[kind]
        found = {iso3 for iso3, row in self.rows.items() if row.get(column) == value}
        if not found:
            values = sorted({row.get(column, "") for row in self.rows.values()} - {""})
            hint = nearest(value, values) or f"Legal: {', '.join(values[:12])}"
            raise UnknownEconomy(f"no economy has {kind} '{value}'", hint=hint)
        return found

    def _group(self, name: str) -> set[str]:
        groups = self.groups()
        if name not in groups:
            hint = nearest(name, groups) or f"Legal: {', '.join(groups)}"
            raise UnknownEconomy(f"unknown group '{name}'", hint=hint)
        return {iso3 for iso3, row in self.rows.items() if row[name] == "1"}

    def groups(self) -> list[str]:
        """Names after ``group:``: the columns that hold only 0 and 1."""
        return [
            column
            for column in self.columns
            if {row[column] for row in self.rows.values()} <= {"0", "1"}
        ]

    def numeric(self) -> list[str]:
        """Columns that hold nothing but numbers and blanks."""
        return [
            column
            for column in self.columns
            if all(_is_number(row[column]) for row in self.rows.values() if row[column])
        ]

    def known(self, iso3: str) -> str:
        """``iso3`` if the table has it. Raises UnknownEconomy."""
        if iso3 in self.rows:
            return iso3
        hint = self._hint(iso3)
        raise UnknownEconomy(f"unknown economy '{iso3}'", hint=hint)

    def _hint(self, word: str) -> str:
        if word in self.groups():
            return f"A group is written group:{word}"
        for iso3, row in self.rows.items():
            if word.lower() in (row.get("name", "").lower(), row.get("iso2", "").lower()):
                return f"The ISO3 code of {row.get('name')} is {iso3}"
        return nearest(word, self.rows) or "Use an ISO 3166-1 alpha-3 code such as KEN"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def read_economies() -> Economies:
    """The country table of ``seeds/``. Raises MissingFile, SeedError."""
    path = seeds_dir() / "countries.csv"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        hint = "Economy codes and groups are read from it"
        raise MissingFile("the country table is absent", file=display(path), hint=hint) from None


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Economies:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        table = csv.DictReader(line for line in stream if not line.startswith("#"))
        columns = tuple(table.fieldnames or ())
        if "iso3" not in columns:
            raise SeedError("no column 'iso3'", file=display(path), line=1)
        rows = {row["iso3"]: {k: v or "" for k, v in row.items() if k} for row in table}
    return Economies(dict(sorted(rows.items())), columns)


@contextmanager
def at_place(doc: Document, key: Key) -> Iterator[None]:
    """An UnknownEconomy raised inside gets the file, line and path of ``key``."""
    try:
        yield
    except UnknownEconomy as error:
        raise doc.error(UnknownEconomy, error.message, key, error.hint) from None
