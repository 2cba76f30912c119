"""Every bad file gives one error of the right class, at the right line, with a way out."""

from pathlib import Path

import pytest

from sim import errors
from sim.errors import InputError, MissingFile, SeedError
from sim.scenario import load
from sim.scenario.economies import read_economies

ROOT = Path(__file__).parents[2]
BAD = sorted((ROOT / "tests/fixtures/bad").glob("*.yaml"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_error_names_class_line_and_remedy(path, monkeypatch):
    monkeypatch.chdir(ROOT)
    first = path.read_text(encoding="utf-8").splitlines()[0]
    kind, line, text = first.removeprefix("# expect: ").split(" ", 2)
    with pytest.raises(InputError) as caught:
        load(path)
    message = str(caught.value)
    assert type(caught.value).__name__ == kind, message
    assert message.startswith(f"{path.relative_to(ROOT).as_posix()}:{line}: "), message
    assert text in message
    assert "\n" not in message
    assert caught.value.exit_code == 3


def test_every_input_error_has_a_bad_fixture():
    kinds = {path.read_text(encoding="utf-8").split()[2] for path in BAD}
    named = {name for name, kind in vars(errors).items() if _is_input_error(kind)}
    # Seed tables, and runs that recorded nothing of what a chart shows, have their own tests.
    assert named - kinds == {"SeedError", "NothingRecorded"}


def _is_input_error(kind):
    return isinstance(kind, type) and issubclass(kind, InputError) and kind is not InputError


def test_unknown_shipped_name_is_a_missing_file():
    with pytest.raises(MissingFile, match="no shipped scenario 'nosuchthing'"):
        load("nosuchthing")


def test_absent_country_table_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.scenario.economies.seeds_dir", lambda: tmp_path)
    with pytest.raises(MissingFile, match=r"countries\.csv: the country table is absent"):
        read_economies()


def test_country_table_without_codes_is_named(tmp_path, monkeypatch):
    (tmp_path / "countries.csv").write_text("name\nKenya\n", encoding="utf-8")
    monkeypatch.setattr("sim.scenario.economies.seeds_dir", lambda: tmp_path)
    with pytest.raises(SeedError, match="no column 'iso3'"):
        read_economies()
