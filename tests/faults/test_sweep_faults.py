"""Sweeps that are killed, interrupted, raced for or poisoned lose nothing and mix nothing."""

from __future__ import annotations

import csv
import signal

import pytest
from sweep_case import SWEEPS, contents, manifest, records, spheres, start, sweep_file, until

LONGER = """
schema_version: 1
scenarios: [./short.yaml]
uncertainties:
  frontier.cn.catch_up: {values: [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08]}
replicates: 8
"""
POISONED = """
schema_version: 1
scenarios: [./short.yaml]
uncertainties:
  frontier.cn.catch_up: {values: [0.02, 7.0, 0.05]}
replicates: 8
outcomes: [world.adoption]
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def longer(tmp_path_factory):
    return sweep_file(tmp_path_factory.mktemp("longer"), LONGER)


@pytest.fixture(scope="module")
def undisturbed(longer, tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed") / "sweep"
    done = spheres("sweep", longer, "-o", folder, "--workers", 1)
    assert done.returncode == 0, done.stderr
    assert "world.adoption" in done.stdout
    assert "8 of 8 points run" in done.stderr
    return folder


def stopped_midway(file, folder, number):
    """A sweep that got a signal while some parts, not all, exist."""
    process = start("sweep", file, "-o", folder, "--resume", "--workers", 1)
    until(lambda: len(records(folder)) >= 2, process)
    process.send_signal(number)
    process.wait()
    assert 2 <= len(records(folder)) < 8
    assert not (folder / "manifest.json").exists()
    return process.returncode


def test_killed_then_resumed_gives_the_same_bytes(longer, undisturbed, tmp_path):
    folder = tmp_path / "sweep"
    assert stopped_midway(longer, folder, signal.SIGKILL) == -signal.SIGKILL
    kept = {name: (folder / "results/points" / name).stat().st_mtime_ns for name in records(folder)}
    assert spheres("verify", folder).returncode == 3
    done = spheres("sweep", longer, "-o", folder, "--resume", "--workers", 2)
    assert done.returncode == 0, done.stderr
    assert f"{8 - len(kept)} of 8 points run" in done.stderr
    assert all((folder / "results/points" / n).stat().st_mtime_ns == t for n, t in kept.items())
    assert contents(folder) == contents(undisturbed)
    assert manifest(folder)["hashes"] == manifest(undisturbed)["hashes"]
    assert spheres("verify", folder).returncode == 0


def test_interrupted_is_130_and_resumes(longer, undisturbed, tmp_path):
    folder = tmp_path / "sweep"
    assert stopped_midway(longer, folder, signal.SIGINT) == 130
    assert spheres("sweep", longer, "-o", folder, "--resume").returncode == 0
    assert contents(folder) == contents(undisturbed)


def test_half_written_parts_are_swept_up(undisturbed, longer, tmp_path):
    folder = tmp_path / "sweep"
    assert stopped_midway(longer, folder, signal.SIGKILL)
    (folder / "results/outcomes/.point=000007.parquet.host-1-1.part").write_bytes(b"half")
    (folder / "results/outcomes/point=000007.parquet").write_bytes(b"no record, so not complete")
    assert spheres("sweep", longer, "-o", folder, "--resume").returncode == 0
    assert contents(folder) == contents(undisturbed)


def test_the_second_process_is_refused(longer, undisturbed, tmp_path):
    folder = tmp_path / "sweep"
    first = start("sweep", longer, "-o", folder, "--workers", 1)
    until(lambda: records(folder), first)
    first.send_signal(signal.SIGSTOP)  # still there when the second one comes
    second = spheres("sweep", longer, "-o", folder, "--resume")
    assert first.poll() is None
    first.send_signal(signal.SIGCONT)
    assert second.returncode == 3
    assert "another process" in second.stderr
    assert first.wait() == 0
    assert contents(folder) == contents(undisturbed)


def test_a_poisoned_point_is_recorded_and_the_rest_completes(tmp_path):
    folder = tmp_path / "out"
    done = spheres("sweep", sweep_file(tmp_path / "in", POISONED), "-o", folder)
    assert done.returncode == 4, done.stderr
    assert "1 of 3 points had failures" in done.stderr
    with (folder / "failures.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["point"], row["kind"], row["seed"]) == ("1", "refused", "1")
    assert row["parameters"] == '{"frontier.cn.catch_up": 7.0}'
    assert "outside the range" in row["error"]
    assert [p.name for p in sorted((folder / "results/outcomes").iterdir())] == [
        "point=000000.parquet", "point=000002.parquet",
    ]  # fmt: skip
    assert spheres("verify", folder).returncode == 0
    again = spheres("sweep", tmp_path / "in/sweep.yaml", "-o", folder, "--resume")
    assert again.returncode == 4
    assert "0 of 3 points run" in again.stderr


def test_another_plan_is_refused(longer, undisturbed, tmp_path):
    before = contents(undisturbed)
    assert spheres("sweep", longer, "-o", undisturbed).returncode == 3
    other = sweep_file(tmp_path / "in", LONGER.replace("replicates: 8", "replicates: 9"))
    done = spheres("sweep", other, "-o", undisturbed, "--resume")
    assert done.returncode == 3
    assert "other design" in done.stderr
    assert contents(undisturbed) == before


def test_a_folder_of_something_else_is_never_emptied(longer, tmp_path):
    (tmp_path / "letter.txt").write_text("keep me", "utf-8")
    assert spheres("sweep", longer, "-o", tmp_path).returncode == 3
    assert spheres("sweep", longer, "-o", tmp_path, "--force").returncode == 3
    assert (tmp_path / "letter.txt").read_text("utf-8") == "keep me"


def test_verify_and_replay_see_a_changed_byte(tmp_path):
    folder = tmp_path / "sweep"
    assert spheres("sweep", SWEEPS / "grid.yaml", "-o", folder).returncode == 0
    assert spheres("replay", folder, "--point", 2).returncode == 0
    assert spheres("replay", folder, "--point", 9).returncode == 3
    part = folder / "results/outcomes/point=000002.parquet"
    raw = bytearray(part.read_bytes())
    raw[len(raw) // 2] ^= 1
    part.write_bytes(bytes(raw))
    for words in (("verify", folder), ("replay", folder, "--point", 2)):
        done = spheres(*words)
        assert done.returncode == 5
        assert "point=000002.parquet" in done.stderr or "point 2 differs" in done.stderr
    part.unlink()
    assert spheres("verify", folder).returncode == 5
