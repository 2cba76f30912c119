"""A block of runs, stepped month by month: order as in `sim.model.model`, all lanes at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import Setting
from sim.ensemble.arrays import Ground, Lanes, make_ground, make_lanes, make_work
from sim.ensemble.kernel import advance_economies
from sim.ensemble.totals import total_up
from sim.equations import market
from sim.equations import supply as supply_side
from sim.equations.standing import economy_effects
from sim.equations.supply import WorldUse, empty_supply
from sim.world.build import World
from sim.world.catalogue import catalogue

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
        self.supply = empty_supply(*self.world.shape[2:], count)
        zero = np.zeros
        self.use = WorldUse(
            zero((3, count)),
            zero((3, count)),
            zero(count),
            zero(count),
            zero(count),
            zero((9, count)),
        )
        numbers = setting.numbers
        self.taste = numbers.params.choice_economy_sd * numbers.taste
        self.effect = economy_effects(self.world.economies, numbers)
        supply_side.start_supply(numbers.params, numbers.segments, self.supply)

    def step(self) -> None:
        """One month of every lane."""
        self.month += 1
        t, w, n = self.month, self.world, self.setting.numbers
        on = float(w.resolved.structure.feedbacks)
        lever = w.levers.world
        market.advance_supply(
            t,
            w.fixed.world_reference_month,
            w.fixed.world_dated_months,
            n.params,
            n.segments,
            lever,
            self.use,
            n.supply,
            self.catalogue,
            on,
            self.supply,
        )
        advance_economies(
            t,
            self.prepared.ground,
            w.refresh,
            n.params,
            n.segments,
            n.offerings,
            n.constants,
            self.taste,
            self.effect,
            lever,
            self.supply,
            self.lanes,
            self.work,
        )
        total_up(self.prepared.ground, self.catalogue.origin, n.segments, self.lanes, self.use)

    def broken(self) -> NDArray[np.bool_]:
        """[L] True for lanes in which a capability, a portfolio or adoption is not finite."""
        count = len(self.setting.replicates)
        shares = self.lanes.portfolio[self.month % 2].reshape(-1, count)
        sound = np.isfinite(self.supply.latent).all(axis=0)
        sound &= np.isfinite(self.lanes.adoption).all(axis=(0, 1))
        sound &= np.isfinite(shares).all(axis=0)
        return ~sound

    def where_broken(self, lane: int) -> tuple[str, str]:
        """(equation, ISO3) where a lane is undefined first; `WLD` for the supply side."""
        if not np.isfinite(self.supply.latent[:, lane]).all():
            return "frontier", "WLD"
        economies = len(self.world.iso3)
        count = len(self.setting.replicates)
        now = self.lanes.portfolio[self.month % 2].reshape(economies, -1, count)
        for name, values in (
            ("choice", now[:, :, lane]),
            ("adoption", self.lanes.adoption[:, :, lane]),
        ):
            bad = np.flatnonzero(~np.isfinite(values).all(axis=1))
            if len(bad):
                return name, self.world.iso3[int(bad[0])]
        return "none", "WLD"
