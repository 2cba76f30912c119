"""`spheres plot` as a user runs it (in this process), on a run folder of invented numbers."""

import sys

import pytest
import synthetic_run

from sim.charts.registry import CHARTS
from sim.cli import app as cli


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return synthetic_run.write_run(tmp_path_factory.mktemp("plot") / "invented", n=24)


@pytest.fixture
def spheres(monkeypatch, capsys):
    """Call the command line; gives exit code, stdout, stderr."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["spheres", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        out, err = capsys.readouterr()
        return caught.value.code or 0, out, err

    return call


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
