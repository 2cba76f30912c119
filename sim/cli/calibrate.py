"""``spheres calibrate``: fit the baseline to the targets and write the posterior."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Folder to write to; seeds/posterior by default."),
    ] = None,
    design: Annotated[
        Path | None, typer.Option("--design", help="Another design file than the shipped one.")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Threads.")] = 2,
) -> None:
    """Fit the baseline's parameters to the measured figures in seeds/targets.

    Writes weighted parameter vectors (as offsets from the baseline's centres) and what the data
    say about each parameter. `spheres run` draws its uncertainty from the shipped vectors.
    """
    from sim.cli.output import print_rows, say
    from sim.evidence.design import read_design
    from sim.evidence.posterior import calibrate as fit
    from sim.evidence.posterior import check_place, write_posterior

    check_place(output)
    found = fit(read_design(design), workers=workers, progress=say)
    folder = write_posterior(found, output)
    rows = found.table()
    print_rows(rows.columns, rows.iter_rows())
    typer.echo(
        f"{found.sample.evaluated} vectors run, {found.sample.accepted:.0%} accepted, largest "
        f"R-hat {found.sample.disagreement:.2f}; "
        f"costs of the starts {', '.join(f'{cost:.1f}' for cost in found.fit.costs)}"
    )
    typer.echo(f"written to {folder}")
