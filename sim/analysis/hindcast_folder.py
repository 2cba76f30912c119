"""The hindcast as a folder of tables; `hindcast.csv` is what charts and reports read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from sim.errors import FolderConflict
from sim.files import display
from sim.interrupt import held, unfinished

TABLES = ("scores", "hindcast", "misfits", "checks", "ablations")


def write_tables(tables: Mapping[str, pl.DataFrame], folder: Path, *, force: bool) -> Path:
    """Write each table as CSV (six significant digits). Raises FolderConflict unless `force`.

    All are written beside their names before the first takes its place.
    """
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise FolderConflict(
            f"{display(folder)} is not empty. Choose another folder with -o, or --force to write "
            "over its tables"
        )
    folder.mkdir(parents=True, exist_ok=True)
    parts = {folder / f"{name}.csv": folder / f".{name}.csv.part" for name in tables}
    with unfinished(*parts.values()):
        for part, frame in zip(parts.values(), tables.values(), strict=True):
            frame.with_columns(pl.selectors.float().round_sig_figs(6)).write_csv(part)
        with held():
            for path, part in parts.items():
                part.replace(path)
    return folder
