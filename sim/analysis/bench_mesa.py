"""The shipped model under Mesa's own batch runner, with a collector that reduces as the engine."""

from __future__ import annotations

import multiprocessing

import mesa
import numpy as np
from mesa.batchrunner import batch_run
from numpy.typing import NDArray

from sim.analysis.bench_lists import fix, see_month
from sim.analysis.bench_scalar import ScalarCountry
from sim.draws.setting import Numbers, Setting, make_setting
from sim.model.invariants import check_month
from sim.model.model import Spheres
from sim.results.accumulators import Accumulator, begin_block, new_accumulator
from sim.results.channels import make_instruments
from sim.results.layout import Layout
from sim.results.plan import plan_results, world_series
from sim.results.reduce import reduce_month
from sim.results.statics import Statics
from sim.world.build import World

Floats = NDArray[np.float64]


class Task:
    """What every run of a batch shares: the world, and where its months are reduced to."""

    def __init__(self, world: World, runs: int) -> None:
        """runs: how many runs the accumulator may have to count."""
        self.world = world
        self.layout: Layout
        self.statics: Statics
        self.layout, self.statics = plan_results(world)
        self.acc: Accumulator = new_accumulator(self.layout, self.statics, runs)
        self.alive, self.seen = np.array([True]), make_instruments(world)


class Scalar(Spheres):
    """The model with countries that compute cell by cell in plain Python."""

    def __init__(self, setting: Setting) -> None:
        """setting: a world with numbers; its first replicate is run."""
        super().__init__(setting)
        for country in self.countries:
            country.remove()
        fixed = fix(self)
        self.cells = [ScalarCountry(self, c, fixed) for c in range(len(self.world.iso3))]
        self.countries = list(self.cells)

    def step(self) -> None:
        """A month, in the order of `Spheres.step`."""
        self.month += 1
        self.advance_supply()
        self.exposure = self.network @ self.portfolio
        nobody = np.zeros(self.portfolio.shape[1])
        self.china_share = nobody if self.china is None else self.portfolio[self.china]
        now = see_month(self)
        for country in self.cells:
            country.live(now)
        self.arrays = (
            np.array([country.shares for country in self.cells]),
            np.array([country.levels for country in self.cells]),
            np.array([country.bills for country in self.cells]),
        )
        self.total_up()
        check_month(self)

    def month_arrays(self) -> tuple[Floats, Floats, Floats]:
        """(share [C, S, O], adoption [C, S], bill [C, S, O]); made once a month."""
        return self.arrays


class Collector(mesa.DataCollector):  # type: ignore[misc]  # Mesa ships no types
    """A collector whose one reporter reduces the month as the engine does."""

    def __init__(self, task: Task, drawn: Numbers) -> None:
        """task: where to reduce to; begins a run with these numbers."""
        super().__init__(model_reporters={"runs": lambda model: self.reduce(model)})
        self.task, self.reduced = task, -1
        segments, offerings = drawn.segments, drawn.offerings
        begin_block(task.acc, task.statics, segments.potential, offerings.revocability)

    def reduce(self, model: Spheres) -> int:
        """Reduce this month's arrays; returns how often the month has been reduced.

        Mesa calls a reporter once more to try it out; a month is reduced only once.
        """
        task, t = self.task, model.month
        if t > self.reduced:
            share, adoption, bill = (
                np.ascontiguousarray(a[..., None]) for a in model.month_arrays()
            )
            scarcity = np.array([[country.scarcity] for country in model.countries])
            params = model.setting.numbers.params
            offerings = model.setting.numbers.offerings
            reduce_month(
                t,
                share,
                adoption,
                bill,
                model.supply.tokens,
                model.s.churn,
                world_series(task.seen, model.supply, scarcity, share, adoption, params, offerings),
                task.alive,
                1,
                task.statics,
                task.acc,
            )
            self.reduced = t
        return int(task.acc.runs[t])


class CollectedRows(Spheres):
    """The shipped model, as it is, with the collector."""

    def __init__(self, task: Task, rng: int = 1) -> None:
        """rng: the seed; its first replicate is drawn and run."""
        super().__init__(make_setting(task.world, rng, (0,)))
        self.datacollector = Collector(task, self.setting.numbers)

    def step(self) -> None:
        """A month, then its reduction."""
        super().step()
        self.datacollector.collect(self)


class CollectedScalar(Scalar):
    """The scalar form with the collector."""

    def __init__(self, task: Task, rng: int = 1) -> None:
        """rng: the seed; its first replicate is drawn and run."""
        super().__init__(make_setting(task.world, rng, (0,)))
        self.datacollector = Collector(task, self.setting.numbers)

    def step(self) -> None:
        """A month, then its reduction."""
        super().step()
        self.datacollector.collect(self)


def run_batch(kind: type[CollectedRows | CollectedScalar], task: Task, seed: int) -> None:
    """One run of a model of this kind over the whole horizon, by Mesa's batch runner."""
    method = multiprocessing.get_start_method(allow_none=True)
    batch_run(
        kind,
        {"task": [task]},
        number_processes=1,
        data_collection_period=-1,
        max_steps=task.world.shape[0],
        display_progress=False,
        rng=[seed],
    )
    # batch_run chooses a start method for the whole process; what was chosen before comes back.
    multiprocessing.set_start_method(method, force=True)
