"""Lint by running: every change of a scenario with and without it, on the same luck.

A change that moves no named outcome is reported, and so is one that moves none by more than a
thousandth of its value. Changes are taken away one at a time, so two that only work together are
each seen to work, and two that do the same are each seen to be idle.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.runner import run_ensemble
from sim.explain.lint import Finding, from_overlay
from sim.scenario import Resolved, load
from sim.scenario.alter import with_quantities
from sim.scenario.layers import find, read_layer
from sim.scenario.resolve import split_names
from sim.scenario.schema import OverrideFile
from sim.world.build import build_world
from sim.world.tables import SeedTables

REPLICATES = 8
SEED = 1
#: Part of an outcome's own size below which a change is as good as none.
SLIGHT = 1e-3


def complete_file(name: str) -> Resolved:
    """The complete scenario at the bottom of a name, a path or ``name+policy``."""
    path = find(split_names(name)[0])
    while isinstance(file := read_layer(path).file, OverrideFile):
        path = find(file.extends, path.parent)
    return load(path)


def lint_by_running(resolved: Resolved, base: Resolved, tables: SeedTables) -> list[Finding]:
    """Findings about changes over the complete scenario `base` that move hardly anything."""
    whole = _outcomes(resolved, tables)
    found = []
    for key, what, without in _changes(resolved, base):
        message = _verdict(whole, _outcomes(without, tables))
        if message is not None:
            found.append(Finding(resolved.origin.get(key, resolved.name), what, message))
    return found


def _changes(resolved: Resolved, base: Resolved) -> Iterator[tuple[str, str, Resolved]]:
    """(key of its origin, how it reads, the scenario without it)."""
    for i, event in enumerate(resolved.events):
        if from_overlay(resolved, f"events[{i}]"):
            others = tuple(e for k, e in enumerate(resolved.events) if k != i)
            what = f"{event.on} {event.lever} {event.change}"
            yield f"events[{i}]", what, resolved.model_copy(update={"events": others})
    known, before = resolved.quantities, base.quantities
    for path in sorted(set(known) & set(before)):
        if known[path] != before[path]:
            yield path, path, with_quantities(resolved, {path: before[path]})
    for iso3, values in resolved.countries.items():
        for column, value in values.items():
            if base.countries.get(iso3, {}).get(column) != value:
                left = {k: v for k, v in values.items() if k != column}
                countries = {**resolved.countries, iso3: left}
                path = f"countries.{iso3}.{column}"
                yield path, path, resolved.model_copy(update={"countries": countries})
    for key, value in resolved.structure.model_dump().items():
        was = getattr(base.structure, key)
        if value != was:
            structure = resolved.structure.model_copy(update={key: was})
            without = resolved.model_copy(update={"structure": structure})
            yield f"structure.{key}", f"structure.{key}", without


def _outcomes(resolved: Resolved, tables: SeedTables) -> NDArray[np.float64]:
    """Named outcomes [outcome, month, replicate]."""
    world = build_world(resolved, tables)
    ensemble = run_ensemble(world, REPLICATES, SEED, with_economies=False, with_flows=False)
    return ensemble.totals.outcomes


def _verdict(whole: NDArray[np.float64], without: NDArray[np.float64]) -> str | None:
    """What to say about a change; None if it moves something."""
    if np.array_equal(whole, without, equal_nan=True):
        return f"moves no named outcome in {REPLICATES} runs"
    moved = np.abs(np.nan_to_num(whole - without)).max(axis=(1, 2))
    size = np.abs(np.nan_to_num(without)).max(axis=(1, 2))
    if (moved <= SLIGHT * size).all():
        return f"moves no named outcome by more than a thousandth in {REPLICATES} runs"
    return None
