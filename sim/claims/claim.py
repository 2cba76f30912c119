"""One claim of a seed document, as the ledger's files write it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.quantity import ClaimId, Frozen, Number, Text
from sim.scenario.schema import Month

Setting = StrictBool | Number | Text


class EncodedBy(Frozen):
    """What carries a claim. Paths are flat; ``*`` stands for one part of a path."""

    parameters: tuple[Text, ...] = ()
    """Parameters, and attributes of segments and offerings."""
    levers: tuple[Text, ...] = ()
    events: tuple[Text, ...] = ()
    """Ids of events of the baseline."""
    offerings: tuple[Text, ...] = ()
    outputs: tuple[Text, ...] = ()
    """Named outcomes, variables, indicators, metrics or channel series."""

    def names(self) -> Iterator[tuple[str, int, str]]:
        """(kind, position, name) of everything listed."""
        for kind in type(self).model_fields:
            for i, name in enumerate(getattr(self, kind)):
                yield kind, i, name


class Contrast(Frozen):
    """The two worlds whose difference is the claim's effect; what neither names is the baseline.

    A setting is the value of a flat path (``*`` allowed), of ``structure.<key>``, or false for
    ``offerings.<name>``: without it. Levers take their value in ``start`` and keep it.
    """

    on: dict[str, Setting] = Field(default_factory=dict)
    off: dict[str, Setting] = Field(default_factory=dict)
    start: Month | None = None
    """First month a lever holds its value; none: the first month of the horizon."""
    economies: tuple[Text, ...] = ()
    """Where a lever of economies is set; none: everywhere."""

    @model_validator(mode="after")
    def _differs(self) -> Self:
        if self.on == self.off:
            raise PydanticCustomError("lever", "on and off are the same world")
        return self


class Level(Frozen):
    """A bound the outcome is held against, in one month: a number, or another output's value."""

    at: Month
    above: Number | Text | None = None
    below: Number | Text | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.above is None) == (self.below is None):
            raise PydanticCustomError("level", "give exactly one of above and below")
        return self


class Claim(Frozen):
    """One claim of one document."""

    id: ClaimId
    claim: Text
    encoded_by: EncodedBy
    lever: Contrast | None = None
    outcome: str | None = None
    """Output the direction is about."""
    at: Month | None = None
    """Month in which a paired effect, or what is only reported, is read; none: the last one."""
    direction: Literal["increase", "decrease", "level", "structure"]
    level: Level | None = None
    label: Literal["built-in", "emergent", "measured"]
    check: Text
    """The paired ensemble or structural test that puts the claim to the model."""
    note: str | None = None

    @property
    def document(self) -> str:
        """Number of the document, ``000`` to ``004``."""
        return self.id[1:4]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not any(True for _ in self.encoded_by.names()):
            raise PydanticCustomError("encoded_by", f"{self.id} is tied to nothing")
        paired = self.direction in ("increase", "decrease")
        if paired and self.lever is None:
            raise PydanticCustomError("lever", f"{self.id} has a direction and no lever")
        if self.direction != "structure" and self.outcome is None:
            raise PydanticCustomError("outcome", f"{self.id} needs an outcome")
        return self


class ClaimsFile(Frozen):
    """The claims of one document."""

    schema_version: Literal[1]
    document: Annotated[str, Field(pattern=r"^[0-9]{3}$")]
    title: Text
    claims: tuple[Claim, ...]
