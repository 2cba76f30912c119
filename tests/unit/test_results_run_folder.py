"""The run folder: complete or absent, same bytes, refused where it would overwrite."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from results_case import Case, frames_of

from sim.errors import FolderConflict, MissingFile, SpheresError, VerificationMismatch
from sim.runs.folder import verify, write_run, write_table
from sim.runs.manifest import Account, Identity
from sim.runs.outcome_table import Outcomes

IDENTITY = Identity("ab" * 32, seed=1, replicates=4, engine="mesa")
WHAT = {
    "resolved_yaml": "name: test\n",
    "identity": IDENTITY,
    "account": Account("test"),
}


@pytest.fixture(scope="module")
def tables():
    return frames_of(Case(runs=4, lanes=4, seed=11, months=14))


def test_a_run_folder_holds_the_contract(tables, tmp_path):
    folder = write_run(tmp_path / "run", tables, **WHAT)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    results = {
        f"results/{n}.parquet" for n in ("world", "countries", "channels", "outcomes", "flows")
    }
    assert names == results | {"manifest.json", "scenario.resolved.yaml", "summary.csv"}
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert set(manifest["hashes"]) == results | {"scenario.resolved.yaml"}
    assert verify(folder) == manifest["hashes"]
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_same_tables_same_bytes(tables, tmp_path):
    one = verify(write_run(tmp_path / "one", tables, **WHAT))
    two = verify(
        write_run(
            tmp_path / "two",
            frames_of(Case(runs=4, lanes=4, seed=11, months=14)),
            **{**WHAT, "account": Account("test", timings={"run": 3.0})},
        )
    )
    assert one == two


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
@pytest.mark.parametrize("name", ["world", "countries", "channels", "outcomes", "flows"])
def test_a_number_that_is_not_finite_is_never_written(tables, tmp_path, name, value):
    table = tables[name]
    column = next(c for c, kind in table.schema.items() if kind.is_float())
    where = pl.int_range(pl.len()) == table.height // 2
    spoilt = table.with_columns(pl.when(where).then(value).otherwise(column).alias(column))
    date = spoilt["period"][table.height // 2]
    with pytest.raises(SpheresError, match=rf"table '{name}', column '{column}'.*period {date}"):
        write_run(tmp_path / "run", {**tables, name: spoilt}, **WHAT)
    assert list(tmp_path.iterdir()) == []


def test_an_infinite_outcome_of_a_run_is_refused_where_tables_are_made():
    case = Case(runs=4, lanes=4, seed=11, months=14)
    lag = case.layout.indicators.index("lag_cn")
    case.indicators[5, lag, 2] = np.inf
    with pytest.raises(SpheresError, match="must be finite"):
        frames_of(case)
    total = case.totals()
    total.outcomes[0, 0, 1] = np.inf
    with pytest.raises(SpheresError, match=r"table 'outcomes'.*replicate 1"):
        Outcomes(total)


def test_another_run_is_refused_unless_forced(tables, tmp_path):
    folder = write_run(tmp_path / "run", tables, **WHAT)
    write_run(folder, tables, **WHAT)
    other = {**WHAT, "identity": replace(IDENTITY, seed=2)}
    with pytest.raises(FolderConflict, match="--force"):
        write_run(folder, tables, **other)
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["seed"] == 1
    write_run(folder, tables, **other, force=True)
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["seed"] == 2


def test_foreign_files_are_refused(tables, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work", "utf-8")
    with pytest.raises(FolderConflict):
        write_run(tmp_path / "mine", tables, **WHAT)
    assert (tmp_path / "mine" / "thesis.txt").exists()


def test_verify_names_what_changed(tables, tmp_path):
    folder = write_run(tmp_path / "run", tables, **WHAT)
    with (folder / "scenario.resolved.yaml").open("a", encoding="utf-8") as file:
        file.write("# touched\n")
    (folder / "results" / "flows.parquet").unlink()
    with pytest.raises(VerificationMismatch, match=r"flows\.parquet is missing.*has changed"):
        verify(folder)
    with pytest.raises(MissingFile):
        verify(tmp_path)


def test_summary_has_a_row_a_year(tables, tmp_path):
    frame = pl.read_csv(write_run(tmp_path / "run", tables, **WHAT) / "summary.csv")
    assert frame["year"].to_list() == [2023, 2024]
    assert frame["month"].to_list() == [12, 2]
    shares = [c for c in frame.columns if c.startswith("share.") and c.endswith(".mean")]
    assert frame.select(pl.sum_horizontal(shares)).to_series().to_list() == pytest.approx(
        [1, 1], abs=1e-5
    )


def test_coded_labels_are_written_as_strings(tables, tmp_path):
    plain, labels = tables["outcomes"], sorted(set(tables["outcomes"]["outcome"]))
    write_table(plain, tmp_path / "plain.parquet")
    coded = plain.with_columns(pl.col("outcome").cast(pl.Enum(labels)))
    write_table(coded, tmp_path / "coded.parquet")
    assert (tmp_path / "coded.parquet").read_bytes() == (tmp_path / "plain.parquet").read_bytes()
    assert pl.read_parquet(tmp_path / "coded.parquet").equals(plain)
