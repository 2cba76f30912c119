"""``spheres run``: a scenario over many replicates, into a run folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Policies, Scenario, Sets
from sim.cli.output import say

if TYPE_CHECKING:
    from sim.sweep.run import EngineName, Run

ENGINES = ("mesa", "ensemble")


def command(
    scenario: Scenario,
    replicates: Annotated[
        int, typer.Option("-n", "--replicates", min=1, help="Runs that differ by luck alone.")
    ] = 64,
    seed: Annotated[int, typer.Option(min=0, help="All luck follows from it.")] = 1,
    engine: Annotated[
        str, typer.Option(help="ensemble (fast) or mesa (the reference, minutes for 64).")
    ] = "ensemble",
    workers: Annotated[
        int | None, typer.Option(min=1, help="Threads; all cores if left out.")
    ] = None,
    policy: Policies = None,
    set_: Sets = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Run folder; runs/<scenario>-<hash8>.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a folder that holds something else.")
    ] = False,
    figures: Annotated[bool, typer.Option(help="Draw the charts as well.")] = True,
) -> None:
    """Exit 0, or 3 for bad input, 4 if some runs failed, 130 if interrupted."""
    from sim.interrupt import part_of
    from sim.results.run_folder import check_folder
    from sim.scenario import load
    from sim.sweep.run import default_folder, raise_if_some_failed, run, write

    if engine not in ENGINES:
        raise typer.BadParameter(
            f"'{engine}' is not one of {', '.join(ENGINES)}", param_hint="--engine"
        )
    chosen: EngineName = "mesa" if engine == "mesa" else "ensemble"
    resolved = load(scenario, policy or [], set_ or [])
    folder = output or default_folder(resolved)
    check_folder(
        folder,
        scenario_hash=resolved.hash,
        seed=seed,
        replicates=replicates,
        engine=chosen,
        force=force,
    )
    part_of(folder)
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
    write(result, folder, sys.argv[1:], force=force)
    if figures:
        from sim.charts.save import save_all

        save_all(folder, left_out=lambda fact: say(f"note: {fact}"))
    _report(result, folder, figures)
    raise_if_some_failed(result)


def with_progress[R](total: int, work: Callable[[Callable[[int], None]], R]) -> R:
    """Do the work under a progress bar on stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from sim.equations.jit import first_use

    if first_use():
        say("compiling the model for this machine, once (about a minute)")
    console = Console(stderr=True)
    columns = (TextColumn("runs"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("runs", total=total)
        return work(lambda count: bar.advance(task, count))


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
