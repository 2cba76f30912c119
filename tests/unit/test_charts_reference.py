"""Charts look as they did: small pictures of invented numbers, compared with a tolerance.

A changed look is no error: look at the new picture, then set SPHERES_NEW_PICTURES=1 and run this
file once to replace the references.
"""

from __future__ import annotations

import os
from pathlib import Path

import matplotlib as mpl
import polars as pl
import pytest
import synthetic_run as run
from matplotlib.testing.compare import compare_images

from sim.charts.footer import Footer
from sim.charts.look import styled
from sim.charts.registry import CHARTS, draw, draw_table
from sim.charts.tables import RunTables

REFERENCES = Path(__file__).resolve().parents[1] / "reference" / "charts"
SAID = Footer("invented", "0123456789abcdef", 64, 1, "0.0.0")
DPI = 36  # 5 to 25 kB a picture
MOST_RMS = 6.0  # of 255: another version of a font renderer passes, a moved legend does not
ANALYSES = {
    "hindcast": {"channel": ["chat"] * 3, "period": ["2025-06"] * 3, "iso3": ["KEN", "DEU", "FRA"],
                 "target_lo": [0.1, 0.5, 0.2], "target_hi": [0.2, 0.6, 0.25],
                 "p05": [0.1] * 3, "p25": [0.15] * 3, "p50": [0.2] * 3, "p75": [0.25] * 3,
                 "p95": [0.3] * 3},
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return run.write_run(tmp_path_factory.mktemp("run") / "invented", n=48)


def matches(figure, name: str, tmp_path: Path) -> None:
    """Compare the figure with its reference, or replace that if asked to."""
    reference, made = REFERENCES / f"{name}.png", tmp_path / f"{name}.png"
    with styled(), mpl.rc_context({"savefig.dpi": DPI}):
        figure.savefig(made, metadata={"Software": None})
    if os.environ.get("SPHERES_NEW_PICTURES"):
        REFERENCES.mkdir(parents=True, exist_ok=True)
        reference.write_bytes(made.read_bytes())
    problem = compare_images(str(reference), str(made), MOST_RMS)
    assert problem is None, problem


@pytest.mark.parametrize("name", CHARTS)
def test_chart_of_a_run(name, folder, tmp_path):
    matches(draw(name, RunTables(folder), SAID), name, tmp_path)


@pytest.mark.parametrize("name", ANALYSES)
def test_chart_of_a_table(name, tmp_path):
    table = tmp_path / "table.parquet"
    pl.DataFrame(ANALYSES[name]).write_parquet(table)
    matches(draw_table(name, table, SAID), name, tmp_path)


def test_the_comparison_sees_a_difference(folder, tmp_path):
    other = draw("lag", RunTables(folder), SAID)
    other.axes[0].lines[1].set_linewidth(12)
    with pytest.raises(AssertionError, match="Error: Image files did not match"):
        matches(other, "lag", tmp_path)
