"""``spheres validate``: is the scenario sound, and are the seed tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Policies, Sets
from sim.cli.output import say

if TYPE_CHECKING:
    from sim.scenario import Resolved


def command(
    scenario: Annotated[
        str | None,
        typer.Argument(help="A shipped name, NAME+POLICY, or a path; baseline if left out."),
    ] = None,
    policy: Policies = None,
    set_: Sets = None,
    seeds: Annotated[
        bool, typer.Option("--seeds", help="Check the seed tables and list what is estimated.")
    ] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also run every change with and without it.")
    ] = False,
) -> None:
    """Exit 0 if everything is sound, 3 at the first thing that is not; warnings do not count.

    A warning is a change that can move nothing: a lever set to what it is, a control that binds
    nobody, a date outside the horizon.
    """
    changes = bool(policy or set_)
    if scenario is not None or changes or not seeds:
        _scenario("baseline" if scenario is None else scenario, policy or [], set_ or [], deep)
    if seeds:
        _seeds()


def _scenario(name: str, policies: list[str], sets: list[str], deep: bool) -> None:
    from sim.scenario import load

    resolved = load(name, policies, sets)
    _check_runnable(resolved)
    for warning in (*resolved.warnings, *_lint(name, resolved, deep)):
        say(f"warning: {warning}")
    for line in _summary(resolved):
        print(line)


def _lint(name: str, resolved: Resolved, deep: bool) -> list[str]:
    """What the changes of a scenario cannot do, as lines; a complete file alone has none."""
    alone = len(resolved.layers) == 1
    if alone and not deep:
        return []
    from sim.explain.lint import lint
    from sim.world.build import build_world
    from sim.world.tables import load_tables

    tables = load_tables()
    found = lint(
        build_world(resolved, tables), tables, everything=deep and len(resolved.layers) == 1
    )
    if deep:
        from sim.explain.lint_deep import complete_file, lint_by_running

        found += lint_by_running(resolved, complete_file(name), tables)
    return [finding.line() for finding in found]


def _check_runnable(resolved: Resolved) -> None:
    """What `run` asks of a scenario before it reads any table."""
    from sim.world.offerings import make_offerings
    from sim.world.pack import check_read, pack_world
    from sim.world.start import check_start

    check_start(resolved)
    check_read(resolved)
    pack_world(resolved)
    make_offerings(resolved)


def _summary(resolved: Resolved) -> list[str]:
    horizon, quantities = resolved.horizon, resolved.quantities
    drawn = sum(quantity.draw is not None for quantity in quantities.values())
    assumed = sum(quantity.confidence == "assumed" for quantity in quantities.values())
    first, last = horizon.label(0), horizon.label(horizon.n_months - 1)
    return [
        f"{resolved.name}: ok",
        f"  months     {horizon.n_months} ({first} to {last})",
        f"  segments   {', '.join(resolved.segments)}",
        f"  offerings  {', '.join(resolved.offerings)}",
        *([f"  tasks      {', '.join(resolved.tasks)}"] if resolved.tasks else []),
        f"  quantities {len(quantities)} ({drawn} drawn, {assumed} assumed)",
        f"  levers     {len(resolved.levers)}, moved by {len(resolved.events)} events",
        *([f"  paths      {', '.join(resolved.paths)}"] if resolved.paths else []),
        f"  layers     {' > '.join(resolved.layers)}",
        f"  hash       {resolved.hash[:8]}",
    ]


def _seeds() -> None:
    from sim.claims.names import checked_ledger
    from sim.world.checks import check_seeds

    print(f"claims ledger: ok, {len(checked_ledger().claims)} claims")
    report = check_seeds()
    for line in report.lines():
        print(line)
    if report.errors:
        for error in report.errors:
            say(f"spheres: {error}")
        raise typer.Exit(3)
