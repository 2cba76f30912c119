"""The same sweep on a Dask cluster: a task a point, and every worker writes its own parts.

A worker needs this package in the same version, the seed tables it ships with, and sight of the
sweep's folder (a shared file system, or a URL that fsspec knows). A worker that dies loses nothing
but the points it was at: the scheduler gives them to another, which writes the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import islice
from typing import Any

from sim.errors import Cancelled, SpheresError
from sim.sweep.design import Point
from sim.sweep.fingerprint import digest_of
from sim.sweep.parts import INTERRUPTED, Progress, write_part
from sim.sweep.point import crashed_part
from sim.sweep.replay import check_code, check_plan, plan_digest, run_stored, stored_arm
from sim.sweep.store import Store, open_store

#: Clients and futures of a library that has no types of its own and may be absent.
type Dask = Any

CONNECT_SECONDS = 15
#: Tasks handed to the scheduler ahead of the workers, for each of their threads.
AHEAD = 4


def run_there(store: Store, todo: Sequence[Point], scheduler: str, progress: Progress) -> None:
    """Run points on the workers of a scheduler. Raises SpheresError, Cancelled."""
    with _connect(scheduler) as client:
        try:
            _run_all(client, store, todo, progress)
        except KeyboardInterrupt:
            raise Cancelled(INTERRUPTED) from None


def work(place: str, point: Point, digest: str) -> int:
    """What a worker does: run a point and write its part; the number of runs.

    digest: of the plan. A worker may outlive the sweep that sent the point, and must then not
    write into the next one. Raises FolderConflict.
    """
    store = open_store(place)
    check_code(store)
    part = run_stored(place, point, digest)
    check_plan(store, digest)
    write_part(store, part)
    return part.replicates


def _connect(scheduler: str) -> Dask:
    try:
        client = import_module("distributed").Client
    except ImportError:
        hint = "Install the extra: pip install 'spheres[cluster]'"
        raise SpheresError(f"--scheduler needs dask.distributed. {hint}.") from None
    try:
        return client(scheduler, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        text = " ".join(str(error).split())
        raise SpheresError(f"no Dask scheduler answers at {scheduler}: {text}") from None


def _run_all(client: Dask, store: Store, todo: Sequence[Point], progress: Progress) -> None:
    """Keep a bounded number of points with the scheduler until all are done."""
    waiting = iter(todo)
    points: dict[str, Point] = {}
    digest = plan_digest(store)
    ahead = AHEAD * max(1, sum(client.nthreads().values()))
    first = _submit(client, store.place, islice(waiting, ahead), points, digest)
    running = import_module("distributed").as_completed(first)
    for future in running:
        point = points.pop(future.key)
        progress(point.number, _outcome(future, store, point, digest))
        future.release()
        for more in _submit(client, store.place, islice(waiting, 1), points, digest):
            running.add(more)


def _submit(
    client: Dask, place: str, some: Iterator[Point], points: dict[str, Point], digest: str
) -> list[Dask]:
    """Hand points over, under keys that no other sweep or folder uses."""
    owner = digest_of([place, digest])[:16]
    found = []
    for point in some:
        key = f"spheres-{owner}-{point.number:06d}"
        points[key] = point
        found.append(client.submit(work, place, point, digest, key=key, pure=False))
    return found


def _outcome(future: Dask, store: Store, point: Point, digest: str) -> int:
    """Runs of a point; one that no worker survived becomes a failed point."""
    if future.status in ("cancelled", "lost"):
        raise SpheresError("the scheduler lost its points; finished ones are kept: use --resume")
    error: Any = future.exception()
    if error is None:
        return int(future.result())
    if isinstance(error, SpheresError):
        raise error
    resolved, file = stored_arm(store.place, point.arm, digest)
    text = f"{type(error).__name__}: {error}"
    part = crashed_part(resolved, point.number, point.values, file, text)
    write_part(store, part)
    return part.replicates
