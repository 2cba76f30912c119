"""The Mesa model: an economy is an agent, a month is a step.

Agents are handles on the arrays of `sim.model.state`; what they do in a month is the text that the
ensemble engine runs for many replicates at once (`sim.model.month`, `sim.model.economy`).
"""

from __future__ import annotations

from collections.abc import Callable

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import Setting
from sim.lanes.held import held
from sim.model.given import alone, make_given, make_ground
from sim.model.invariants import check_month
from sim.model.one import close_month, open_month, step_economy
from sim.model.state import clear, new_memory
from sim.model.supply import start_supply
from sim.model.watch import Nobody

Floats = NDArray[np.float64]


class Country(mesa.Agent):
    """An economy with its segments. Its state is what belongs to it in the model's arrays.

    share [S, O] of a segment's use; adoption [S] of potential users; stock [S, O] installed base;
    bill [S, O] USD per user-month; drift [bloc] of affinity; blocs [bloc] used, by origin.
    """

    model: Spheres

    def __init__(self, model: Spheres, index: int) -> None:
        """index: row of the economy in all arrays."""
        super().__init__(model)
        self.index, self.iso3 = index, model.world.iso3[index]
        state = model.memory.state
        offering, bloc = state.offering, state.bloc
        self.share, self.stock, self.bill = (
            array[index] for array in (offering.share, offering.stock, offering.bill)
        )
        self.adoption = state.segment.adoption[index]
        self.drift, self.blocs = bloc.drift[index], bloc.blocs[index]

    def step(self) -> None:
        """Steps 4 to 9 of the month for this economy; reads t-1, writes t."""
        m = self.model
        step_economy(m.month, self.index, m.watcher, m.given, m.memory)

    @property
    def accelerators(self) -> float:
        """In the country, H100 equivalents."""
        return float(self.model.memory.state.economy.accelerators[self.index])

    @property
    def scarcity(self) -> float:
        """Price factor of own hardware, 1 where it suffices."""
        return float(self.model.memory.state.economy.scarcity[self.index])

    @property
    def local_cost(self) -> float:
        """USD per million tokens on own hardware."""
        return float(self.model.memory.state.economy.local_cost[self.index])


class Spheres(mesa.Model):
    """198 economies that choose among AI offerings, month by month.

    `on_month(model)` is called after every month, e.g. to record it; `month` counts from 0. `given`
    holds facts, parameters and draws of the run, `memory` its state, without an axis of runs.
    """

    def __init__(self, setting: Setting, on_month: Callable[[Spheres], None] | None = None) -> None:
        """setting: a world with numbers; its first replicate is run."""
        super().__init__(rng=setting.seed)
        self.setting, self.world, self.on_month = setting, setting.world, on_month
        self.month, self.watcher = -1, held(Nobody(bill=True))
        order = np.arange(len(self.world.iso3), dtype=np.int64)
        self.given = held(make_given(setting, make_ground(self.world, order), alone))
        self.memory = held(new_memory(self.world, ()))
        clear(self.memory, self.given)
        start_supply(self.given, self.memory)
        self.supply, self.use = self.memory.supply, self.memory.use
        self.countries = [Country(self, c) for c in range(len(self.world.iso3))]

    def step(self) -> None:
        """Advance the world by one month."""
        self.month += 1
        open_month(self.month, self.given, self.memory)
        for country in self.countries:
            country.step()
        close_month(self.given, self.memory)
        check_month(self.world, self.month, self.memory)
        if self.on_month is not None:
            self.on_month(self)

    def month_arrays(self) -> tuple[Floats, Floats, Floats, Floats]:
        """(share [C, S, O], adoption [C, S], bill [C, S, O] USD, tokens [C, S, O] million, both per
        user-month) of this month.
        """
        state = self.memory.state
        return (
            state.offering.share.copy(),
            state.segment.adoption.copy(),
            state.offering.bill.copy(),
            state.offering.tokens.copy(),
        )
