"""What a scenario file may hold. Complete files and overrides share every part."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StrictBool, field_validator, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.quantity import ClaimId, Confidence, Frozen, Number, Text
from sim.scenario.yaml_lines import Raw

SCHEMA_VERSION = 1
MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
MAX_MONTHS = 1200
#: The month that the state of the world is given for, and that months are counted from.
FIRST_MONTH = "2023-01"
Month = Annotated[str, Field(pattern=MONTH)]
NEVER = "never"
Launch = Month | Literal["never"]
Bloc = Literal["us", "cn", "other"]
BLOCS: tuple[Bloc, ...] = ("us", "cn", "other")
Change = Literal["to", "times", "add"]
#: How events change a lever, in the order in which they take effect.
CHANGES: tuple[Change, ...] = ("to", "times", "add")
Version = Annotated[Literal[1], Field(description="Version of this file format.")]


def month_index(label: str) -> int:
    """Months since year 0 of ``YYYY-MM``: year * 12 + month - 1."""
    year, month = label.split("-")
    return int(year) * 12 + int(month) - 1


def month_label(index: int) -> str:
    """``YYYY-MM`` of a month index."""
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


class Horizon(Frozen):
    """The months simulated: index of the first (see ``month_index``) and their number."""

    start: int
    n_months: int

    @property
    def end(self) -> int:
        """Index of the last month."""
        return self.start + self.n_months - 1

    def label(self, t: int) -> str:
        """``YYYY-MM`` of step ``t`` (0 is the first month)."""
        return month_label(self.start + t)


class Span(Frozen):
    """First and last month simulated, both included."""

    start: Month
    end: Month

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise PydanticCustomError("horizon", f"the end {self.end} is before {self.start}")
        if month_index(self.end) - month_index(self.start) >= MAX_MONTHS:
            raise PydanticCustomError("horizon", f"longer than {MAX_MONTHS} months")
        return self


class Structure(Frozen):
    """Which rival forms of the model are used."""

    choice: Literal["nested_logit", "logit", "replicator"]
    network: Literal["trade", "language_distance", "none"]
    feedbacks: StrictBool
    dated_releases: tuple[Bloc, ...]
    """Blocs whose known past releases are dated events; the others' are drawn throughout."""


class Source(Frozen):
    """Where numbers come from."""

    title: Text
    licence: Text
    url: str | None = None
    note: str | None = None


class Offering(Frozen):
    """The keys of an offering that are not quantities."""

    label: Text
    origin: dict[Bloc, Number]
    """Weight of each bloc, sum 1; empty: the economy's own."""
    access: Literal["service", "weights", "partnership"]
    nest: Text
    track: Text
    """Capability track that serves all tasks but those of the frontier."""
    track_frontier: Text | None = None
    """Track for frontier tasks; the same one where absent."""
    family: Text | None = None
    """Model family whose skills and integrations serve it; that of its track where absent."""
    price_track: Text
    """Track whose API list price it pays."""
    licence: Text
    hosting: Text
    vendors: dict[str, Number] = Field(default_factory=dict)
    """Vendor -> weight, sum 1; empty: nobody can refuse it."""
    only_in: tuple[str, ...] = ()
    """Selectors of the economies where it exists; none: everywhere."""
    not_in: tuple[str, ...] = ()
    """Selectors of economies where it does not exist."""
    only_where_lever: str | None = None
    """Lever path: the offering exists where that lever is above 0."""
    # `from` is a word of Python's, so that it cannot be written as the others are.
    __annotations__["from"] = "Launch | dict[str, Launch] | None"
    locals()["from"] = Field(
        default=None,
        description="Month of the launch, or months by selector (`everywhere` is `all`), of which "
        "the one that names fewest economies counts; `never`, like an economy that none names: not "
        "at all. None: as the seed table of launches says, from the beginning where it is silent.",
    )

    launches_of: Text | None = None
    """Offering whose dates in the table of launches count where ``from`` is silent; its own where
    absent. One that is ``like`` another gets it."""

    @field_validator("from", mode="before")
    @classmethod
    def _everywhere_is_all(cls, raw: Raw) -> Raw:
        months = list(raw.values()) if isinstance(raw, dict) else [raw]
        for month in months:
            if month not in (None, NEVER) and not re.fullmatch(MONTH, str(month)):
                found = "a list" if isinstance(month, list) else f"'{month}'"
                raise PydanticCustomError(
                    "from", f"expected a month such as 2026-07, found {found}"
                )
        if not isinstance(raw, dict):
            return raw
        if not raw or None in months:
            raise PydanticCustomError("from", "a month is missing: write it, or leave from out")
        if {"all", "everywhere"} <= set(raw):
            raise PydanticCustomError("from", "'everywhere' and 'all' are the same: keep one")
        return {"all" if key == "everywhere" else key: month for key, month in raw.items()}

    @property
    def launches(self) -> dict[str, str]:
        """Selector -> month of the launch, or ``never``; empty where the file says none."""
        found: str | dict[str, str] | None = getattr(self, "from")
        return {} if found is None else {"all": found} if isinstance(found, str) else found

    def within(self, last: str) -> Offering:
        """The same for a scenario that ends with that month: later launches are ``never``."""
        found = {
            selector: NEVER if month == NEVER or month > last else month
            for selector, month in self.launches.items()
        }
        return self if found == self.launches else self.model_copy(update={"from": found})

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.only_in and self.not_in:
            raise PydanticCustomError(
                "place", "only_in and not_in cannot both be said: keep one of them"
            )
        return self

    def from_bloc(self, bloc: str) -> float:
        """Weight of a bloc's models in this offering, 0 to 1."""
        return sum(weight for name, weight in self.origin.items() if name == bloc)

    @field_validator("origin", "vendors")
    @classmethod
    def _sums_to_one(cls, weights: dict[str, float]) -> dict[str, float]:
        total = sum(weights.values())
        if weights and (min(weights.values()) < 0 or abs(total - 1) > 1e-9):
            raise PydanticCustomError("weights", f"the weights sum to {total:g}, not to 1")
        return weights


class Segment(Frozen):
    """The keys of a segment that are not quantities."""

    label: Text


class Task(Frozen):
    """The keys of a task that are not quantities."""

    label: Text
    frontier: StrictBool = False
    """Whether an offering that mixes models gives it to the frontier one."""


class Event(Frozen):
    """A dated change of a lever."""

    on: Month
    """First month of the new value."""
    until: Month | None = None
    """First month at which the lever is again what it would otherwise be."""
    lever: Text
    to: Number | None = None
    """The new value."""
    times: Number | None = None
    """Factor on what every ``to`` in force makes of the lever, month by month; several multiply."""
    add: Number | None = None
    """What is added after every factor; several add up."""
    economies: tuple[str, ...] | None = None
    """Selectors: ``KEN``, ``group:eu``, ``region:Africa``, ``-CHN``; none: every economy."""
    id: str | None = None
    label: str | None = None
    source: str | None = None
    """Id in ``sources`` or text; without one, confidence must be ``assumed``."""
    confidence: Confidence
    claims: tuple[ClaimId, ...] = ()
    rank: Annotated[int, Field(strict=True, ge=0)] = 0
    """Order among events of one month and lever; written by the tool, not by hand."""

    @field_validator("economies", mode="before")
    @classmethod
    def _mapping_is_one_selector(cls, raw: Raw) -> Raw:
        if isinstance(raw, dict) and len(raw) == 1:
            return [f"{column}:{value}" for column, value in raw.items()]
        return raw

    @field_validator("economies")
    @classmethod
    def _not_empty(cls, selectors: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if selectors is not None and not selectors:
            raise PydanticCustomError("economies", "the list of economies is empty")
        return None if selectors is None else tuple(sorted(set(selectors)))

    @property
    def kind(self) -> Change:
        """How it changes the lever."""
        return "to" if self.to is not None else "times" if self.times is not None else "add"

    @property
    def change(self) -> str:
        """What it does to the lever, in signs."""
        for sign, number in (("=", self.to), ("x", self.times), ("+", self.add)):
            if number is not None:
                return f"{sign} {number:g}"
        raise ValueError("an event without a change")

    def changed(self, value: Any) -> Any:  # noqa: ANN401 - a number or an array
        """What a lever of this value becomes."""
        if self.to is not None:
            return self.to
        return value * self.times if self.times is not None else value + self.add

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        said = [name for name in ("to", "times", "add") if getattr(self, name) is not None]
        if len(said) != 1:
            found = " and ".join(said) or "none"
            raise PydanticCustomError(
                "change", f"exactly one of to, times and add is needed, found {found}"
            )
        if self.until is not None and self.until <= self.on:
            raise PydanticCustomError("until", f"until {self.until} is not after on {self.on}")
        if self.source is None and self.confidence != "assumed":
            raise PydanticCustomError(
                "source", f"confidence '{self.confidence}' needs a source", {"hint": ASSUMED_HINT}
            )
        return self


ASSUMED_HINT = "Add source, or say confidence: assumed"
EconomyValues = dict[str, dict[str, Number]]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$")]


class ScenarioFile(Frozen):
    """What every kind of file may say."""

    schema_version: Version
    name: Name
    narrative: str = ""
    claims: tuple[ClaimId, ...] = ()
    events: tuple[Event, ...] = ()
    countries: EconomyValues = Field(default_factory=dict)
    paths: dict[str, Any] = Field(default_factory=dict)
    """Parameter, or ``economies.<selector>.<fact>`` -> months with values."""


class CompleteFile(ScenarioFile):
    """A scenario that stands alone: everything about the world, nothing implied."""

    horizon: Span
    structure: Structure
    sources: dict[str, Source]
    segments: dict[str, Any]
    offerings: dict[str, Any]
    tasks: dict[str, Any]
    parameters: dict[str, Any]
    levers: dict[str, Any]


class SpanPart(Frozen):
    """A horizon of which one end may be left as it is."""

    start: Month | None = None
    end: Month | None = None


class StructurePart(Frozen):
    """A structure of which parts may be left as they are."""

    choice: Literal["nested_logit", "logit", "replicator"] | None = None
    network: Literal["trade", "language_distance", "none"] | None = None
    feedbacks: StrictBool | None = None
    dated_releases: tuple[Bloc, ...] | None = None


class QuantityPart(Frozen):
    """What an override may say about a quantity; the rest stays."""

    value: Number | None = None
    unit: str | None = None
    range: tuple[Number, Number] | None = None
    source: Text | None = None
    confidence: Confidence | None = None
    evidence: Literal["fitted", "bracketed", "prior only"] | None = None
    draw: Any = None
    fix: StrictBool | None = None
    note: str | None = None
    claims: tuple[ClaimId, ...] | None = None


class ChangeFile(ScenarioFile):
    """What a file that changes another may say."""

    sources: dict[str, Source] = Field(default_factory=dict)
    set: dict[str, Any] = Field(default_factory=dict)
    drop_events: tuple[str, ...] = ()


class PolicyFile(ChangeFile):
    """Changes that can be laid over any scenario."""

    kind: Literal["policy"]


class OverrideFile(ChangeFile):
    """A scenario that says how it differs from the one it extends."""

    extends: Text
    horizon: SpanPart | None = None
    structure: StructurePart | None = None
    segments: dict[str, Any] = Field(default_factory=dict)
    offerings: dict[str, Any] = Field(default_factory=dict)
    tasks: dict[str, Any] = Field(default_factory=dict)
