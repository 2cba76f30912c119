"""Options that several commands share, so that they read the same everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

Scenario = Annotated[
    str, typer.Argument(help="A shipped name, NAME+POLICY, or the path of a scenario file.")
]
Policies = Annotated[
    list[str] | None, typer.Option("--policy", help="Lay a policy over it; may be repeated.")
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change one value; may be repeated."),
]
Seed = Annotated[int, typer.Option(min=0, help="All luck follows from it.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Threads; all cores if left out.")]
Force = Annotated[
    bool, typer.Option("--force", help="Replace another run; files of others always stay.")
]
Figures = Annotated[bool, typer.Option(help="Draw the charts as well.")]
