"""Charts as files: PNG and SVG, the same bytes for the same tables on any day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from matplotlib.figure import Figure

from sim.charts.footer import Footer, from_manifest
from sim.charts.look import styled
from sim.charts.registry import CHARTS, draw
from sim.charts.tables import RunTables

# Matplotlib would write its version and the day; None leaves a field out.
_METADATA: Mapping[str, dict[str, None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
}


def save(figure: Figure, stem: Path) -> list[Path]:
    """Write ``figure`` to ``stem``.png and ``stem``.svg and return both paths."""
    paths = []
    for kind, metadata in _METADATA.items():
        path = stem.with_suffix(f".{kind}")
        with styled():
            figure.savefig(path, format=kind, metadata=metadata)
        paths.append(path)
    return paths


def save_all(
    run_dir: Path, *, names: Iterable[str] | None = None, footer: Footer | None = None
) -> list[Path]:
    """Draw ``names`` (default: every chart) for a run folder into its ``figures/``.

    The footer comes from the manifest unless it is given. Returns the files written, in the
    order of ``CHARTS``. Raises MissingFile or SchemaError where the run folder is incomplete.
    """
    tables = RunTables(run_dir)
    said = footer or from_manifest(run_dir)
    folder = run_dir / "figures"
    folder.mkdir(exist_ok=True)
    written: list[Path] = []
    for name in CHARTS if names is None else names:
        figure = draw(name, tables, said)
        stem = CHARTS[name].file if name in CHARTS else name
        written += save(figure, folder / stem)
    return written
