"""What users keep in the folders of a run stays there, whatever is written beside it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess

import pytest
import report_case
from sweep_case import COMMAND, SWEEPS, environment, spheres, sweep_file

SHORT = SWEEPS / "short.yaml"
MINE = {
    "notes.md": "what I think of it",
    "report.html": "<title>My own report</title>",
    "own/deep/table.csv": "a,b",
    "figures/my chart.png": "not really a picture",
    "results/notes.txt": "on the tables",
    "results/Thumbs.db": "of a file manager",
}
SWEEP = """
schema_version: 1
scenarios: [./short.yaml]
uncertainties:
  frontier.cn.catch_up: {values: [0.02, 0.05]}
replicates: 4
outcomes: [world.adoption]
"""


def lay(folder):
    for name, text in MINE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def kept(folder) -> bool:
    return all((folder / name).read_text("utf-8") == text for name, text in MINE.items())


def hashes(folder):
    return json.loads((folder / "manifest.json").read_text("utf-8"))["hashes"]


@pytest.fixture(params=["run", "compare"])
def words(request):
    more = ("--set", "us.price_cut=0.05") if request.param == "compare" else ()
    return (request.param, SHORT, *more, "-n", 2, "--no-figures")


@pytest.mark.slow
def test_a_second_run_leaves_everything_else_there(tmp_path, words):
    folder = tmp_path / "keep"
    done = spheres(*words, "-o", folder)
    assert done.returncode == 0, done.stderr
    lay(folder)
    first = hashes(folder)
    assert spheres(*words, "-o", folder).returncode == 0
    assert kept(folder)
    assert hashes(folder) == first
    assert spheres(*words, "--seed", 2, "-o", folder).returncode == 3
    assert hashes(folder) == first
    assert spheres(*words, "--seed", 2, "-o", folder, "--force").returncode == 0
    assert kept(folder)
    assert hashes(folder) != first
    told = spheres("verify", folder)
    assert told.returncode == 0
    assert all(name in told.stderr for name in ("notes.md", "own/deep/table.csv", "Thumbs.db"))
    (folder / "results/mine.parquet").write_bytes(b"taken for a result by whoever reads them all")
    assert spheres("verify", folder).returncode == 5


@pytest.mark.slow
def test_a_sweep_leaves_everything_else_there(tmp_path):
    file, folder = sweep_file(tmp_path / "in", SWEEP), tmp_path / "keep"
    assert spheres("sweep", file, "-o", folder).returncode == 0
    first = hashes(folder)
    lay(folder)
    for last in ("--resume", "--force"):
        assert spheres("sweep", file, "-o", folder, last).returncode == 0
        assert kept(folder)
        assert hashes(folder) == first
    told = spheres("verify", folder)
    assert told.returncode == 0
    assert all(name in told.stderr for name in ("notes.md", "own/deep/table.csv", "Thumbs.db"))
    again = spheres("run", SHORT, "-n", 2, "--no-figures", "-o", folder, "--force")
    assert again.returncode == 0, again.stderr
    assert kept(folder)
    assert not (folder / "plan.json").exists()
    assert spheres("verify", folder).returncode == 0


@pytest.mark.slow
def test_the_charts_and_report_of_a_run_go_with_it(tmp_path):
    folder = tmp_path / "run"
    words = ("run", SHORT, "-n", 2, "-o", folder)
    assert spheres(*words).returncode == 0
    assert spheres("report", folder).returncode == 0
    charts = {path.name: path.read_bytes() for path in (folder / "figures").iterdir()}
    (folder / "figures/map-adoption.png").write_bytes(b"of the first run")
    assert spheres(*words, "--no-figures").returncode == 0
    assert (
        charts.items()
        <= {path.name: path.read_bytes() for path in (folder / "figures").iterdir()}.items()
    )
    assert (folder / "report.html").exists()
    done = spheres(*words, "--seed", 2, "--no-figures", "--force")
    assert done.returncode == 0
    assert [path.name for path in (folder / "figures").iterdir()] == ["map-adoption.png"]
    assert "map-adoption.png" in done.stderr
    assert not (folder / "report.html").exists()


@pytest.mark.slow
@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("unshare") is None, reason="mounting needs root"
)
def test_a_mount_point_is_written_into(tmp_path, words):
    out = tmp_path / "out"
    out.mkdir()
    line = " ".join(map(str, (*COMMAND, *words, "-o", out)))
    script = f"mount -t tmpfs tmpfs {out} || exit 77; {line} && {line} && ls -A {out}"
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script],
        capture_output=True, text=True, env=environment(), cwd=tmp_path,
    )  # fmt: skip
    if done.returncode == 77:
        pytest.skip("mounting is not allowed here")
    assert done.returncode == 0, done.stderr
    assert {"manifest.json", "results", "summary.csv"} <= set(done.stdout.split())
    assert not [name for name in done.stdout.split() if name.startswith(".")]


def test_a_report_replaces_reports_alone(tmp_path, call):
    folder = report_case.write_run(tmp_path / "run")
    mine = tmp_path / "thesis.html"
    mine.write_text("years of work", "utf-8")
    for words in (("-o", mine), ("-o", folder / "manifest.json")):
        before = words[1].read_bytes()
        code, _, err = call("report", folder, *words)
        assert code == 3
        assert "left alone" in err
        assert words[1].read_bytes() == before
    assert call("report", folder, "-o", mine, "--force")[0] == 0
    made = mine.read_bytes()
    assert b"<title>Spheres report: " in made
    assert call("report", folder, "-o", mine)[0] == 0
    assert mine.read_bytes() == made


def test_a_report_that_is_killed_leaves_the_old_one(tmp_path):
    folder = report_case.write_run(tmp_path / "run")
    file = tmp_path / "r.html"
    file.write_text("<title>Spheres report: old</title>", "utf-8")
    program = (
        "import os, signal, sys; from pathlib import Path; from sim import files;"
        "files._move = lambda part, target: os.kill(os.getpid(), signal.SIGKILL);"
        "from sim.report.write import write_report;"
        "write_report([Path(sys.argv[1])], Path(sys.argv[2]))"
    )
    command = [COMMAND[0], "-c", program, str(folder), str(file)]
    done = subprocess.run(command, env=environment(), capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert file.read_text("utf-8") == "<title>Spheres report: old</title>"


def test_a_schema_replaces_schemas_alone(tmp_path, call):
    file = tmp_path / "package.json"
    file.write_text('{"name": "mine"}', "utf-8")
    assert call("schema", "-o", file)[0] == 3
    assert file.read_text("utf-8") == '{"name": "mine"}'
    assert call("schema", "-o", file, "--force")[0] == 0
    assert call("schema", "-o", file)[0] == 0


def test_home_and_equals_are_read_as_meant(tmp_path, call, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path)
    for words in (["--output=~/a.json"], ["-o", "~/b.json"], ["-o=~/c.json"], ["-o=eq.json"]):
        assert call("schema", *words)[0] == 0
    assert {path.name for path in (tmp_path / "home").iterdir()} == {"a.json", "b.json", "c.json"}
    assert {path.name for path in tmp_path.iterdir()} == {"home", "eq.json"}
    assert call("init", "mine", "-o=~/mine.yaml")[0] == 0
    assert call("validate", "~/mine.yaml")[0] == 0
