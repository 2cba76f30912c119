"""A block of up to sixteen runs of one scenario, advanced month by month (`sim.model.month`)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import Setting
from sim.lanes.held import held
from sim.lanes.packs import WIDTH
from sim.model.facts import Ground
from sim.model.given import make_given, make_ground, packed
from sim.model.month import run_months
from sim.model.state import Memory, clear, new_memory, viewed
from sim.model.supply import start_supply
from sim.model.watch import Nobody
from sim.record.channels import Instruments, make_instruments
from sim.record.plan import plan_results
from sim.world.build import World

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Lanes(NamedTuple):
    """What a month leaves of the runs in use: views of the state, L runs wide."""

    share: Floats  # [C, S, O, L]
    adoption: Floats  # [C, S, L]
    bill: Floats  # [C, S, O, L]
    tokens: Floats  # [C, S, O, L] million per user-month
    portfolio: Floats  # [O, C, L]
    scarcity: Floats  # [C, L]
    use: Floats  # [O, L]
    spend: Floats  # [O, L]


class Prepared(NamedTuple):
    """What all blocks of a world share."""

    world: World
    ground: Ground
    seen: Instruments


def prepare(world: World, like: Prepared | None = None) -> Prepared:
    """Facts that every block of this world reads. like: of a world whose results look the same
    (`planned_alike`), which is quicker.
    """
    if like is not None:
        return Prepared(world, make_ground(world, like.ground.order), like.seen)
    _, plan = plan_results(world, with_economies=False, with_flows=False)
    return Prepared(world, make_ground(world, plan.order), make_instruments(world))


class Block:
    """Runs of one scenario in lanes. `step()` advances all of them by one month.

    `lanes`, `supply` and `use` are what the last month left, as wide as the setting; only `step`
    fills `lanes.bill`.
    """

    def __init__(self, prepared: Prepared, setting: Setting, room: Memory | None = None) -> None:
        """prepared: from the setting's world; room: that of a block which is done with. Raises
        ValueError for more runs than a pack holds.
        """
        count = len(setting.replicates)
        if count > WIDTH:
            raise ValueError(f"a block holds {WIDTH} runs, not {count}")
        self.prepared, self.setting, self.world = prepared, setting, setting.world
        self.month = -1
        self.given = held(make_given(setting, prepared.ground, packed))
        self.memory = held(new_memory(self.world, (WIDTH,))) if room is None else room
        clear(self.memory, self.given)
        start_supply(self.given, self.memory)
        used, state = slice(None) if count == WIDTH else slice(count), self.memory.state
        self.lanes = Lanes(
            share=state.offering.share[..., used],
            adoption=state.segment.adoption[..., used],
            bill=state.offering.bill[..., used],
            tokens=state.offering.tokens[..., used],
            portfolio=state.portfolio[..., used],
            scarcity=state.economy.scarcity[..., used],
            use=state.sums.use[..., used],
            spend=state.sums.spend[..., used],
        )
        self.supply = viewed(self.memory.supply, (..., used))
        self.use = viewed(self.memory.use, (..., used))

    def step(self, keep_bill: bool = True) -> None:
        """One month of every lane. keep_bill=False leaves `lanes.bill` as it was."""
        self.advance(1, Nobody(keep_bill))

    def advance(self, months: int, watcher: Any) -> int:  # noqa: ANN401
        """The next months, with somebody who looks on (`sim.model.watch`); how many went well."""
        first = self.month + 1
        done = run_months(first, first + months, held(watcher), self.given, self.memory)
        self.month = min(done, first + months - 1)
        return done - first

    def broken(self) -> Bools:
        """[L] True for lanes in which a capability, a share or adoption is not finite.

        The world's users by offering are sums over all of them, and undefined if one is.
        """
        sound = np.isfinite(self.supply.bloc.latent).all(axis=0)
        sound &= np.isfinite(self.lanes.use).all(axis=0)
        return ~sound

    def where_broken(self, lane: int) -> tuple[str, str]:
        """(equation, ISO3) where a lane is undefined first; `WLD` for the supply side."""
        if not np.isfinite(self.supply.bloc.latent[:, lane]).all():
            return "frontier", "WLD"
        for name, values in (
            ("choice", self.lanes.share[..., lane]),
            ("adoption", self.lanes.adoption[..., lane]),
        ):
            bad = np.flatnonzero(~np.isfinite(values.reshape(len(values), -1)).all(axis=1))
            if len(bad):
                return name, self.world.iso3[int(bad[0])]
        return "none", "WLD"
