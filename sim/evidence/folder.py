"""The hindcast as a folder of tables; `hindcast.csv` is what charts and reports read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from sim.errors import FolderConflict
from sim.files import check_writable, display, held, write_whole

TABLES = ("scores", "hindcast", "misfits", "checks", "ablations")


def check(folder: Path, *, force: bool) -> None:
    """Refuse a folder that holds something; call before the work. Raises FolderConflict."""
    if folder.exists() and not folder.is_dir():
        raise FolderConflict(f"{display(folder)} is a file, not a folder. Choose another with -o.")
    check_writable(folder)
    if folder.is_dir() and held(folder) and not force:
        raise FolderConflict(
            f"{display(folder)} is not empty. Choose another folder with -o, or --force to write "
            "over its tables"
        )


def write_tables(tables: Mapping[str, pl.DataFrame], folder: Path, *, force: bool) -> Path:
    """Write each table as CSV (six significant digits); every other file in the folder stays.

    With `force` a table of the same columns is replaced; a file that only has the name of one is
    not. Raises FolderConflict.
    """
    check(folder, force=force)
    texts = {
        folder / f"{name}.csv": frame.with_columns(
            pl.selectors.float().round_sig_figs(6)
        ).write_csv()
        for name, frame in tables.items()
    }
    for path, text in texts.items():
        if path.exists() and _head(path.read_text("utf-8", "replace")) != _head(text):
            raise FolderConflict(
                f"{display(path)} is no table of a hindcast; it is left alone. Choose another "
                "folder with -o, or move it away."
            )
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        write_whole(path, text)
    return folder


def _head(text: str) -> str:
    return text.partition("\n")[0].strip()
