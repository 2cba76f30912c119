"""``spheres compare``: what alternatives change against a base, with the same luck."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Figures, Force, Policies, Seed, Sets, Workers
from sim.cli.output import say

if TYPE_CHECKING:
    from sim.compare.compare import Comparison


def command(
    base: Annotated[
        str, typer.Argument(help="What to compare with: a shipped name, NAME+POLICY, or a path.")
    ],
    alternatives: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ALT]...", help="The same, or +POLICY to lay it over the base."),
    ] = None,
    replicates: Annotated[
        int, typer.Option("-n", "--replicates", min=1, help="Pairs of runs with the same luck.")
    ] = 64,
    seed: Seed = 1,
    workers: Workers = None,
    policy: Policies = None,
    set_: Sets = None,
    set_all: Annotated[
        list[str] | None,
        typer.Option("--set-all", metavar="PATH=VALUE", help="Change a value in the base too."),
    ] = None,
    attribute: Annotated[
        bool, typer.Option("--attribute", help="Split differences over what is changed (Shapley).")
    ] = False,
    width: Annotated[
        float | None,
        typer.Option(
            "--half-width", help="Interval to count replicates for; a tenth of the difference."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder; runs/compare-<base>-<hash8>.")
    ] = None,
    force: Force = False,
    figures: Figures = True,
) -> None:
    """Policies and sets are laid over the alternatives (over the base if none is named)."""
    from sim.cli.run import forget_charts, with_progress
    from sim.compare.compare import compare
    from sim.compare.folder import check, default_folder, write
    from sim.compare.specs import read_arms

    if width is not None and not width > 0:
        raise typer.BadParameter("must be above 0", param_hint="--half-width")
    named, laid, sets, everywhere = alternatives or [], policy or [], set_ or [], set_all or []
    arms = read_arms(base, named, laid, sets, everywhere)
    folder = output or default_folder(arms, attribute)
    other = check(folder, arms, attribute, seed=seed, replicates=replicates, force=force)
    worlds = len(arms)
    if attribute:
        from sim.compare.attribution import worlds as further

        worlds += further(arms)
        say(f"{worlds} worlds of {replicates} replicates, {worlds - len(arms)} of them for parts")
    done = with_progress(
        worlds * replicates,
        lambda advance: compare(
            base, *named, replicates=replicates, seed=seed, policies=laid, sets=sets,
            everywhere=everywhere, attribute=attribute, half_width=width,
            workers=workers or os.cpu_count() or 1, progress=advance,
        ),
    )  # fmt: skip
    write(done, folder, sys.argv[1:], force=force)
    if other:
        forget_charts(folder)
    if figures:
        from sim.charts.comparison import save_comparison

        save_comparison(folder)
    _report(done, folder, figures)


def _report(done: Comparison, folder: Path, figures: bool) -> None:
    from sim.errors import SomeRunsFailed

    print(done.summary())
    charts = f", charts in {folder / 'figures'}" if figures else ""
    print(f"written to {folder}{charts}")
    if done.failures:
        raise SomeRunsFailed(
            f"{len(done.failures)} runs failed; their replicates are left out of every arm; first: "
            f"{done.failures[0]}"
        )
