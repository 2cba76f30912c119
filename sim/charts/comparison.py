"""The charts of a comparison folder: ribbons, ranked economies, switching, and parts if any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts.footer import add_footer, from_manifest
from sim.charts.look import styled
from sim.charts.ranked import ranked
from sim.charts.ribbons import ribbons
from sim.charts.save import KINDS, save
from sim.charts.switching import switching
from sim.charts.tables import RunTables
from sim.charts.waterfall import waterfall
from sim.compare.words import PERCENT_POINTS, label, unit
from sim.errors import MissingFile

#: Outcomes whose parts are drawn.
PARTS_OF = ("world.share.cn", "world.share.us_closed", "world.adoption", "world.lag_cn")


def save_comparison(
    folder: Path, *, kinds: Iterable[str] = KINDS, into: Path | None = None
) -> list[Path]:
    """Draw every chart of every alternative of a comparison into its ``figures/``.

    File names: chart, and the alternative's name where there are several. Returns the files.
    Raises MissingFile where the folder is incomplete.
    """
    footer, labels = from_manifest(folder), RunTables(folder).labels
    tables = {stem: _read(folder, stem) for stem in ("groups", "countries", "switching")}
    parts = folder / "results" / "attribution.parquet"
    if parts.is_file():
        tables["attribution"] = pl.read_parquet(parts)
    arms = tables["groups"]["arm"].unique(maintain_order=True).to_list()
    target = into or folder / "figures"
    target.mkdir(parents=True, exist_ok=True)
    chosen, written = list(kinds), []
    for arm in arms:
        mine = {stem: table.filter(pl.col("arm") == arm) for stem, table in tables.items()}
        end = "" if len(arms) == 1 else f"-{_slug(arm)}"
        said = replace(footer, scenario=f"{arm} against its base" if end else footer.scenario)
        with styled():
            for stem, figure in _figures(mine, labels).items():
                add_footer(figure, said)
                written += save(figure, target / f"{stem}{end}", chosen)
    return written


def _figures(tables: Mapping[str, pl.DataFrame], labels: Mapping[str, str]) -> dict[str, Figure]:
    found = {
        "ribbons": _drawn((9.0, 4.8), (0.085, 0.69, 0.13, 0.86),
                          partial(ribbons, tables["groups"], labels=labels)),
        "ranked": _drawn((7.0, 6.4), (0.09, 0.96, 0.08, 0.89),
                         partial(ranked, tables["countries"], labels=labels)),
        "switching": _drawn((10.0, 5.6), (0.24, 0.76, 0.1, 0.86),
                            partial(switching, tables["switching"], labels=labels)),
    }  # fmt: skip
    parts = tables.get("attribution")
    for outcome in PARTS_OF if parts is not None else ():
        if parts is not None and not parts.filter(pl.col("outcome") == outcome).is_empty():
            found[f"parts-{outcome.removeprefix('world.').replace('.', '-')}"] = _drawn(
                (9.0, 4.8), (0.085, 0.97, 0.19, 0.86),
                partial(
                    waterfall, parts, outcome=outcome, name=label(outcome, labels),
                    percent=unit(outcome) == PERCENT_POINTS,
                ),
            )  # fmt: skip
    return found


def _drawn(
    size: tuple[float, float], edges: tuple[float, float, float, float], draw: partial[Axes]
) -> Figure:
    figure = Figure(figsize=size, facecolor="white")
    left, right, bottom, top = edges
    figure.subplots_adjust(left=left, right=right, bottom=bottom, top=top)
    draw(ax=figure.add_subplot())
    return figure


def _read(folder: Path, stem: str) -> pl.DataFrame:
    file = folder / "results" / f"{stem}.parquet"
    if not file.is_file():
        raise MissingFile("not a comparison folder: a table is not there", file=file)
    return pl.read_parquet(file)


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.+-]+", "-", name).strip("-")
