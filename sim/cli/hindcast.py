"""``spheres hindcast``: 2023 to today against what was measured, beside naive rivals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim import __version__


def command(
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Folder for tables and figures.")
    ] = Path("runs/hindcast"),
    ablations: Annotated[
        bool, typer.Option("--ablations", help="Also switch mechanisms off, one at a time.")
    ] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Threads.")] = 2,
    force: Annotated[
        bool, typer.Option("--force", help="Write over the tables of another.")
    ] = False,
) -> None:
    """Score the model on 2023 to today, cross-validated over economies.

    Every fold of economies is forecast by a calibration that never saw it. Naive rivals are scored
    in the same run; where one wins, the table says so. Exit code 0 also when a check fails: the
    table of checks is the answer.
    """
    from sim.charts.footer import Footer
    from sim.charts.registry import draw_table
    from sim.charts.save import save
    from sim.cli.output import print_rows, say
    from sim.evidence.ablation import ablate
    from sim.evidence.checks import checks, failed
    from sim.evidence.folder import check, write_tables
    from sim.evidence.hindcast import hindcast

    check(output, force=force)
    found = hindcast(workers=workers, progress=say)
    made = found.tables()
    judged = checks(found, made["scores"])
    made["checks"] = judged
    if ablations:
        made["ablations"] = ablate(found.fit.errors, workers=workers, progress=say)
    made["hindcast"] = made.pop("observations")
    folder = write_tables(made, output, force=force)
    resolved = found.world.resolved
    footer = Footer(
        resolved.name, resolved.hash, len(found.sample.weights), found.design.seed, __version__
    )
    save(draw_table("hindcast", folder / "hindcast.csv", footer), folder / "hindcast")
    for name in ("scores", "checks", "ablations"):
        if name in made:
            print_rows(made[name].columns, made[name].iter_rows())
            typer.echo()
    missed = failed(judged)
    typer.echo(
        f"{len(judged) - len(missed)} of {len(judged)} checks hold"
        + (f"; not: {'; '.join(missed)}" if missed else "")
    )
    typer.echo(f"written to {folder}")
