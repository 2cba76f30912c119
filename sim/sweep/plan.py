"""From a sweep file to a checked plan: every scenario resolved, every path and outcome known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.errors import DuplicateKey, MissingFile, OutsideHorizon, SchemaError
from sim.scenario import Resolved, load
from sim.scenario.check import check, expect_mapping, unknown
from sim.scenario.layers import SUFFIXES
from sim.scenario.resolve import split_names
from sim.scenario.schema import month_index
from sim.scenario.yaml_lines import Document, Key, read_yaml
from sim.sweep.design import Point, design_points
from sim.sweep.schema import SweepFile


class Arm(NamedTuple):
    """A scenario under a policy, as named in the sweep file, and what they resolve to."""

    scenario: str
    policy: str
    resolved: Resolved


@dataclass(frozen=True)
class Plan:
    """Everything a sweep will do."""

    file: SweepFile
    text: str
    arms: tuple[Arm, ...]
    points: tuple[Point, ...]
    warnings: tuple[str, ...]

    @property
    def names(self) -> list[tuple[str, str]]:
        """(scenario, policy) of every arm."""
        return [(arm.scenario, arm.policy) for arm in self.arms]


def read_sweep(path: Path) -> Plan:
    """Read and check a sweep file. Raises subclasses of InputError, at file and line."""
    doc = read_yaml(path)
    file = check(SweepFile, expect_mapping(doc.value, doc, ()), doc, ())
    _check_once(file.scenarios, doc, "scenarios")
    _check_once(file.policies, doc, "policies")
    arms = tuple(
        Arm(_label(scenario), policy, _load(scenario, policy, path, doc, (i, j)))
        for i, scenario in enumerate(file.scenarios)
        for j, policy in enumerate(file.policies)
    )
    _check_paths(file, arms, doc)
    _check_design(file, doc)
    _check_outcomes(file, arms, doc)
    try:
        points = design_points(file, len(arms))
    except np.linalg.LinAlgError:
        hint = "Make some of them weaker"
        message = "these correlations contradict each other"
        raise doc.error(SchemaError, message, ("correlations",), hint) from None
    return Plan(file, path.read_text("utf-8"), arms, points, _warnings(file, arms, points))


def _check_once(names: Sequence[str], doc: Document, key: str) -> None:
    for i, name in enumerate(names):
        if _label(name) in [_label(other) for other in names[:i]]:
            raise doc.error(DuplicateKey, f"'{name}' is listed twice", (key, i), "Keep one of them")


def _label(name: str) -> str:
    """How tables name a scenario: a path by its file name alone."""
    return Path(name).stem if "/" in name or name.endswith(SUFFIXES) else name


def _load(scenario: str, policy: str, path: Path, doc: Document, at: tuple[int, int]) -> Resolved:
    parts = [_near(part, path) for part in split_names(policy)]
    try:
        return load(_near(scenario, path), parts)
    except MissingFile as error:
        words = {*split_names(scenario), *parts, _near(scenario, path)}
        named = [part for part in words if part in str(error)]
        wrong_policy = bool(named) and not set(named) & {_near(scenario, path), scenario}
        key: Key = ("policies", at[1]) if wrong_policy else ("scenarios", at[0])
        raise doc.error(MissingFile, error.message, key, error.hint) from None


def _near(name: str, path: Path) -> str:
    """A path counts from the folder of the sweep file; a shipped name stays."""
    local = "/" in name or name.endswith(SUFFIXES)
    return str(path.parent / name) if local else name


def _check_paths(file: SweepFile, arms: Iterable[Arm], doc: Document) -> None:
    for arm in arms:
        legal = arm.resolved.quantities
        for path in file.uncertainties:
            if path not in legal:
                raise unknown(path, legal, doc, ("uncertainties", path), "path")
    for i, one in enumerate(file.correlations):
        for j, path in enumerate(one.between):
            key: Key = ("correlations", i, "between", j)
            if path not in file.uncertainties:
                raise unknown(path, file.uncertainties, doc, key, "uncertainty")
        if one.between[0] == one.between[1]:
            key = ("correlations", i, "between")
            raise doc.error(SchemaError, "a path is correlated with itself", key)
        if sorted(one.between) in [sorted(other.between) for other in file.correlations[:i]]:
            message = "these two are correlated twice"
            raise doc.error(DuplicateKey, message, ("correlations", i), "Keep one of them")


def _check_design(file: SweepFile, doc: Document) -> None:
    method = file.design.method
    listed = method in ("grid", "list")
    lengths: dict[str, int] = {}
    for path, one in file.uncertainties.items():
        key: Key = ("uncertainties", path)
        if listed and one.kind != "values":
            hint = "Write {values: [...]}, or use lhs, sobol or monte-carlo"
            raise doc.error(SchemaError, f"{method} needs values, found {one.kind}", key, hint)
        lengths[path] = len(one.numbers)
    if method == "list" and len(set(lengths.values())) > 1:
        text = ", ".join(f"{path} has {n}" for path, n in lengths.items())
        hint = "For all combinations use grid"
        message = f"list needs equally many values: {text}"
        raise doc.error(SchemaError, message, ("uncertainties",), hint)
    if not file.uncertainties and not listed:
        message = f"{method} needs uncertainties to lay points over"
        raise doc.error(SchemaError, message, ("design",), "Add uncertainties or leave design out")
    if file.correlations and listed:
        message = f"{method} cannot have correlations"
        raise doc.error(SchemaError, message, ("correlations",), "Use lhs, sobol or monte-carlo")


def _check_outcomes(file: SweepFile, arms: Sequence[Arm], doc: Document) -> None:
    from sim.record.plan import plan_results
    from sim.world.build import build_world

    seen: set[str] = set()
    for arm in arms:
        if arm.scenario in seen:
            continue
        seen.add(arm.scenario)
        layout, _ = plan_results(build_world(arm.resolved), with_economies=False, with_flows=False)
        legal = [outcome.name for outcome in layout.outcomes]
        for i, name in enumerate(file.outcomes):
            if name not in legal:
                raise unknown(name, legal, doc, ("outcomes", i), "outcome")
        if file.stop is not None:
            _check_stop(file.stop.place, arm.resolved, legal, doc)


def _check_stop(
    place: tuple[str, str], resolved: Resolved, legal: list[str], doc: Document
) -> None:
    from sim.record.layout import OUTCOME_MONTHS

    name, month = place
    key: Key = ("stop", "outcome")
    if name not in legal:
        raise unknown(name, legal, doc, key, "outcome")
    horizon = resolved.horizon
    if not horizon.start <= month_index(month) <= horizon.end:
        hint = f"Simulated: {horizon.label(0)} to {horizon.label(horizon.n_months - 1)}"
        message = f"{month} is outside the horizon of {resolved.name}"
        raise doc.error(OutsideHorizon, message, key, hint)
    if month_index(month) % 12 + 1 not in OUTCOME_MONTHS:
        raise doc.error(SchemaError, f"{month} holds no outcomes", key, "Take a June or December")


def _warnings(file: SweepFile, arms: Sequence[Arm], points: Sequence[Point]) -> tuple[str, ...]:
    """What a scenario warns of, levers that events move anyway, points outside a legal range."""
    found = []
    for arm in arms:
        name = f"{arm.scenario} / {arm.policy}"
        found += [f"{name}: {warning}" for warning in arm.resolved.warnings]
        moved = {event.lever: event.on for event in reversed(arm.resolved.events)}
        found += [
            f"{name}: {path} holds only where no event moves it (first in {moved[path]})"
            for path in file.uncertainties
            if path in moved
        ]
    outside: dict[str, int] = {}
    ranges = [{path: q.range for path, q in arm.resolved.quantities.items()} for arm in arms]
    for point in points:
        for path, value in point.values.items():
            low, high = ranges[point.arm][path]
            if not low <= value <= high:
                outside[path] = outside.get(path, 0) + 1
    found += [f"{path}: {n} points outside its range will fail" for path, n in outside.items()]
    return tuple(found)
