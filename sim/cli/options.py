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
