"""What a sweep would take: runs, time and disk, from one point run in memory."""

from __future__ import annotations

import time

from sim.sweep.plan import Plan
from sim.sweep.point import run_point
from sim.sweep.schema import SweepFile

TRIAL_RUNS = 64
_UNITS = ("B", "kB", "MB", "GB", "TB")


def estimate(plan: Plan, workers: int) -> list[str]:
    """Lines for the person who asks. Runs the first point with at most 64 replicates."""
    file, points = plan.file, len(plan.points)
    trial = file.model_copy(update={"replicates": min(file.replicates, TRIAL_RUNS), "stop": None})
    warm = file.model_copy(update={"replicates": 1, "stop": None})
    _trial(plan, warm)
    seconds, size = _trial(plan, trial)
    rows = f"{points // len(plan.arms):,} design rows each ({file.design.method})"
    lines = [f"points   {points:,} = {len(plan.arms)} scenario x policy, {rows}"]
    low, high = points * file.counts[0], points * sum(file.counts)
    runs = f"{low:,}" if low == high else f"{low:,} to {high:,}, as the stop rule decides"
    lines.append(f"runs     {runs}")
    each = seconds / trial.replicates / min(workers, points)
    lines.append(f"time     {_span(low * each, high * each)} on {workers} threads")
    per_run, shared = size
    most = points * file.counts[-1] * per_run + points * shared
    lines.append(f"disk     {_span_bytes(low * per_run + points * shared, most)}")
    return lines


def _trial(plan: Plan, file: SweepFile) -> tuple[float, tuple[float, float]]:
    """Seconds, and bytes for each run and for the point as a whole."""
    point = plan.points[0]
    start = time.perf_counter()
    part = run_point(plan.arms[point.arm].resolved, point.number, point.values, file)
    seconds = time.perf_counter() - start
    of_runs = sum(len(raw) for name, raw in part.files.items() if "/outcomes/" in name)
    rest = sum(map(len, part.files.values())) - of_runs
    return seconds, (of_runs / file.replicates, rest)


def _span(low: float, high: float) -> str:
    first, last = _duration(low), _duration(high)
    return f"about {first}" if first == last else f"about {first} to {last}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _span_bytes(low: float, high: float) -> str:
    first, last = _size(low), _size(high)
    return f"about {first}" if first == last else f"about {first} to {last}"


def _size(count: float) -> str:
    step = 0
    while count >= 1000 and step < len(_UNITS) - 1:
        count, step = count / 1000, step + 1
    return f"{count:.3g} {_UNITS[step]}"
