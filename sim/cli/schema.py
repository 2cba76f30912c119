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
    force: Annotated[
        bool, typer.Option("--force", help="Replace the file even if it holds something else.")
    ] = False,
) -> None:
    """Editors find it through the first line of a scenario file."""
    from sim.files import refuse_foreign, same_kind, write_whole

    if sweep:
        from sim.sweep.jsonschema import schema_text
    else:
        from sim.scenario.jsonschema import schema_text

    text = schema_text()
    if output is None:
        print(text, end="")
    else:
        refuse_foreign(output, same_kind(text), "JSON Schema", force=force)
        write_whole(output, text)
        say(f"wrote {output}")
