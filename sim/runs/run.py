"""One scenario, many replicates: from a name to a run folder. The verb behind `spheres run`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sim.errors import SomeRunsFailed, SpheresError
from sim.files import seeds_dir
from sim.scenario import Resolved, load

if TYPE_CHECKING:
    from sim.record.ensemble import Ensemble
    from sim.runs.tables import Tables

EngineName = Literal["mesa", "ensemble"]
REPLICATES = 64
SEED = 1


@dataclass(frozen=True)
class Run:
    """What a run gives: tables by name, failures, listed facts, seconds by stage."""

    resolved: Resolved
    seed: int
    replicates: int
    engine: EngineName
    tables: Tables
    failures: tuple[str, ...]
    facts: tuple[str, ...]
    timings: Mapping[str, float] = field(default_factory=dict)


def run(
    scenario: str | Path | Resolved,
    replicates: int = REPLICATES,
    seed: int = SEED,
    *,
    engine: EngineName = "ensemble",
    workers: int = 1,
    policies: Sequence[str] = (),
    sets: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> Run:
    """Run a scenario and return its tables (world, countries, channels, outcomes, flows).

    scenario: a shipped name, a path, or a resolved scenario. The same arguments give the same
    tables, whatever the number of workers; the labels of outcomes are an Enum. Raises InputError,
    and SpheresError if all runs failed.
    """
    from sim.draws.posterior import mismatch
    from sim.ensemble.job import Control
    from sim.runs.tables import tables
    from sim.world.build import build_world

    clock, control = _Stages(), Control(workers, progress, stop)
    resolved = scenario if isinstance(scenario, Resolved) else load(scenario, policies, sets)
    world = build_world(resolved)
    clock.done("world")
    if engine == "mesa":
        from sim.runs.mesa import run_mesa

        found = run_mesa(world, replicates, seed, control)
    else:
        from sim.ensemble.runner import run_ensemble

        found = run_ensemble(world, replicates, seed, control=control)
    clock.done("runs")
    if len(found.failures) == replicates:
        raise SpheresError(f"all {replicates} runs failed; the first: {_failure(found, 0)}")
    result = tables(found.totals, coded=True)
    clock.done("tables")
    held = tuple(
        f"{path}: {count} of {replicates} draws held back by its range"
        for path, count in found.clipped.items()
    )
    return Run(
        resolved,
        seed,
        replicates,
        engine,
        result,
        tuple(_failure(found, k) for k in range(len(found.failures))),
        (*resolved.warnings, *world.facts, *mismatch(), *held),
        clock.seconds,
    )


def write(result: Run, folder: Path, argv: Sequence[str] = (), *, force: bool = False) -> Path:
    """Write the run folder of the contract, figures included; the manifest comes last."""
    from sim.runs.folder import write_run
    from sim.runs.manifest import Account, Identity

    resolved = result.resolved
    identity = Identity(resolved.hash, result.seed, result.replicates, result.engine)
    account = Account(
        resolved.name,
        argv=argv,
        inputs=input_hashes(),
        counts={"failed": len(result.failures)},
        timings=result.timings,
        warnings=(*result.facts, *result.failures),
    )
    return write_run(folder, result.tables, resolved.to_yaml(), identity, account, force=force)


def default_folder(resolved: Resolved) -> Path:
    """`runs/<scenario>-<first eight of its hash>` below the current folder."""
    return Path("runs") / f"{resolved.name}-{resolved.hash[:8]}"


def input_hashes() -> dict[str, str]:
    """Digest of every seed table that a world is built from."""
    from sim.runs.manifest import sha256_of

    folder = seeds_dir()
    files = [*folder.glob("*.csv"), folder / "fill_rules.yaml"]
    return {f"seeds/{path.name}": sha256_of(path) for path in sorted(files)}


def raise_if_some_failed(result: Run) -> None:
    """Raise SomeRunsFailed (exit 4) naming the first failure."""
    if result.failures:
        count = len(result.failures)
        raise SomeRunsFailed(
            f"{count} of {result.replicates} runs failed and are left out; first: "
            f"{result.failures[0]}"
        )


def _failure(found: Ensemble, k: int) -> str:
    failure = found.failures[k]
    return (
        f"replicate {failure.replicate}: {failure.equation} in {failure.iso3} is not finite in "
        f"{failure.month}"
    )


class _Stages:
    """Seconds by stage, for the manifest only; no result depends on them."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.last = time.perf_counter()

    def done(self, stage: str) -> None:
        """Close a stage."""
        now = time.perf_counter()
        self.seconds[stage] = now - self.last
        self.last = now
