"""What an explanation consists of: one economy's decision in one month."""

from __future__ import annotations

from dataclasses import dataclass

from sim.explain.flips import Flip


@dataclass(frozen=True)
class OfferingView:
    """One offering as a segment of the economy sees it. Utilities in logit units."""

    name: str
    label: str
    terms: dict[str, float]  # the summands of `utility`, by name
    utility: float
    feasible: bool
    reach: float  # share of users it can reach
    price: float  # USD per user-month
    burden: float  # ln(1 + price / what a user can spend)
    share_before: float  # of the segment's use, last month
    choice_share: float  # of what is chosen anew
    share: float  # of the segment's use, after renewal


@dataclass(frozen=True)
class AdoptionView:
    """How many use AI at all: the level moves from `before` towards `target` to `level`."""

    before: float  # fraction of the segment
    level: float
    target: float
    online: float  # share of people online, the ceiling
    index: float  # log odds in the long run: the sum of `terms`
    terms: dict[str, float]


@dataclass(frozen=True)
class SegmentDecision:
    """What a segment decided. Leader and runner-up: by the share of what is chosen anew."""

    name: str
    label: str
    anew: float  # part of use that was up for renewal
    offerings: tuple[OfferingView, ...]  # largest share of the choice first
    leader: str | None  # None where nothing is feasible
    runner_up: str | None
    gap: float | None  # utility of the leader minus that of the runner-up
    adoption: AdoptionView
    flips: tuple[Flip, ...]  # single changes that put another offering in front, smallest first


@dataclass(frozen=True)
class WorldOffer:
    """What the world offered that month."""

    released: dict[str, float]  # track -> capability, frontier-months
    api_price: dict[str, float]  # price track -> USD per million tokens
    buzz: dict[str, float]  # bloc -> attention left from releases
    us_closed_markup: float  # 1 = price is twice the cost


@dataclass(frozen=True)
class LocalConditions:
    """What own hosting meets in the economy."""

    local_cost: float  # USD per million tokens
    scarcity: float  # price factor, 1 where accelerators suffice
    accelerators: float  # H100 equivalents after the month
    chip_access: float  # share of wanted accelerators that may be imported


@dataclass(frozen=True)
class Explanation:
    """The decision of one economy in one month."""

    scenario: str
    scenario_hash: str
    seed: int
    iso3: str
    economy: str
    month: str
    world: WorldOffer
    local: LocalConditions
    segments: tuple[SegmentDecision, ...]
