"""What arms of a comparison have in common: months, groups, and the places of their offerings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.block import Prepared, prepare
from sim.errors import SchemaError
from sim.record.layout import Layout
from sim.record.plan import plan_results
from sim.record.plan_arrays import ReductionPlan
from sim.scenario import Resolved
from sim.world.build import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Arm:
    """One world of a comparison, ready to run, and where its axes lie on the common ones."""

    name: str
    world: World
    prepared: Prepared
    layout: Layout
    plan: ReductionPlan
    segment_at: Ints  # [s] place of the arm's own segments
    offering_at: Ints  # [o]


@dataclass(frozen=True)
class CommonAxes:
    """Labels of what is compared. Offerings are those of any arm: one that an arm lacks has no
    users there. Segments likewise; one that an arm lacks is undefined there.
    """

    start: int
    months: int
    iso3: tuple[str, ...]
    segments: tuple[str, ...]
    offerings: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    indicators: tuple[str, ...]
    recorded: tuple[int, ...]  # months in which economies are compared
    decembers: tuple[int, ...]  # months in which users are followed from arm to arm
    outcomes: tuple[str, ...]  # named outcomes of every arm
    outcome_months: tuple[int, ...]

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions, in the order of the groups."""
        return tuple(name for kind, name in self.groups if kind == "region")


def line_up(
    names: Sequence[str], worlds: Sequence[World]
) -> tuple[CommonAxes, tuple[Arm, ...], tuple[str, ...]]:
    """Common axes, the arms on them (the base first), and what could not be compared.

    Raises SchemaError if the arms have no month in common or other economies.
    """
    plans = [plan_results(world, with_economies=False, with_flows=False) for world in worlds]
    layouts = [layout for layout, _ in plans]
    _refuse_strangers(names, layouts)
    axes = _common(layouts)
    arms = tuple(
        _arm(name, world, layout, plan, axes)
        for name, world, (layout, plan) in zip(names, worlds, plans, strict=True)
    )
    return axes, arms, _facts(names, worlds, layouts, axes)


def _refuse_strangers(names: Sequence[str], layouts: Sequence[Layout]) -> None:
    base = layouts[0]
    for name, layout in zip(names, layouts, strict=True):
        if layout.iso3 != base.iso3 or layout.groups != base.groups:
            raise SchemaError(
                f"'{name}' and '{names[0]}' have other economies or groups",
                hint="Compare scenarios on the same country table",
            )
        if layout.start != base.start:
            raise SchemaError(
                f"'{name}' and '{names[0]}' start in different months",
                hint="Give both the same horizon.start",
            )


def _common(layouts: Sequence[Layout]) -> CommonAxes:
    base = layouts[0]
    months = min(layout.n_months for layout in layouts)
    shortest = next(layout for layout in layouts if layout.n_months == months)
    shared = [
        outcome.name
        for outcome in base.outcomes
        if all(outcome.name in [o.name for o in layout.outcomes] for layout in layouts)
    ]
    return CommonAxes(
        start=base.start,
        months=months,
        iso3=base.iso3,
        segments=_union([layout.segments for layout in layouts]),
        offerings=_union([layout.offerings for layout in layouts]),
        groups=base.groups,
        indicators=base.indicators,
        recorded=shortest.recorded,
        decembers=tuple(sorted({*shortest.months((12,)), months - 1})),
        outcomes=tuple(sorted(shared)),
        outcome_months=shortest.outcome_months,
    )


def _union(labels: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in labels for name in one))


def _arm(name: str, world: World, layout: Layout, plan: ReductionPlan, axes: CommonAxes) -> Arm:
    segment_at = np.array([axes.segments.index(s) for s in layout.segments], dtype=np.int64)
    offering_at = np.array([axes.offerings.index(o) for o in layout.offerings], dtype=np.int64)
    return Arm(name, world, prepare(world), layout, plan, segment_at, offering_at)


def _facts(
    names: Sequence[str], worlds: Sequence[World], layouts: Sequence[Layout], axes: CommonAxes
) -> tuple[str, ...]:
    found = []
    for name, world, layout in zip(names, worlds, layouts, strict=True):
        if layout.n_months > axes.months:
            last = world.resolved.horizon.label(axes.months - 1)
            found.append(f"{name}: months after {last} are not in every arm and not compared")
        found += [
            f"{name}: has no {offering}; its share counts as 0"
            for offering in axes.offerings
            if offering not in layout.offerings
        ]
        found += [
            f"{name}: has no {segment}; compared without this segment"
            for segment in axes.segments
            if segment not in layout.segments
        ]
        lost = [o.name for o in layout.outcomes if o.name not in axes.outcomes]
        if lost:
            found.append(f"{name}: not in every arm and not compared: {', '.join(sorted(lost))}")
    return tuple(found)


def resolved_of(arms: Sequence[Arm]) -> tuple[Resolved, ...]:
    """The scenarios of arms, in their order."""
    return tuple(arm.world.resolved for arm in arms)
