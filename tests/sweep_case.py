"""Small sweeps for tests: the command line in a process of its own, and bytes to compare."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SWEEPS = ROOT / "tests" / "fixtures" / "sweeps"
COMMAND = (sys.executable, "-m", "sim.cli.app")
LONG_SWEEP = """
schema_version: 1
scenarios: [./short.yaml]
uncertainties:
  frontier.cn.catch_up: {values: [0.01, 0.02, 0.03, 0.04]}
replicates: 9000
"""
PATIENCE = 300  # seconds, enough for the first compilation on a busy machine


def environment() -> dict[str, str]:
    """The environment of a started process, which imports the same package as the tests."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def spheres(*words: object) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, words)], capture_output=True, text=True, timeout=PATIENCE,
        env=environment(), cwd=ROOT,
    )  # fmt: skip


def start(*words: object) -> subprocess.Popen[bytes]:
    """Start the command line and leave it running."""
    return subprocess.Popen(
        [*COMMAND, *map(str, words)], env=environment(), cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def until(condition, process: subprocess.Popen[bytes] | None = None) -> None:
    """Wait until the condition holds; fail if the process ends before."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert process is None or process.poll() is None, "ended too early"
        assert time.monotonic() < deadline, "took too long"
        time.sleep(0.005)


def records(folder: Path) -> list[str]:
    """Names of the points that are complete."""
    return sorted(path.name for path in (folder / "results" / "points").glob("point=*.json"))


def contents(folder: Path) -> dict[str, bytes]:
    """Bytes of every file but the manifest and the lock."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(files)
        if path.name not in ("manifest.json", ".lock")
    }


def manifest(folder: Path) -> dict:
    """The manifest of a finished sweep."""
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def sweep_file(folder: Path, text: str) -> Path:
    """A sweep file in a folder, its scenario beside it."""
    folder.mkdir(exist_ok=True)
    (folder / "short.yaml").write_bytes((SWEEPS / "short.yaml").read_bytes())
    path = folder / "sweep.yaml"
    path.write_text(text, "utf-8")
    return path
