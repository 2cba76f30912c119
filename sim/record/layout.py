"""What a run's numbers are about: the labels of every axis, and the named outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.record.codelist import INDICATOR_NAMES

BLOCS = ("us", "cn", "other")
ALL = "all"
WORLD = "World"
#: Outcomes are kept per replicate in these months of a year; economies' levels in December. A
#: horizon that holds none of them keeps its last month instead.
OUTCOME_MONTHS = (6, 12)
DECEMBER = 12
#: Numbers that many cells share (economies, levels of groups) are recorded at the ends of quarters,
#: and in the first and the last month of the horizon.
QUARTER_ENDS = (3, 6, 9, 12)

#: World series that are named outcomes as well.
KEPT_INDICATORS = (
    "lag_cn",
    "lag_cn_open",
    "lag_us_open",
    "capability_us",
    "capability_cn",
    "price_us_closed",
    "price_cn_open",
    "markup_us",
    "scarcity",
)

# Kinds of cells, in the order of the accumulator's shelf.
ECONOMY_SHARE, ECONOMY_ADOPTION, GROUP_SHARE, GROUP_ADOPTION = 0, 1, 2, 3
GROUP_LEVEL, INDICATOR_SERIES, CHANNEL, WORLD_CHANNEL = 4, 5, 6, 7

# Kinds of outcome, as the kernel knows them.
USE_SHARE, SPEND, ADOPTION, INDICATOR, HERFINDAHL, MODULARITY = 0, 1, 2, 3, 4, 5
ASSORTATIVITY, GAP_CLOSED, LEADS, LED_BY = 6, 7, 8, 9


class Outcome(NamedTuple):
    """A number kept per replicate: what is measured, in which group, and of which family,
    indicator or bloc (`item`, an index).
    """

    name: str
    kind: int
    group: int = 0
    item: int = 0


@dataclass(frozen=True)
class Layout:
    """Labels of all axes of one run.

    start: year * 12 + month - 1 of the first period. iso3: sorted. segments, offerings: in the
    order of the scenario. groups: (group_type, name), the world first. families: named weightings
    of offerings (a bloc's origin, one offering, all Chinese open weights, exposure).
    """

    start: int
    n_months: int
    iso3: tuple[str, ...]
    segments: tuple[str, ...]
    offerings: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    families: tuple[str, ...]
    indicators: tuple[str, ...] = INDICATOR_NAMES
    consumers: int = 0
    outcomes: tuple[Outcome, ...] = ()

    def calendar_month(self, t: int) -> int:
        """Month of the year, 1 to 12, of period ``t``."""
        return (self.start + t) % 12 + 1

    def year(self, t: int) -> int:
        """Calendar year of period ``t``."""
        return (self.start + t) // 12

    def months(self, wanted: Sequence[int]) -> tuple[int, ...]:
        """Periods whose month of the year is one of ``wanted``."""
        return tuple(t for t in range(self.n_months) if self.calendar_month(t) in wanted)

    @property
    def outcome_months(self) -> tuple[int, ...]:
        """Periods in which named outcomes are kept."""
        return self.months(OUTCOME_MONTHS) or (self.n_months - 1,)

    @property
    def decembers(self) -> tuple[int, ...]:
        """Periods in which levels of economies are kept."""
        return self.months((DECEMBER,)) or (self.n_months - 1,)

    @property
    def recorded(self) -> tuple[int, ...]:
        """Periods in which economies and levels of groups are recorded with quantiles."""
        ends = {0, *self.months(QUARTER_ENDS), self.n_months - 1}
        return tuple(sorted(ends))

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years touched by the horizon."""
        return tuple(range(self.year(0), self.year(self.n_months - 1) + 1))


def group_key(group: tuple[str, str]) -> str:
    """How an outcome names a group: `world`, `region.Africa`, `tier.2`."""
    kind, name = group
    return "world" if kind == "world" else f"{kind}.{name}"


def default_families(offerings: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Sums of offerings that questions are asked about: every prefix shared by two or more
    offerings (`cn_open_hosted`, `cn_open_local` -> `cn_open`), and every single offering.
    """
    families: dict[str, tuple[str, ...]] = {name: (name,) for name in offerings}
    stems = sorted({name.rsplit("_", 1)[0] for name in offerings if name.count("_") >= 2})
    for stem in stems:
        members = tuple(name for name in offerings if name.startswith(f"{stem}_"))
        if stem not in families and len(members) > 1:
            families[stem] = members
    return families


def default_outcomes(
    groups: Sequence[tuple[str, str]],
    families: Sequence[str],
    indicators: Sequence[str] = INDICATOR_NAMES,
) -> tuple[Outcome, ...]:
    """The named outcomes: shares by family and bloc (the world's, some of them by region and income
    group), adoption, spend, lags and prices, what instruments see, structure of the trade network,
    and the race.

    Names: `world.share.us_closed`, `region.Africa.share.cn_open`, `income.Low.adoption`,
    `world.spend.cn`, `world.lag_cn`, `weights_downloads.cn_share`.
    """
    names = list(families)
    found = [
        Outcome(f"world.share.{name}", USE_SHARE, 0, k)
        for k, name in enumerate(names)
        if name not in ("exposure", "other")
    ]
    found.append(Outcome("world.exposure", USE_SHARE, 0, names.index("exposure")))
    found.append(Outcome("world.adoption", ADOPTION))
    wanted = {"region": ("cn", "cn_open", "us_closed"), "income": ("cn", "cn_open", "us_closed")}
    for g, group in enumerate(groups):
        if group[0] == "income":
            found.append(Outcome(f"{group_key(group)}.adoption", ADOPTION, g))
        found += [
            Outcome(f"{group_key(group)}.share.{name}", USE_SHARE, g, names.index(name))
            for name in wanted.get(group[0], ())
            if name in names
        ]
    found += [Outcome(f"world.spend.{name}", SPEND, 0, names.index(name)) for name in BLOCS]
    found += [
        Outcome(f"world.{name}", INDICATOR, 0, indicators.index(name))
        for name in KEPT_INDICATORS
        if name in indicators
    ]
    found += [Outcome(name, INDICATOR, 0, k) for k, name in enumerate(indicators) if "." in name]
    found += [
        Outcome("world.herfindahl", HERFINDAHL),
        Outcome("world.modularity", MODULARITY),
        Outcome("world.assortativity", ASSORTATIVITY),
        Outcome("world.led_by_us", LED_BY, 0, 0),
        Outcome("world.led_by_cn", LED_BY, 0, 1),
    ]
    if "lag_cn" in indicators:
        lag = indicators.index("lag_cn")
        found += [
            Outcome("world.cn_gap_closed", GAP_CLOSED, 0, lag),
            Outcome("world.cn_leads", LEADS, 0, lag),
        ]
    return tuple(found)
