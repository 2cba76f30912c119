"""A few runs watched from inside, for structural claims that no named outcome answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import make_setting
from sim.ensemble.block import Block, prepare
from sim.ensemble.job import Control, each_month
from sim.explain.explain import step_of
from sim.model.single import Single
from sim.scenario import Resolved
from sim.world.axes import CN_CLOSED, CN_OPEN
from sim.world.build import World, build_world

Floats = NDArray[np.float64]
LANES = 8
#: Month of the dated record in which tasks are looked at: an easy one, and acting on its own.
TASKS_AT, EASY, ALONE = "2025-12", "chat", "agents"
CLOSED_US, FIRMS = "us_closed", "enterprise"


@dataclass(frozen=True)
class Watched:
    """What eight runs showed; T months, S segments, L lanes."""

    closed_us: dict[str, Floats]
    """Share of closed US models in China and North Korea, [T, S, L]."""
    china_enterprises: Floats
    """Adoption by China's enterprises, [T, L]."""
    short_easy: Floats
    """Part of what the best model does well of an easy task that the best Chinese one does not, in
    `short_at`, [L].
    """
    short_alone: Floats
    """The same of acting on its own for a day."""
    short_at: str


@lru_cache(maxsize=4)
def watched(resolved: Resolved, seed: int = 1) -> Watched:
    """Run eight replicates of a scenario and keep what claims ask for."""
    world = build_world(resolved)
    looked = step_of(resolved.horizon, TASKS_AT)
    block = Block(prepare(world), make_setting(world, seed, tuple(range(LANES))))
    china, firms = _row(world, "CHN"), list(resolved.segments).index(FIRMS)
    closed = list(resolved.offerings).index(CLOSED_US)
    places = {iso3: _row(world, iso3) for iso3 in ("CHN", "PRK")}
    shares: dict[str, list[Floats]] = {iso3: [] for iso3 in places}
    adoption, short = [], {name: np.zeros(LANES) for name in (EASY, ALONE)}
    for t in each_month(block, world.shape[0], Control()):
        for iso3, c in places.items():
            shares[iso3].append(block.lanes.share[c, :, closed].copy())
        adoption.append(block.lanes.adoption[china, firms].copy())
        if t == looked:
            short = {name: _short(block, name) for name in short}
    return Watched(
        closed_us={iso3: np.array(rows_) for iso3, rows_ in shares.items()},
        china_enterprises=np.array(adoption),
        short_easy=short[EASY],
        short_alone=short[ALONE],
        short_at=TASKS_AT,
    )


def local_costs(resolved: Resolved, month: str) -> tuple[Floats, NDArray[np.bool_]]:
    """[C] USD per million tokens on own hardware in a month, and who is a Belt and Road member."""
    world = build_world(resolved)
    run = Single(make_setting(world, 1, (0,), spread=False))
    run.advance(step_of(resolved.horizon, month) + 1)
    return run.memory.state.economy.local_cost, world.economies.belt_road > 0.0


def _row(world: World, iso3: str) -> int:
    return world.iso3.index(iso3)


def _short(block: Block, task: str) -> Floats:
    """[L] part of what the best model does well of a task that the best Chinese one does not."""
    done = block.supply.track.part[:, list(block.world.resolved.tasks).index(task)]
    return np.asarray(1.0 - done[[CN_CLOSED, CN_OPEN]].max(axis=0) / done.max(axis=0))
