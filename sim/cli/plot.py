"""``spheres plot``: the charts of a run folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from sim.cli.output import say


def command(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    chart: Annotated[
        list[str] | None,
        typer.Option("--chart", metavar="NAME", help="Only this chart; may be repeated."),
    ] = None,
    form: Annotated[
        Literal["svg", "png"] | None, typer.Option("--format", help="Both if left out.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder to write to; RUN/figures if left out."),
    ] = None,
    group: Annotated[
        str | None, typer.Option(help="world, region, income, bloc, tier, or one group's name.")
    ] = None,
    segment: Annotated[str | None, typer.Option(help="all, consumers, developers, ...")] = None,
    variable: Annotated[
        str | None, typer.Option(help="For fan and map: adoption, users, spend, lag_cn, ...")
    ] = None,
    offering: Annotated[str | None, typer.Option(help="For fan and map: us_closed, ...")] = None,
    period: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="The last month if left out.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="Shares of what: users, tokens, spend or gdp.")
    ] = None,
    table: Annotated[
        Path | None, typer.Option(help="Table (CSV, Parquet) of the chart hindcast.")
    ] = None,
) -> None:
    """Charts of a run: world-shares, shares, adoption, fan, lag, map, network, switching,
    spend-tokens; all of them if none is named. Of a table that an analysis wrote: hindcast.
    The paths written go to stdout.
    """
    from sim.charts.registry import CHARTS, known
    from sim.charts.save import KINDS, save_all, save_table
    from sim.charts.view import View
    from sim.errors import MissingFile
    from sim.files import display

    if not run.is_dir():
        hint = "Make one with: spheres run baseline -o FOLDER"
        raise MissingFile("no such run folder", file=display(run), hint=hint)
    kinds = (form,) if form else KINDS
    if table is not None:
        written = save_table(run, chart or [], table, kinds=kinds, folder=output)
    else:
        view = View(group, segment, variable, offering, period, by)
        names = [known(name) for name in chart] if chart else list(CHARTS)
        told = None if chart else say  # a chart that was named is an error where there is none
        written = save_all(run, names=names, kinds=kinds, folder=output, view=view, left_out=told)
    for path in written:
        print(display(path))
    say(f"{len(written)} files")
