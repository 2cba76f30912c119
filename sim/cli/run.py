"""``spheres run``: a scenario over many replicates, into a run folder."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.compiling import compile_once
from sim.cli.options import Figures, Force, Policies, Scenario, Seed, Sets, Workers
from sim.cli.output import say

if TYPE_CHECKING:
    from sim.runs.run import EngineName, Run

ENGINES = ("mesa", "ensemble")


def command(
    scenario: Scenario,
    replicates: Annotated[
        int, typer.Option("-n", "--replicates", min=1, help="Runs that differ by luck alone.")
    ] = 64,
    seed: Seed = 1,
    engine: Annotated[
        str, typer.Option(help="ensemble (fast) or mesa (the reference, minutes for 64).")
    ] = "ensemble",
    workers: Workers = None,
    policy: Policies = None,
    set_: Sets = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Run folder; runs/<scenario>-<hash8>.")
    ] = None,
    force: Force = False,
    figures: Figures = True,
) -> None:
    """Exit 0, or 3 for bad input, 4 if some runs failed, 130 if interrupted."""
    from sim.runs.folder import check_folder
    from sim.runs.manifest import Identity
    from sim.runs.run import default_folder, raise_if_some_failed, run, write
    from sim.scenario import load

    if engine not in ENGINES:
        raise typer.BadParameter(
            f"'{engine}' is not one of {', '.join(ENGINES)}", param_hint="--engine"
        )
    chosen: EngineName = "mesa" if engine == "mesa" else "ensemble"
    resolved = load(scenario, policy or [], set_ or [])
    folder = output or default_folder(resolved)
    identity = Identity(resolved.hash, seed, replicates, chosen)
    other = check_folder(folder, identity, force=force)
    took = {"compilation": compile_once(chosen)}
    result = with_progress(
        replicates,
        lambda advance: run(
            resolved,
            replicates,
            seed,
            engine=chosen,
            workers=workers or os.cpu_count() or 1,
            progress=advance,
        ),
    )
    took |= result.timings
    begun = time.perf_counter()
    write(result, folder, sys.argv[1:], force=force)
    took["tables"] += time.perf_counter() - begun
    if other:
        forget_charts(folder)
    if figures:
        from sim.charts.save import save_all

        begun = time.perf_counter()
        save_all(folder, left_out=lambda fact: say(f"note: {fact}"))
        took["charts"] = time.perf_counter() - begun
    _report(result, folder, figures)
    say("took: " + ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in took.items()))
    raise_if_some_failed(result)


def with_progress[R](total: int, work: Callable[[Callable[[int], None]], R]) -> R:
    """Do the work under a progress bar on stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    compile_once()
    console = Console(stderr=True)
    columns = (TextColumn("runs"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("runs", total=total)
        return work(lambda count: bar.advance(task, count))


def forget_charts(folder: Path) -> None:
    """Delete the charts of a run that was replaced; say what else lies among them."""
    from sim.charts.registry import CHARTS
    from sim.charts.save import forget
    from sim.files import listed

    left = forget(folder, [chart.file for chart in CHARTS.values()])
    if left:
        say(f"note: left in {folder / 'figures'}, of the run before or yours: {listed(left)}")


def _report(result: Run, folder: Path, figures: bool) -> None:
    import polars as pl

    for fact in (*result.facts, *result.failures):
        say(f"note: {fact}")
    print(f"{result.resolved.name}: {result.replicates} runs, seed {result.seed}")
    rows = result.tables.scan("outcomes")
    last = rows.select(pl.col("period").max()).collect().item()
    table = (
        rows.filter(pl.col("period") == last, pl.col("outcome").str.starts_with("world."))
        .collect()
        .group_by("outcome", maintain_order=True)
        .agg(
            pl.col("value").mean().alias("mean"),
            pl.col("value").quantile(0.05).alias("p05"),
            pl.col("value").quantile(0.95).alias("p95"),
        )
    )
    from sim.cli.output import print_rows

    print_rows((f"outcome, {last}", "mean", "p05", "p95"), table.iter_rows())
    print(f"written to {folder}" + (f", charts in {folder / 'figures'}" if figures else ""))
