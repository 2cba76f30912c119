"""Run folders for tests of the report: invented numbers under a real, resolved scenario."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import synthetic_run

from sim.scenario import Resolved, load


@cache
def scenario(*sets: str) -> Resolved:
    """The shipped baseline with single settings."""
    return load("baseline", sets=list(sets))


def write_run(
    folder: Path,
    *,
    sets: Sequence[str] = (),
    name: str = "baseline",
    seed: int = 1,
    shift: float = 0.0,
    months: int = 36,
) -> Path:
    """A run folder of ``months`` invented months; outcomes moved by ``shift``; returns it."""
    synthetic_run.write_run(folder, n=months)
    periods = [month for month in synthetic_run.months(months) if month.month == 12]
    synthetic_run.countries(periods).write_parquet(folder / "results" / "countries.parquet")
    outcomes = synthetic_run.outcomes(replicates=8, shift=shift)
    outcomes.write_parquet(folder / "results" / "outcomes.parquet")
    resolved = scenario(*sets).model_copy(update={"name": name})
    (folder / "scenario.resolved.yaml").write_text(resolved.to_yaml(), encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {
        "scenario": name,
        "scenario_hash": resolved.hash,
        "seed": seed,
        "counts": {"replicates": 8, "failed": 0},
        "engine": "ensemble",
        "argv": ["run", name, "-n", "8"],
        "warnings": ["a fact <b>listed</b> by the run"],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
