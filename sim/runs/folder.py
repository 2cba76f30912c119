"""The run folder: written beside its place, moved there complete, checked against its manifest.

Into a folder that is there only the files of a run are put; what somebody else laid there stays.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import FolderConflict, MissingFile, VerificationMismatch
from sim.files import REPORT, before, check_writable, display, held, is_report, staged
from sim.runs.manifest import (
    MANIFEST,
    RESOLVED,
    RESULTS,
    Account,
    Identity,
    build_manifest,
    hashed_files,
    write_manifest,
    written_files,
)
from sim.runs.summary import summary

if TYPE_CHECKING:
    import polars as pl

_COMPRESSION_LEVEL = 3


def check_folder(
    folder: Path, identity: Identity, *, force: bool = False, also: Collection[str] = ()
) -> bool:
    """Refuse a folder that holds something else; call before a long run as well.

    An empty folder is free; one whose manifest names the same scenario, seed, replicates and engine
    may be written again. `force` replaces another run, never files that no run wrote. also: names
    that will be written beside those of every run. Returns whether another run will be replaced.
    Raises FolderConflict.
    """
    if folder.exists() and not folder.is_dir():
        raise FolderConflict(f"{display(folder)} is a file, not a folder. Choose another with -o.")
    check_writable(folder)
    if not folder.exists() or not held(folder):
        return False
    found = earlier(folder)
    if found is None:
        raise FolderConflict(
            f"{display(folder)} holds files that no finished run wrote; they are left alone, with "
            "--force too. Choose another folder with -o, or empty this one."
        )
    own = written_files(found)
    taken = [name for name in also if name not in own and (folder / name).exists()]
    if taken:
        raise FolderConflict(
            f"{display(folder)}: {', '.join(taken)} is there and no run wrote it; it is left "
            "alone. Choose another folder with -o, or move it away."
        )
    replicates = found.get("counts", {}).get("replicates")
    other = any(
        value != (replicates if name == "replicates" else found.get(name))
        for name, value in vars(identity).items()
    )
    if other and not force:
        raise FolderConflict(
            f"{display(folder)} already holds a run of something else. Choose another folder with "
            "-o, or replace it with --force."
        )
    return other


def earlier(folder: Path) -> dict[str, Any] | None:
    """The manifest of ours that a folder holds, or held when it was last being replaced."""
    for name in (MANIFEST, before(MANIFEST)):
        try:
            found = json.loads((folder / name).read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(found, dict) and found.get("tool") == "spheres":
            return found
    return None


@contextmanager
def replacing(folder: Path, *, other: bool) -> Iterator[Path]:
    """A hidden folder to fill with a run, its manifest included, that then stands in ``folder``.

    other: whether it replaces another run, whose report goes with it. Raises FolderConflict.
    """
    found = earlier(folder)
    with staged(folder, written_files(found) if found else (), MANIFEST) as part:
        yield part
    report = folder / REPORT
    if other and report.is_file() and is_report(report.read_text("utf-8", "replace")):
        report.unlink()


def write_run(
    folder: Path,
    tables: Mapping[str, pl.DataFrame],
    resolved_yaml: str,
    identity: Identity,
    account: Account,
    *,
    force: bool = False,
) -> Path:
    """Write a run folder and return it.

    tables: file stem -> table (`tables.tables`). The bytes under results/ depend on the tables
    alone. Everything is written to a hidden folder first and then put in its place, the manifest
    last. Raises FolderConflict, and SpheresError for a number that is not finite.
    """
    other = check_folder(folder, identity, force=force)
    from sim.record.finite import check_finite
    from sim.runs.tables import Tables

    if not isinstance(tables, Tables):  # those have been checked
        check_finite(tables)
    with replacing(folder, other=other) as part:
        (part / RESULTS).mkdir(parents=True)
        for stem in sorted(tables):
            table = tables.scan(stem) if isinstance(tables, Tables) else tables[stem]
            write_table(table, part / RESULTS / f"{stem}.parquet")
        (part / RESOLVED).write_text(resolved_yaml, "utf-8", newline="\n")
        (part / "summary.csv").write_text(
            summary(tables["world"]).write_csv(), "utf-8", newline="\n"
        )
        write_manifest(part, build_manifest(part, identity, account))
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

    Raises MissingFile without a manifest, VerificationMismatch naming every file that differs or is
    missing, and every table among the results that the run did not write. Other files that somebody
    laid there are no fault: see `foreign`.
    """
    wanted = read_manifest(folder).get("hashes", {})
    found = hashed_files(folder)
    check_hashes(display(folder), wanted, found, filter(passes_for_result, found))
    return {name: found[name] for name in wanted}


def check_hashes(
    place: str, wanted: Mapping[str, str], found: Mapping[str, str], present: Iterable[str]
) -> None:
    """Raise VerificationMismatch, naming every file that differs or is missing, and of those
    present every one that is not wanted.
    """
    problems = [f"{name} is missing" for name in sorted(wanted.keys() - found.keys())]
    problems += [f"{name} is not in the manifest" for name in sorted({*present} - wanted.keys())]
    problems += [
        f"{name} has changed"
        for name in sorted(found.keys() & wanted.keys())
        if found[name] != wanted[name]
    ]
    if problems:
        raise VerificationMismatch(f"{place}: {'; '.join(problems)}.")


def passes_for_result(name: str) -> bool:
    """Whether whoever reads all tables of a folder would take a file for one of its results."""
    return name.startswith(f"{RESULTS}/") and name.endswith(".parquet")


def foreign(names: Iterable[str], manifest: Mapping[str, Any]) -> list[str]:
    """Of the files in a folder those that neither its run nor a chart or report of it wrote."""
    own = written_files(manifest)
    return sorted(name for name in names if name not in own and not _derived(name))


def _derived(name: str) -> bool:
    return name == REPORT or (name.startswith("figures/") and name.endswith((".png", ".svg")))
