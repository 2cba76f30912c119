"""Numbers about the world: value, unit, range, source, confidence, and how they are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim.scenario.yaml_lines import Raw

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1)]
CLAIM_ID = r"^D[0-9]{3}-[0-9]{2}$"
ClaimId = Annotated[str, Field(pattern=CLAIM_ID)]
Confidence = Literal["measured", "estimated", "assumed"]
Evidence = Literal["fitted", "bracketed", "prior only"]
DrawKind = Literal["normal", "lognormal", "half_normal", "logit_normal"]
DRAW_KINDS: tuple[DrawKind, ...] = ("normal", "lognormal", "half_normal", "logit_normal")


class Frozen(BaseModel):
    """Base of everything a scenario file may hold: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Draw(Frozen):
    """Distribution of a quantity over replicates, centred on its value. Written ``{kind: scale}``.

    ``normal``: value + scale·z. ``lognormal``: value·exp(scale·z). ``half_normal``:
    value + scale·|z|. ``logit_normal``: logistic(logit(value) + scale·z), with z ~ N(0, 1).
    """

    kind: DrawKind
    scale: Annotated[Number, Field(gt=0)]

    @model_validator(mode="before")
    @classmethod
    def _from_pair(cls, raw: Raw) -> Raw:
        if isinstance(raw, Mapping) and len(raw) == 1:
            kind, scale = next(iter(raw.items()))
            if kind in DRAW_KINDS:
                return {"kind": kind, "scale": scale}
        if isinstance(raw, Mapping) and set(raw) == {"kind", "scale"}:
            return raw
        kinds = ", ".join(DRAW_KINDS)
        raise PydanticCustomError("draw", f"a draw is written {{kind: scale}}, kind one of {kinds}")

    @model_serializer
    def _to_pair(self) -> dict[str, float]:
        return {self.kind: self.scale}


class Quantity(Frozen):
    """One number about the world, with where it comes from and how sure it is."""

    value: Number
    """Best value, the centre of any draw."""
    unit: Text
    """Unit in words or symbols; ``1`` for a pure number."""
    range: tuple[Number, Number]
    """Lowest and highest value allowed, both included."""
    plausible: tuple[Number, Number] | None = None
    """What is held for likely before any fit, about 95 %: the prior of the calibration."""
    source: Text
    """Id in ``sources`` (an override may give text instead)."""
    confidence: Confidence
    evidence: Evidence
    draw: Draw | None = None
    """How replicates differ; none: every replicate has the value."""
    fix: StrictBool = False
    """True takes the draw away."""
    note: str | None = None
    claims: tuple[ClaimId, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _fix_takes_draw_away(cls, raw: Raw) -> Raw:
        if isinstance(raw, Mapping) and raw.get("fix") is True:
            return {key: value for key, value in raw.items() if key != "draw"}
        return raw

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        low, high = self.range
        if low > high:
            raise PydanticCustomError("range", f"the range [{low:g}, {high:g}] is upside down")
        if not low <= self.value <= high:
            raise PydanticCustomError(
                "out_of_range",
                f"{self.value:g} is outside the range",
                {"hint": self.allowed()},
            )
        if self.plausible and not low <= self.plausible[0] < self.plausible[1] <= high:
            raise PydanticCustomError("plausible", "the plausible range is not within the range")
        self._check_draw()
        return self

    def allowed(self) -> str:
        """The range as a message says it; a pure number has no unit to name."""
        low, high = self.range
        unit = "" if self.unit == "1" else f" ({self.unit})"
        return f"Allowed: {low:g} to {high:g}{unit}"

    def _check_draw(self) -> None:
        kind = self.draw.kind if self.draw else None
        if kind == "lognormal" and self.value <= 0:
            raise PydanticCustomError("draw", "a lognormal draw needs a value above 0")
        if kind == "logit_normal" and not 0 < self.value < 1:
            raise PydanticCustomError("draw", "a logit_normal draw needs a value between 0 and 1")


class Lever(Quantity):
    """A quantity that policy moves: its value holds until an event says otherwise."""

    scope: Literal["world", "economy"]
    """One value for the world, or one for each economy."""


def plain(item: BaseModel) -> dict[str, Any]:
    """``item`` as YAML would say it: what is at its default is left out."""
    return item.model_dump(mode="json", exclude_defaults=True)


def blocks(quantities: Mapping[str, Quantity]) -> dict[str, dict[str, Quantity]]:
    """Quantities as the blocks of a file hold them, each by the rest of its path.

    Blocks: ``parameters``, ``levers``, ``segments.<name>``, ``offerings.<name>``,
    ``offerings.<name>.constant``, ``tasks.<name>`` and ``tasks.<name>.size``.
    """
    found: dict[str, dict[str, Quantity]] = {"parameters": {}, "levers": {}}
    for path, quantity in quantities.items():
        kind, _, rest = path.partition(".")
        if kind not in ("segments", "offerings", "tasks"):
            found["levers" if isinstance(quantity, Lever) else "parameters"][path] = quantity
            continue
        owner, _, leaf = rest.partition(".")
        block, _, segment = leaf.partition(".")
        if segment:
            owner, leaf = f"{owner}.{block}", segment
        found.setdefault(f"{kind}.{owner}", {})[leaf] = quantity
    return found
