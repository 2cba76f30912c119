"""The reference model: read this first.

One month, always in this order:

1. levers            dated policy, read from the paths of the scenario
2. frontier          capability of the blocs, releases, attention
3. costs             API prices, local hosting, scarcity
4. exposure          what trade partners used last month
5. reach             who can be reached by what (kept between the months it changes in)
6. value             utility of every offering
7. choice            the part of use that is up for renewal
8. adoption          relaxes towards its target
9. feedback          accelerators, drift of affinity, the world's totals
10. invariants       shares in [0, 1], summing to one where anybody uses AI
11. record           the month's arrays, for whoever listens

Countries read t-1 and write t, so the order in which they are activated cannot matter.
"""

from __future__ import annotations

from collections.abc import Callable

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import Setting
from sim.equations import market
from sim.equations import supply as supply_side
from sim.equations.standing import economy_effects
from sim.equations.supply import WorldUse, empty_supply
from sim.model.country import Country
from sim.model.invariants import check_month
from sim.world.axes import BLOCS, CN
from sim.world.catalogue import catalogue
from sim.world.network import dense_rows
from sim.world.parameters import OfferingParams, Params, SegmentParams

Floats = NDArray[np.float64]


class Spheres(mesa.Model):
    """198 economies that choose among AI offerings, month by month.

    `on_month(model)` is called after every month, e.g. to record it; `month` counts from 0.
    """

    def __init__(self, setting: Setting, on_month: Callable[[Spheres], None] | None = None) -> None:
        """setting: a world with numbers; its first replicate is run."""
        super().__init__(rng=setting.seed)
        self.setting, self.world = setting, setting.world
        self.on_month = on_month
        self.month = -1
        numbers = setting.numbers
        self.p: Params = numbers.params.each(lambda a: a[0])
        self.s = numbers.segments.each(lambda a: a[:, :1])
        self.o = numbers.offerings.each(lambda a: a[:, 0])
        self.constants = numbers.constants[:, :, 0]
        self.taste = self.p.choice_economy_sd * numbers.taste[:, :, 0]
        self.adoption_effect = economy_effects(self.world.economies, numbers)[:, 0]
        self.tie = np.hstack([self.s.tie_us, self.s.tie_cn, self.s.tie_other])
        self.cutoff_base = np.array(
            [
                self.p.sovereignty_cutoff_us,
                self.p.sovereignty_cutoff_cn,
                self.p.sovereignty_cutoff_other,
            ]
        )
        self.forum_bloc = np.array([float(b == CN) for b in range(len(BLOCS))])
        self.potential = self.world.economies.people[:, None] * self.s.potential[:, 0]
        self._prepare_offerings()
        self._prepare_supply()
        self.countries = [Country(self, c) for c in range(len(self.world.iso3))]

    def _prepare_offerings(self) -> None:
        w, offerings = self.world, list(self.world.resolved.offerings.values())
        self.nest_member = np.eye(w.n_nests)[w.nest]
        self.packaged = np.array([o.from_bloc("us") * (o.access != "weights") for o in offerings])
        self.foreign = np.array([sum(o.origin.values()) for o in offerings])
        self.cn_open = np.array([o.from_bloc("cn") * (o.access == "weights") for o in offerings])
        self.open_weights = np.array([float(o.access == "weights") for o in offerings])
        self.sells = np.array([float(o.access != "weights") for o in offerings])
        self.network = dense_rows(w.partners)
        china = w.iso3.index("CHN") if "CHN" in w.iso3 else None
        self.china = china
        self.weight_china = self.network[:, china] if china is not None else np.zeros(len(w.iso3))

    def _prepare_supply(self) -> None:
        _, _, segments, offerings = self.world.shape
        self.catalogue = catalogue(self.world)
        zero = np.zeros
        self.supply = empty_supply(segments, offerings, 1)
        self.use = WorldUse(zero((3, 1)), zero((3, 1)), zero(1), zero(1), zero(1), zero((9, 1)))
        self.portfolio = zero((len(self.world.iso3), offerings))
        numbers = self.setting.numbers
        supply_side.start_supply(numbers.params, numbers.segments, self.supply)

    def step(self) -> None:
        """Advance the world by one month."""
        self.month += 1
        self.advance_supply()
        self.exposure = self.network @ self.portfolio
        self.china_share = (
            self.portfolio[self.china]
            if self.china is not None
            else np.zeros(self.portfolio.shape[1])
        )
        for country in self.countries:
            country.step()
        self.total_up()
        check_month(self)
        if self.on_month is not None:
            self.on_month(self)

    def advance_supply(self) -> None:
        """Steps 1 to 3: what the world offers this month."""
        t, w, numbers = self.month, self.world, self.setting.numbers
        feedbacks = float(w.resolved.structure.feedbacks)
        lever = w.levers.world
        market.advance_supply(
            t,
            w.fixed.world_reference_month,
            w.fixed.world_dated_months,
            numbers.params,
            numbers.segments,
            lever,
            self.use,
            numbers.supply,
            self.catalogue,
            feedbacks,
            self.supply,
        )
        self.quality = self.supply.quality[:, :, 0]
        self.attention = self.supply.attention[:, :, 0]
        self.tokens = self.supply.tokens
        self.api_price = self.supply.api[w.price_track, 0]

    def total_up(self) -> None:
        """Step 9, world part: portfolios by economy, and the totals that feed back."""
        share, adoption, bill = self.month_arrays()
        users = (self.potential * adoption)[:, :, None] * share
        by_offering = users.sum(axis=1)
        total = by_offering.sum(axis=1, keepdims=True)
        self.portfolio = np.divide(
            by_offering, total, out=np.zeros_like(by_offering), where=total > 0
        )
        world = users.sum(axis=(0, 1))
        spend = (users * bill).sum(axis=(0, 1)) * self.sells
        origin = self.catalogue.origin
        self.use.use[:, 0] = world @ origin / _some(world.sum())
        self.use.spend[:, 0] = spend @ origin / _some(spend.sum())
        self.use.cn_open[0] = world @ self.cn_open / _some(world.sum())
        self.use.open_weights[0] = world @ self.open_weights / _some(world.sum())
        if self.china is not None:
            industrial = self.s.industrial[:, 0]
            self.use.industry[0] = adoption[self.china] @ industrial / _some(industrial.sum())

    def month_arrays(self) -> tuple[Floats, Floats, Floats]:
        """(share [C, S, O], adoption [C, S], bill [C, S, O] USD per user-month) of this month."""
        share = np.array([country.share for country in self.countries])
        adoption = np.array([country.adoption for country in self.countries])
        bill = np.array([country.bill for country in self.countries])
        return share, adoption, bill


def _some(total: float) -> float:
    """The total to divide by; 1 where there is nothing, so that parts of nothing are 0."""
    return total if total > 0.0 else 1.0
