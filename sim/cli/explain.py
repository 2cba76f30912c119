"""``spheres explain``: why an economy decided as it did in a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli.options import Policies, Scenario, Sets
from sim.cli.output import say

if TYPE_CHECKING:
    from sim.explain.decision import Explanation
    from sim.scenario import Resolved


def command(
    scenario: Scenario,
    economy: Annotated[
        str, typer.Argument(metavar="ISO3", help="An economy, such as KEN; all with --indifferent.")
    ],
    month: Annotated[str, typer.Argument(metavar="YYYY-MM", help="A month of the horizon.")],
    segment: Annotated[
        list[str] | None,
        typer.Option("--segment", help="Only this segment; may be repeated."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the luck.")] = 1,
    policy: Policies = None,
    set_: Sets = None,
    indifferent: Annotated[
        float | None,
        typer.Option(
            "--indifferent",
            min=0.0,
            metavar="LOGITS",
            help="List where US and Chinese offerings are within so many logit units (ISO3: all).",
        ),
    ] = None,
    form: Annotated[
        Literal["table", "json"], typer.Option("--format", help="How to print.")
    ] = "table",
) -> None:
    """Attraction term by term, tasks, choice, use and adoption; parameters at their centres.

    Also the smallest single changes that would put another offering in front, that month, the rest
    of the world held.
    """
    from sim.scenario import load

    resolved = load(scenario, policy or [], set_ or [])
    for warning in resolved.warnings:
        say(f"warning: {warning}")
    if indifferent is not None:
        _list_indifferent(resolved, economy, month, indifferent, segment or [], seed, form)
        return
    from sim.explain.explain import explain

    found = explain(resolved, economy, month, segment or (), seed)
    if form == "json":
        _print_json(found)
    else:
        from sim.cli.explain_tables import print_explanation

        print_explanation(found)


def _list_indifferent(
    resolved: Resolved,
    economy: str,
    month: str,
    within: float,
    segments: list[str],
    seed: int,
    form: Literal["table", "json"],
) -> None:
    from sim.cli.output import print_rows
    from sim.explain.indifferent import indifferent

    only = None if economy.lower() == "all" else economy
    found = indifferent(resolved, month, within, segments, seed, only)
    columns = ("iso3", "economy", "segment", "leader", "best_us", "best_cn", "gap", "flip")
    rows = [
        (one.iso3, one.economy, one.segment, one.leader, one.best_us, one.best_cn,
         round(one.gap, 3), one.flip.text if one.flip else None)
        for one in found
    ]  # fmt: skip
    print_rows(columns, rows, form)
    say(f"{len(found)} segments of economies within {within:g} logit units")


def _print_json(found: Explanation) -> None:
    import json
    from dataclasses import asdict

    print(json.dumps(asdict(found), indent=1, ensure_ascii=False, allow_nan=False))
