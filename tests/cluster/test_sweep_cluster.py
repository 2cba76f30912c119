"""A real scheduler and two real workers on this machine; one of them is killed on the way."""

from __future__ import annotations

import re
import signal
import subprocess
import sys

import pytest
from sweep_case import contents, environment, manifest, records, spheres, start, sweep_file, until

from sim.errors import FolderConflict
from sim.sweep.cluster import work
from sim.sweep.fingerprint import code_digest
from sim.sweep.folder import begin
from sim.sweep.plan import read_sweep
from sim.sweep.replay import plan_digest
from sim.sweep.store import open_store

pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
pytestmark = [pytest.mark.cluster, pytest.mark.slow]

SWEEP = """
schema_version: 1
scenarios: [./short.yaml]
uncertainties:
  frontier.cn.catch_up: {values: [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1]}
replicates: 8
outcomes: [world.adoption]
"""
QUIET = ("--no-dashboard",)


def dask(log, *words):
    """Start `dask WORDS`, its output in a file."""
    command = [sys.executable, "-m", "dask", *words, *QUIET]
    with log.open("wb") as file:
        return subprocess.Popen(command, env=environment(), stdout=file, stderr=file)


@pytest.fixture
def cluster(tmp_path):
    """Address of a scheduler and its two workers."""
    log = tmp_path / "scheduler.log"
    scheduler = dask(log, "scheduler", "--host", "127.0.0.1", "--port", "0")
    processes = [scheduler]
    try:
        pattern = re.compile(rb"Scheduler at:\s+(tcp://[0-9.:]+)")
        until(lambda: pattern.search(log.read_bytes()), scheduler)
        address = pattern.search(log.read_bytes())[1].decode()
        for k in range(2):
            worker_log = tmp_path / f"worker{k}.log"
            words = ("worker", address, "--nthreads", "1", "--no-nanny")
            processes.append(dask(worker_log, *words))
            until(lambda f=worker_log: b"Registered to" in f.read_bytes(), processes[-1])
        yield address, processes[1:]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def test_distributed_equals_serial_though_a_worker_dies(cluster, tmp_path):
    address, workers = cluster
    file = sweep_file(tmp_path / "in", SWEEP)
    folder, alone = tmp_path / "out", tmp_path / "alone"
    process = start("sweep", file, "-o", folder, "--scheduler", address)
    until(lambda: records(folder), process)
    workers[0].send_signal(signal.SIGKILL)
    assert len(records(folder)) < 10
    assert process.wait() == 0
    assert workers[1].poll() is None
    assert spheres("sweep", file, "-o", alone, "--workers", 1).returncode == 0
    assert contents(folder) == contents(alone)
    assert manifest(folder)["hashes"] == manifest(alone)["hashes"]


def test_workers_that_stay_see_the_next_plan(cluster, tmp_path):
    """The same folder with another plan: nothing of the first may be remembered."""
    address, _ = cluster
    folder, alone = tmp_path / "out", tmp_path / "alone"
    few = SWEEP.replace(", 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1", "")
    first = sweep_file(tmp_path / "in", few)
    words = ("sweep", first, "-o", folder, "--scheduler", address)
    assert spheres(*words).returncode == 0
    second = sweep_file(tmp_path / "in", few.replace("replicates: 8", "replicates: 9"))
    assert spheres(*words).returncode == 3
    assert spheres(*words, "--force").returncode == 0
    assert spheres("sweep", second, "-o", alone).returncode == 0
    assert contents(folder) == contents(alone)


def test_a_worker_refuses_a_plan_that_is_gone(tmp_path):
    file = sweep_file(tmp_path / "in", SWEEP)
    plan = read_sweep(file)
    store = open_store(str(tmp_path / "out"))
    with store.locked():
        begin(store, plan, resume=False, force=False, damaged=None)
    with pytest.raises(FolderConflict, match="another plan"):
        work(store.place, plan.points[0], "digest of another")
    store.write(
        "plan.json", (store.read("plan.json") or b"").replace(code_digest().encode(), b"old")
    )
    with pytest.raises(FolderConflict, match="Install the same version"):
        work(store.place, plan.points[0], plan_digest(store))
    assert not store.names("results")


def test_nobody_answers(tmp_path):
    file = sweep_file(tmp_path / "in", SWEEP)
    done = spheres("sweep", file, "-o", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9")
    assert done.returncode == 1
    assert "no Dask scheduler answers" in done.stderr
