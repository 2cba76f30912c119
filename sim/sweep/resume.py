"""What a sweep folder holds against what its plan would write: which points are left to run."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.errors import VerificationMismatch
from sim.files import listed
from sim.sweep.design import Point
from sim.sweep.fingerprint import point_digest
from sim.sweep.plan import Plan
from sim.sweep.record import Standing, files_of, is_part, standing
from sim.sweep.store import Store

_ARM = re.compile(r"scenarios/\d{3,}\.resolved\.yaml")


class Left(NamedTuple):
    """Points still to run, and names of files that are not what the plan wrote."""

    points: list[Point]
    damaged: list[str]


def compare(
    store: Store, plan: Plan, planned: Mapping[str, bytes], finished: Mapping[str, Any]
) -> Left:
    """Hold every file of a sweep against its plan; nothing is changed.

    planned: content of the files that are written before any point. finished: the manifest, empty
    where there is none. Parts are read one at a time.
    """
    names = set(store.names())
    hashes = finished.get("hashes", {})
    damaged = [name for name, raw in planned.items() if store.read(name) != raw]
    damaged += [name for name in names if _superfluous(name, plan, planned)]
    todo = []
    for point in plan.points:
        found = _standing(store, plan, point, names)
        damaged += found.wrong
        damaged += [n for n in files_of(point.number) if n in hashes and n not in names]
        if not found.complete or found.crashed:
            todo.append(point)
    return Left(todo, sorted(set(damaged)))


def _standing(store: Store, plan: Plan, point: Point, names: set[str]) -> Standing:
    resolved = plan.arms[point.arm].resolved
    inputs = point_digest(resolved, point.number, point.values, plan.file)
    return standing(point.number, inputs, store.read, names)


def is_own(name: str) -> bool:
    """Whether a name below results/ or scenarios/ is one that only a sweep writes."""
    return is_part(name) or _ARM.fullmatch(name) is not None


def _superfluous(name: str, plan: Plan, planned: Mapping[str, bytes]) -> bool:
    """Whether a file has the name of a point or a scenario that this plan does not have."""
    if _ARM.fullmatch(name):
        return name not in planned
    return is_part(name) and int(re.findall(r"\d+", name)[-1]) >= len(plan.points)


def mend(store: Store, planned: Mapping[str, bytes], left: Left) -> None:
    """Write the planned files again where they differ, and delete what is not to be kept."""
    for name in left.damaged:
        if name in planned:
            store.write(name, planned[name])
        else:
            store.remove(name)
    for point in left.points:
        for name in files_of(point.number):
            store.remove(name)


def check_complete(
    store: Store, plan: Plan, planned: Mapping[str, bytes], found: Mapping[str, str]
) -> None:
    """Refuse to finish unless the plan stands and every point has a record that agrees.

    found: sha256 of the files of the sweep. Raises VerificationMismatch.
    """
    wrong = [name for name, raw in planned.items() if found.get(name) != _sha256(raw)]
    names = set(found)
    for point in plan.points:
        state = _standing(store, plan, point, names)
        if not state.complete:
            wrong += state.wrong or files_of(point.number)[:1]
    if wrong:
        raise VerificationMismatch(
            f"{store.place}: the sweep is not finished: missing or damaged: {listed(wrong)}. "
            "Nothing is claimed for it; go on with --resume."
        )


def readable(raw: bytes | None) -> dict[str, Any] | None:
    """A JSON object, None if it is none."""
    try:
        found = json.loads(raw or b"")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
