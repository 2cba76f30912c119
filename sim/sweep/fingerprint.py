"""What a sweep's bytes depend on, as digests: code, packages, seeds, scenarios, design."""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario import Resolved
    from sim.sweep.plan import Plan
    from sim.sweep.schema import SweepFile

#: Rooms that results can depend on; later ones (charts, web, ...) only read them.
ROOMS = (
    "scenario",
    "world",
    "draws",
    "lanes",
    "equations",
    "record",
    "model",
    "ensemble",
    "runs",
    "sweep",
)
#: What of a sweep file every point depends on.
SETTINGS = {"replicates", "seed", "stop", "outcomes"}
_PACKAGES = ("numba", "numpy", "polars", "python", "scipy")


def digest_of(content: object) -> str:
    """sha256 (hex) of anything JSON can say."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


@functools.cache
def code_digest() -> str:
    """Digest of every module that results can depend on, and of the packages below them."""
    from sim.runs.manifest import package_versions

    package = Path(__file__).resolve().parents[1]
    files = [path for room in ROOMS for path in sorted((package / room).rglob("*.py"))]
    versions = package_versions()
    digest = hashlib.sha256(" ".join(f"{p}={versions.get(p)}" for p in _PACKAGES).encode())
    for path in files:
        digest.update(f"\n{path.relative_to(package).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@functools.cache
def seeds_digest() -> str:
    """Digest of every seed table, as it was when this process first asked."""
    from sim.runs.run import input_hashes

    return digest_of(input_hashes())


def fingerprint(plan: Plan) -> dict[str, Any]:
    """Digests by what they cover; two plans with equal ones give equal bytes."""
    design = [(p.number, p.arm, sorted(p.values.items())) for p in plan.points]
    settings = plan.file.model_dump(mode="json", include=SETTINGS)
    return {
        "code": code_digest(),
        "seeds": seeds_digest(),
        "scenarios": digest_of(
            [[*name] for name in plan.names] + [a.resolved.hash for a in plan.arms]
        ),
        "design": digest_of([design, settings]),
    }


def point_digest(
    resolved: Resolved, number: int, values: Mapping[str, float], file: SweepFile
) -> str:
    """Digest of all that the bytes of one point depend on; no other point of any sweep has it."""
    settings = file.model_dump(mode="json", include=SETTINGS)
    made_from = [code_digest(), seeds_digest(), resolved.hash]
    return digest_of([made_from, number, sorted(values.items()), settings])
