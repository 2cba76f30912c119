"""A block of runs, stepped month by month: order as in `sim.model.model`, all lanes at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import Ground, Lanes, make_ground, make_lanes, make_work
from sim.ensemble.kernel import advance_economies
from sim.ensemble.totals import total_up
from sim.equations import supply as supply_side
from sim.equations.supply import Supply, WorldUse
from sim.model.setting import Setting, catalogue
from sim.world.axes import PRICE_TRACKS, TRACKS
from sim.world.build import World

Floats = NDArray[np.float64]


class Prepared(NamedTuple):
    """A world in the kernel's form; shared by all blocks."""

    world: World
    ground: Ground


def prepare(world: World) -> Prepared:
    """Arrays that every block of this world reads."""
    return Prepared(world, make_ground(world))


class Block:
    """Runs of one scenario in lanes. `step()` advances all of them by one month."""

    def __init__(self, prepared: Prepared, setting: Setting) -> None:
        """prepared: from the setting's world."""
        self.prepared, self.setting, self.world = prepared, setting, setting.world
        count = len(setting.replicates)
        self.lanes: Lanes = make_lanes(self.world, setting)
        self.work = make_work(self.world, count)
        self.month = -1
        self.catalogue = catalogue(self.world)
        self.supply = _empty_supply(self.world, count)
        zero = np.zeros
        self.use = WorldUse(
            zero((3, count)), zero((3, count)), zero(count), zero(count), zero(count),
            zero((9, count)),
        )
        numbers = setting.numbers
        supply_side.start_supply(numbers.params, numbers.segments, self.supply)

    def step(self) -> None:
        """One month of every lane."""
        self.month += 1
        t, w, n = self.month, self.world, self.setting.numbers
        on = float(w.resolved.structure.feedbacks)
        lever = w.levers.world
        if t <= w.fixed.world_reference_month:
            supply_side.remember_reference(self.use)
        supply_side.advance_frontier(t, n.params, lever, self.use, n.supply, on, self.supply)
        supply_side.advance_releases(
            t, n.params, lever, self.use, n.supply, self.catalogue, on, self.supply
        )
        supply_side.advance_prices(
            t, w.fixed.world_reference_month, w.fixed.world_dated_months, n.params, n.segments,
            lever, self.use, on, self.supply,
        )
        supply_side.advance_appeal(n.params, n.segments, self.catalogue, self.supply)
        advance_economies(
            t, self.prepared.ground, w.refresh, n.params, n.segments, n.offerings, n.constants,
            n.taste, n.adoption, lever, self.supply, self.lanes, self.work,
        )
        total_up(self.prepared.ground, self.catalogue.origin, n.segments, self.lanes, self.use)


def _empty_supply(world: World, count: int) -> Supply:
    _, _, segments, offerings = world.shape
    zero = np.zeros
    return Supply(
        zero((3, count)), zero((len(TRACKS), count)), zero((3, count)), zero((segments, count)),
        zero(count), zero((len(PRICE_TRACKS), count)), zero((segments, count)),
        zero((segments, offerings, count)), zero((segments, offerings, count)), np.ones(count),
        zero(count),
    )
