"""One run's numbers: a world, one drawn parameter vector, and its exogenous draws."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws.parameters import ParameterDraws, draw_parameters
from sim.draws.posterior import shipped
from sim.draws.world import EconomyDraws, SupplyDraws, draw_economies, draw_supply
from sim.scenario import Resolved
from sim.world.build import World
from sim.world.pack import (
    pack_constants,
    pack_offerings,
    pack_params,
    pack_segments,
    pack_sizes,
    pack_tasks,
)
from sim.world.parameters import OfferingParams, Params, SegmentParams, TaskParams

Floats = NDArray[np.float64]
_KEPT = 64  # blocks of sixteen whose draws are kept, less than 1 MB each: those of 1,000 runs


class Numbers(NamedTuple):
    """Parameters and draws over lanes; every array ends with the lane axis."""

    params: Params
    segments: SegmentParams
    offerings: OfferingParams
    tasks: TaskParams
    sizes: Floats  # [S, Q, L]
    constants: Floats  # [S, O, L]
    taste: Floats  # [C, O, L] standard normal
    adoption: Floats  # [C, L] standard normal
    growth: Floats  # [Y, C, L] standard normal
    supply: SupplyDraws
    clipped: dict[str, int]  # flat path -> replicates held back by a range


@dataclass(frozen=True)
class Setting:
    """A world with the numbers of some replicates of one seed."""

    world: World
    seed: int
    replicates: tuple[int, ...]
    numbers: Numbers

    def part(self, first: int, end: int) -> Setting:
        """The lanes from `first` up to `end` (views; held-back draws are not told apart)."""
        of, n = slice(first, end), self.numbers
        numbers = Numbers(
            params=n.params.each(lambda values: values[..., of]),
            segments=n.segments.each(lambda values: values[..., of]),
            offerings=n.offerings.each(lambda values: values[..., of]),
            tasks=n.tasks.each(lambda values: values[..., of]),
            sizes=n.sizes[..., of],
            constants=n.constants[..., of],
            taste=n.taste[..., of],
            adoption=n.adoption[..., of],
            growth=n.growth[..., of],
            supply=SupplyDraws(*(values[..., of] for values in n.supply)),
            clipped={},
        )
        return Setting(self.world, self.seed, self.replicates[of], numbers)


def make_setting(
    world: World, seed: int, replicates: tuple[int, ...], spread: bool = True
) -> Setting:
    """Draw everything for these replicates. spread=False keeps parameters at their centres."""
    resolved = world.resolved
    values = draw_values(resolved, seed, replicates, spread)
    economies = draw_economies(
        seed, replicates, world.iso3, tuple(resolved.offerings), years_of(world)
    )
    return assemble(world, seed, replicates, values, economies)


def kept_setting(world: World, seed: int, replicates: tuple[int, ...]) -> Setting:
    """As `make_setting`, with draws that no scenario changes kept from one to the next."""
    values = draw_values(world.resolved, seed, replicates)
    luck = _kept_luck(
        seed, replicates, world.iso3, tuple(world.resolved.offerings), years_of(world)
    )
    supply = _kept_supply_luck(seed, replicates, *_supply_axes(world))
    return assemble(world, seed, replicates, values, luck, supply)


def years_of(world: World) -> range:
    """Calendar years that a world's runs touch."""
    horizon = world.resolved.horizon
    return range(horizon.start // 12, horizon.end // 12 + 1)


def _supply_axes(world: World) -> tuple[int, int, tuple[str, ...], tuple[str, ...]]:
    horizon = world.resolved.horizon
    return horizon.start, horizon.n_months, tuple(world.resolved.offerings), world.regions


_kept_luck = lru_cache(maxsize=_KEPT)(draw_economies)
_kept_supply_luck = lru_cache(maxsize=_KEPT)(draw_supply)


def draw_values(
    resolved: Resolved, seed: int, replicates: tuple[int, ...], spread: bool = True
) -> ParameterDraws:
    """Parameter values of these replicates, the shipped posterior included."""
    return draw_parameters(resolved, seed, replicates, spread, shipped())


def assemble(
    world: World,
    seed: int,
    replicates: tuple[int, ...],
    values: ParameterDraws,
    economies: EconomyDraws,
    supply: SupplyDraws | None = None,
) -> Setting:
    """A setting from parameter values and economies' draws made elsewhere (calibration); one lane
    for each of `replicates`, whose supply-side draws it takes unless they are there already.
    """
    resolved = world.resolved
    if supply is None:
        supply = draw_supply(seed, replicates, *_supply_axes(world))
    params = pack_params(resolved, values)
    if resolved.structure.choice != "nested_logit":  # no nests
        params = params.replaced(choice_similarity=np.ones(len(replicates)))
    numbers = Numbers(
        params=params,
        segments=pack_segments(resolved, values),
        offerings=pack_offerings(resolved, values),
        tasks=pack_tasks(resolved, values),
        sizes=pack_sizes(resolved, values),
        constants=pack_constants(resolved, values),
        taste=economies.taste,
        adoption=economies.adoption,
        growth=economies.growth,
        supply=supply,
        clipped=values.clipped,
    )
    return Setting(world, seed, replicates, numbers)
