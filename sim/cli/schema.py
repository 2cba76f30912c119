"""``spheres schema``: the JSON Schema that editors use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.output import say


def command(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file instead of stdout.")
    ] = None,
    sweep: Annotated[bool, typer.Option("--sweep", help="Of sweep files, not scenarios.")] = False,
) -> None:
    """Editors find it through the first line of a scenario file."""
    if sweep:
        from sim.sweep.jsonschema import schema_text
    else:
        from sim.scenario.jsonschema import schema_text

    text = schema_text()
    if output is None:
        print(text, end="")
    else:
        output.write_text(text, encoding="utf-8")
        say(f"wrote {output}")
