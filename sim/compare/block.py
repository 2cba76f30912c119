"""A block of replicates of all arms: the base is run, then each alternative beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compare.arm import ArmWatcher, Kept
from sim.compare.axes import Arm, CommonAxes
from sim.compare.cells import Cells, empty_cells
from sim.compare.kernel import COLUMNS, Use, move, tally
from sim.draws.setting import make_setting
from sim.ensemble.block import Block
from sim.ensemble.job import Control, PerThread, RunsBroke, advance, run_until_sound
from sim.ensemble.runner import begin
from sim.lanes.packs import WIDTH
from sim.record.accumulators import Accumulator, new_accumulator
from sim.record.ensemble import Failure
from sim.record.layout import Layout
from sim.record.recorder import Recorder

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class PairedBlock(NamedTuple):
    """Replicates first .. first + 15 of every arm, and what came of them.

    live [L]: lived in every arm; outcomes: by arm [outcome, month, L]; cells: by alternative. Both
    are empty where no replicate lived.
    """

    first: int
    live: Bools
    outcomes: list[Floats]
    cells: list[Cells]
    failures: list[tuple[str, Failure]]


@dataclass(frozen=True)
class PairedJob:
    """What the blocks of a comparison have in common; `run` is the work on one of them."""

    arms: tuple[Arm, ...]
    axes: CommonAxes
    replicates: int
    seed: int
    paths: bool
    control: Control
    spare: PerThread[dict[Layout, Accumulator]] = field(default_factory=lambda: PerThread(dict))
    """A worker's accumulators, for what nobody reads."""

    def run(self, first: int) -> PairedBlock:
        """Run the block that begins with a replicate, without runs that break. Raises Cancelled."""
        failed_in: list[str] = []
        live = np.arange(first, first + WIDTH) < self.replicates
        found = run_until_sound(live, partial(self._attempt, first, failed_in))
        self.control.tell(len(self.arms) * min(WIDTH, self.replicates - first))
        failures = list(zip(failed_in, found.failures, strict=True))
        return PairedBlock(first, found.live, *found.result, failures)

    def _attempt(
        self, first: int, failed_in: list[str], live: Bools
    ) -> tuple[list[Floats], list[Cells]]:
        """Outcomes by arm, differences by alternative; failed_in: the arms in which runs broke."""
        outcomes: list[Floats] = []
        cells: list[Cells] = []
        base: _Running | None = None
        for arm in self.arms if live.any() else ():
            one = _Running(self, arm, first, live)
            try:
                one.run(live)
            except RunsBroke as found:
                failed_in += [arm.name] * len(found.failures)
                raise
            outcomes.append(one.named())
            if self.paths and base is not None:
                cells.append(_compare(self.axes, base, one, np.flatnonzero(live)))
            base = one if base is None else base
        return outcomes, cells


class _Running:
    """One arm of a block: its runs, their named outcomes, and what is compared with other arms.

    kept: all months, on the axes of all arms (`arm.Kept`).
    """

    def __init__(self, job: PairedJob, arm: Arm, first: int, live: Bools) -> None:
        self.arm, self.axes, self.control = arm, job.axes, job.control
        double = first + int(np.flatnonzero(live)[0])
        lanes = tuple(first + j if live[j] else double for j in range(WIDTH))
        self.block = Block(arm.prepared, make_setting(arm.world, job.seed, lanes))
        self.recorder = _recorder(job.spare.mine(), arm, self.block, live)
        self.potential = _persons(self.recorder.acc, arm, job.axes)
        axes, kept = job.axes, job.paths
        months, S, O1 = axes.months, len(axes.segments), len(axes.offerings) + 1
        segments, offerings = len(arm.layout.segments), len(arm.layout.offerings)
        recorded, decembers = len(axes.recorded) * kept, len(axes.decembers) * kept
        wide = (len(axes.iso3), segments, offerings)
        self.kept = Kept(
            slot_of(months, axes.recorded),
            slot_of(months, axes.decembers),
            np.zeros((len(arm.plan.atom_home), S, O1, WIDTH)),
            np.empty((months * kept, len(axes.groups), S + 1, O1, WIDTH)),
            np.empty((recorded, len(axes.iso3), O1, WIDTH)),
            np.empty((months * kept, len(arm.layout.indicators), WIDTH)),
            np.empty((decembers, *wide, WIDTH)),
            np.empty((decembers, *wide[:2], WIDTH)),
        )

    def run(self, live: Bools) -> None:
        """Run all months. Raises RunsBroke, Cancelled."""
        places = self.arm.segment_at, self.arm.offering_at
        watcher = ArmWatcher(self.recorder, self.kept, *places, self.potential)
        advance(self.block, self.axes.months, watcher, self.control, live)

    def use(self, december: int) -> Use:
        """Who used what in one of the Decembers."""
        share, adoption = self.kept.share[december], self.kept.adoption[december]
        return Use(share, adoption, self.arm.segment_at, self.arm.offering_at)

    def named(self) -> Floats:
        """[outcome, month, L] on the common axes."""
        own = [outcome.name for outcome in self.arm.layout.outcomes]
        months = self.arm.layout.outcome_months
        rows = [own.index(name) for name in self.axes.outcomes]
        kept = [months.index(t) for t in self.axes.outcome_months]
        return self.recorder.acc.outcome[rows][:, kept]


def slot_of(months: int, kept: Sequence[int]) -> NDArray[np.int64]:
    """[T] place of each month among those that are kept, -1: not kept."""
    slots = np.full(months, -1, dtype=np.int64)
    slots[list(kept)] = np.arange(len(kept))
    return slots


def _recorder(spare: dict[Layout, Accumulator], arm: Arm, block: Block, live: Bools) -> Recorder:
    """A recorder with outcomes of its own; a worker's arms share what nobody reads."""
    if arm.layout not in spare:
        spare.clear()
        spare[arm.layout] = new_accumulator(arm.layout, arm.plan, WIDTH)
    shared = spare[arm.layout]
    acc = shared._replace(
        outcome=np.empty_like(shared.outcome), streak=np.empty_like(shared.streak)
    )
    recorder = Recorder(arm.prepared.seen, arm.plan, acc, 1)
    begin(block, recorder, live)
    return recorder


def _persons(acc: Accumulator, arm: Arm, axes: CommonAxes) -> Floats:
    """[G, S + 1, W] persons of groups who could use AI, on the common axes."""
    own = acc.work.group_potential
    found = np.zeros((len(axes.groups), len(axes.segments) + 1, WIDTH))
    found[:, arm.segment_at] = own[:, :-1]
    found[:, -1] = own[:, -1]
    return found


def _compare(axes: CommonAxes, base: _Running, other: _Running, lanes: NDArray[np.int64]) -> Cells:
    """The differences of one alternative over all months."""
    cells, ours, theirs = empty_cells(axes), base.kept, other.kept
    for before, after, found in (
        (ours.group, theirs.group, cells.group),
        (ours.series, theirs.series, cells.indicator),
        (ours.economy, theirs.economy, cells.economy),
    ):
        found = found.reshape(-1, COLUMNS)
        tally(before.reshape(-1, WIDTH), after.reshape(-1, WIDTH), lanes, found)
    both = np.isin(base.arm.segment_at, other.arm.segment_at)
    potential = base.block.setting.numbers.segments.potential * both[:, None]
    plan, work = base.arm.plan, np.zeros((2, len(axes.offerings) + 1))
    for d in range(len(axes.decembers)):
        use, used = base.use(d), other.use(d)
        move(use, used, plan.people, potential, plan.flow_of, lanes, work, cells.moved[d])
    return cells
