"""`spheres plot` as a user runs it (in this process), on a run folder of invented numbers."""

import pytest
import synthetic_run

from sim.charts.registry import CHARTS


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return synthetic_run.write_run(tmp_path_factory.mktemp("plot") / "invented", n=24)


def test_every_chart_in_both_formats(spheres, folder):
    code, out, _ = spheres("plot", folder)
    assert code == 0
    written = sorted(path.name for path in (folder / "figures").iterdir())
    assert written == sorted(f"{c.file}.{kind}" for c in CHARTS.values() for kind in ("png", "svg"))
    assert len(out.splitlines()) == len(written)


def test_one_chart_one_format_elsewhere(spheres, folder, tmp_path):
    into = tmp_path / "deep" / "here"
    code, _, _ = spheres("plot", folder, "--chart", "lag", "--format", "svg", "-o", into)
    assert code == 0
    assert [path.name for path in into.iterdir()] == ["lag.svg"]


def test_options_reach_the_chart_and_the_file_name(spheres, folder, tmp_path):
    options = ("--chart", "shares", "--group", "Africa", "--by", "gdp", "--format", "svg")
    code, _, err = spheres("plot", folder, *options, "-o", tmp_path)
    assert code == 0, err
    assert [path.name for path in tmp_path.iterdir()] == ["shares-Africa-gdp.svg"]


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (("--chart", "shares", "--group", "Afrika"), "Did you mean 'Africa'?"),
        (("--chart", "lag", "--by", "gdp"), "does not know --by"),
        (("--chart", "shares", "--by", "gold"), "Did you mean 'gdp'?"),
        (("--chart", "map", "--period", "2040-01"), "2035-12"),
        (("--chart", "map", "--variable", "share"), "--offering"),
        (("--chart", "shares", "--by", "gdp", "--group", "bloc"), "no groups of the type 'bloc'"),
        (("--chart", "hindcast"), "--table"),
        (("--chart", "hindcast", "--table", "nowhere.csv"), "nowhere.csv"),
        (("--table", "nowhere.csv"), "hindcast"),
    ],
)
def test_what_a_chart_cannot_show_is_one_line(spheres, folder, tmp_path, options, hint):
    code, out, err = spheres("plot", folder, *options, "-o", tmp_path / "none")
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert hint in err
    assert not (tmp_path / "none").exists()


def test_the_table_of_an_analysis_becomes_a_chart(spheres, folder, tmp_path):
    table = tmp_path / "scores.csv"
    text = "channel,period,iso3,target_lo,target_hi,p05,p25,p50,p75,p95\n"
    text += "chat,2025-06,KEN,0.1,0.2,0.1,0.15,0.2,0.25,0.3\n"
    table.write_text(text, encoding="utf-8")
    into = tmp_path / "out"
    code, _, err = spheres("plot", folder, "--chart", "hindcast", "--table", table, "-o", into)
    assert code == 0, err
    assert sorted(path.name for path in into.iterdir()) == ["hindcast.png", "hindcast.svg"]


def test_missing_folder_and_unknown_chart(spheres, folder, tmp_path):
    into = tmp_path / "out"
    code, out, err = spheres("plot", tmp_path / "nowhere", "-o", into)
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert "no such run folder" in err
    code, out, err = spheres("plot", folder, "--chart", "lagg", "-o", into)
    assert (code, out) == (3, "")
    assert "Did you mean 'lag'?" in err
    code, _, err = spheres("plot", tmp_path, "-o", into)
    assert code == 3
    assert "manifest" in err
    assert not into.exists()
