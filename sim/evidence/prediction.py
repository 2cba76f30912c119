"""What the engine predicts for every target, for many parameter vectors at once.

Runs are lanes: each vector is run with the same few draws of the economies' effects, in pairs of
opposite sign, so that a country's median and the world's mean are both met with few runs and the
difference between two vectors holds no luck.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.draws.parameters import ParameterDraws
from sim.draws.setting import assemble, years_of
from sim.draws.world import EconomyDraws, draw_economies
from sim.ensemble.block import Block, prepare
from sim.ensemble.job import Control, each_month, run_blocks
from sim.evidence.targets import Targets
from sim.lanes.packs import WIDTH
from sim.record.channels import make_instruments
from sim.record.plan import plan_results, world_series
from sim.world.build import World

Floats = NDArray[np.float64]
FIRMS = "enterprise"  # the segment that surveys of firms look at
Values = Mapping[str, Floats]  # flat path -> [vectors]
#: Opposite pairs of draws of the economies' effects that every vector is run with.
PAIRS = 2


@dataclass(frozen=True)
class Predicted:
    """V vectors, C economies, N observed series. Fractions; medians over the runs of a vector."""

    users: Floats  # [V, 2, C] people of 15 to 64 whom the telemetry would count, by half-year
    deepseek: Floats  # [V, C] share among AI users in the second half-year
    series: Floats  # [V, N] the statistic of each observed series
    later: Floats  # [V, C] users in the period of `Targets.later`
    firms: Floats  # [V, survey, C] enterprises' adoption in the month of a survey


class Predictor:
    """Runs vectors of parameter values of one world up to the last month that a target needs."""

    def __init__(
        self, world: World, targets: Targets, *, pairs: int = PAIRS, seed: int = 1, workers: int = 2
    ) -> None:
        """seed: of the economies' draws, the same for all vectors."""
        self.world, self.targets, self.workers, self.seed = world, targets, workers, seed
        self.prepared, self.seen = prepare(world), make_instruments(world)
        layout, plan = plan_results(world, with_economies=False, with_flows=False)
        self.names = layout.indicators
        self.start = layout.start
        self.coverage = np.asarray(plan.observed)
        self.brand = np.asarray(plan.deepseek_weight)
        half = draw_economies(
            seed, tuple(range(pairs)), world.iso3, list(world.resolved.offerings), years_of(world)
        )
        self.draws = EconomyDraws(
            np.concatenate([half.taste, -half.taste], axis=-1),
            np.concatenate([half.adoption, -half.adoption], axis=-1),
            np.concatenate([half.growth, -half.growth], axis=-1),
        )
        ends = [b for _, b in targets.halves] + [int(month) for month in targets.series.last]
        ends += [targets.later.months[1], *targets.firms.months]
        self.months = max(ends) - self.start + 1

    def __call__(self, values: Values) -> Predicted:
        """Predict for vectors given as values [V] of some paths; others stay at their centres."""
        count = len(next(iter(values.values())))
        runs = self.draws.adoption.shape[-1]
        width = max(1, WIDTH // runs)
        parts = [slice(a, min(a + width, count)) for a in range(0, count, width)]
        control = Control(self.workers)
        found: list[Predicted] = []
        run_blocks(partial(self._block, values, control), parts, found.append, control)
        return Predicted(
            *(np.concatenate([getattr(p, name) for p in found])
              for name in ("users", "deepseek", "series", "later", "firms"))
        )  # fmt: skip

    def _block(self, values: Values, control: Control, part: slice) -> Predicted:
        runs, vectors = self.draws.adoption.shape[-1], part.stop - part.start
        lanes = {
            path: np.full(vectors * runs, quantity.value)
            for path, quantity in self.world.resolved.quantities.items()
        }
        for path, given in values.items():
            lanes[path] = np.repeat(given[part], runs)
        tiled = EconomyDraws(*(np.tile(draws, vectors) for draws in self.draws))
        setting = assemble(
            self.world, self.seed, (0,) * (vectors * runs), ParameterDraws(lanes, {}), tiled
        )
        return self._run(Block(self.prepared, setting), vectors, runs, control)

    def _run(self, block: Block, vectors: int, runs: int, control: Control) -> Predicted:
        economies = len(self.world.iso3)
        users = np.zeros((2, economies, vectors * runs))
        deepseek = np.zeros((economies, vectors * runs))
        series = np.zeros((self.months, len(self.names), vectors * runs))
        params, offerings = block.setting.numbers.params, block.setting.numbers.offerings
        later, surveys = np.zeros((economies, vectors * runs)), self.targets.firms.months
        firms = np.zeros((len(surveys), economies, vectors * runs))
        segments, since = list(self.world.resolved.segments), self.targets.later.months
        consumers = segments.index("consumers")
        for t in each_month(block, self.months, control):
            lanes = block.lanes
            series[t] = world_series(
                self.seen, block.supply, lanes.scarcity, lanes.share, lanes.adoption, lanes.tokens,
                params, offerings,
            )  # fmt: skip
            if since[0] <= self.start + t <= since[1]:
                later += lanes.adoption[:, consumers] / (since[1] - since[0] + 1)
            if self.start + t in surveys:
                firms[surveys.index(self.start + t)] = lanes.adoption[:, segments.index(FIRMS)]
            for h, (first, last) in enumerate(self.targets.halves):
                if first <= self.start + t <= last:
                    users[h] += lanes.adoption[:, consumers] / (last - first + 1)
                    if h == 1:
                        share = lanes.share[:, consumers]
                        brand = np.einsum("co,col->cl", self.brand, share)
                        deepseek += brand / (last - first + 1)
        users *= self.coverage[:, None]
        later *= self.coverage[:, None]
        return Predicted(
            _middle(users, vectors, runs).transpose(2, 0, 1),
            _middle(deepseek, vectors, runs).T,
            self._observed(series.reshape(self.months, -1, vectors, runs).mean(axis=3)),
            _middle(later, vectors, runs).T,
            _middle(firms, vectors, runs).transpose(2, 0, 1),
        )

    def _observed(self, series: Floats) -> Floats:
        """[V, N] statistics of the observed series from monthly means [T, name, V]."""
        wanted = self.targets.series
        found = []
        for n in range(len(wanted.names)):
            name = series_name(wanted.channel[n], wanted.variable[n])
            months = slice(int(wanted.first[n]) - self.start, int(wanted.last[n]) - self.start + 1)
            path = series[months, self.names.index(name)]
            found.append(getattr(path, wanted.statistic[n])(axis=0))
        return np.stack(found, axis=1)


def series_name(channel: str, variable: str) -> str:
    """How the code list names a series: indicators of the supply side carry no channel."""
    return variable if channel == "supply" else f"{channel}.{variable}"


def _middle(values: Floats, vectors: int, runs: int) -> Floats:
    """Median-like middle of a fraction over opposite runs: the logistic of the mean log odds."""
    held = np.clip(values.reshape(*values.shape[:-1], vectors, runs), 1e-9, 1.0 - 1e-9)
    return np.asarray(1.0 / (1.0 + np.exp(-np.log(held / (1.0 - held)).mean(axis=-1))))


def pooled(users: Floats, members: Sequence[Sequence[int]], people: Floats) -> Floats:
    """[..., N] observations from economies [..., C]: means weighted by people of 15 to 64."""
    return np.stack(
        [
            (users[..., list(rows)] * people[list(rows)]).sum(axis=-1) / people[list(rows)].sum()
            for rows in members
        ],
        axis=-1,
    )
