"""The run folder: written beside its place, moved there complete, checked against its manifest."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import FolderConflict, MissingFile, VerificationMismatch
from sim.files import display
from sim.results.manifest import (
    MANIFEST,
    RESOLVED,
    RESULTS,
    build_manifest,
    hashed_files,
    write_manifest,
)
from sim.results.summary import summary

if TYPE_CHECKING:
    import polars as pl

_COMPRESSION_LEVEL = 3


def check_folder(
    folder: Path,
    *,
    scenario_hash: str,
    seed: int,
    replicates: int,
    engine: str,
    force: bool = False,
) -> None:
    """Refuse a folder that holds something else; call before a long run as well.

    An empty folder is free; one whose manifest names the same scenario, seed, replicates and engine
    may be written again. `force` replaces another run, never files that no run wrote. Raises
    FolderConflict.
    """
    if not folder.exists():
        _check_parent(folder)
        return
    if not folder.is_dir():
        raise FolderConflict(f"{display(folder)} is a file, not a folder. Choose another with -o.")
    if not any(folder.iterdir()):
        return
    if not (folder / MANIFEST).is_file():
        raise FolderConflict(
            f"{display(folder)} holds files that no finished run wrote; they are left alone, with "
            "--force too. Choose another folder with -o, or empty this one."
        )
    if force:
        return
    found = _read(folder)
    same = (
        found.get("scenario_hash"),
        found.get("seed"),
        found.get("counts", {}).get("replicates"),
        found.get("engine"),
    )
    if same != (scenario_hash, seed, replicates, engine):
        raise FolderConflict(
            f"{display(folder)} already holds a run of something else. Choose another folder with "
            "-o, or replace it with --force."
        )


def _check_parent(folder: Path) -> None:
    """Refuse a place that cannot be written before anything is run."""
    parent = folder.absolute().parent
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise FolderConflict(
            f"{display(folder)} cannot be written: {display(parent)} is not a writable folder. "
            "Choose another place with -o."
        )


def write_run(
    folder: Path,
    tables: Mapping[str, pl.DataFrame],
    *,
    resolved_yaml: str,
    scenario: str,
    scenario_hash: str,
    seed: int,
    engine: str,
    replicates: int,
    failed: int = 0,
    argv: Sequence[str] = (),
    inputs: Mapping[str, str] | None = None,
    counts: Mapping[str, int] | None = None,
    timings: Mapping[str, float] | None = None,
    warnings: Sequence[str] = (),
    force: bool = False,
) -> Path:
    """Write a run folder and return it.

    tables: file stem -> table (`tables.tables`). The bytes under results/ depend on the tables
    alone. Everything is written to a hidden folder beside ``folder``; the manifest comes last, then
    the folder is renamed. Raises FolderConflict, and SpheresError for a number that is not finite.
    """
    check_folder(
        folder,
        scenario_hash=scenario_hash,
        seed=seed,
        replicates=replicates,
        engine=engine,
        force=force,
    )
    from sim.results.finite import check_finite
    from sim.results.tables import Tables

    if not isinstance(tables, Tables):  # those have been checked
        check_finite(tables)
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.parent / f".{folder.name}.part-{os.getpid()}"
    if part.exists():
        shutil.rmtree(part)
    try:
        (part / RESULTS).mkdir(parents=True)
        for stem in sorted(tables):
            table = tables.scan(stem) if isinstance(tables, Tables) else tables[stem]
            write_table(table, part / RESULTS / f"{stem}.parquet")
        (part / RESOLVED).write_text(resolved_yaml, "utf-8", newline="\n")
        (part / "summary.csv").write_text(
            summary(tables["world"]).write_csv(), "utf-8", newline="\n"
        )
        manifest = build_manifest(
            part,
            argv=argv,
            seed=seed,
            engine=engine,
            scenario=scenario,
            scenario_hash=scenario_hash,
            inputs=inputs or {},
            counts={**(counts or {}), "replicates": replicates, "failed": failed},
            timings=timings or {},
            warnings=warnings,
        )
        write_manifest(part, manifest)
        put_in_place(folder, part)
    finally:
        if part.exists():
            shutil.rmtree(part)
    return folder


def write_table(table: pl.DataFrame | pl.LazyFrame, path: Path) -> None:
    """Parquet with fixed settings and no clock: equal tables give equal bytes.

    Labels are written as strings, however the table holds them, a part of the rows at a time.
    """
    import polars as pl

    rows = table.lazy()
    coded = [name for name, kind in rows.collect_schema().items() if isinstance(kind, pl.Enum)]
    rows.with_columns(pl.col(coded).cast(pl.String)).sink_parquet(
        path,
        compression="zstd",
        compression_level=_COMPRESSION_LEVEL,
        statistics=True,
        row_group_size=1 << 18,
        maintain_order=True,
    )


def put_in_place(folder: Path, part: Path) -> None:
    """Move ``part`` to ``folder``; what was there is deleted only once the new one stands."""
    old = folder.parent / f".{folder.name}.old-{os.getpid()}"
    if folder.exists():
        folder.rename(old)
    try:
        part.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    if old.exists():
        shutil.rmtree(old)


def _read(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise VerificationMismatch(f"{display(folder / MANIFEST)} is not readable JSON.") from error
    if not isinstance(found, dict):
        raise VerificationMismatch(f"{display(folder / MANIFEST)} is not a manifest.")
    return found


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run folder. Raises MissingFile, VerificationMismatch."""
    if not (folder / MANIFEST).is_file():
        raise MissingFile(
            "no manifest: not a run folder, or a run that was not finished",
            file=folder / MANIFEST,
            hint="Name a folder that `spheres run` wrote",
        )
    return _read(folder)


def verify(folder: Path) -> dict[str, str]:
    """Recompute all hashes; returns them by path.

    Raises MissingFile without a manifest, VerificationMismatch naming every file that differs, is
    missing, or was added.
    """
    wanted = read_manifest(folder).get("hashes", {})
    found = hashed_files(folder)
    problems = [f"{name} is missing" for name in sorted(wanted.keys() - found.keys())]
    problems += [f"{name} is not in the manifest" for name in sorted(found.keys() - wanted.keys())]
    problems += [
        f"{name} has changed"
        for name in sorted(found.keys() & wanted.keys())
        if found[name] != wanted[name]
    ]
    if problems:
        raise VerificationMismatch(f"{display(folder)}: {'; '.join(problems)}.")
    return found
