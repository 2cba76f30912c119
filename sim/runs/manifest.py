"""The manifest of a run folder: what was run, with what, from what, and hashes to check it by."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from sim import __version__

MANIFEST = "manifest.json"
RESOLVED = "scenario.resolved.yaml"
RESULTS = "results"
_PACKAGES = ("mesa", "networkx", "numba", "numpy", "polars", "pydantic", "PyYAML", "scipy")


@dataclass(frozen=True)
class Identity:
    """Which run a folder holds: equal ones have equal results."""

    scenario_hash: str
    seed: int
    replicates: int
    engine: str


@dataclass(frozen=True)
class Account:
    """How a run was made. inputs: name -> digest; counts: besides replicates; timings: seconds."""

    scenario: str
    argv: Sequence[str] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    timings: Mapping[str, float] = field(default_factory=dict)
    warnings: Sequence[str] = ()


def sha256_of(path: Path) -> str:
    """Hex digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hashed_files(folder: Path) -> dict[str, str]:
    """Digests of results/ and of the resolved scenario, by path relative to the folder."""
    files = [path for path in sorted((folder / RESULTS).rglob("*")) if path.is_file()]
    if (folder / RESOLVED).is_file():
        files.append(folder / RESOLVED)
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in files}


def written_files(manifest: Mapping[str, Any]) -> set[str]:
    """Names of the files that whoever wrote this manifest wrote, relative to its folder.

    Charts and reports are derived later and not among them.
    """
    more = {MANIFEST} if manifest.get("kind") else {MANIFEST, "summary.csv"}
    if manifest.get("engine") == "compare":
        more.add("summary.md")
    return more | set(manifest.get("hashes", ()))


def package_versions() -> dict[str, str]:
    """Versions of Python and of the packages whose code makes the numbers."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "missing"
    return found


def git_state(folder: Path) -> dict[str, Any]:
    """Commit and dirty flag of the checkout that ``folder`` lies in; both null outside of one."""
    git = shutil.which("git")
    if git is None or not (folder / ".git").exists():
        return {"commit": None, "dirty": None}

    def ask(*words: str) -> str | None:
        done = subprocess.run(  # noqa: S603 - fixed program and arguments
            [git, "-C", str(folder), *words], capture_output=True, text=True, check=False
        )
        return done.stdout.strip() if done.returncode == 0 else None

    commit, changes = ask("rev-parse", "HEAD"), ask("status", "--porcelain")
    return {"commit": commit, "dirty": None if changes is None else bool(changes)}


def build_manifest(folder: Path, identity: Identity, account: Account) -> dict[str, Any]:
    """Everything the manifest says of a run whose other files are in the folder."""
    counts = {"failed": 0, **account.counts, "replicates": identity.replicates}
    seconds = sorted(account.timings.items())
    return {
        "schema_version": 1,
        "tool": "spheres",
        "version": __version__,
        "git": git_state(Path(__file__).resolve().parents[2]),
        "argv": list(account.argv),
        "scenario": account.scenario,
        "scenario_hash": identity.scenario_hash,
        "seed": identity.seed,
        "engine": identity.engine,
        "inputs": dict(sorted(account.inputs.items())),
        "packages": package_versions(),
        "counts": dict(sorted(counts.items())),
        "timings_s": {name: round(each, 3) for name, each in seconds},
        "warnings": list(account.warnings),
        "hashes": hashed_files(folder),
    }


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write manifest.json last and in one step: a folder that has one is complete."""
    temporary = folder / f".{MANIFEST}.part"
    temporary.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
    temporary.replace(folder / MANIFEST)
