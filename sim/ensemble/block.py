"""A block of runs, stepped month by month: order as in `sim.model.model`, all lanes at once."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import Setting
from sim.ensemble.arrays import (
    Ground,
    Lanes,
    make_ground,
    make_lanes,
    make_seen,
    make_state,
    make_work,
    packed,
)
from sim.ensemble.month import advance_month
from sim.equations import supply as supply_side
from sim.equations.packs import WIDTH
from sim.equations.standing import economy_effects
from sim.equations.supply import WorldUse, empty_supply
from sim.world.build import World
from sim.world.catalogue import catalogue
from sim.world.parameters import OfferingParams, Params, SegmentParams

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
        """prepared: from the setting's world. `lanes` is as wide as the setting."""
        self.prepared, self.setting, self.world = prepared, setting, setting.world
        n, count = setting.numbers, len(setting.replicates)
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
        self.taste = n.params.choice_economy_sd * n.taste
        self.effect = economy_effects(self.world.economies, n)
        supply_side.start_supply(n.params, n.segments, self.supply)
        self._whole = make_lanes(self.world, count)
        exact = count % WIDTH == 0
        self.lanes = self._whole if exact else Lanes(*(a[..., :count] for a in self._whole))

    @cached_property
    def _packs(self) -> tuple[Any, ...]:
        """What the compiled month takes, by packs; made when the first month is stepped."""
        n, count = self.setting.numbers, len(self.setting.replicates)
        return (
            Params(*(packed(values) for values in n.params)),
            SegmentParams(*(packed(values) for values in n.segments)),
            OfferingParams(*(packed(values) for values in n.offerings)),
            packed(n.constants),
            packed(self.taste),
            packed(self.effect),
            self.use,
            self.supply,
            make_seen(self.supply),
            make_state(self.world, count),
            self._whole,
            make_work(self.world),
        )

    def step(self, keep_bill: bool = True) -> None:
        """One month of every lane. keep_bill=False leaves `lanes.bill` as it was."""
        self.month += 1
        w, n = self.world, self.setting.numbers
        advance_month(
            self.month,
            w.fixed.world_dated_months,
            float(w.resolved.structure.feedbacks),
            keep_bill,
            self.prepared.ground,
            w.refresh,
            w.levers.world,
            self.catalogue,
            n.supply,
            n.params,
            n.segments,
            *self._packs,
        )

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
