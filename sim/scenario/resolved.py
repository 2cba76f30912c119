"""A scenario with every layer applied: what the rest of the program reads."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import Field

from sim.scenario.quantity import Frozen, Lever, Quantity, blocks, plain
from sim.scenario.schema import (
    SCHEMA_VERSION,
    Event,
    Horizon,
    Offering,
    Segment,
    Source,
    Structure,
    Task,
    month_label,
)
from sim.scenario.yaml_write import write_yaml


class Resolved(Frozen):
    """Everything that was asked, typed and complete. Equal content makes equal objects."""

    name: str
    narrative: str
    claims: tuple[str, ...]
    horizon: Horizon
    structure: Structure
    sources: dict[str, Source]
    segments: dict[str, Segment]
    """In file order, which is the order of the segment axis."""
    offerings: dict[str, Offering]
    """In file order, which is the order of the offering axis."""
    tasks: dict[str, Task]
    """In file order: from what models could do first to what they may never."""
    quantities: dict[str, Quantity]
    """Path -> quantity: every number of parameters, levers, segments and offerings."""
    events: tuple[Event, ...]
    """By month and rank: a later one wins where both are in force."""
    countries: dict[str, dict[str, float]]
    """ISO3 -> column or ``country.*`` parameter -> value that replaces the table's."""
    paths: dict[str, dict[str, float]] = Field(default_factory=dict)
    """Parameter or ``economies.<selector>.<fact>`` -> month -> value, months in order."""
    warnings: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    """Files, the complete one first."""
    origin: dict[str, str] = Field(default_factory=dict)
    """Flat path (or ``events[i]``) -> ``file:line`` that set it last."""

    @property
    def parameters(self) -> dict[str, Quantity]:
        """Path -> quantity of what is neither a lever nor of a segment or an offering."""
        return self._blocks["parameters"]

    @cached_property
    def levers(self) -> dict[str, Lever]:
        """Path -> lever; its value holds before any event."""
        return {path: q for path, q in self._blocks["levers"].items() if isinstance(q, Lever)}

    def across(
        self, kind: Literal["segments", "offerings", "tasks"], attribute: str
    ) -> list[float]:
        """Centres of one attribute of all segments, or of all offerings, in their order."""
        return [self.quantities[f"{kind}.{name}.{attribute}"].value for name in getattr(self, kind)]

    @cached_property
    def _blocks(self) -> dict[str, dict[str, Quantity]]:
        return blocks(self.quantities)

    def to_dict(self) -> dict[str, Any]:
        """The content of a complete file that loads to an equal object."""
        found = defaultdict(dict, self._blocks)
        first, last = month_label(self.horizon.start), month_label(self.horizon.end)
        return {
            "schema_version": SCHEMA_VERSION,
            "name": self.name,
            "narrative": self.narrative,
            "claims": list(self.claims),
            "horizon": {"start": first, "end": last},
            "structure": self.structure.model_dump(mode="json"),
            "sources": {key: plain(self.sources[key]) for key in sorted(self.sources)},
            "segments": {
                name: {**plain(segment), **_nest(found[f"segments.{name}"])}
                for name, segment in self.segments.items()
            },
            "offerings": {
                name: {
                    "origin": {},
                    **plain(offering),
                    **_nest(found[f"offerings.{name}"]),
                    "constant": {
                        k: plain(q) for k, q in found[f"offerings.{name}.constant"].items()
                    },
                }
                for name, offering in self.offerings.items()
            },
            "tasks": {
                name: {
                    **plain(task),
                    **_nest(found[f"tasks.{name}"]),
                    "size": {k: plain(q) for k, q in found[f"tasks.{name}.size"].items()},
                }
                for name, task in self.tasks.items()
            },
            "parameters": _nest(found["parameters"]),
            "levers": _nest(found["levers"]),
            "events": [plain(event) for event in self.events],
            "paths": {k: dict(sorted(v.items())) for k, v in sorted(self.paths.items())},
            "countries": {k: dict(sorted(v.items())) for k, v in sorted(self.countries.items())},
        }

    def to_yaml(self) -> str:
        """A complete scenario file: everything, nothing implied, the same text every time."""
        return write_yaml(self.to_dict())

    @cached_property
    def hash(self) -> str:
        """sha256 (hex) of what a run depends on; name, narrative and claims do not count."""
        content = self.to_dict()
        for prose in ("name", "narrative", "claims"):
            del content[prose]
        content["order"] = [list(self.segments), list(self.offerings), list(self.tasks)]
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some fields replaced; its hash and its views are its own."""
        copy = super().model_copy(update=update, deep=deep)
        for view in set(copy.__dict__).difference(type(self).model_fields):
            del copy.__dict__[view]
        return copy

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Resolved):
            return NotImplemented
        prose = ("name", "narrative", "claims")
        same = all(getattr(self, key) == getattr(other, key) for key in prose)
        return same and self.hash == other.hash

    def __hash__(self) -> int:
        return int(self.hash[:15], 16)


def _nest(flat: Mapping[str, Quantity]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path in sorted(flat):
        *groups, leaf = path.split(".")
        node = tree
        for group in groups:
            node = node.setdefault(group, {})
        node[leaf] = plain(flat[path])
    return tree
