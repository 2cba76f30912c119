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
    force: Annotated[
        bool, typer.Option("--force", help="Replace the file even if it is no earlier report.")
    ] = False,
) -> None:
    """With several runs the first is the base, and the others are compared with it replicate by
    replicate. The file opens from disk and asks the network for nothing. Its path goes to stdout.
    Needs the extra ``web``.
    """
    from sim.errors import SpheresError
    from sim.files import display

    try:
        import altair as _altair  # noqa: F401 - is the extra there?
        import vl_convert as _vl_convert  # noqa: F401

        from sim.report.write import write_report
    except ModuleNotFoundError as error:
        message = f"the report needs the package '{error.name}'"
        raise SpheresError(
            f"{message}. Install it: pip install 'spheres[web]', or make venv"
        ) from None

    file = write_report(runs, output, force=force)
    print(display(file))
    say(f"{file.stat().st_size / 1e6:.2f} MB, complete in itself")
