"""Two Mesa models, run by run, with a collector that reduces as the engine does.

`Written` is the month as a Mesa user writes it: agents whose step is a country's month in NumPy
rows (the oracle's). The other is the shipped one (`sim.model.mesa`), whose agents are handles on
the engine's compiled text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
from experiment_00_speed.reading import Reducer, Seen, of_compiled, of_oracle
from oracle.economy import Economy
from oracle.world import Oracle

from sim.draws.setting import Setting, make_setting
from sim.model.mesa import Spheres
from sim.world.build import World


class Keeping(Economy):
    """An economy of the oracle that looks anew only in months in which something has moved."""

    def look_around(self) -> None:
        """Appraise, or keep what was thought last."""
        if self.model.world.refresh[self.model.month, self.index]:
            super().look_around()


class Country(mesa.Agent):
    """An economy as an agent."""

    def __init__(self, model: Written, economy: Economy) -> None:
        """economy: whose month is stepped."""
        super().__init__(model)
        self.economy = economy

    def step(self) -> None:
        """The economy's month."""
        self.economy.step()


class Written(mesa.Model):
    """The world of the oracle with its economies as agents."""

    def __init__(self, setting: Setting) -> None:
        """setting: its first replicate is run."""
        super().__init__(rng=setting.seed)
        self.setting, self.oracle = setting, Oracle(setting)
        economies = [Keeping(self.oracle, c) for c in range(len(setting.world.iso3))]
        self.oracle.countries = economies
        for economy in economies:
            Country(self, economy)

    @property
    def month(self) -> int:
        """Counts from 0."""
        return int(self.oracle.month)

    @np.errstate(all="ignore")  # of a choice, both sides are worked out
    def step(self) -> None:
        """Advance the world by one month."""
        self.oracle.open()
        self.agents.do("step")
        self.oracle.count()


class Collector(mesa.DataCollector):
    """A collector whose one reporter reduces the month as the engine does."""

    def __init__(self, setting: Setting, reducer: Reducer, see: Callable[[Any], Seen]) -> None:
        """setting: of the run that begins; see: what a month of the model shows."""
        super().__init__(model_reporters={"runs": lambda model: self.reduce(model)})
        self.reducer, self.see, self.reduced = reducer, see, -1
        reducer.begin(setting)

    def reduce(self, model: Written | Spheres) -> int:
        """Reduce this month; returns how often the month has been reduced.

        Mesa calls a reporter once more to try it out; a month is reduced only once.
        """
        if model.month > self.reduced:
            self.reducer.add(model.month, self.see(model))
            self.reduced = model.month
        return int(self.reducer.acc.runs[model.month])


def seen(model: Written) -> Seen:
    """A month of the written model."""
    return of_oracle(model.oracle)


def run_written(world: World, reducer: Reducer, seed: int) -> None:
    """One run of the written model over the whole horizon, every month reduced."""
    model = Written(make_setting(world, seed, (0,)))
    _run(model, Collector(model.setting, reducer, seen), world.shape[0])


def run_compiled(world: World, reducer: Reducer, seed: int) -> None:
    """One run of the shipped model over the whole horizon, every month reduced."""
    model = Spheres(make_setting(world, seed, (0,)))
    _run(model, Collector(model.setting, reducer, of_compiled), world.shape[0])


def _run(model: Written | Spheres, collector: Collector, months: int) -> None:
    for _ in range(months):
        model.step()
        collector.collect(model)
