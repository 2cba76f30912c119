"""A block of up to sixteen runs, stepped month by month: order as in `sim.model.model`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import Setting
from sim.draws.world import SupplyDraws
from sim.ensemble.arrays import (
    Ground,
    Inputs,
    Lanes,
    Memory,
    State,
    Work,
    make_ground,
    make_state,
    make_work,
    packed,
    start,
)
from sim.ensemble.course import run_months
from sim.ensemble.month import advance_month
from sim.equations import supply as supply_side
from sim.equations.packs import WIDTH
from sim.equations.standing import economy_effects
from sim.equations.supply import Supply, WorldUse, empty_supply
from sim.results.accumulators import Accumulator, begin_block, new_accumulator
from sim.results.channels import Instruments, make_instruments
from sim.results.plan import plan_results
from sim.results.statics import Statics
from sim.world.build import World
from sim.world.catalogue import catalogue
from sim.world.parameters import OfferingParams, Params, SegmentParams

Floats = NDArray[np.float64]


class Results(NamedTuple):
    """Where a block's months are reduced to."""

    seen: Instruments
    statics: Statics
    acc: Accumulator


class Prepared(NamedTuple):
    """A world in the kernel's form; shared by all blocks."""

    world: World
    ground: Ground
    idle: Results  # of blocks that are stepped: nothing is reduced, the order of economies is used


def prepare(world: World, like: Prepared | None = None) -> Prepared:
    """Arrays that every block of this world reads. like: of a world whose results look the same
    (`planned_alike`), which is quicker.
    """
    if like is not None:
        return Prepared(world, make_ground(world), like.idle)
    layout, statics = plan_results(world, with_economies=False, with_flows=False)
    idle = Results(make_instruments(world), statics, new_accumulator(layout, statics, 1))
    return Prepared(world, make_ground(world), idle)


class Room(NamedTuple):
    """Memory of a block, which the next one of the same world can use."""

    state: State
    work: Work


class Block:
    """Runs of one scenario in lanes. `step()` advances all of them by one month.

    `lanes`, `supply` and `use` are what the last month left, as wide as the setting; only `step`
    fills `lanes.bill`.
    """

    def __init__(self, prepared: Prepared, setting: Setting, room: Room | None = None) -> None:
        """prepared: from the setting's world; room: that of a block which is done with. Raises
        ValueError for more runs than a pack holds.
        """
        n, count = setting.numbers, len(setting.replicates)
        if count > WIDTH:
            raise ValueError(f"a block holds {WIDTH} runs, not {count}")
        self.prepared, self.setting, self.world = prepared, setting, setting.world
        self.month = -1
        w = self.world
        self.catalogue = catalogue(w)
        self._params = Params(*(packed(values) for values in n.params))
        self._segments = SegmentParams(*(packed(values) for values in n.segments))
        self._offerings = OfferingParams(*(packed(values) for values in n.offerings))
        self.taste = n.params.choice_economy_sd * n.taste
        self.effect = economy_effects(w.economies, n)
        zero = np.zeros
        self._use = WorldUse(
            zero((3, WIDTH)),
            zero((3, WIDTH)),
            zero(WIDTH),
            zero(WIDTH),
            zero(WIDTH),
            zero((9, WIDTH)),
        )
        self._supply = Supply(*(packed(a) for a in empty_supply(*w.shape[2:], WIDTH)))
        supply_side.start_supply(self._params, self._segments, self._supply)
        self.room = Room(make_state(w), make_work(w)) if room is None else room
        self._state = self.room.state
        start(self._state, w)
        used = slice(None) if count == WIDTH else slice(count)
        self.lanes = Lanes(*(getattr(self._state, name)[..., used] for name in Lanes._fields))
        self.supply = Supply(*(values[..., used] for values in self._supply))
        self.use = WorldUse(*(values[..., used] for values in self._use))
        self.inputs = Inputs(
            w.fixed.world_dated_months,
            float(w.resolved.structure.feedbacks),
            prepared.ground,
            w.refresh,
            w.levers.world,
            self.catalogue,
            SupplyDraws(*(packed(values) for values in n.supply)),
            self._params,
            self._segments,
            self._offerings,
            packed(n.constants),
            packed(self.taste),
            packed(self.effect),
            (n.offerings.local_weight > 0.0).any(axis=1).astype(np.float64),
        )
        self.memory = Memory(self._use, self._supply, self._state, self.room.work)

    def step(self, keep_bill: bool = True) -> None:
        """One month of every lane. keep_bill=False leaves `lanes.bill` as it was."""
        self.month += 1
        seen, statics, acc = self.prepared.idle
        advance_month(self.month, keep_bill, seen, 0, statics, acc, self.inputs, self.memory)

    def run(
        self, months: int, live: NDArray[np.bool_], count: int, results: Results
    ) -> NDArray[np.bool_]:
        """The first months in one go, each reduced (`sim.results.reduce`); for a new block only.

        live [L]: runs that count; count: +1, or -1 to take a block back. Returns which of them
        broke [L], in month `self.month`; what was recorded of it is taken back with the rest.
        """
        drawn = self._segments.potential, self._offerings.revocability
        begin_block(results.acc, results.statics, *drawn)
        results.acc.work.live[:] = 0.0
        results.acc.work.live[: len(live)] = live
        done = run_months(
            months,
            results.seen,
            count,
            results.statics,
            results.acc,
            self.inputs,
            self.memory,
        )
        self.month = min(done, months - 1)
        return self.broken() & live

    def broken(self) -> NDArray[np.bool_]:
        """[L] True for lanes in which a capability, a share or adoption is not finite.

        The world's users by offering are sums over all of them, and undefined if one is.
        """
        sound = np.isfinite(self.supply.latent).all(axis=0)
        sound &= np.isfinite(self.lanes.use).all(axis=0)
        return ~sound

    def where_broken(self, lane: int) -> tuple[str, str]:
        """(equation, ISO3) where a lane is undefined first; `WLD` for the supply side."""
        if not np.isfinite(self.supply.latent[:, lane]).all():
            return "frontier", "WLD"
        for name, values in (
            ("choice", self.lanes.share[..., lane]),
            ("adoption", self.lanes.adoption[..., lane]),
        ):
            bad = np.flatnonzero(~np.isfinite(values.reshape(len(values), -1)).all(axis=1))
            if len(bad):
                return name, self.world.iso3[int(bad[0])]
        return "none", "WLD"
