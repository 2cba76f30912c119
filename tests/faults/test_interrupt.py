"""Ctrl-C ends every command that takes long, at once and with nothing left by halves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from sweep_case import COMMAND, LONG_SWEEP, ROOT, environment, spheres, sweep_file, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads times in /proc"),
]

LIMIT_S = 4.0  # two are promised; the machine may be busy
LINE = "spheres: interrupted"
LONG = {
    "run": ("run", "baseline", "-n", 20000, "--no-figures", "-o", "{out}"),
    "run with Mesa": ("run", "baseline", "--engine", "mesa", "-o", "{out}"),
    "compare": ("compare", "baseline", "two-camps", "-n", 5000, "-o", "{out}"),
    "sweep": ("sweep", "{sweep}", "-o", "{out}"),
    "hindcast": ("hindcast", "-o", "{out}"),
    "calibrate": ("calibrate", "-o", "{out}"),
    "claims check": ("claims", "check", "-n", 2000, "-o", "{out}"),
    "validate --deep": ("validate", "two-camps", "--deep"),
    "explain": ("explain", "baseline", "all", "2030-06", "--indifferent", 0.1),
    "bench": ("bench",),
}


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """The model is compiled before anything is timed."""
    done = spheres("explain", "baseline", "KEN", "2023-03")
    assert done.returncode == 0, done.stderr


def begin(words, **more) -> subprocess.Popen[str]:
    """Start a command as a shell does, where SIGINT is not ignored."""
    return subprocess.Popen(
        [*COMMAND, *map(str, words)], cwd=ROOT, text=True,
        env={**environment(), **more}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def worked(process: subprocess.Popen[str]) -> float:
    """Seconds of processor time that a process has taken."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def interrupted(process: subprocess.Popen[str], presses: int = 1) -> tuple[str, str]:
    """Press Ctrl-C and hold the end against what is promised; (stdout, stderr)."""
    assert process.poll() is None, "it was over before"
    began = time.monotonic()
    for _ in range(presses):
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    try:
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    passed = time.monotonic() - began
    assert process.returncode == 130, err
    assert passed < LIMIT_S
    said = err.strip().splitlines()
    assert said[-1].startswith(LINE), err
    assert sum(LINE in line for line in said) == 1, err
    assert "Traceback" not in err
    assert "Exception" not in err
    return out, err


def filled(words, folder: Path) -> list[str]:
    places = {"out": folder / "out", "sweep": folder / "sweep" / "sweep.yaml"}
    return [str(word).format_map(places) for word in words]


@pytest.mark.parametrize(
    ("name", "seconds"), [*((name, 3.0) for name in LONG), ("run", 1.0), ("run", 5.0)]
)
def test_a_long_command_ends_and_leaves_nothing_by_halves(name, seconds, tmp_path):
    (tmp_path / "sweep").mkdir()
    sweep_file(tmp_path / "sweep", LONG_SWEEP)
    process = begin(filled(LONG[name], tmp_path))
    until(lambda: worked(process) > seconds, process)
    interrupted(process)
    left = sorted(path.name for path in tmp_path.iterdir())
    if name == "sweep" and "out" in left:
        assert not (tmp_path / "out" / "manifest.json").exists()
        left.remove("out")
    assert left == ["sweep"]


def test_pressing_it_again_does_not_disturb_the_end(tmp_path):
    process = begin(filled(LONG["run"], tmp_path))
    until(lambda: worked(process) > 3.0, process)
    interrupted(process, presses=4)
    assert list(tmp_path.iterdir()) == []


def test_it_ends_while_the_model_is_compiled(tmp_path):
    """LLVM cannot be called off: the process ends under it."""
    words = filled(LONG["run"], tmp_path)
    process = begin(words, XDG_CACHE_HOME=str(tmp_path / "cache"))
    until(lambda: worked(process) > 4.0, process)
    _, err = interrupted(process)
    assert "compiling" in err
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


def test_a_report_is_written_whole_or_not(tmp_path):
    run = tmp_path / "run"
    done = spheres("run", "baseline", "-n", 2, "--no-figures", "-o", run)
    assert done.returncode == 0, done.stderr
    before = sorted(run.rglob("*"))
    process = begin(("report", run))
    until(lambda: worked(process) > 1.0, process)
    interrupted(process)
    assert sorted(run.rglob("*")) == before


def test_the_live_page_ends_while_it_refines():
    process = begin(("serve", "--port", 0))
    assert process.stdout is not None
    address = process.stdout.readline().split()[3]
    body = json.dumps({"selection": {}, "view": {}}).encode()
    request = urllib.request.Request(
        f"{address}api/run", body, {"content-type": "application/json"}
    )
    seen: list[bytes] = []

    def listen() -> None:
        with urllib.request.urlopen(request) as answer:
            seen.extend(answer)

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    until(lambda: worked(process) > 5.0, process)
    interrupted(process)
    listener.join(10)
    assert b'"end"' not in b"".join(seen[-1:])


def test_an_ignored_signal_stays_ignored(tmp_path):
    """As `nohup` and a shell's `&` want it."""
    process = subprocess.Popen(
        [*COMMAND, "run", "baseline", "-n", "2", "--no-figures", "-o", str(tmp_path / "out")],
        cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )  # fmt: skip
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert (tmp_path / "out" / "manifest.json").is_file()
