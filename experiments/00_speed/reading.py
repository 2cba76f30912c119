"""What a month of each reading of the model shows, and its reduction, which is the engine's."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from oracle.world import Oracle

from sim.draws.setting import Setting
from sim.model.mesa import Spheres
from sim.model.state import Memory, Supply, new_memory, viewed
from sim.record.accumulators import begin_block, new_accumulator
from sim.record.channels import make_instruments
from sim.record.plan import plan_results, world_series
from sim.record.reduce import Shown, reduce_month
from sim.world.build import World

Floats = NDArray[np.float64]


class Seen(NamedTuple):
    """A month of R runs. C economies, S segments, O offerings."""

    share: Floats  # [C, S, O, R] of a segment's use
    adoption: Floats  # [C, S, R]
    bill: Floats  # [C, S, O, R] USD per user-month
    tokens: Floats  # [C, S, O, R] million per user-month
    scarcity: Floats  # [C, R] price factor of own hardware
    supply: Supply  # R runs wide


def of_memory(memory: Memory) -> Seen:
    """Of runs in a pack: views."""
    state = memory.state
    return Seen(
        state.offering.share,
        state.segment.adoption,
        state.offering.bill,
        state.offering.tokens,
        state.economy.scarcity,
        memory.supply,
    )


def of_compiled(model: Spheres) -> Seen:
    """Of the shipped Mesa model."""
    memory: Memory = model.memory
    shown = (np.ascontiguousarray(a[..., None]) for a in model.month_arrays())
    scarcity = memory.state.economy.scarcity[:, None]
    return Seen(*shown, scarcity, viewed(memory.supply, (..., None)))


def of_oracle(model: Oracle) -> Seen:
    """Of the oracle; of supply, what reductions read."""
    found, now = new_memory(model.world, (1,)).supply, model.supply
    found.released[:, 0], found.api[:, 0] = now.released, now.api
    found.world.markup[:] = now.markup
    shown = (np.ascontiguousarray(a[..., None]) for a in model.month_arrays())
    return Seen(*shown, model.each("scarcity")[:, None], found)


class Reducer:
    """Where the months of runs are reduced to; `begin` once per run, then `add` every month."""

    def __init__(self, world: World, runs: int, wide: int = 1) -> None:
        """runs: how many may have to be counted; wide: how many at a time."""
        self.layout, self.plan = plan_results(world)
        self.acc = new_accumulator(self.layout, self.plan, runs)
        self.live, self.instruments = np.ones(wide, dtype=np.bool_), make_instruments(world)

    def begin(self, setting: Setting) -> None:
        """The setting's runs are next."""
        self.numbers = setting.numbers
        drawn = self.numbers
        begin_block(self.acc, self.plan, drawn.segments.potential, drawn.offerings.revocability)

    def add(self, t: int, seen: Seen) -> None:
        """Reduce month t."""
        n, supply = self.numbers, seen.supply
        share, adoption, tokens = seen.share, seen.adoption, seen.tokens
        series = world_series(
            self.instruments, supply, seen.scarcity, share, adoption, tokens, n.params, n.offerings
        )
        shown = Shown(share, adoption, seen.bill, tokens, n.segments.churn, series)
        reduce_month(t, shown, self.live, 1, self.plan, self.acc)
