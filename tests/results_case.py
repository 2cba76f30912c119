"""A small random history of states, and the tables the reductions make of it."""

from __future__ import annotations

import numpy as np

from sim.record.accumulators import begin_block, new_accumulator
from sim.record.plan_arrays import Places, Sight, build_plan, make_layout
from sim.record.reduce import Shown, reduce_month
from sim.record.totals import Totals
from sim.runs.frames import month_date
from sim.runs.tables import tables

OFFERINGS = ("us_closed", "cn_service", "cn_open_hosted", "cn_open_local", "domestic")
SEGMENTS = ("consumers", "enterprises")
GROUPS = {"region": ("Africa", "Asia"), "income": ("High", "Low"), "bloc": ("us", "cn", "other")}


class Case:
    """States [T, ..., runs] of 7 economies; economy ``idle`` never uses AI."""

    def __init__(self, runs=8, lanes=4, seed=0, months=14):
        rng = np.random.default_rng(seed)
        C, S, O = 7, len(SEGMENTS), len(OFFERINGS)  # noqa: E741
        self.runs, self.lanes, self.months, self.idle = runs, lanes, months, 5
        self.layout = make_layout(
            2023 * 12, months, [f"E{c:02d}" for c in range(C)], SEGMENTS, OFFERINGS, GROUPS
        )
        self.people = rng.lognormal(12, 1, C)
        self.part = rng.uniform(0.2, 1.0, (S, runs))
        self.revocability = rng.uniform(0.0, 1.0, (O, runs))
        self.potential = self.people[:, None, None] * self.part  # [C, S, runs]
        self.home = np.array([0, 1, 2, 2, 2, 2, 2])
        self.groups = {
            "region": np.array([1, 1, 0, 0, 1, 0, -1]),
            "income": rng.integers(0, 2, C),
            "bloc": self.home,
        }
        self.origin = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 1, 0], [0, 0, 0]], dtype=float)
        self.observed = rng.uniform(0.5, 1, C)
        self.cn_weight = np.tile([0, 1.0, 0, 0, 0], (C, 1))
        links = rng.lognormal(0, 2, (C, C))
        self.trade = links
        self.plan = build_plan(
            self.layout,
            Places(self.people, self.home, self.groups, links),
            Sight(self.observed, self.cn_weight, 0.8 * self.cn_weight),
            origin=self.origin,
            unit=np.ones(S),
        )
        raw = rng.gamma(0.7, 1, (months, C, S, O, runs))
        self.share = raw / raw.sum(axis=3, keepdims=True)
        self.adoption = rng.uniform(0.05, 0.9, (months, C, S, runs))
        self.adoption[:, self.idle] = 0.0
        self.share[:, self.idle] = 0.0
        self.bill = rng.lognormal(1, 1, (months, C, S, O, runs))
        self.tokens = rng.lognormal(0, 1, (months, C, S, O, runs))
        self.indicators = rng.normal(0, 4, (months, len(self.layout.indicators), runs))
        self.live = np.ones(runs, dtype=bool)

    def date(self, t):
        return month_date(self.layout.start + t)

    def users(self):
        return self.share * self.adoption[:, :, :, None] * self.potential[None, :, :, None]

    def members(self, kind, name):
        if kind == "world":
            return np.ones(len(self.home), dtype=bool)
        return self.groups[kind] == list(GROUPS[kind]).index(name)

    def fail(self, run):
        """A run that turns into NaN."""
        self.live[run] = False
        for state in (self.share, self.adoption, self.bill, self.tokens, self.indicators):
            state[4:, ..., run] = np.nan

    def accumulator(self):
        return new_accumulator(self.layout, self.plan, self.runs)

    def block(self, acc, first, count=1):
        """All months of the runs ``first`` to ``first + lanes``."""
        part = slice(first, first + self.lanes)
        drawn = self.part[:, part], self.revocability[:, part]
        begin_block(acc, self.plan, *drawn)
        renewal = np.full((len(SEGMENTS), self.lanes), 0.3)
        for t in range(self.months):
            shown = Shown(
                *(
                    np.ascontiguousarray(x[t, ..., part])
                    for x in (self.share, self.adoption, self.bill, self.tokens)
                ),
                renewal=renewal,
                indicators=np.ascontiguousarray(self.indicators[t][:, part]),
            )
            reduce_month(t, shown, self.live[part].copy(), count, self.plan, acc)

    def totals(self, workers=1, order=None):
        """Reduce all blocks; block k goes to worker k % workers, in the given order."""
        total = Totals(self.layout, self.plan, self.runs)
        team = [self.accumulator() for _ in range(workers)]
        blocks = list(range(self.runs // self.lanes))
        for k in order or blocks:
            acc = team[k % workers]
            self.block(acc, k * self.lanes)
            part = slice(k * self.lanes, (k + 1) * self.lanes)
            total.put_outcomes(k * self.lanes, acc, self.live[part])
            total.merge(k, acc)
        for acc in reversed(team):
            total.absorb(acc)
        return total


def frames_of(case, **options):
    return tables(case.totals(**options))


def share_of_group(case, group, o, t):
    """Share [runs] of an offering in a group's use, all segments; empty where nobody uses AI."""
    use = case.users()[t][case.members(*group)].sum(axis=(0, 1))
    total = use.sum(axis=0)
    return use[o] / total if (total > 0).all() else np.empty(0)
