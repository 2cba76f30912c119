"""The verb in Python: a call on the package, tables back, on a folder or a URL."""

from __future__ import annotations

import pytest
from sweep_case import SWEEPS, contents

import sim
from sim.sweep.statistics import COLUMNS


@pytest.mark.slow
def test_sweep_returns_its_tables(tmp_path):
    from sim import sweep

    done = sweep(SWEEPS / "grid.yaml", tmp_path / "sweep", workers=2)
    assert done.failed == 0
    tables = done.tables
    assert set(tables) == {"design", "outcomes", "groups", "failures", "statistics"}
    assert tables["design"].height == 4
    assert tables["outcomes"].columns == ["point", "replicate", "outcome", "period", "value"]
    assert tables["outcomes"].height == 4 * 8 * 2 * 3  # points, replicates, outcomes, half-years
    assert tables["groups"]["point"].unique().sort().to_list() == [0, 1, 2, 3]
    assert tables["groups"]["variable"].unique().sort().to_list() == ["adoption", "share"]
    assert tables["failures"].is_empty()
    assert tables["statistics"].columns == list(COLUMNS)
    last = tables["outcomes"].filter(
        (tables["outcomes"]["outcome"] == "world.adoption")
        & (tables["outcomes"]["period"] == tables["outcomes"]["period"].max())
    )["value"]
    found = tables["statistics"].row(0, named=True)
    assert (found["outcome"], found["n"]) == ("world.adoption", 32)
    assert found["mean"] == pytest.approx(last.mean(), rel=1e-12)
    assert found["p05"] == pytest.approx(last.quantile(0.05, "linear"), rel=1e-12)
    assert found["p95"] == pytest.approx(last.quantile(0.95, "linear"), rel=1e-12)


@pytest.mark.slow
def test_a_url_gets_the_same_bytes(tmp_path):
    pytest.importorskip("fsspec", reason="the extra 'cluster' is not installed")
    sim.sweep(SWEEPS / "grid.yaml", tmp_path / "folder")
    sim.sweep(SWEEPS / "grid.yaml", f"file://{tmp_path}/url")
    assert contents(tmp_path / "folder") == contents(tmp_path / "url")
    again = sim.sweep(SWEEPS / "grid.yaml", f"file://{tmp_path}/url", resume=True)
    assert again.place == f"file://{tmp_path}/url"
