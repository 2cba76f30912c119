"""``spheres init``: a new scenario file to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.output import say


def command(
    name: Annotated[str, typer.Argument(help="Name of the new scenario.")],
    extends: Annotated[str, typer.Option(help="Scenario it starts from.")] = "baseline",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; NAME.yaml if left out.")
    ] = None,
) -> None:
    """The file changes nothing yet; comments in it show what can be said."""
    from sim.scenario.template import write_template

    path = write_template(name, extends, output or Path(f"{name}.yaml"))
    say(f"wrote {path}; check it with: spheres validate {path}")
