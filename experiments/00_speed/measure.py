"""How fast the readings of the model are, side by side in one run on this machine.

Figures are CPU microseconds per country-month-run, medians of interleaved rounds on one CPU with
one thread, after the equality gate of `gate.py` and one round that is not counted
(it holds all compilation). Every figure but the floor includes draws and the engine's reductions.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from experiment_00_speed.floor import Floor
from experiment_00_speed.gate import hold_equal
from experiment_00_speed.machine import machine
from experiment_00_speed.mesa_runs import Task, run_once
from experiment_00_speed.numpy_batch import Batch

from sim.draws.setting import make_setting
from sim.ensemble.block import prepare
from sim.ensemble.runner import run_ensemble
from sim.record.accumulators import begin_block, new_accumulator
from sim.record.channels import make_instruments
from sim.record.plan import plan_results, world_series
from sim.record.reduce import reduce_month
from sim.runs.run import Run, write
from sim.runs.tables import tables
from sim.world.build import World

NUMPY_LANES = 16
CORES = 2

Say = Callable[[str], None]


@dataclass(frozen=True)
class Settings:
    """How much is measured."""

    rounds: int = 5
    replicates: int = 512
    seed: int = 1


@dataclass(frozen=True)
class Job:
    """Something to time, and how many country-months of runs it does."""

    work: Callable[[], object]
    country_months: int


def measure(world: World, settings: Settings, *, blas: str, say: Say) -> dict[str, object]:
    """Everything that `spheres bench` reports, ready for JSON.

    blas: what is known of BLAS threads, reported as it is; say: told of every stage. Raises
    ReadingsDifferError if the readings of the model are not equal; then nothing is timed.
    """
    before = load()
    with pinned() as cpu:
        say("equality gate: Mesa = NumPy = engine, replicate 0, every month")
        gate = hold_equal(world, settings.seed, NUMPY_LANES)
        rounds = in_rounds(jobs(world, settings), settings.rounds, say)
    say("two cores")
    figures = summarise(rounds)
    facts = {**machine(), "cpu_pinned": cpu, "blas": blas, "load_before": before}
    return {
        **figures,
        "unit": "CPU microseconds per country-month-run",
        "rounds": settings.rounds,
        "replicates": settings.replicates,
        "numpy_lanes": NUMPY_LANES,
        "horizon_months": world.shape[0],
        "economies": world.shape[1],
        "excluded": "compilation (one uncounted round), building the world from seed tables",
        "equality_gate": gate,
        **on_cores(world, settings),
        "machine": {**facts, "load_after": load()},
    }


def jobs(world: World, settings: Settings) -> dict[str, Job]:
    """What is timed, in the order of a round."""
    months, economies = world.shape[:2]
    one, seed, count = months * economies, settings.seed, settings.replicates
    floor, task = Floor(world), Task(world, settings.rounds + 1)
    return {
        "mesa": Job(lambda: run_once(task, seed), one),
        "numpy": Job(lambda: run_numpy(world, seed), one * NUMPY_LANES),
        "engine": Job(lambda: run_ensemble(world, count, seed, workers=1), one * count),
        "engine_written": Job(lambda: run_written(world, count, seed), one * count),
        "floor": Job(lambda: floor.months(months), one * floor.lanes),
    }


def in_rounds(what: Mapping[str, Job], rounds: int, say: Say) -> dict[str, list[float]]:
    """Microseconds per country-month by job and round; one round before them is not counted."""
    found: dict[str, list[float]] = {name: [] for name in what}
    for number in range(rounds + 1):
        say(f"round {number} of {rounds}" if number else "warm-up round, compilation included")
        for name, job in what.items():
            begun = time.process_time()
            job.work()
            spent = time.process_time() - begun
            if number:
                found[name].append(1e6 * spent / job.country_months)
    return found


def summarise(rounds: Mapping[str, list[float]]) -> dict[str, object]:
    """Medians, ratios, and the spread of every figure."""
    middle = {name: median(values) for name, values in rounds.items()}
    return {
        "mesa_us": middle["mesa"],
        "numpy_us": middle["numpy"],
        "engine_us": middle["engine"],
        "engine_written_us": middle["engine_written"],
        "floor_us": middle["floor"],
        "speedup_vs_mesa": middle["mesa"] / middle["engine"],
        "engine_over_floor": middle["engine"] / middle["floor"],
        "spread": {
            name: {"min": min(values), "max": max(values), "rounds": values}
            for name, values in rounds.items()
        },
    }


def run_numpy(world: World, seed: int) -> None:
    """Draw, run and reduce a batch of the NumPy reading."""
    layout, plan = plan_results(world)
    seen = make_instruments(world)
    acc = new_accumulator(layout, plan, NUMPY_LANES)
    setting = make_setting(world, seed, tuple(range(NUMPY_LANES)))
    batch, live = Batch(prepare(world), setting), np.ones(NUMPY_LANES, dtype=np.bool_)
    drawn = setting.numbers
    begin_block(acc, plan, drawn.segments.potential, drawn.offerings.revocability)
    for t in range(world.shape[0]):
        batch.step()
        reduce_month(
            t,
            batch.lanes.share,
            batch.lanes.adoption,
            batch.lanes.bill,
            batch.supply.tokens,
            setting.numbers.segments.churn,
            world_series(
                seen,
                batch.supply,
                batch.lanes.scarcity,
                batch.lanes.share,
                batch.lanes.adoption,
                setting.numbers.params,
                setting.numbers.offerings,
            ),
            live,
            1,
            plan,
            acc,
        )


def run_written(world: World, replicates: int, seed: int) -> None:
    """The engine, its tables, and a run folder on disk (no charts)."""
    found = run_ensemble(world, replicates, seed, workers=1)
    result = Run(world.resolved, seed, replicates, "ensemble", tables(found.totals), (), ())
    with tempfile.TemporaryDirectory() as folder:
        write(result, Path(folder) / "run")


def on_cores(world: World, settings: Settings) -> dict[str, float]:
    """Wall seconds of the engine on one and two threads."""
    count, seed = settings.replicates, settings.seed
    pairs = [
        (
            _seconds(lambda: run_ensemble(world, count, seed, workers=1)),
            _seconds(lambda: run_ensemble(world, count, seed, workers=CORES)),
        )
        for _ in range(settings.rounds)
    ]
    alone, shared = (median(column) for column in zip(*pairs, strict=True))
    return {
        "wall_one_worker_s": alone,
        "wall_two_workers_s": shared,
        "two_core_speedup": alone / shared,
    }


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


@contextmanager
def pinned() -> Iterator[int | None]:
    """Keep this thread, and those it starts, on one CPU; None where the system cannot."""
    if not hasattr(os, "sched_setaffinity"):
        yield None
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield max(allowed)
    finally:
        os.sched_setaffinity(0, allowed)


def load() -> float | None:
    """Average number of busy processes over the last minute; None where the system has none."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
