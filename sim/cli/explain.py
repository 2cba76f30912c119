"""``spheres explain``: why an economy decided as it did in a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli.options import Policies, Scenario, Sets
from sim.cli.output import say

if TYPE_CHECKING:
    from sim.analysis.decision import Explanation


def command(
    scenario: Scenario,
    economy: Annotated[str, typer.Argument(metavar="ISO3", help="An economy, such as KEN.")],
    month: Annotated[str, typer.Argument(metavar="YYYY-MM", help="A month of the horizon.")],
    segment: Annotated[
        list[str] | None,
        typer.Option("--segment", help="Only this segment; may be repeated."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the luck.")] = 1,
    policy: Policies = None,
    set_: Sets = None,
    form: Annotated[
        Literal["table", "json"], typer.Option("--format", help="How to print.")
    ] = "table",
) -> None:
    """Utility term by term, reach, choice, use and adoption; parameters at their centres."""
    from sim.analysis.explain import explain
    from sim.scenario import load

    resolved = load(scenario, policy or [], set_ or [])
    for warning in resolved.warnings:
        say(f"warning: {warning}")
    found = explain(resolved, economy, month, segment or (), seed)
    if form == "json":
        _print_json(found)
    else:
        from sim.cli.explain_tables import print_explanation

        print_explanation(found)


def _print_json(found: Explanation) -> None:
    import json
    from dataclasses import asdict

    print(json.dumps(asdict(found), indent=1, ensure_ascii=False, allow_nan=False))
