"""``spheres plot``: the charts of a run folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from sim.cli.output import say


def command(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    chart: Annotated[
        list[str] | None,
        typer.Option("--chart", metavar="NAME", help="Only this chart; may be repeated."),
    ] = None,
    form: Annotated[
        Literal["svg", "png"] | None, typer.Option("--format", help="Both if left out.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder to write to; RUN/figures if left out."),
    ] = None,
) -> None:
    """Charts are: world-shares, adoption, lag, network. The paths written go to stdout."""
    from sim.charts.registry import known
    from sim.charts.save import KINDS, save_all
    from sim.errors import MissingFile
    from sim.files import display

    if not run.is_dir():
        hint = "Make one with: spheres run baseline -o FOLDER"
        raise MissingFile("no such run folder", file=display(run), hint=hint)
    names = [known(name) for name in chart] if chart else None
    written = save_all(run, names=names, kinds=(form,) if form else KINDS, folder=output)
    for path in written:
        print(display(path))
    say(f"{len(written)} files")
