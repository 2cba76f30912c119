"""The table of outcomes is the same in one piece, in parts, and read with a filter."""

import numpy as np
import polars as pl
import pytest
from results_case import Case, frames_of

from sim.record.totals import Totals
from sim.runs import outcome_table
from sim.runs.folder import write_table


@pytest.fixture
def tables(monkeypatch):
    monkeypatch.setattr(outcome_table, "TOGETHER", 3)
    case = Case(runs=8, lanes=4, seed=4, months=14)
    case.fail(5)
    return frames_of(case)


def test_parts_make_up_the_whole(tables):
    whole = tables["outcomes"]
    assert sorted(set(whole["replicate"])) == [0, 1, 2, 3, 4, 6, 7]
    assert whole.equals(tables.scan("outcomes").collect())
    assert whole.equals(whole.sort("replicate", "outcome", "period"))


def test_reading_with_a_filter_columns_and_a_limit(tables):
    whole = tables["outcomes"]
    some = pl.col("replicate") > 2
    found = tables.scan("outcomes").filter(some).select("value", "replicate").collect()
    assert found.equals(whole.filter(some).select("value", "replicate"))
    for rows in (1, whole.height // 2, whole.height):
        assert tables.scan("outcomes").head(rows).collect().equals(whole.head(rows))
    found = tables.scan("outcomes").filter(some).head(5).collect()
    assert found.equals(whole.filter(some).head(5))


def test_written_in_parts_or_in_one_piece(tables, tmp_path):
    write_table(tables.scan("outcomes"), tmp_path / "parts.parquet")
    write_table(tables["outcomes"], tmp_path / "whole.parquet")
    assert (tmp_path / "parts.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def test_no_run_that_lived():
    case = Case(runs=4)
    found = outcome_table.Outcomes(Totals(case.layout, case.plan, 4))
    assert found.frame().height == 0
    assert found.scan().collect().equals(found.frame())


def test_it_is_a_mapping_like_any_other(tables):
    names = ["channels", "countries", "flows", "outcomes", "world"]
    assert list(tables) == names
    assert len(tables) == 5
    assert "outcomes" in tables
    assert np.isfinite(tables["outcomes"]["value"].drop_nulls().to_numpy()).all()
    with pytest.raises(KeyError):
        tables["nothing"]
