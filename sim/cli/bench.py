"""``spheres bench``: how fast the readings of the model are on this machine, and if they agree."""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated, Any

import typer

from sim.cli.checkout import experiment
from sim.cli.output import Row, print_rows, say

THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
TABLE = (
    ("mesa_us", "Mesa as its users write it: agents in NumPy", "mesa"),
    ("mesa_compiled_us", "Mesa as shipped: agents on compiled text", "mesa_compiled"),
    ("numpy_us", "batched NumPy, 16 runs at once", "numpy"),
    ("engine_us", "engine: draws, kernel, reductions", "engine"),
    ("engine_written_us", "engine, tables and run folder written", "engine_written"),
    ("floor_us", "floor: exponentials, logarithms, sums by task, network, one write", "floor"),
)


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    rounds: Annotated[int, typer.Option(min=5, help="Interleaved rounds; medians count.")] = 5,
    replicates: Annotated[int, typer.Option(min=1, help="Runs of the engine in a round.")] = 512,
) -> None:
    """From a checkout only. Exit 1 if the readings of the model are not equal: nothing is timed."""
    blas = limit_blas()
    measure = experiment("00_speed", "measure", "the benchmark")
    from sim.scenario import load
    from sim.world.build import build_world

    world = build_world(load("baseline"))
    settings = measure.Settings(rounds, replicates)
    found = measure.measure(world, settings, blas=blas, say=say)
    if as_json:
        print(json.dumps(found, indent=1))
    else:
        print_table(found)


def limit_blas() -> str:
    """Ask BLAS for one thread, which it hears only before NumPy is loaded; says what holds."""
    if "numpy" in sys.modules and not all(os.environ.get(name) == "1" for name in THREADS[:1]):
        return "threads not limited: NumPy was loaded before"
    for name in THREADS:
        os.environ[name] = "1"
    return "one thread"


def print_table(found: dict[str, Any]) -> None:
    """Figures with their spread, ratios, and what they were measured on."""
    rows: list[Row] = []
    for key, what, name in TABLE:
        spread = found["spread"][name]
        rows.append((what, found[key], spread["min"], spread["max"]))
    unit = "us per country-month"
    print_rows((f"CPU {unit}, median of {found['rounds']} rounds", "median", "min", "max"), rows)
    print(f"\nengine is {found['speedup_vs_mesa']:.0f} x Mesa with agents in NumPy")
    print(f"engine is {found['speedup_vs_mesa_compiled']:.1f} x Mesa with agents on compiled text")
    print(f"engine is {found['engine_over_floor']:.2f} x the floor")
    print(f"two workers finish {found['two_core_speedup']:.2f} x as fast as one")
    gate = ", ".join(f"{name} {gap:.1e}" for name, gap in found["equality_gate"].items())
    print(f"equal to the oracle within: {gate}")
    print(f"not counted: {found['excluded']}")
    print(
        f"{found['replicates']} replicates x {found['economies']} economies x "
        f"{found['horizon_months']} months; BLAS: {found['machine']['blas']}"
    )
    print("; ".join(f"{name} {value}" for name, value in found["machine"].items()))
