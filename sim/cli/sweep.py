"""``spheres sweep``: a designed set of runs, resumable, here or on a cluster."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.compiling import compile_once
from sim.cli.output import print_rows, say

if TYPE_CHECKING:
    from sim.sweep.execute import Swept
    from sim.sweep.plan import Plan


def command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Sweep file (YAML).")],
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="DIR", help="Folder or URL; in runs/ if left out."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would take, write nothing.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Do only what is missing or damaged.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Threads; all cores if left out.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="tcp://HOST:PORT", help="Dask scheduler to use."),
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Replace another sweep or run; files of others always stay."),
    ] = False,
) -> None:
    """Exit 4 if points failed, 130 if interrupted; go on with --resume."""
    from sim.interrupt import call_it
    from sim.sweep.execute import cores, default_place, raise_if_some_failed
    from sim.sweep.parts import INTERRUPTED
    from sim.sweep.plan import read_sweep

    if resume and force:
        raise typer.BadParameter("--resume keeps what is there, --force deletes it; choose one")
    plan = read_sweep(file)
    for warning in plan.warnings:
        say(f"warning: {warning}")
    if scheduler is None or dry_run:
        compile_once()
    if dry_run:
        from sim.sweep.estimate import estimate

        for line in estimate(plan, workers or cores()):
            print(line)
        return
    call_it(INTERRUPTED)
    done = _run(
        plan, output or default_place(plan, file), workers=workers, resume=resume, force=force,
        scheduler=scheduler, argv=sys.argv[1:],
    )  # fmt: skip
    _print_statistics(plan, done.place)
    say(f"{done.ran} of {done.points} points run, {done.failed} with failures: {done.place}")
    raise_if_some_failed(done)


def _run(plan: Plan, place: str, **options: Any) -> Swept:  # noqa: ANN401 - handed through
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from sim.sweep.execute import sweep
    from sim.sweep.parts import Listener

    runs_so_far = "{task.fields[runs]} runs"
    bar = Progress(
        "points", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), runs_so_far,
        console=Console(stderr=True),
    )  # fmt: skip
    runs = 0
    task = bar.add_task("points", total=None, runs=0)

    def started(total: int) -> None:
        bar.update(task, total=total)
        bar.start()

    def progress(_: int, count: int) -> None:
        nonlocal runs
        runs += count
        bar.update(task, advance=1, runs=f"{runs:,}")

    try:
        return sweep(plan, place, listener=Listener(_say_damaged, started, progress), **options)
    finally:
        bar.stop()


def _say_damaged(names: Sequence[str]) -> None:
    from sim.files import listed

    say(f"not what the sweep wrote, made again: {listed(names)}")


def _print_statistics(plan: Plan, place: str) -> None:
    from sim.sweep.statistics import COLUMNS, statistics
    from sim.sweep.store import open_store

    rows = statistics(open_store(place), plan).iter_rows()
    print_rows(COLUMNS, [[_cell(value) for value in row] for row in rows])


def _cell(value: Any) -> str | float | None:  # noqa: ANN401 - any cell of a table
    return value if isinstance(value, float) else str(value)
