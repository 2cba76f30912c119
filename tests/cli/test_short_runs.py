"""Short horizons and damaged folders: the last month is kept, no chart ends the command."""

from __future__ import annotations

import sys
from dataclasses import replace

import polars as pl
import pytest
import synthetic_run

from sim.charts.registry import CHARTS
from sim.charts.save import save_all
from sim.charts.spend_tokens import paths, spend_tokens
from sim.cli import app as cli
from sim.errors import NothingRecorded
from sim.record.layout import Layout

LAYOUT = Layout(
    start=2023 * 12,
    n_months=12,
    iso3=("KEN",),
    segments=("consumers",),
    offerings=("us_closed",),
    groups=(("world", "World"),),
    families=(),
)


@pytest.mark.parametrize(
    ("months", "outcomes", "decembers"),
    [(1, (0,), (0,)), (3, (2,), (2,)), (8, (5,), (7,)), (12, (5, 11), (11,)), (14, (5, 11), (11,))],
)
def test_the_last_month_stands_in_for_what_a_horizon_lacks(months, outcomes, decembers):
    layout = replace(LAYOUT, n_months=months)
    assert (layout.outcome_months, layout.decembers) == (outcomes, decembers)


@pytest.fixture
def bare(tmp_path):
    """A run folder that recorded neither users of economies nor switching."""
    folder = synthetic_run.write_run(tmp_path / "bare", n=3)
    results = folder / "results"
    countries = synthetic_run.countries().filter(pl.col("variable") != "users")
    countries.write_parquet(results / "countries.parquet")
    synthetic_run.flows().clear().write_parquet(results / "flows.parquet")
    return folder


def test_spending_shows_the_last_month_without_a_december():
    from matplotlib.figure import Figure

    table = synthetic_run.world(3)
    assert {len(years) for years, _, _ in paths(table, "world", "World", "all").values()} == {1}
    ax = spend_tokens(table, Figure().add_subplot())
    assert "March 2023" in " ".join(text.get_text() for text in ax.texts) + ax.get_title("left")


def test_a_chart_of_nothing_is_left_out_and_told(bare):
    told: list[str] = []
    stems = {path.stem for path in save_all(bare, names=CHARTS, left_out=told.append)}
    assert {chart.file for chart in CHARTS.values()} - stems == {"network", "switching"}
    assert [line.split("'")[1] for line in told] == ["network", "switching"]


def test_without_a_listener_it_is_an_error_and_nothing_is_written(bare):
    with pytest.raises(NothingRecorded, match="no month"):
        save_all(bare)
    assert not (bare / "figures").exists()


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--chart", "network"), 3)])
def test_only_a_chart_that_was_named_ends_the_command(bare, monkeypatch, capsys, options, code):
    monkeypatch.setattr(sys, "argv", ["spheres", "plot", str(bare), "--format", "svg", *options])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert (caught.value.code or 0) == code
    assert "this run recorded no month" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["manifest.json", "results/world.parquet"])
def test_a_damaged_file_is_one_line(bare, monkeypatch, capsys, name):
    (bare / name).write_text("{", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["spheres", "plot", str(bare), "--chart", "lag"])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    err = capsys.readouterr().err
    assert (caught.value.code, err.count("\n")) == (3, 1)
    assert name in err


def test_a_place_that_cannot_be_written_is_one_line(bare, monkeypatch, capsys):
    (bare / "file").write_text("", encoding="utf-8")
    into = str(bare / "file" / "figures")
    monkeypatch.setattr(sys, "argv", ["spheres", "plot", str(bare), "--chart", "lag", "-o", into])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    err = capsys.readouterr().err
    assert (caught.value.code, err.count("\n")) == (3, 1)
    assert "cannot be read or written: not a directory" in err
