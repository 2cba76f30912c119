"""The command line of sweeps: bad files, dry runs, and the same bytes from any workers."""

from __future__ import annotations

import sys

import pytest
from sweep_case import ROOT, SWEEPS, contents, manifest, records, spheres

from sim.cli import app as cli

BAD = {
    "unknown_key": (3, "Did you mean 'replicates'?"),
    "unknown_path": (5, "Did you mean 'frontier.cn.catch_up'?"),
    "two_kinds": (4, "exactly one of"),
    "upside_down": (4, "low < high"),
    "not_a_power": (5, "64 or 128"),
    "unequal_lists": (3, "frontier.us.pace has 3"),
    "grid_of_ranges": (4, "Write {values: [...]}"),
    "unknown_outcome": (5, "Did you mean 'world.share.cn_open'?"),
    "stop_outside": (5, "2023-01 to 2035-12"),
    "stop_falling": (1, "must rise, found 64, 32"),
    "impossible_correlations": (7, "contradict each other"),
    "missing_scenario": (4, "Did you mean 'baseline'?"),
    "twice": (5, "listed twice"),
}


@pytest.fixture
def call(monkeypatch, capsys):
    """Call the command line in this process; gives exit code, stdout, stderr."""
    monkeypatch.chdir(ROOT)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["spheres", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code or 0
        return code, *capsys.readouterr()

    return run


def test_there_is_a_case_for_every_bad_file():
    assert {path.stem for path in (SWEEPS / "bad").glob("*.yaml")} == set(BAD)


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_files_are_3_and_name_the_line(call, tmp_path, name):
    line, hint = BAD[name]
    code, out, err = call("sweep", SWEEPS / "bad" / f"{name}.yaml", "-o", tmp_path / "out")
    assert code == 3
    assert f"bad/{name}.yaml:{line}: " in err
    assert hint in err
    assert not out
    assert not (tmp_path / "out").exists()


def test_a_dry_run_writes_nothing(call, tmp_path):
    code, out, _ = call("sweep", SWEEPS / "grid.yaml", "--dry-run", "-o", tmp_path / "out")
    assert code == 0
    assert "points   4 = 1 scenario x policy, 4 design rows each (grid)" in out
    assert "runs     32" in out
    assert "time     about" in out
    assert "disk     about" in out
    assert not list(tmp_path.iterdir())


def test_resume_and_force_contradict(call):
    assert call("sweep", SWEEPS / "grid.yaml", "--resume", "--force")[0] == 2


def test_no_folder_no_manifest(call, tmp_path):
    assert call("verify", tmp_path)[0] == 3
    assert call("replay", tmp_path / "nothing", "--point", 0)[0] == 3


@pytest.mark.slow
def test_serial_equals_two_workers(call, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    code, out, err = call("sweep", SWEEPS / "grid.yaml", "-o", one, "--workers", 1)
    assert code == 0, err
    assert "world.share.cn_open" in out
    assert "p95" in out
    assert call("sweep", SWEEPS / "grid.yaml", "-o", two, "--workers", 2)[0] == 0
    assert len(records(one)) == 4
    assert contents(one) == contents(two)
    assert manifest(one)["hashes"] == manifest(two)["hashes"]
    assert call("verify", two)[0] == 0
    code, out, _ = call("replay", two, "--point", 3)
    assert code == 0
    assert "same bytes" in out


@pytest.mark.slow
def test_help_needs_no_model():
    done = spheres("sweep", "--help")
    assert done.returncode == 0
    assert "--dry-run" in done.stdout
