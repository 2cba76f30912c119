"""The oracle's month: read this first.

1. the world's supply moves on, with what the world used last month (`oracle.supply`)
2. goodwill moves, and economies see what their partners used last month
3. every economy appraises, chooses, adopts and builds (`oracle.economy`)
4. use by economy and by the world is counted, for next month
"""

import numpy as np

from oracle.economy import Economy
from oracle.formulas import adoption, history, observe
from oracle.supply import NOTHING, Supply, Used
from sim.draws.setting import Setting
from sim.world.axes import (
    BLOCS,
    CN_CLOSED,
    CN_OPEN,
    OTHER_OPEN,
    PRICE_CN_OPEN,
    PRICE_US_CLOSED,
    US_CLOSED,
    US_OPEN,
)
from sim.world.network import dense_rows


class Oracle:
    """A world of economies that choose among AI offerings; `month` counts from 0.

    p: parameters, one number each; s [S, 1]: of segments; o [O]: of offerings; countries: the
    economies in the order of the world; per_person [C, O]: users of an economy; goodwill
    [region, O] towards offerings; built [family]: use of those who build, mean of the world.
    """

    @np.errstate(all="ignore")  # of a choice, both sides are worked out
    def __init__(self, setting: Setting) -> None:
        """setting: a world with numbers; its first replicate is run."""
        w, n = setting.world, setting.numbers
        self.setting, self.world, self.month = setting, w, -1
        self.p = n.params.each(lambda a: a[0])
        self.s = n.segments.each(lambda a: a[:, :1])
        self.o = n.offerings.each(lambda a: a[:, 0])
        self.constants = n.constants[:, :, 0]
        self.taste = self.p.choice_economy_sd * n.taste[:, :, 0]
        self.effect = adoption.economy_effect(
            self.p.adoption_economy_sd,
            n.adoption[:, 0],
            self.p.adoption_language_weight,
            w.economies.unserved,
            self.p.adoption_openness_weight,
            w.economies.openness_log,
        )
        self.januaries = self.effect + self.grown(n.growth[:, :, 0])
        self.mood, self.regional = n.supply.mood[..., 0], n.supply.regional[..., 0]
        self.goodwill = np.zeros_like(self.regional[0])
        self.built = np.zeros(w.offerings.n_families)
        self.tie = np.hstack([self.s[f"tie_{bloc}"] for bloc in BLOCS])
        self.cutoff_base = np.array([self.p[f"sovereignty_cutoff_{bloc}"] for bloc in BLOCS])
        self.know_offerings()
        self.know_partners()
        self.supply = Supply(setting)
        self.used, self.used_then = NOTHING, NOTHING
        self.countries = [Economy(self, c) for c in range(len(w.iso3))]

    def know_offerings(self) -> None:
        """What the scenario says about offerings, each [O]."""
        offerings = list(self.world.resolved.offerings.values())
        weights = np.array([o.access == "weights" for o in offerings])
        us, cn, other = (np.array([o.from_bloc(b) for o in offerings]) for b in BLOCS)
        self.origin = np.column_stack([us, cn, other])
        self.foreign = self.origin.sum(axis=1)
        self.packaged = np.where(weights, 0.0, us)
        self.cn_open = np.where(weights, cn, 0.0)
        self.sells = np.where(weights, 0.0, 1.0)
        of = self.world.offerings
        self.nest_member = np.eye(of.n_nests)[of.nest]
        self.family_member = np.eye(of.n_families)[of.family]

    def grown(self, draws: np.ndarray) -> np.ndarray:
        """[Y + 1, C] log odds that an economy's own growth added by each January: the sum of yearly
        rates, which remember last year's. draws [Y, C].
        """
        kept = self.p.adoption_growth_persistence
        rates, rate = [np.zeros_like(draws[0])], draws[0]
        for year, draw in enumerate(draws):
            rate = kept * rate + np.sqrt(1.0 - kept**2) * draw if year else draw
            rates.append(self.p.adoption_growth_sd * rate)
        return np.cumsum(rates, axis=0)

    def readiness(self, t: int) -> np.ndarray:
        """[C] log odds of adoption that belong to economies in month t, between two Januaries."""
        years = np.arange(len(self.januaries))
        return np.array([np.interp(t / 12.0, years, path) for path in self.januaries.T])

    def know_partners(self) -> None:
        """The network of trade, and China's column of it."""
        iso3, offerings = self.world.iso3, len(self.origin)
        self.network = dense_rows(self.world.partners)
        self.per_person = np.zeros((len(iso3), offerings))
        self.china = iso3.index("CHN") if "CHN" in iso3 else None
        self.weight_china = np.zeros(len(iso3))
        if self.china is not None:
            self.weight_china = self.network[:, self.china]

    @np.errstate(all="ignore")
    def step(self) -> None:
        """Advance the world by one month."""
        self.open()
        for country in self.countries:
            country.step()
        self.count()

    def open(self) -> None:
        """What the world offers this month, and what economies see of each other."""
        self.month += 1
        if self.month <= self.world.fixed.world_reference_month:
            self.used_then = self.used
        self.supply.advance(self.month, self.used, self.used_then)
        self.goodwill = history.goodwill(
            self.goodwill,
            self.p.goodwill_persistence,
            self.p.goodwill_world_sd,
            self.mood[self.month],
            self.p.goodwill_region_sd,
            self.regional[self.month],
        )
        self.exposure = self.network @ self.per_person
        self.used_in_china = np.zeros(len(self.origin))
        if self.china is not None:
            self.used_in_china = self.per_person[self.china]

    def count(self) -> None:
        """Users of economies, and what the world used."""
        users, bill, people = self.each("users"), self.each("bill"), self.each("people")
        self.per_person = users.sum(axis=1) / people[:, None]
        self.built = people @ self.each("builders") / people.sum()
        self.use = users.sum(axis=(0, 1))
        self.spend = (users * bill).sum(axis=(0, 1)) * self.sells
        share = part_of(self.use)
        industry = 0.0
        if self.china is not None:
            weight = part_of(self.s.industrial[:, 0])
            industry = self.countries[self.china].adoption @ weight
        self.used = Used(
            users=share @ self.origin,
            spend=part_of(self.spend) @ self.origin,
            cn_open=share @ self.cn_open,
            us_closed=share @ self.packaged,
            industry=industry,
        )

    def each(self, name: str) -> np.ndarray:
        """[C, ...] an attribute of all economies."""
        return np.array([getattr(country, name) for country in self.countries])

    def month_arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """(share [C, S, O], adoption [C, S], bill [C, S, O] USD, tokens [C, S, O] million, both per
        user-month) of this month.
        """
        return self.each("share"), self.each("adoption"), self.each("bill"), self.each("tokens")

    def indicators(self) -> np.ndarray:
        """World series in the order of the code list."""
        released, api = self.supply.released, self.supply.api
        us = max(released[US_CLOSED], released[US_OPEN])
        cn = max(released[CN_CLOSED], released[CN_OPEN])
        behind = [cn, released[CN_OPEN], released[US_OPEN], released[OTHER_OPEN]]
        scarcity = self.each("scarcity").mean()
        prices = [api[PRICE_US_CLOSED], api[PRICE_CN_OPEN], self.supply.markup]
        return np.array([*observe.lag(us, np.array(behind)), us, cn, *prices, scarcity])


def part_of(amounts: np.ndarray) -> np.ndarray:
    """Parts of a total; nothing of nothing."""
    total = amounts.sum()
    return amounts / total if total > 0.0 else np.zeros_like(amounts)
