"""Runs one stored point again, from what the folder alone says, and compares bytes."""

from __future__ import annotations

import hashlib
import io
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sim.errors import FolderConflict, OutOfRange, VerificationMismatch
from sim.scenario import Resolved, load
from sim.sweep.design import Point
from sim.sweep.fingerprint import code_digest
from sim.sweep.folder import DESIGN, PLAN, arm_name, read_json
from sim.sweep.point import Part, run_point
from sim.sweep.record import POINTS, part_name
from sim.sweep.schema import SweepFile
from sim.sweep.store import Store, open_store


class Replayed(NamedTuple):
    """A point that gave the same bytes again."""

    point: Point
    files: tuple[str, ...]


def replay(place: str, number: int) -> Replayed:
    """Run a point again. Raises VerificationMismatch if a byte differs, OutOfRange, MissingFile."""
    store = open_store(place)
    plan = read_json(store, PLAN)
    point = stored_point(store, number, plan)
    read_json(store, part_name(POINTS, number))
    part = run_stored(place, point, plan_digest(store))
    differ = [name for name, raw in part.files.items() if store.read(name) != raw]
    if differ:
        note = "" if plan["fingerprint"]["code"] == code_digest() else (
            " The code has changed since: replay with the version that made it."
        )  # fmt: skip
        raise VerificationMismatch(f"{place}: point {number} differs: {', '.join(differ)}.{note}")
    return Replayed(point, tuple(part.files))


def stored_point(store: Store, number: int, plan: dict[str, object]) -> Point:
    """A row of the stored design. Raises OutOfRange."""
    import polars as pl

    table = pl.read_parquet(io.BytesIO(store.read(DESIGN) or b""))
    if not 0 <= number < table.height:
        hint = f"Points are 0 to {table.height - 1}"
        raise OutOfRange(f"there is no point {number}", file=store.place, hint=hint)
    row = table.row(number, named=True)
    names = [(arm["scenario"], arm["policy"]) for arm in plan["arms"]]  # type: ignore[attr-defined]
    arm = names.index((row.pop("scenario"), row.pop("policy")))
    return Point(int(row.pop("point")), arm, row)


def plan_digest(store: Store) -> str:
    """sha256 of the plan a folder holds now."""
    return hashlib.sha256(store.read(PLAN) or b"").hexdigest()


def run_stored(place: str, point: Point, digest: str) -> Part:
    """Run a point from the scenario and settings stored in a sweep folder.

    digest: of the plan that is meant, since a folder may come to hold another one.
    """
    resolved, file = stored_arm(place, point.arm, digest)
    return run_point(resolved, point.number, point.values, file)


@lru_cache(maxsize=64)
def stored_arm(place: str, arm: int, digest: str) -> tuple[Resolved, SweepFile]:
    """Scenario and settings as a sweep folder stores them. Raises VerificationMismatch."""
    store = open_store(place)
    check_plan(store, digest)
    plan = read_json(store, PLAN)
    text = store.read(arm_name(arm)) or b""
    with tempfile.TemporaryDirectory(prefix="spheres-") as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_bytes(text)
        resolved = load(path)
    if resolved.hash != plan["arms"][arm]["hash"]:
        raise VerificationMismatch(f"{place}/{arm_name(arm)} is not the scenario of the plan.")
    return resolved, SweepFile.model_validate(plan["sweep"])


def check_plan(store: Store, digest: str) -> None:
    """Refuse to work for a plan that the folder no longer holds. Raises FolderConflict."""
    if plan_digest(store) != digest:
        raise FolderConflict(f"{store.place} holds another plan by now.")


def check_code(store: Store) -> None:
    """Refuse to add points made by other code than the plan's. Raises FolderConflict."""
    plan = read_json(store, PLAN)
    if plan["fingerprint"]["code"] != code_digest():
        text = "this worker has other code or package versions than the sweep was planned with"
        raise FolderConflict(f"{store.place}: {text}. Install the same version everywhere.")
