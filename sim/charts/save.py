"""Charts as files: PNG and SVG, the same bytes for the same tables on any day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from matplotlib.figure import Figure

from sim.charts.footer import Footer, from_manifest
from sim.charts.look import styled
from sim.charts.registry import CHARTS, draw, known
from sim.charts.tables import RunTables

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
        path = stem.with_suffix(f".{kind}")
        with styled():
            figure.savefig(path, format=kind, metadata=_METADATA[kind])
        paths.append(path)
    return paths


def save_all(
    run_dir: Path,
    *,
    names: Iterable[str] | None = None,
    footer: Footer | None = None,
    kinds: Iterable[str] = KINDS,
    folder: Path | None = None,
) -> list[Path]:
    """Draw ``names`` (default: every chart) for a run folder into ``folder``.

    The folder is the run's ``figures/`` and the footer comes from the manifest unless they are
    given. Returns the files written, in the order of ``CHARTS``. Nothing is written where a name
    is unknown. Raises MissingFile or SchemaError where the run folder is incomplete.
    """
    tables = RunTables(run_dir)
    said = footer or from_manifest(run_dir)
    into = run_dir / "figures" if folder is None else folder
    wanted = list(CHARTS if names is None else names)
    figures = {CHARTS[name].file: draw(name, tables, said) for name in map(known, wanted)}
    into.mkdir(parents=True, exist_ok=True)
    formats = list(kinds)
    return [path for stem, figure in figures.items() for path in save(figure, into / stem, formats)]
