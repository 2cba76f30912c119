"""``spheres report``: one run or several as one HTML file to pass on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.output import say


def command(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Folders of finished runs.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write; RUN/report.html if left out."),
    ] = None,
) -> None:
    """With several runs the first is the base, and the others are compared with it replicate by
    replicate. The file opens from disk and asks the network for nothing. Its path goes to stdout.
    """
    from sim.files import display
    from sim.report.write import write_report

    file = write_report(runs, output)
    print(display(file))
    say(f"{file.stat().st_size / 1e6:.2f} MB, complete in itself")
