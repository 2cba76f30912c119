"""A sweep folder: its plan written first, its parts in between, its manifest last."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sim import __version__
from sim.errors import FolderConflict, MissingFile, VerificationMismatch
from sim.runs.folder import check_hashes, passes_for_result
from sim.runs.manifest import written_files
from sim.sweep.design import Point, design_table
from sim.sweep.fingerprint import fingerprint
from sim.sweep.plan import Plan
from sim.sweep.point import table_bytes
from sim.sweep.record import POINTS, part_name
from sim.sweep.resume import check_complete, compare, is_own, mend, readable
from sim.sweep.statistics import summary_csv
from sim.sweep.store import Store

PLAN, DESIGN, FAILURES = "plan.json", "design.parquet", "failures.csv"
SUMMARY, MANIFEST = "summary.csv", "manifest.json"
#: What a sweep writes besides points and scenarios.
OWN = {PLAN, DESIGN, FAILURES, SUMMARY, MANIFEST, "sweep.yaml"}
COLUMNS = (
    "point", "scenario", "policy", "replicate", "seed", "parameters", "kind", "equation",
    "economy", "month", "error",
)  # fmt: skip


def arm_name(arm: int) -> str:
    """File of a resolved scenario with its policy."""
    return f"scenarios/{arm:03d}.resolved.yaml"


def begin(
    store: Store,
    plan: Plan,
    *,
    resume: bool,
    force: bool,
    damaged: Callable[[Sequence[str]], None],
) -> list[Point]:
    """Write the plan, or hold the folder against it; the points still to run.

    With `resume` every file is checked. What is not what the plan wrote is told to `damaged`, and
    written or run again. Raises FolderConflict for a folder that holds something else.
    """
    wanted = fingerprint(plan)
    planned = plan_files(plan, wanted)
    raw = store.read(PLAN)
    if raw is None and store.names() and not force:
        raise FolderConflict(
            f"{store.place} holds files, but no {PLAN} of a sweep. Choose another folder."
        )
    if raw is not None and not force:
        _check_same(store, readable(raw), wanted, resume)
        store.sweep_up()
        return _go_on(store, plan, planned, damaged)
    _clear(store, planned)
    for name, content in planned.items():
        store.write(name, content)
    return list(plan.points)


def _clear(store: Store, planned: Mapping[str, bytes]) -> None:
    """Delete the sweep or run that a folder holds, and nothing else. Raises FolderConflict."""
    names = store.names()
    sweep, run = (readable(store.read(name)) or {} for name in (PLAN, MANIFEST))
    own: set[str] = set()
    if run.get("tool") == "spheres":
        own |= written_files(run)
    if sweep.get("tool") == "spheres" or (own and run.get("kind") == "sweep"):
        own |= {name for name in names if _is_own(name)}
    if names and not own:
        text = f"{store.place} holds files that no run wrote; --force does not delete those."
        raise FolderConflict(text)
    taken = sorted(({*planned, *OWN} & set(names)) - own)
    if taken:
        raise FolderConflict(
            f"{store.place}: {', '.join(taken)} is there and no run wrote it; it is left alone. "
            "Choose another folder, or move it away."
        )
    store.clear(own)


def _is_own(name: str) -> bool:
    return name in OWN or is_own(name)


def _go_on(
    store: Store,
    plan: Plan,
    planned: Mapping[str, bytes],
    damaged: Callable[[Sequence[str]], None],
) -> list[Point]:
    raw = store.read(MANIFEST)
    finished = readable(raw) or {}
    left = compare(store, plan, planned, finished)
    wrong = left.damaged + _derived_damaged(store, finished)
    if raw is not None and finished.get("fingerprint") != json.loads(planned[PLAN])["fingerprint"]:
        wrong.append(MANIFEST)
    if wrong:
        damaged(wrong)
    if wrong or left.points:
        store.remove(MANIFEST)
    mend(store, planned, left)
    return left.points


def _derived_damaged(store: Store, finished: Mapping[str, Any]) -> list[str]:
    """Names of the tables that the end of the sweep writes, where they are not what it wrote."""
    told = finished.get("hashes", {})
    return [
        name for name in (FAILURES, SUMMARY)
        if name in told and hashlib.sha256(store.read(name) or b"").hexdigest() != told[name]
    ]  # fmt: skip


def _check_same(
    store: Store, found: dict[str, Any] | None, wanted: dict[str, Any], resume: bool
) -> None:
    if found is None or not isinstance(found.get("fingerprint"), dict):
        raise FolderConflict(
            f"{store.place}: {PLAN} is damaged, so nothing says which sweep this is. Start again "
            "with --force, or choose another folder."
        )
    differ = [key for key in sorted(wanted) if found["fingerprint"].get(key) != wanted[key]]
    if differ:
        raise FolderConflict(
            f"{store.place} holds a sweep with other {', '.join(differ)}; its points would not fit "
            "together. Choose another folder, or start again with --force."
        )
    if not resume:
        state = "this sweep" if store.read(MANIFEST) else "a part of this sweep"
        raise FolderConflict(
            f"{store.place} already holds {state}. Go on with --resume, or start again with "
            "--force."
        )


def plan_files(plan: Plan, digests: dict[str, Any]) -> dict[str, bytes]:
    """What is written before any point, by name: the plan first, then what it speaks of."""
    content = {
        "schema_version": 1,
        "tool": "spheres",
        "points": len(plan.points),
        "arms": [
            {"scenario": arm.scenario, "policy": arm.policy, "hash": arm.resolved.hash}
            for arm in plan.arms
        ],
        "sweep": plan.file.model_dump(mode="json", exclude_none=True),
        "fingerprint": digests,
    }
    scenarios = {arm_name(k): arm.resolved.to_yaml().encode() for k, arm in enumerate(plan.arms)}
    return {
        PLAN: _json(content),
        "sweep.yaml": plan.text.encode(),
        **scenarios,
        DESIGN: table_bytes(design_table(plan.points, plan.names)),
    }


def _json(content: object) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def finish(store: Store, plan: Plan, argv: Sequence[str], seconds: float) -> int:
    """Collect failures and statistics, then write the manifest; the number of failed points.

    Raises VerificationMismatch while a planned point has no record that agrees with its files.
    """
    digests = fingerprint(plan)
    check_complete(store, plan, plan_files(plan, digests), hashes(store))
    rows = _failure_rows(store, plan)
    store.write(FAILURES, _csv(rows))
    store.write(SUMMARY, summary_csv(store, plan).encode())
    failed = len({row[0] for row in rows})
    store.write(MANIFEST, _json(_manifest(store, plan, digests, argv, failed, seconds)))
    return failed


def _manifest(
    store: Store,
    plan: Plan,
    digests: Mapping[str, Any],
    argv: Sequence[str],
    failed: int,
    seconds: float,
) -> dict[str, Any]:
    from sim.runs.manifest import package_versions

    return {
        "schema_version": 1,
        "tool": "spheres",
        "kind": "sweep",
        "version": __version__,
        "argv": list(argv),
        "seed": plan.file.seed,
        "fingerprint": dict(digests),
        "packages": package_versions(),
        "counts": {"points": len(plan.points), "failed": failed},
        "timings_s": {"last_session": round(seconds, 3)},
        "warnings": list(plan.warnings),
        "hashes": hashes(store),
    }


def hashes(store: Store) -> dict[str, str]:
    """sha256 of every file that a sweep writes but the manifest."""
    names = [name for name in store.names() if _is_own(name) and name != MANIFEST]
    return {name: hashlib.sha256(store.read(name) or b"").hexdigest() for name in names}


def _failure_rows(store: Store, plan: Plan) -> list[list[Any]]:
    rows = []
    for point in plan.points:
        record = json.loads(store.read(part_name(POINTS, point.number)) or b"{}")
        parameters = json.dumps(point.values, sort_keys=True)
        for f in record.get("failures", ()):
            found = {
                **f, "point": point.number, "scenario": plan.names[point.arm][0],
                "policy": plan.names[point.arm][1], "seed": plan.file.seed,
                "parameters": parameters,
            }  # fmt: skip
            rows.append([found[column] for column in COLUMNS])
    return rows


def _csv(rows: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue().encode()


def read_json(store: Store, name: str) -> dict[str, Any]:
    """A JSON file of a sweep. Raises MissingFile, VerificationMismatch."""
    raw = store.read(name)
    if raw is None:
        hint = "Name a folder that `spheres sweep` wrote"
        raise MissingFile(f"there is no {name}", file=store.place, hint=hint)
    try:
        found = json.loads(raw)
    except ValueError as error:
        raise VerificationMismatch(f"{store.place}/{name} is not readable JSON.") from error
    if not isinstance(found, dict):
        raise VerificationMismatch(f"{store.place}/{name} is not what a sweep writes.")
    return found


def verify(store: Store) -> dict[str, str]:
    """Recompute all hashes. Raises VerificationMismatch naming every file that differs or is
    missing, and every table among the results that the sweep did not write.
    """
    wanted = read_json(store, MANIFEST).get("hashes", {})
    found = hashes(store)
    check_hashes(store.place, wanted, found, {*filter(passes_for_result, store.names()), *found})
    return found
