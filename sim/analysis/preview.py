"""A small ensemble, ready to draw while somebody waits: groups with bands, and who leads where.

`Preview` keeps what does not change between two askings: the arrays of a world, and the luck of the
replicates, which every scenario shares. Nothing is binned: so few replicates can be kept.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import kept_setting
from sim.ensemble.block import Block, prepare
from sim.ensemble.glimpse import MONTHS, new_glimpse, watch
from sim.equations.packs import WIDTH
from sim.errors import Cancelled
from sim.results.codelist import QUANTILES
from sim.results.layout import Layout
from sim.results.plan import plan_results
from sim.world.build import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
REPLICATES = 16


@dataclass(frozen=True)
class Glance:
    """What sixteen futures look like. T months, G groups, O offerings, C economies, Q quantiles.

    Quantiles are those of the code list, over replicates, exact; NaN where nobody uses AI in one.
    """

    layout: Layout
    share_mean: Floats  # [T, G, O] of all segments' users
    share: Floats  # [Q, T, G, O]
    adoption_mean: Floats  # [T, G] users over potential users
    adoption: Floats  # [Q, T, G]
    leading: Ints  # [T, C] offering with the largest mean share of use, -1 where nobody uses AI
    leading_share: Floats  # [T, C] that mean share, over all replicates asked for
    failed: tuple[int, ...]  # replicates left out because a number was not finite


class Preview:
    """A world ready to be previewed, any number of times and from several threads.

    Make one for each scenario; `glance` runs it. Replicates 0, 1, ... are those of any other run
    of this seed, so a preview is the beginning of the full ensemble.
    """

    def __init__(self, world: World, seed: int = 1, replicates: int = REPLICATES) -> None:
        """replicates: a multiple of sixteen costs least."""
        self.world, self.seed, self.replicates = world, seed, replicates
        self.prepared = prepare(world)
        self.layout, statics = plan_results(world, with_economies=False, with_flows=False)
        self.inside = statics.inside

    def glance(self, workers: int = 2, stop: threading.Event | None = None) -> Glance:
        """Run and summarise. Raises Cancelled soon after `stop` is set."""
        stop = threading.Event() if stop is None else stop
        firsts = range(0, self.replicates, WIDTH)
        with ThreadPoolExecutor(max(1, min(workers, len(firsts)))) as pool:
            found = list(pool.map(lambda first: self._block(first, stop), firsts))
        users, people, live = (
            np.concatenate([part[k] for part in found], axis=-1) for k in range(3)
        )
        share = _divided(users[..., live], users[..., live].sum(axis=2, keepdims=True))
        adoption = _divided(users.sum(axis=2)[..., live], people[None][..., live])
        mean = np.sum([part[3] for part in found], axis=0) / self.replicates
        return Glance(
            self.layout,
            _mean(share),
            _quantiles(share),
            _mean(adoption),
            _quantiles(adoption),
            np.where(mean.sum(axis=2) > 0.0, mean.argmax(axis=2), -1),
            mean.max(axis=2),
            tuple(int(k) for k in np.flatnonzero(~live)),
        )

    def _block(self, first: int, stop: threading.Event) -> tuple[NDArray[Any], ...]:
        """Users of groups [T, G, O, L], people who could use AI [G, L], live [L], and portfolios
        of the replicates that were sound till then, summed [T, C, O].
        """
        count = min(WIDTH, self.replicates - first)
        block = Block(
            self.prepared, kept_setting(self.world, self.seed, tuple(range(first, first + count)))
        )
        T, _, S, O = self.world.shape  # noqa: E741 - the model's notation
        seen = new_glimpse(tuple(range(T)), T, self.inside, S, O, count)
        for month in range(0, T, MONTHS):
            if stop.is_set():
                raise Cancelled
            watch(block, min(MONTHS, T - month), seen)
        potential = block.setting.numbers.segments.potential.sum(axis=0)
        people = np.outer(self.inside @ self.world.economies.people, potential)
        return seen.users[..., :count], people, seen.live[:count] > 0.0, seen.share_sum


def _divided(part: Floats, whole: Floats) -> Floats:
    found: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0.0)
    return found


def _mean(values: Floats) -> Floats:
    """Mean over replicates [..., L], of those where it is defined."""
    known = ~np.isnan(values)
    return _divided(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1) * 1.0)


def _quantiles(values: Floats) -> Floats:
    """[Q, ...] over replicates [..., L]; undefined where any replicate is."""
    if values.shape[-1] == 0:
        return np.full((len(QUANTILES), *values.shape[:-1]), np.nan)
    ranks = np.array(QUANTILES) * (values.shape[-1] - 1)
    low = ranks.astype(np.int64)
    high = np.minimum(low + 1, values.shape[-1] - 1)
    ordered = np.sort(values, axis=-1)
    found = ordered[..., low] + (ranks - low) * (ordered[..., high] - ordered[..., low])
    return np.asarray(np.moveaxis(found, -1, 0))
