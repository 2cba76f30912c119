"""What an explanation consists of: one economy's decision in one month."""

from __future__ import annotations

from dataclasses import dataclass

from sim.explain.flips import Flip


@dataclass(frozen=True)
class OfferingView:
    """One offering as a segment of the economy sees it. Utilities in logit units."""

    name: str
    label: str
    terms: dict[str, float]
    """The summands of `attraction`, by name; those of `utility` first."""
    utility: float
    """What the segment thinks of it, apart from who is reached, who knows it and its models."""
    attraction: float
    """Ln of its part of what is chosen anew, up to one number that a segment's offerings share."""
    feasible: bool
    """Whether it reaches anybody who knows it; terms that ask for it are 0 if not."""
    reach: float  # share of users it can reach
    served: float  # part of its users that own hardware can serve
    known: float  # awareness, share of the segment's people
    price: float  # USD per user-month
    burden: float  # ln(1 + price / what a user can spend)
    installed: float  # installed base that the decision felt
    latent: float  # what its share would be were everything in reach, after renewal
    share_before: float  # of the segment's use, last month
    choice_share: float  # of what is chosen anew
    share: float  # of the segment's use, after renewal


@dataclass(frozen=True)
class TaskView:
    """A task of a segment: how much of it goes to AI, and to whose."""

    name: str
    label: str
    size: float  # part of the segment's work
    done: float  # part of it that goes to AI, of those who could use AI: odds / (1 + odds)
    value: float  # what it adds to the value of all that is in reach
    leader: str | None  # offering with most of what goes to AI; None where nothing is feasible
    leader_part: float  # its part of that
    done_well: float  # part of the task that the leader's model does well enough


@dataclass(frozen=True)
class AdoptionView:
    """How many use AI at all: the level moves from `before` towards `target` to `level`."""

    before: float  # fraction of the segment
    level: float
    target: float  # in the long run
    ceiling: float  # share of people who could use AI
    online: float  # share of people online
    index: float  # log odds in the long run, of those who could: the sum of `terms`
    terms: dict[str, float]
    speed: float  # part of the way to a higher target that the month covers, of `speed_terms`
    speed_terms: dict[str, float]
    covered: float  # part of the way to this target that was covered: `speed`, or habits given up


@dataclass(frozen=True)
class SegmentDecision:
    """What a segment decided. Leader and runner-up: by the share of what is chosen anew."""

    name: str
    label: str
    anew: float  # part of use that was up for renewal
    offerings: tuple[OfferingView, ...]  # largest share of the choice first
    leader: str | None  # None where nothing is feasible
    runner_up: str | None
    gap: float | None  # ln of the leader's share of the choice over the runner-up's
    tasks: tuple[TaskView, ...]  # in the order of the scenario
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
    """What own hosting meets in the economy, and what its past left behind."""

    local_cost: float  # USD per million tokens
    scarcity: float  # price factor, 1 where accelerators suffice
    served: float  # part of what is asked of own hardware that it can serve
    accelerators: float  # H100 equivalents after the month
    chip_access: float  # share of wanted accelerators that may be imported
    partners: float  # users of AI among trade partners, fraction of people
    ecosystem: dict[str, float]  # model family -> units of skills that the decision rested on
    trust: dict[str, float]  # offering -> logit units, 0 where nothing was withdrawn
    region: str
    goodwill: dict[str, float]  # offering -> that of the region, logit units


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
