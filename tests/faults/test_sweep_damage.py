"""Every kind of file of a finished sweep, damaged in every way: resumed to the same bytes, or not.

A resume that ends well must leave the bytes of a sweep that nothing happened to.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sweep_case import contents, manifest, records, spheres, start, sweep_file, until

from sim.errors import SpheresError
from sim.sweep.execute import sweep
from sim.sweep.folder import verify
from sim.sweep.parts import Listener
from sim.sweep.plan import read_sweep
from sim.sweep.store import open_store

TEXT = """
schema_version: 1
scenarios: [./short.yaml]
uncertainties:
  frontier.cn.catch_up: {values: [0.02, 0.05]}
replicates: 4
outcomes: [world.adoption]
"""
LONGER = TEXT.replace("0.05", "0.03, 0.04, 0.05, 0.06, 0.07, 0.08").replace(": 4", ": 16")
FILES = (
    "plan.json", "sweep.yaml", "scenarios/000.resolved.yaml", "design.parquet",
    "results/points/point=000001.json", "results/outcomes/point=000001.parquet",
    "results/groups/point=000001.parquet", "failures.csv", "summary.csv", "manifest.json",
)  # fmt: skip
PARTS = tuple(name for name in FILES if name.startswith("results/"))

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return read_sweep(sweep_file(tmp_path_factory.mktemp("in"), TEXT))


@pytest.fixture(scope="module")
def whole(plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "sweep"
    sweep(plan, str(folder), workers=1)
    return folder


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """The same sweep with another seed and one more scenario value."""
    text = TEXT.replace("replicates", "seed: 9\nreplicates").replace("0.05", "0.05, 0.07")
    folder = tmp_path_factory.mktemp("other") / "sweep"
    sweep(read_sweep(sweep_file(tmp_path_factory.mktemp("in"), text)), str(folder), workers=1)
    return folder


def flipped(path: Path, place: float) -> None:
    raw = bytearray(path.read_bytes())
    raw[int(place * (len(raw) - 1))] ^= 1
    path.write_bytes(bytes(raw))


DAMAGE = {
    "deleted": lambda path, stale: path.unlink(),
    "cut short": lambda path, stale: path.write_bytes(path.read_bytes()[:-7]),
    "first bit": lambda path, stale: flipped(path, 0.0),
    "middle bit": lambda path, stale: flipped(path, 0.5),
    "late bit": lambda path, stale: flipped(path, 0.9),
    "emptied": lambda path, stale: path.write_bytes(b""),
    "stale": lambda path, stale: path.write_bytes(stale.read_bytes()),
}


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize("name", FILES)
def test_the_same_bytes_or_an_error(plan, whole, other, tmp_path, name, how):
    folder = tmp_path / "sweep"
    shutil.copytree(whole, folder)
    DAMAGE[how](folder / name, other / name)
    changed = contents(folder) != contents(whole)
    told: list[str] = []
    try:
        done = sweep(plan, str(folder), workers=1, resume=True, listener=Listener(told.extend))
    except SpheresError:
        assert name == "plan.json"  # nothing else says which sweep it is
        return
    assert contents(folder) == contents(whole)
    assert manifest(folder)["hashes"] == manifest(whole)["hashes"]
    verify(open_store(str(folder)))
    assert done.ran == (name in PARTS)
    if changed:
        assert name in told


def test_a_whole_point_of_another_sweep_is_not_taken(plan, whole, other, tmp_path):
    folder = tmp_path / "sweep"
    shutil.copytree(whole, folder)
    for name in PARTS:
        shutil.copy(other / name, folder / name)
    assert sweep(plan, str(folder), resume=True).ran == 1
    assert contents(folder) == contents(whole)


def test_a_point_under_the_number_of_its_neighbour_is_not_taken(plan, whole, tmp_path):
    folder = tmp_path / "sweep"
    shutil.copytree(whole, folder)
    for name in PARTS:
        shutil.copy(folder / name.replace("1.", "0."), folder / name)
    assert sweep(plan, str(folder), resume=True).ran == 1
    assert contents(folder) == contents(whole)


def test_points_that_the_plan_does_not_have_are_no_part_of_it(plan, whole, other, tmp_path):
    folder = tmp_path / "sweep"
    shutil.copytree(whole, folder)
    more = [name.replace("000001", "000002") for name in PARTS]
    for name in more:
        shutil.copy(other / name, folder / name)
    told: list[str] = []
    assert sweep(plan, str(folder), resume=True, listener=Listener(told.extend)).ran == 0
    assert sorted(told) == sorted(more)
    assert contents(folder) == contents(whole)


def test_what_is_mended_is_said_in_one_line(whole, tmp_path):
    file = sweep_file(tmp_path / "in", TEXT)
    folder = tmp_path / "sweep"
    shutil.copytree(whole, folder)
    for name in PARTS[1:]:
        flipped(folder / name, 0.5)
    done = spheres("sweep", file, "-o", folder, "--resume")
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stderr.splitlines() if "made again" in line]
    assert all(name in line for name in PARTS[1:])
    assert "1 of 2 points run" in done.stderr
    assert spheres("verify", folder).returncode == 0


@pytest.mark.parametrize("how", ["moved", "moved and made anew", "a record deleted"])
def test_what_happens_while_it_runs_ends_in_an_error(tmp_path, how):
    file = sweep_file(tmp_path / "in", LONGER)
    folder, away = tmp_path / "sweep", tmp_path / "away"
    process = start("sweep", file, "-o", folder, "--workers", 1)
    until(lambda: records(folder), process)
    if how == "a record deleted":
        (folder / "results/points/point=000000.json").unlink()
    else:
        folder.rename(away)
    if how == "moved and made anew":
        folder.mkdir()
    assert process.wait() in (3, 5)
    assert not (folder / "manifest.json").exists()
    if how == "a record deleted":
        assert spheres("sweep", file, "-o", folder, "--resume").returncode == 0
    else:
        assert not folder.exists() or not list(folder.iterdir())
        assert spheres("verify", away).returncode == 3
        away.rename(folder) if not folder.exists() else away.replace(folder)
        assert spheres("sweep", file, "-o", folder, "--resume").returncode == 0
    alone = tmp_path / "alone"
    assert spheres("sweep", file, "-o", alone).returncode == 0
    assert contents(folder) == contents(alone)
