"""Runs the points of a plan on threads here, and a sweep from start to manifest."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sim.errors import Cancelled, SomeRunsFailed
from sim.sweep.design import Point
from sim.sweep.folder import begin, finish
from sim.sweep.parts import INTERRUPTED, SILENT, Listener, Progress, write_part
from sim.sweep.plan import Plan
from sim.sweep.point import Part, run_point
from sim.sweep.store import Store, open_store


@dataclass(frozen=True)
class Swept:
    """A finished sweep."""

    place: str
    points: int
    ran: int
    failed: int


def sweep(
    plan: Plan,
    place: str,
    *,
    workers: int | None = None,
    resume: bool = False,
    force: bool = False,
    scheduler: str | None = None,
    argv: Sequence[str] = (),
    listener: Listener = SILENT,
) -> Swept:
    """Run what is missing of a plan and write its manifest.

    place: folder or URL. scheduler: address of a Dask scheduler, None for threads here.
    The bytes written depend on the plan alone. Raises FolderConflict; VerificationMismatch if a
    point is not complete at the end; Cancelled when interrupted.
    """
    store = open_store(place)
    clock = time.perf_counter()
    with store.locked():
        todo = begin(store, plan, resume=resume, force=force, damaged=listener.damaged)
        listener.started(len(todo))
        if scheduler is None:
            run_here(store, plan, todo, workers or cores(), listener.progress)
        else:
            from sim.sweep.cluster import run_there

            run_there(store, todo, scheduler, listener.progress)
        failed = finish(store, plan, argv, time.perf_counter() - clock)
    return Swept(store.place, len(plan.points), len(todo), failed)


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_here(
    store: Store, plan: Plan, todo: Sequence[Point], workers: int, progress: Progress
) -> None:
    """Points on threads; the kernels release the interpreter. Raises Cancelled."""
    stop = threading.Event()

    def work(point: Point) -> Part:
        part = run_point(plan.arms[point.arm].resolved, point.number, point.values, plan.file, stop)
        write_part(store, part)
        return part

    waiting = iter(todo)
    with ThreadPoolExecutor(workers) as pool:
        try:
            running = {pool.submit(work, p): p for p in islice(waiting, 2 * workers)}
            while running:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    progress(running.pop(future).number, future.result().replicates)
                    running |= {pool.submit(work, p): p for p in islice(waiting, 1)}
        except KeyboardInterrupt:
            raise Cancelled(INTERRUPTED) from None
        finally:
            stop.set()


def raise_if_some_failed(done: Swept) -> None:
    """Raise SomeRunsFailed (exit 4) if a point failed in whole or in part."""
    if done.failed:
        raise SomeRunsFailed(
            f"{done.failed} of {done.points} points had failures, listed in "
            f"{done.place}/failures.csv; the others are complete."
        )


def default_place(plan: Plan, path: Path) -> str:
    """`runs/<folder or name of the sweep file>-<first eight of its fingerprint>`."""
    from sim.sweep.fingerprint import digest_of, fingerprint

    named = path.resolve().parent.name if path.stem == "sweep" else path.stem
    marks = {k: v for k, v in fingerprint(plan).items() if k != "code"}
    return str(Path("runs") / f"{named}-{digest_of(marks)[:8]}")
