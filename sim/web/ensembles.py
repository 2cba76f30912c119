"""Runs the ensembles behind the page: in stages, cancellable, never more than a few at a time.

A move is answered with 16 replicates first, then 64, then more until `refine_to`. Stages add to one
another: replicate 0 of the first stage is replicate 0 of the last. While anybody waits for a first
stage, refining stands still between two years of a block.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from sim.draws.setting import Setting, kept_setting
from sim.ensemble.block import Block
from sim.ensemble.job import LOOK_S, Control, advance, run_blocks, run_until_sound
from sim.errors import Busy, SpheresError
from sim.lanes.packs import WIDTH
from sim.record.plan import planned_alike
from sim.scenario import Resolved
from sim.web.block_runs import DETAILED, BlockRuns, Bools, make_plan, runs_of, watcher_of
from sim.web.page_watcher import PageWatcher
from sim.web.scenario_runs import ScenarioRuns
from sim.web.snapshot import resume, take
from sim.world.build import World, build_world
from sim.world.rebuild import rebuild_world
from sim.world.tables import load_tables

STAGES = (16, DETAILED, 1000)
MOST_CELLS = 4_000_000
"""Months x economies x segments x offerings of one scenario: bounds time and memory."""
_KEPT = 4
Progress = Callable[[int], None]


@dataclass
class Limits:
    """How much one page may ask of the machine."""

    replicates: int = STAGES[-1]
    ensembles: int = 6
    workers: int = 2
    seed: int = 1


@dataclass
class Ensembles:
    """Worlds and runs of the page, kept between moves."""

    limits: Limits = field(default_factory=Limits)
    scenarios: OrderedDict[str, ScenarioRuns] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    hurry: threading.Condition = field(default_factory=threading.Condition)
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)
    """Held by work on the reference model, which takes seconds of one core."""
    hurried: int = 0
    running: int = 0
    own: threading.local = field(default_factory=threading.local)
    """`hurries`: how many of them this thread holds."""

    def __post_init__(self) -> None:
        self.tables = load_tables()
        self.pool = ThreadPoolExecutor(self.limits.workers, thread_name_prefix="block")

    def close(self) -> None:
        """End the threads; what still runs was told to stop before."""
        self.pool.shutdown(wait=False, cancel_futures=True)

    def runs_of(self, resolved: Resolved) -> ScenarioRuns:
        """The runs of a scenario so far; new, empty ones where there are none."""
        with self.lock:
            found = self.scenarios.get(resolved.hash)
            near = next(reversed(self.scenarios.values()), None)
            if found is not None:
                self.scenarios.move_to_end(resolved.hash)
                return found
        runs = self._new_runs(resolved, near)
        with self.lock:
            runs = self.scenarios.setdefault(resolved.hash, runs)
            while len(self.scenarios) > _KEPT:
                self.scenarios.popitem(last=False)
        return runs

    def _new_runs(self, resolved: Resolved, near: ScenarioRuns | None) -> ScenarioRuns:
        world = self.world(resolved, None if near is None else near.world)
        if near is not None and planned_alike(world, near.world):
            return ScenarioRuns(world, near.plan, like=near.prepared, snapshot=near.snapshot)
        return ScenarioRuns(world, make_plan(world))

    def world(self, resolved: Resolved, near: World | None) -> World:
        """The arrays of a scenario, what does not differ from another one taken from it.

        Raises SpheresError for one that is too large for the page.
        """
        months = resolved.horizon.n_months
        cells = months * 198 * len(resolved.segments) * len(resolved.offerings)
        if cells > MOST_CELLS:
            hint = "Run it on the command line, or shorten its horizon"
            raise SpheresError(f"this scenario is too large for the page. {hint}.")
        if near is not None:
            return rebuild_world(near, resolved, self.tables)
        return build_world(resolved, self.tables)

    def stages(
        self, runs: ScenarioRuns, stop: threading.Event, progress: Progress
    ) -> Iterator[int]:
        """First numbers and whatever comes after; yields the number of replicates there are.

        progress(replicates) is called after every block. Raises Cancelled and Busy.
        """
        with self.place():
            given = self.first(runs, stop)
            yield given
            yield from self.further(runs, given, stop, progress)

    def first(self, runs: ScenarioRuns, stop: threading.Event) -> int:
        """See to it that there are first replicates; how many there are. Raises Cancelled.

        May be called in a hurry: what it may have to wait for is a first block of somebody else,
        which never stands still.
        """
        goal, control = min(STAGES[0], self.limits.replicates), Control(stop=stop)
        while runs.done < goal:
            with _turn(runs) as mine:
                if mine and runs.done < goal:
                    # Here, not in the pool: its threads may all be standing still for us.
                    runs.add(self._block(runs, goal, control, 0))
            control.check()
        return runs.done

    def further(
        self, runs: ScenarioRuns, given: int, stop: threading.Event, progress: Progress
    ) -> Iterator[int]:
        """Refine; yields the number of replicates at the end of a stage. Raises Cancelled.

        given: replicates that the caller has seen; there may be more, which others ran meanwhile.
        Of those who ask for one scenario, one runs it and the others look on; where that one is
        called off, another goes on from there. Never to be called in a hurry, which its own blocks
        would stand still for: that is a RuntimeError.
        """
        if getattr(self.own, "hurries", 0):
            raise RuntimeError("refining in a hurry would wait for itself")
        control = Control(self.limits.workers, stop=stop, pause=partial(self._pause, stop))

        def add(block: BlockRuns) -> None:
            runs.add(block)
            progress(runs.done)

        for target in STAGES[1:]:
            goal, told = min(target, self.limits.replicates), given
            if given >= goal:
                continue
            while runs.done < goal:
                with _turn(runs) as mine:
                    if mine:
                        work = partial(self._block, runs, goal, control)
                        firsts = range(runs.done, goal, WIDTH)
                        run_blocks(work, firsts, add, control, self.pool)
                control.check()
                if not mine and runs.done > told:
                    told = runs.done
                    progress(told)
            given = runs.done
            yield given

    def _block(self, runs: ScenarioRuns, goal: int, control: Control, first: int) -> BlockRuns:
        """The block that begins with a replicate; none beyond the goal. Raises Cancelled."""
        control.rest()
        replicates = tuple(range(first, min(first + WIDTH, goal)))
        setting = kept_setting(runs.world, self.limits.seed, replicates)
        everyone = np.ones(len(replicates), dtype=np.bool_)
        found = run_until_sound(everyone, partial(_attempt, runs, setting, control))
        return runs_of(found.result, runs.plan, setting.numbers)

    def _pause(self, stop: threading.Event) -> None:
        """Let those go first who wait for their first numbers."""
        if self.hurried:
            with self.hurry:
                while self.hurried and not stop.is_set():
                    self.hurry.wait(LOOK_S)

    @contextmanager
    def in_a_hurry(self) -> Iterator[None]:
        """Refining stands still meanwhile, in this and all other requests."""
        self.own.hurries = getattr(self.own, "hurries", 0) + 1
        with self.hurry:
            self.hurried += 1
        try:
            yield
        finally:
            self.own.hurries -= 1
            with self.hurry:
                self.hurried -= 1
                self.hurry.notify_all()

    @contextmanager
    def place(self) -> Iterator[None]:
        """One of the few ensembles that may run at once. Raises Busy."""
        with self.lock:
            if self.running >= self.limits.ensembles:
                raise Busy(f"{self.running} ensembles run already. Wait for one of them")
            self.running += 1
        try:
            yield
        finally:
            with self.lock:
                self.running -= 1


def _attempt(runs: ScenarioRuns, setting: Setting, control: Control, live: Bools) -> PageWatcher:
    """A block that was watched to its end. Raises RunsBroke, Cancelled."""
    block, first, months = Block(runs.prepared, setting), setting.replicates[0], runs.world.shape[0]
    watcher = watcher_of(runs.plan, live, first < DETAILED)
    parted = _resume(runs, block, watcher) if first == 0 else 0
    if 0 < parted < months:
        advance(block, parted - block.month - 1, watcher, control, live)
        runs.snapshot = take(block, watcher)
    advance(block, months - block.month - 1, watcher, control, live)
    return watcher


def _resume(runs: ScenarioRuns, block: Block, watcher: PageWatcher) -> int:
    """Let the first block of a scenario go on from where it parts from the one before; returns the
    month at which to keep it, for the next one (0: none).
    """
    parted = 0 if runs.snapshot is None else resume(block, watcher, runs.snapshot)
    if parted == 0 or runs.snapshot is None:
        # Nothing but its inputs: the next move is held against them.
        runs.snapshot = take(block, watcher)
    return parted if parted != runs.snapshot.months else 0


@contextmanager
def _turn(runs: ScenarioRuns) -> Iterator[bool]:
    """Whether it is our turn to run a scenario that several sides may show; look again if not."""
    mine = runs.turn.acquire(timeout=LOOK_S)
    try:
        yield mine
    finally:
        if mine:
            runs.turn.release()
