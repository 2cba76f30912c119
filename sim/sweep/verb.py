"""``from sim import sweep``: run a sweep file from Python and get its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Sweep:
    """A finished sweep: where it lies, its tables by name, its failed points."""

    place: str
    tables: Mapping[str, pl.DataFrame]
    failed: int


def sweep(
    file: str | Path,
    place: str | Path | None = None,
    *,
    workers: int | None = None,
    resume: bool = False,
    force: bool = False,
    scheduler: str | None = None,
) -> Sweep:
    """Run a sweep file into a folder or URL and return its tables.

    Tables: design, outcomes, groups (rows of all points), failures, statistics. Failed points do
    not raise; look at ``failed``. Raises InputError, FolderConflict.
    """
    from sim.sweep.execute import default_place
    from sim.sweep.execute import sweep as execute
    from sim.sweep.plan import read_sweep

    path = Path(file)
    plan = read_sweep(path)
    where = default_place(plan, path) if place is None else str(place)
    done = execute(
        plan, where, workers=workers, resume=resume, force=force, scheduler=scheduler,
        argv=("sim.sweep", str(path)),
    )  # fmt: skip
    return Sweep(done.place, stored_tables(done.place), done.failed)


def stored_tables(place: str) -> dict[str, pl.DataFrame]:
    """Tables of a finished sweep folder, whole."""
    import polars as pl

    from sim.sweep.folder import DESIGN, FAILURES, SUMMARY
    from sim.sweep.record import GROUPS, OUTCOMES, is_part
    from sim.sweep.store import open_store

    store = open_store(place)
    tables = {"design": pl.read_parquet(store.read(DESIGN) or b"")}
    for name, folder in (("outcomes", OUTCOMES), ("groups", GROUPS)):
        names = [name for name in store.names(folder) if is_part(name)]
        parts = [pl.read_parquet(store.read(name) or b"") for name in names]
        tables[name] = pl.concat(parts) if parts else pl.DataFrame()
    tables["failures"] = pl.read_csv(store.read(FAILURES) or b"", infer_schema_length=None)
    tables["statistics"] = pl.read_csv(store.read(SUMMARY) or b"", try_parse_dates=True)
    return tables
