"""What a run's numbers are about: the labels of every axis, and the named outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.record.series_list import INDICATOR_NAMES

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

# Kinds of cells, in the order of `Book.offsets`.
ECONOMY_SHARE, ECONOMY_ADOPTION, GROUP_SHARE, GROUP_ADOPTION = 0, 1, 2, 3
GROUP_LEVEL, INDICATOR_SERIES, CHANNEL, WORLD_CHANNEL = 4, 5, 6, 7


class Outcome(NamedTuple):
    """A number kept per replicate: what is measured (an index of `outcomes.MEASURES`), in which
    group, and of which family or series (`item`, an index).
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
