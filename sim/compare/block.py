"""A block of replicates of all arms: the base is run, then each alternative beside it."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.compare import arm as paired_arm
from sim.compare import kernel as paired_kernel
from sim.compare.axes import Arm, CommonAxes
from sim.compare.cells import Cells, empty_cells
from sim.draws.setting import make_setting
from sim.ensemble.block import Block
from sim.errors import Cancelled
from sim.lanes.packs import WIDTH
from sim.record.accumulators import Accumulator, begin_block, new_accumulator
from sim.record.ensemble import Failure
from sim.record.recorder import Recorder

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class _Broken(Exception):  # noqa: N818 - a signal, caught in this file
    """Some lanes are not finite any more."""


class PairedBlock:
    """Replicates first .. first + 15 of every arm, and what came of them.

    live [L]: lived in every arm; outcomes: by arm [outcome, month, L]; cells: by alternative.
    """

    def __init__(
        self,
        arms: Sequence[Arm],
        axes: CommonAxes,
        first: int,
        replicates: int,
        paths: bool,
    ) -> None:
        self.arms, self.axes, self.first, self.paths = arms, axes, first, paths
        self.live: Bools = np.arange(first, first + WIDTH) < replicates
        self.outcomes: list[Floats] = []
        self.cells: list[Cells] = []
        self.failures: list[tuple[str, Failure]] = []

    def run(self, seed: int, spread: bool, own: threading.local, stop: threading.Event) -> None:
        """Run the block, again without a lane that fails. `own`: a worker's work space.

        Raises Cancelled.
        """
        while self.live.any():
            try:
                self._pass(seed, spread, own, stop)
            except _Broken:
                continue
            break
        else:
            shape = (len(self.axes.outcomes), len(self.axes.outcome_months), WIDTH)
            self.outcomes = [np.full(shape, np.nan) for _ in self.arms]

    def _pass(self, seed: int, spread: bool, own: threading.local, stop: threading.Event) -> None:
        self.outcomes, self.cells = [], []
        lanes = np.flatnonzero(self.live)
        base: _Running | None = None
        for arm in self.arms:
            if stop.is_set():
                raise Cancelled
            one = _Running(self, arm, seed, spread, own)
            self._run(one)
            self.outcomes.append(one.named())
            if self.paths and base is not None:
                self.cells.append(_compare(self.axes, base, one, lanes))
            base = one if base is None else base

    def _run(self, one: _Running) -> None:
        """All months of an arm; runs that break are noted and die in all arms."""
        broken = one.run(self.live)
        if not broken.any():
            return
        month = one.arm.world.resolved.horizon.label(one.block.month)
        for j in np.flatnonzero(broken):
            equation, iso3 = one.block.where_broken(int(j))
            failure = Failure(self.first + int(j), iso3, month, equation)
            self.failures.append((one.arm.name, failure))
        self.live = self.live & ~broken
        raise _Broken


class _Running:
    """One arm of a block: its runs, their named outcomes, and what is compared with other arms.

    `kept`: all months, on the axes of all arms (`arm.Kept`).
    """

    def __init__(
        self, owner: PairedBlock, arm: Arm, seed: int, spread: bool, own: threading.local
    ) -> None:
        self.arm, self.axes = arm, owner.axes
        first, live = owner.first, owner.live
        double = first + int(np.flatnonzero(live)[0])
        lanes = tuple(first + j if live[j] else double for j in range(WIDTH))
        self.block = Block(arm.prepared, make_setting(arm.world, seed, lanes, spread))
        self.acc = _accumulator(own, arm, self.block)
        self.potential = _persons(self.acc, arm, owner.axes)
        axes, kept = owner.axes, owner.paths
        months, S, O1 = axes.months, len(axes.segments), len(axes.offerings) + 1
        segments, offerings = len(arm.layout.segments), len(arm.layout.offerings)
        recorded, decembers = len(axes.recorded) * kept, len(axes.decembers) * kept
        wide = (len(axes.iso3), segments, offerings)
        self.kept = paired_arm.Kept(
            slot_of(months, axes.recorded),
            slot_of(months, axes.decembers),
            np.zeros((len(arm.plan.atom_home), S, O1, WIDTH)),
            np.empty((months * kept, len(axes.groups), S + 1, O1, WIDTH)),
            np.empty((recorded, len(axes.iso3), O1, WIDTH)),
            np.empty((months * kept, len(arm.layout.indicators), WIDTH)),
            np.empty((decembers, *wide, WIDTH)),
            np.empty((decembers, *wide[:2], WIDTH)),
        )

    def run(self, live: Bools) -> Bools:
        """Run all months; True for runs that broke, in the month at which the block stands."""
        arm, block = self.arm, self.block
        self.acc.work.live[:] = live
        recorder = Recorder(arm.prepared.seen, arm.plan, self.acc, 1)
        block.advance(
            self.axes.months,
            paired_arm.ArmWatcher(
                recorder, self.kept, arm.segment_at, arm.offering_at, self.potential
            ),
        )
        return block.broken() & live

    def named(self) -> Floats:
        """[outcome, month, L] on the common axes."""
        own = [outcome.name for outcome in self.arm.layout.outcomes]
        months = self.arm.layout.outcome_months
        rows = [own.index(name) for name in self.axes.outcomes]
        kept = [months.index(t) for t in self.axes.outcome_months]
        return self.acc.outcome[rows][:, kept]


def slot_of(months: int, kept: Sequence[int]) -> NDArray[np.int64]:
    """[T] place of each month among those that are kept, -1: not kept."""
    slots = np.full(months, -1, dtype=np.int64)
    slots[list(kept)] = np.arange(len(kept))
    return slots


def _accumulator(own: threading.local, arm: Arm, block: Block) -> Accumulator:
    """An accumulator with outcomes of its own; a worker's arms share what nobody reads."""
    held = own.__dict__.setdefault("held", {})
    if arm.layout not in held:
        held.clear()
        held[arm.layout] = new_accumulator(arm.layout, arm.plan, WIDTH)
    shared: Accumulator = held[arm.layout]
    acc = shared._replace(
        outcome=np.empty_like(shared.outcome), streak=np.empty_like(shared.streak)
    )
    drawn = block.setting.numbers
    begin_block(acc, arm.plan, drawn.segments.potential, drawn.offerings.revocability)
    return acc


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
        paired_kernel.tally(
            before.reshape(-1, WIDTH),
            after.reshape(-1, WIDTH),
            lanes,
            found.reshape(-1, paired_kernel.COLUMNS),
        )
    both = np.isin(base.arm.segment_at, other.arm.segment_at)
    for d in range(len(axes.decembers)):
        paired_kernel.move(
            (ours.share[d], ours.adoption[d]),
            (theirs.share[d], theirs.adoption[d]),
            (base.arm.segment_at, base.arm.offering_at,
             other.arm.segment_at, other.arm.offering_at),
            base.arm.plan.people,
            base.block.setting.numbers.segments.potential * both[:, None],
            base.arm.plan.flow_of,
            lanes,
            np.zeros((2, len(axes.offerings) + 1)),
            cells.moved[d],
        )  # fmt: skip
    return cells
