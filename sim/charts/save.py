"""Charts as files: PNG and SVG, the same bytes for the same tables on any day."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from matplotlib.figure import Figure

from sim.charts.footer import Footer, from_manifest
from sim.charts.look import styled
from sim.charts.registry import CHARTS, TABLE_CHARTS, draw, draw_table, known
from sim.charts.tables import RunTables
from sim.charts.view import View
from sim.errors import NothingRecorded, SchemaError
from sim.files import remove_own, write_whole

# Matplotlib would write its version and the day; None leaves a field out.
_METADATA: Mapping[str, dict[str, None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
}


KINDS = tuple(_METADATA)


def save(figure: Figure, stem: Path, kinds: Iterable[str] = KINDS) -> list[Path]:
    """Write ``figure`` to ``stem``.png and ``stem``.svg (or one of them); returns the paths."""
    paths = []
    for kind in kinds:
        path, drawn = stem.parent / f"{stem.name}.{kind}", io.BytesIO()
        with styled():
            figure.savefig(drawn, format=kind, metadata=_METADATA[kind])
        write_whole(path, drawn.getvalue())
        paths.append(path)
    return paths


def save_all(
    run_dir: Path,
    *,
    names: Iterable[str] | None = None,
    footer: Footer | None = None,
    kinds: Iterable[str] = KINDS,
    folder: Path | None = None,
    view: View | None = None,
    left_out: Callable[[str], None] | None = None,
) -> list[Path]:
    """Draw ``names`` (default: the standard charts) for a run folder into ``folder``.

    The folder is the run's ``figures/`` and the footer comes from the manifest unless they are
    given. Options in ``view`` become part of the file names. Returns the files written, in the
    order asked for. Nothing is written where a name or an option is unknown. A chart of which the
    run recorded nothing is left out and told to ``left_out``, if that is given. Raises MissingFile
    or SchemaError where the run folder is incomplete.
    """
    tables = RunTables(run_dir)
    said = footer or from_manifest(run_dir)
    into = run_dir / "figures" if folder is None else folder
    wanted = standard() if names is None else list(names)
    suffix = (view or View()).suffix
    figures = {}
    for name in map(known, wanted):
        try:
            figures[f"{CHARTS[name].file}{suffix}"] = draw(name, tables, said, view)
        except NothingRecorded as nothing:
            if left_out is None:
                raise
            left_out(f"the chart '{name}' is left out: {nothing}")
    into.mkdir(parents=True, exist_ok=True)
    formats = list(kinds)
    return [path for stem, figure in figures.items() for path in save(figure, into / stem, formats)]


def forget(run_dir: Path, stems: Iterable[str]) -> list[str]:
    """Delete charts by name from ``figures/``, in every format, once they are of another run.

    What lies there under other names stays; returns those names, for they may show the old run.
    """
    remove_own(run_dir, [f"figures/{stem}.{kind}" for stem in stems for kind in KINDS])
    folder = run_dir / "figures"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def standard() -> list[str]:
    """The charts that every run folder gets."""
    return [name for name, chart in CHARTS.items() if chart.standard]


def save_table(
    run_dir: Path,
    names: Iterable[str],
    table: Path,
    *,
    kinds: Iterable[str] = KINDS,
    folder: Path | None = None,
) -> list[Path]:
    """Draw charts of a table that an analysis wrote; the footer is that of the run folder.

    Raises SchemaError without a name, and as ``draw_table`` does.
    """
    wanted = list(names)
    if not wanted:
        legal = ", ".join(TABLE_CHARTS)
        raise SchemaError("which chart of the table?", hint=f"Name it with --chart: {legal}")
    footer = from_manifest(run_dir)
    figures = {name: draw_table(name, table, footer) for name in wanted}
    into = run_dir / "figures" if folder is None else folder
    into.mkdir(parents=True, exist_ok=True)
    formats = list(kinds)
    return [path for stem, figure in figures.items() for path in save(figure, into / stem, formats)]
