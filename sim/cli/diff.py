"""``spheres diff``: what two scenarios say differently."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.output import Format, print_rows, say


def command(
    a: Annotated[str, typer.Argument(help="A shipped name, NAME+POLICY, or a path.")],
    b: Annotated[str, typer.Argument(help="What to compare it with.")],
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = "table",
) -> None:
    """Settings, quantities, offerings, segments, events and economies that differ."""
    from sim.scenario import load
    from sim.scenario.diff import differences

    rows = [(d.path, d.a, d.b, d.set_at) for d in differences(load(a), load(b))]
    if rows or form != "table":
        print_rows(("path", a, b, "set_at") if form == "table" else COLUMNS, rows, form)
    if not rows:
        say(f"{a} and {b} describe the same world")


COLUMNS = ("path", "a", "b", "set_at")
