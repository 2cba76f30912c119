"""The hindcast as a folder of tables; `hindcast.csv` is what charts and reports read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from sim.errors import FolderConflict
from sim.files import display

TABLES = ("scores", "hindcast", "misfits", "checks", "ablations")


def write_tables(tables: Mapping[str, pl.DataFrame], folder: Path, *, force: bool) -> Path:
    """Write each table as CSV (six significant digits). Raises FolderConflict unless `force`."""
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise FolderConflict(
            f"{display(folder)} is not empty. Choose another folder with -o, or --force to write "
            "over its tables"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        unfinished = folder / f".{name}.csv.part"
        rounded = frame.with_columns(pl.selectors.float().round_sig_figs(6))
        rounded.write_csv(unfinished)
        unfinished.replace(folder / f"{name}.csv")
    return folder
