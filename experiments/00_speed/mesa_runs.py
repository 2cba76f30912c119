"""The shipped Mesa model, run by run, with a collector that reduces as the engine does."""

from __future__ import annotations

import mesa
import numpy as np
from sim.model.model import Spheres

from sim.draws.setting import make_setting
from sim.record.accumulators import Accumulator, begin_block, new_accumulator
from sim.record.channels import make_instruments
from sim.record.layout import Layout
from sim.record.plan import plan_results, world_series
from sim.record.reduce import reduce_month
from sim.record.plan_arrays import Plan
from sim.world.build import World


class Task:
    """What all runs share: the world, and where its months are reduced to."""

    def __init__(self, world: World, runs: int) -> None:
        """runs: how many runs the accumulator may have to count."""
        self.world = world
        self.layout: Layout
        self.plan: Plan
        self.layout, self.plan = plan_results(world)
        self.acc: Accumulator = new_accumulator(self.layout, self.plan, runs)
        self.alive, self.seen = np.array([True]), make_instruments(world)


class Collector(mesa.DataCollector):
    """A collector whose one reporter reduces the month as the engine does."""

    def __init__(self, task: Task) -> None:
        """task: where to reduce to; begins a run."""
        super().__init__(model_reporters={"runs": lambda model: self.reduce(model)})
        self.task, self.reduced = task, -1
        begin_block(task.acc)

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
            reduce_month(
                t,
                share,
                adoption,
                bill,
                model.supply.tokens,
                model.s.churn,
                world_series(task.seen, model.supply, scarcity, share, adoption, params),
                task.alive,
                1,
                task.plan,
                task.acc,
            )
            self.reduced = t
        return int(task.acc.runs[t])


class Collected(Spheres):
    """The shipped model, as it is, with the collector."""

    def __init__(self, task: Task, rng: int = 1) -> None:
        """rng: the seed; its first replicate is drawn and run."""
        super().__init__(make_setting(task.world, rng, (0,)))
        self.datacollector = Collector(task)

    def step(self) -> None:
        """A month, then its reduction."""
        super().step()
        self.datacollector.collect(self)


def run_once(task: Task, seed: int) -> None:
    """One run of the model over the whole horizon, every month reduced."""
    model = Collected(task, seed)
    for _ in range(task.world.shape[0]):
        model.step()
