"""Planted faults in a copy of the seed tables: each is found, with its file and line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import InputError, MissingFile, SeedError, UnknownEconomy
from sim.files import seeds_dir
from sim.world.checks import check_seeds
from sim.world.tables import load_tables


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    names = ("*.csv", "*.yaml")
    folder = tmp_path / "seeds"
    folder.mkdir()
    for pattern in names:
        for file in seeds_dir().glob(pattern):
            shutil.copy(file, folder)
    return folder


def change(seeds: Path, file: str, line: int, edit: Callable[[str], str]) -> None:
    """Rewrite one line (from 1) of a file."""
    lines = (seeds / file).read_text(encoding="utf-8").splitlines()
    lines[line - 1] = edit(lines[line - 1])
    (seeds / file).write_text("\n".join(lines) + "\n", encoding="utf-8")


def line_of(seeds: Path, file: str, start: str) -> int:
    """The line (from 1) that begins with ``start``."""
    lines = (seeds / file).read_text(encoding="utf-8").splitlines()
    return next(i for i, text in enumerate(lines, 1) if text.startswith(start))


def cell(column: int, value: str) -> Callable[[str], str]:
    """An edit that puts ``value`` into a column (from 0) of a row without quoted commas."""

    def edit(text: str) -> str:
        parts = text.split(",")
        parts[column] = value
        return ",".join(parts)

    return edit


def only_error(seeds: Path) -> InputError:
    errors = check_seeds(seeds).errors
    assert len(errors) == 1, [str(error) for error in errors]
    return errors[0]


@pytest.mark.parametrize(
    ("column", "value", "path", "words"),
    [
        (9, "many", "population", "not a whole number"),
        (9, "12.5", "population", "not a whole number"),
        (15, "NaN", "internet_pct", "not a number"),
        (15, "139.2", "internet_pct", "above 100 percent"),
        (7, "-99", "latitude", "below -90"),
        (3, "2", "un_member", "not 0 or 1"),
        (4, "Atlantis", "region", "not allowed"),
        (9, "", "population", "empty"),
    ],
)
def test_a_bad_cell_of_a_country(
    seeds: Path, column: int, value: str, path: str, words: str
) -> None:
    line = line_of(seeds, "countries.csv", "KEN,")
    change(seeds, "countries.csv", line, cell(column, value))
    error = only_error(seeds)
    assert isinstance(error, SeedError)
    assert (error.line, error.path) == (line, path)
    assert words in str(error)
    assert f"countries.csv:{line}" in str(error)
    with pytest.raises(SeedError, match=words):
        load_tables(seeds)


def test_a_second_row_for_a_key(seeds: Path) -> None:
    file = seeds / "hardware.csv"
    rows = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*rows, rows[1]]) + "\n", encoding="utf-8")
    error = only_error(seeds)
    assert error.line == len(rows) + 1
    assert "second row" in str(error)


def test_an_unknown_economy(seeds: Path) -> None:
    line = line_of(seeds, "bans.csv", "KOR,")
    change(seeds, "bans.csv", line, cell(0, "KXR"))
    error = only_error(seeds)
    assert isinstance(error, UnknownEconomy)
    assert error.line == line


@pytest.mark.parametrize(
    ("file", "start", "column", "value", "words"),
    [
        ("prices.csv", "deepseek,CHN", 4, "2025-13-01", "not a date"),
        ("bans.csv", "KOR,", 4, "2025-02-06", "not a date"),
        ("bans.csv", "KOR,", 2, "government soldiers", "not allowed"),
        ("frontier.csv", "2025-01,cn_open", 2, "150.0", "not the best released"),
        ("trade.csv", "CHN,USA", 2, "4405", "not within"),
        ("models.csv", "gpt-4,", 7, "cn_open", "does not fit"),
        ("providers.csv", "anthropic,SDN,api", 4, "2027-01", "not after since"),
        ("countries.csv", "CHN,", 9, "1400000000", "not 1407181209"),
    ],
)
def test_a_fault_elsewhere(
    seeds: Path, file: str, start: str, column: int, value: str, words: str
) -> None:
    change(seeds, file, line_of(seeds, file, start), cell(column, value))
    errors = check_seeds(seeds).errors
    assert any(words in str(error) for error in errors), [str(error) for error in errors]


def test_a_missing_row_is_noticed(seeds: Path) -> None:
    file = seeds / "countries.csv"
    rows = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(r for r in rows if not r.startswith("NGA,")) + "\n", "utf-8")
    text = "\n".join(str(error) for error in check_seeds(seeds).errors)
    assert "no economy 'NGA'" in text
    assert "197 rows instead of 198" in text
    assert "not within" in text


def test_a_renamed_column(seeds: Path) -> None:
    change(seeds, "countries.csv", 1, lambda text: text.replace("hdi", "HDI"))
    assert "HDI" in str(only_error(seeds))


def test_a_missing_table(seeds: Path) -> None:
    (seeds / "trade.csv").unlink()
    assert isinstance(only_error(seeds), MissingFile)
    with pytest.raises(MissingFile, match=r"trade\.csv"):
        load_tables(seeds)


def test_an_unknown_source_and_an_unknown_rule(seeds: Path) -> None:
    line = line_of(seeds, "columns.csv", "countries,hdi,")
    change(seeds, "columns.csv", line, lambda text: text.replace("gapminder", "hearsay"))
    assert "unknown source 'hearsay'" in str(only_error(seeds))
    change(seeds, "columns.csv", line, lambda text: text.replace("hearsay", "gapminder"))
    change(seeds, "columns.csv", line, lambda text: text.replace("group_median", "guess"))
    assert "unknown rule 'guess'" in str(only_error(seeds))


def test_a_column_without_unit(seeds: Path) -> None:
    line = line_of(seeds, "columns.csv", "countries,hdi,")
    change(seeds, "columns.csv", line, lambda text: text.replace(",index 0-1,", ",,"))
    error = only_error(seeds)
    assert "no unit" in str(error)
    assert error.line == line
