"""What a sweep file may hold: scenarios x policies x uncertainties x replicates."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.quantity import Frozen, Number, Text
from sim.scenario.schema import Version

OUTCOME_AT = r"^[^@]+@[0-9]{4}-(0[1-9]|1[0-2])$"
Count = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Seed = Annotated[int, Field(strict=True, ge=0, lt=1 << 63)]
Method = Literal["grid", "list", "lhs", "sobol", "monte-carlo"]
Kind = Literal["uniform", "triangular", "normal", "lognormal", "values"]
KINDS: tuple[Kind, ...] = ("uniform", "triangular", "normal", "lognormal", "values")


class Uncertainty(Frozen):
    """How one quantity differs between design points; exactly one key, in the quantity's unit."""

    uniform: tuple[Number, Number] | None = None
    """Lowest and highest value."""
    triangular: tuple[Number, Number, Number] | None = None
    """Lowest, most likely and highest value."""
    normal: tuple[Number, Number] | None = None
    """Mean and standard deviation."""
    lognormal: tuple[Number, Number] | None = None
    """Median, and standard deviation of the logarithm."""
    values: Annotated[tuple[Number, ...], Field(min_length=1)] | None = None
    """The values themselves."""

    @property
    def kind(self) -> Kind:
        """Which key was written."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def numbers(self) -> tuple[float, ...]:
        """What stands behind that key."""
        found: tuple[float, ...] = getattr(self, self.kind)
        return found

    @model_validator(mode="after")
    def _one_sound_kind(self) -> Self:
        written = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(written) != 1:
            text = f"exactly one of {', '.join(KINDS)} is needed, found {len(written)}"
            raise PydanticCustomError("uncertainty", "{text}", {"text": text})
        numbers = self.numbers
        if self.kind == "uniform" and numbers[0] >= numbers[1]:
            raise PydanticCustomError("uncertainty", "uniform needs [low, high] with low < high")
        if self.kind == "triangular" and not _rising(numbers):
            wanted = "triangular needs [low, mode, high] with low <= mode <= high, low < high"
            raise PydanticCustomError("uncertainty", "{text}", {"text": wanted})
        if self.kind in ("normal", "lognormal") and numbers[1] <= 0:
            raise PydanticCustomError("uncertainty", "the standard deviation must be above 0")
        if self.kind == "lognormal" and numbers[0] <= 0:
            raise PydanticCustomError("uncertainty", "the median of a lognormal must be above 0")
        return self


def _rising(numbers: tuple[float, ...]) -> bool:
    low, mode, high = numbers
    return low <= mode <= high and low < high


class Correlation(Frozen):
    """Rank correlation (Spearman) between two uncertainties."""

    between: tuple[Text, Text]
    rank: Annotated[Number, Field(gt=-1, lt=1)]


class Design(Frozen):
    """How points are laid out over the uncertainties."""

    method: Method
    points: Count | None = None
    """Points for lhs, sobol (a power of two) and monte-carlo; grid and list count themselves."""
    seed: Seed = 1
    """Seed of the layout; the replicates have their own."""

    @model_validator(mode="after")
    def _points_where_drawn(self) -> Self:
        drawn = self.method in ("lhs", "sobol", "monte-carlo")
        if drawn and self.points is None:
            raise PydanticCustomError("points", "this method needs points: the number of them")
        if not drawn and self.points is not None:
            raise PydanticCustomError("points", "grid and list count their points themselves")
        if self.method == "sobol" and self.points and self.points & (self.points - 1):
            lower = 1 << (self.points.bit_length() - 1)
            hint = f"Allowed near {self.points}: {lower} or {2 * lower}"
            raise PydanticCustomError("points", "sobol needs a power of two", {"hint": hint})
        return self


class Stop(Frozen):
    """When a point needs no more replicates."""

    outcome: Annotated[str, Field(pattern=OUTCOME_AT)]
    """``name@YYYY-MM``: an outcome in a June or December."""
    half_width: Annotated[Number, Field(gt=0)]
    """Half of the mean's 95 % confidence interval, in the outcome's unit."""
    at: Annotated[tuple[Count, ...], Field(min_length=1)]
    """Larger numbers of replicates a point goes on to while its interval is wider."""

    @property
    def place(self) -> tuple[str, str]:
        """Outcome and month."""
        name, month = self.outcome.split("@")
        return name, month


class SweepFile(Frozen):
    """A sweep: every scenario with every policy at every design point, replicated."""

    schema_version: Version
    title: str = ""
    scenarios: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Shipped names, or paths relative to this file."""
    policies: Annotated[tuple[Text, ...], Field(min_length=1)] = ("none",)
    """``none``, a name or path, or several joined as ``a+b``."""
    uncertainties: dict[str, Uncertainty] = Field(default_factory=dict)
    """Flat path -> distribution over design points."""
    correlations: tuple[Correlation, ...] = ()
    design: Design = Design(method="list")
    replicates: Count = 64
    """Runs of a point (with ``stop``: the first number tried)."""
    seed: Seed = 1
    """Seed of the replicates; every point shares their luck."""
    stop: Stop | None = None
    outcomes: tuple[Text, ...] = ()
    """Outcomes to keep; all of them if left out."""

    @property
    def counts(self) -> tuple[int, ...]:
        """Numbers of replicates a point may end with, rising."""
        return (self.replicates, *(self.stop.at if self.stop else ()))

    @model_validator(mode="after")
    def _counts_rise(self) -> Self:
        if list(self.counts) != sorted(set(self.counts)):
            counts = ", ".join(map(str, self.counts))
            text = f"replicates and then stop.at must rise, found {counts}"
            raise PydanticCustomError("stop", "{text}", {"text": text})
        return self
