"""One design point: its values fixed in a scenario, its replicates run, its tables as bytes."""

from __future__ import annotations

import io
import threading
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import Cancelled, SpheresError
from sim.scenario import Resolved
from sim.scenario.alter import with_values
from sim.sweep.fingerprint import point_digest
from sim.sweep.record import GROUPS, OUTCOMES, POINTS, part_name, record_bytes
from sim.sweep.schema import SweepFile

if TYPE_CHECKING:
    import polars as pl

    from sim.record.ensemble import Ensemble
    from sim.world.build import World
    from sim.world.tables import SeedTables

CONFIDENCE = 1.959963984540054  # normal quantile of a two-sided 95 % interval
_before = threading.local()  # the world of this thread's last point


@dataclass(frozen=True)
class Part:
    """What a point leaves: files by name (its record last), and its failures."""

    number: int
    files: Mapping[str, bytes]
    failures: tuple[dict[str, Any], ...]
    replicates: int


@dataclass
class _Found:
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    failures: list[dict[str, Any]] = field(default_factory=list)
    replicates: int = 0
    live: int = 0
    half_width: float | None = None


def run_point(
    resolved: Resolved,
    number: int,
    values: Mapping[str, float],
    file: SweepFile,
    stop: threading.Event | None = None,
) -> Part:
    """Run a point. What goes wrong with it is recorded, never raised.

    Raises only Cancelled, when `stop` is set.
    """
    found = _Found()
    try:
        _run(with_values(resolved, values), file, found, stop)
    except Cancelled:
        raise
    except SpheresError as error:
        _fail(found, "refused", str(error))
    except Exception:  # noqa: BLE001 - a point never ends the sweep
        _fail(found, "crashed", traceback.format_exc())
    return _part(number, found, point_digest(resolved, number, values, file))


def crashed_part(
    resolved: Resolved, number: int, values: Mapping[str, float], file: SweepFile, text: str
) -> Part:
    """The record of a point that ended in a way it could not record itself."""
    found = _Found()
    _fail(found, "crashed", text)
    return _part(number, found, point_digest(resolved, number, values, file))


def _fail(found: _Found, kind: str, text: str) -> None:
    found.tables.clear()
    found.live = 0
    found.failures = [_failure(kind, text)]


def _failure(kind: str, text: str, **where: object) -> dict[str, Any]:
    blank = {"replicate": None, "equation": None, "economy": None, "month": None}
    said = text.replace(str(Path(__file__).resolve().parents[2]), "...")
    return {"kind": kind, **blank, **where, "error": said}


@cache
def _tables() -> SeedTables:
    from sim.world.tables import load_tables

    return load_tables()


def _world(resolved: Resolved) -> World:
    """The world of a point; what the point before it in this thread had too is taken from there."""
    from sim.world.build import build_world
    from sim.world.rebuild import rebuild_world

    near: World | None = getattr(_before, "world", None)
    if near is None:
        world = build_world(resolved, _tables())
    else:
        world = rebuild_world(near, resolved, _tables())
    _before.world = world
    return world


def _run(resolved: Resolved, file: SweepFile, found: _Found, stop: threading.Event | None) -> None:
    from sim.ensemble.job import Control
    from sim.ensemble.runner import run_ensemble

    world, control = _world(resolved), Control(stop=stop)
    for count in file.counts:
        ensemble = run_ensemble(
            world, count, file.seed, with_economies=False, with_flows=False, control=control
        )
        found.replicates, found.live = count, count - len(ensemble.failures)
        if not found.live:
            break
        found.half_width = _half_width(ensemble, file)
        if file.stop and found.half_width is not None and found.half_width <= file.stop.half_width:
            break
    found.failures = [
        _failure("not finite", f"{f.equation} is not finite in {f.iso3} in {f.month}",
                 replicate=f.replicate, equation=f.equation, economy=f.iso3, month=f.month)
        for f in ensemble.failures
    ]  # fmt: skip
    if found.live:
        found.tables = _results(ensemble, file)


def _half_width(ensemble: Ensemble, file: SweepFile) -> float | None:
    """Half of the 95 % interval of the mean of the outcome that stops, None without one."""
    import numpy as np

    from sim.scenario.schema import month_label

    if file.stop is None:
        return None
    name, month = file.stop.place
    layout, totals = ensemble.layout, ensemble.totals
    row = [outcome.name for outcome in layout.outcomes].index(name)
    months = [month_label(layout.start + t) for t in layout.outcome_months]
    values = totals.outcomes[row, months.index(month), totals.live]
    values = values[np.isfinite(values)]
    if len(values) < 2:
        return None
    return float(CONFIDENCE * values.std(ddof=1) / np.sqrt(len(values)))


def _results(ensemble: Ensemble, file: SweepFile) -> dict[str, pl.DataFrame]:
    import polars as pl

    from sim.runs.tables import outcomes
    from sim.sweep.groups import groups

    kept = outcomes(ensemble.totals)
    if file.outcomes:
        names = {*file.outcomes, *([file.stop.place[0]] if file.stop else [])}
        kept = kept.filter(pl.col("outcome").is_in(sorted(names)))
    return {OUTCOMES: kept, GROUPS: groups(ensemble.totals)}


def _part(number: int, found: _Found, inputs: str) -> Part:
    import polars as pl

    files: dict[str, bytes] = {}
    for folder, table in found.tables.items():
        keyed = table.select(pl.lit(number, dtype=pl.Int64).alias("point"), pl.all())
        files[part_name(folder, number)] = table_bytes(keyed)
    record = {
        "point": number, "inputs": inputs, "replicates": found.replicates, "live": found.live,
        "half_width": found.half_width, "failures": found.failures,
    }  # fmt: skip
    files[part_name(POINTS, number)] = record_bytes(record, files)
    return Part(number, files, tuple(found.failures), found.replicates)


def table_bytes(table: pl.DataFrame) -> bytes:
    """Parquet as run folders write it: equal tables give equal bytes."""
    buffer = io.BytesIO()
    table.write_parquet(
        buffer, compression="zstd", compression_level=3, statistics=True, row_group_size=1 << 18
    )
    return buffer.getvalue()
