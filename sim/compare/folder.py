"""The folder of a comparison: like a run folder, its manifest last; `spheres verify` checks it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.compare.summary import headline
from sim.runs.folder import check_folder, replacing, write_table
from sim.runs.manifest import (
    RESOLVED,
    RESULTS,
    Account,
    Identity,
    build_manifest,
    write_manifest,
)

if TYPE_CHECKING:
    from sim.compare.compare import Comparison
    from sim.compare.specs import Spec

ENGINE = "compare"
ARMS = "arms"  # folder under results/


def comparison_hash(arms: Sequence[Spec], attribute: bool) -> str:
    """sha256 of the arms' hashes and names, in their order, and whether parts were asked for."""
    text = "\n".join(f"{arm.resolved.hash} {arm.name}" for arm in arms)
    return hashlib.sha256(f"{attribute}\n{text}".encode()).hexdigest()


def default_folder(arms: Sequence[Spec], attribute: bool) -> Path:
    """`runs/compare-<base>-<first eight of the hash>` below the current folder."""
    name = arms[0].resolved.name
    return Path("runs") / f"compare-{name}-{comparison_hash(arms, attribute)[:8]}"


def check(
    folder: Path, arms: Sequence[Spec], attribute: bool, *, seed: int, replicates: int, force: bool
) -> bool:
    """Refuse a folder that holds something else; whether another run will be replaced.

    Raises FolderConflict.
    """
    identity = Identity(comparison_hash(arms, attribute), seed, replicates, ENGINE)
    return check_folder(folder, identity, force=force, also=("summary.md",))


def write(
    comparison: Comparison, folder: Path, argv: Sequence[str] = (), *, force: bool = False
) -> Path:
    """Write tables, scenarios, summary.md and summary.csv; the manifest last.

    Everything is written to a hidden folder first and then put in its place.
    Raises FolderConflict.
    """
    attribute = "attribution" in comparison.tables
    other = check(
        folder, comparison.arms, attribute,
        seed=comparison.seed, replicates=comparison.replicates, force=force,
    )  # fmt: skip
    with replacing(folder, other=other) as part:
        _fill(comparison, part, argv, attribute)
    return folder


def _fill(comparison: Comparison, part: Path, argv: Sequence[str], attribute: bool) -> None:
    import polars as pl

    from sim.runs.run import input_hashes

    (part / RESULTS / ARMS).mkdir(parents=True)
    for stem, table in sorted(comparison.tables.items()):
        write_table(table, part / RESULTS / f"{stem}.parquet")
    _text(part / RESOLVED, comparison.arms[0].resolved.to_yaml())
    for k, arm in enumerate(comparison.arms[1:], start=1):
        _text(part / RESULTS / ARMS / f"{k}.resolved.yaml", arm.resolved.to_yaml())
    _text(part / "summary.md", comparison.summary())
    last = pl.concat([headline(comparison, arm) for arm in comparison.names[1:]])
    _text(part / "summary.csv", last.write_csv())
    wanted = comparison_hash(comparison.arms, attribute)
    identity = Identity(wanted, comparison.seed, comparison.replicates, ENGINE)
    account = Account(
        _title(comparison.names),
        argv=argv,
        inputs=input_hashes(),
        counts={"arms": len(comparison.arms), "failed": len(comparison.failures)},
        timings=comparison.timings,
        warnings=(*comparison.facts, *comparison.failures),
    )
    manifest = build_manifest(part, identity, account)
    manifest["arms"] = [
        {"name": arm.name, "scenario_hash": arm.resolved.hash} for arm in comparison.arms
    ]
    write_manifest(part, manifest)


def _title(names: Sequence[str]) -> str:
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return f"{names[1]}{more} against {names[0]}"


def _text(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="\n")
