"""A block of replicates of all arms, stepped month by month together."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.analysis import paired_kernel
from sim.analysis.paired_axes import Arm, CommonAxes
from sim.analysis.paired_cells import Cells, empty_cells
from sim.draws.setting import make_setting
from sim.ensemble.block import Block
from sim.errors import Cancelled
from sim.results.accumulators import Accumulator, begin_block, new_accumulator
from sim.results.channels import make_instruments
from sim.results.ensemble import Failure
from sim.results.plan import indicators, world_series
from sim.results.reduce import reduce_month

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class _Broken(Exception):  # noqa: N818 - a signal, caught in this file
    """Some lanes are not finite any more."""


class PairedBlock:
    """Replicates first .. first + width - 1 of every arm, and what came of them.

    live [L]: lived in every arm; outcomes: by arm [outcome, month, L]; cells: by alternative.
    """

    def __init__(
        self,
        arms: Sequence[Arm],
        axes: CommonAxes,
        first: int,
        width: int,
        replicates: int,
        paths: bool,
    ) -> None:
        self.arms, self.axes, self.first, self.width, self.paths = arms, axes, first, width, paths
        self.live: Bools = np.arange(first, first + width) < replicates
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
            shape = (len(self.axes.outcomes), len(self.axes.outcome_months), self.width)
            self.outcomes = [np.full(shape, np.nan) for _ in self.arms]

    def _pass(self, seed: int, spread: bool, own: threading.local, stop: threading.Event) -> None:
        self.outcomes, self.cells = [], []
        if not self.paths:
            for arm in self.arms:
                one = _Running(self, arm, seed, spread, own)
                for t in range(self.axes.months):
                    self._step([one], t, stop)
                self.outcomes.append(one.named())
            return
        running = [_Running(self, arm, seed, spread, own) for arm in self.arms]
        self.cells = [empty_cells(self.axes) for _ in self.arms[1:]]
        lanes = np.flatnonzero(self.live)
        for t in range(self.axes.months):
            self._step(running, t, stop)
            for one in running:
                one.pool(t)
            for cells, other in zip(self.cells, running[1:], strict=True):
                _compare(t, self.axes, running[0], other, lanes, cells)
        self.outcomes = [one.named() for one in running]

    def _step(self, running: Sequence[_Running], t: int, stop: threading.Event) -> None:
        """One month of these arms; lanes that broke are noted and die in all arms."""
        if stop.is_set():
            raise Cancelled
        dead = np.zeros(self.width, dtype=np.bool_)
        for one in running:
            one.block.step()
            broken = one.block.broken() & self.live
            for j in np.flatnonzero(broken):
                equation, iso3 = one.block.where_broken(int(j))
                month = one.arm.world.resolved.horizon.label(t)
                failure = Failure(self.first + int(j), iso3, month, equation)
                self.failures.append((one.arm.name, failure))
            dead |= broken
        if dead.any():
            self.live = self.live & ~dead
            raise _Broken
        for one in running:
            one.reduce(t, self.live)


class _Running:
    """One arm of a block: its lanes, its named outcomes, and this month's groups."""

    def __init__(
        self, owner: PairedBlock, arm: Arm, seed: int, spread: bool, own: threading.local
    ) -> None:
        self.arm, self.axes = arm, owner.axes
        first, live = owner.first, owner.live
        double = first + int(np.flatnonzero(live)[0])
        lanes = tuple(first + j if live[j] else double for j in range(owner.width))
        self.setting = make_setting(arm.world, seed, lanes, spread)
        self.block = Block(arm.prepared, self.setting)
        self.acc = _accumulator(own, arm, owner.width)
        self.paths, self.seen = owner.paths, make_instruments(arm.world)
        self.series = np.zeros((len(arm.layout.indicators), owner.width))
        O1, L = len(owner.axes.offerings) + 1, owner.width
        S, G = len(owner.axes.segments), len(owner.axes.groups)
        if owner.paths:
            self.atoms = np.zeros((len(arm.statics.atom_home), S, O1, L))
            self.economy = np.zeros((len(owner.axes.iso3), O1, L))
            self.group = np.zeros((G, S + 1, O1, L))

    def reduce(self, t: int, live: Bools) -> None:
        """Named outcomes and world series of month ``t``."""
        lanes = self.block.lanes
        self.series = self._series(t)
        reduce_month(
            t, lanes.share, lanes.adoption, lanes.bill, self.block.supply.tokens,
            self.setting.numbers.segments.churn, self.series, live, 1, self.arm.statics, self.acc,
        )  # fmt: skip

    def _series(self, t: int) -> Floats:
        """World series of month ``t``; without paths, channels only where outcomes are kept."""
        lanes, supply = self.block.lanes, self.block.supply
        if self.paths or t in self.axes.outcome_months:
            params = self.setting.numbers.params
            return world_series(
                self.seen, supply, lanes.scarcity, lanes.share, lanes.adoption, params
            )
        known = indicators(supply, lanes.scarcity)
        unseen = len(self.arm.layout.indicators) - len(known)
        return np.concatenate([known, np.full((unseen, known.shape[1]), np.nan)])

    def pool(self, t: int) -> None:
        """Shares and adoption of groups, and of economies in recorded months."""
        statics, lanes = self.arm.statics, self.block.lanes
        paired_kernel.pool(
            lanes.share, lanes.adoption, statics.potential, statics.atom_of, self.arm.segment_at,
            self.arm.offering_at, self.atoms, self.economy, t in self.axes.recorded,
        )  # fmt: skip
        paired_kernel.gather(statics.member, self.atoms, self.arm.potential, self.group)

    def named(self) -> Floats:
        """[outcome, month, L] on the common axes."""
        own = [outcome.name for outcome in self.arm.layout.outcomes]
        months = self.arm.layout.outcome_months
        rows = [own.index(name) for name in self.axes.outcomes]
        kept = [months.index(t) for t in self.axes.outcome_months]
        return self.acc.outcome[rows][:, kept]


def _accumulator(own: threading.local, arm: Arm, width: int) -> Accumulator:
    """An accumulator with outcomes of its own; a worker's arms share what nobody reads."""
    held = own.__dict__.setdefault("held", {})
    if arm.layout not in held:
        held.clear()
        held[arm.layout] = new_accumulator(arm.layout, arm.statics, width)
    shared: Accumulator = held[arm.layout]
    acc = shared._replace(
        outcome=np.empty_like(shared.outcome), streak=np.empty_like(shared.streak)
    )
    begin_block(acc)
    return acc


def _compare(
    t: int,
    axes: CommonAxes,
    base: _Running,
    other: _Running,
    lanes: NDArray[np.int64],
    cells: Cells,
) -> None:
    """Add month ``t``'s differences of one alternative."""
    L = base.group.shape[-1]
    _tally(base.group, other.group, lanes, L, cells.group[t])
    _tally(base.series, other.series, lanes, L, cells.indicator[t])
    if t in axes.recorded:
        q = axes.recorded.index(t)
        _tally(base.economy, other.economy, lanes, L, cells.economy[q])
    if t in axes.decembers:
        both = np.isin(base.arm.segment_at, other.arm.segment_at)
        paired_kernel.move(
            (base.block.lanes.share, base.block.lanes.adoption),
            (other.block.lanes.share, other.block.lanes.adoption),
            (base.arm.segment_at, base.arm.offering_at,
             other.arm.segment_at, other.arm.offering_at),
            base.arm.statics.potential * both,
            base.arm.statics.flow_of,
            lanes,
            np.zeros((2, len(axes.offerings) + 1)),
            cells.moved[axes.decembers.index(t)],
        )  # fmt: skip


def _tally(
    base: Floats, other: Floats, lanes: NDArray[np.int64], width: int, found: Floats
) -> None:
    """`paired_kernel.tally` on arrays of any shape; found is a view of the cells."""
    paired_kernel.tally(
        base.reshape(-1, width),
        other.reshape(-1, width),
        lanes,
        found.reshape(-1, paired_kernel.COLUMNS),
    )
