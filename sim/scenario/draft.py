"""The scenario while its layers are being applied."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

from sim.errors import SchemaError, nearest
from sim.scenario.parts import read_block
from sim.scenario.quantity import Quantity
from sim.scenario.schema import (
    Event,
    Offering,
    Segment,
    Source,
    Span,
    Structure,
    Task,
)
from sim.scenario.yaml_lines import Document, Key, Raw

_ID = re.compile(r"[\w.-]+")
Kind = Literal["segments", "offerings", "tasks"]
KINDS: tuple[Kind, ...] = ("segments", "offerings", "tasks")
FACTS: dict[Kind, type[Segment | Offering | Task]] = {
    "segments": Segment,
    "offerings": Offering,
    "tasks": Task,
}
RESERVED = (
    "offerings",
    "segments",
    "tasks",
    "structure",
    "horizon",
    "events",
    "countries",
    "economies",
    "paths",
)


class Place(NamedTuple):
    """Where something was said."""

    doc: Document
    key: Key


class Dated(NamedTuple):
    """An event, where it was said, and how late its layer comes."""

    event: Event
    place: Place
    layer: int


@dataclass
class Draft:
    """Mutable counterpart of Resolved; ``places`` knows where each path was last set.

    ``base`` is the complete file at the bottom.
    """

    name: str
    narrative: str
    claims: tuple[str, ...]
    span: Span
    structure: Structure
    sources: dict[str, Source]
    base: Document
    segments: dict[str, Segment] = field(default_factory=dict)
    offerings: dict[str, Offering] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    events: list[Dated] = field(default_factory=list)
    countries: dict[str, dict[str, float]] = field(default_factory=dict)
    paths: dict[str, dict[str, float]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def copy(self) -> Draft:
        """One that can be changed by itself; quantities and documents are shared."""
        own: dict[str, Any] = {
            k: v.copy() for k, v in vars(self).items() if isinstance(v, (dict, list))
        }
        return replace(self, **own)

    def put(self, path: str, quantity: Quantity, place: Place) -> None:
        """Add or replace a quantity; an override may say in words where it is from."""
        self.quantities[path] = quantity
        self.places[path] = place
        inline = place.doc is not self.base
        self.cite(quantity.source, Place(place.doc, (*place.key, "source")), inline)

    def put_block(self, kind: Kind, name: str, raw: Raw, doc: Document) -> None:
        """Add or replace a segment, an offering or a task with all its quantities."""
        path, key = f"{kind}.{name}", (kind, name)
        self.drop(other for other in self.quantities if other.startswith(f"{path}."))
        self.places[path] = Place(doc, key)
        if kind == "segments":
            self.segments[name], leaves = read_block(raw, Segment, doc, key)
        elif kind == "offerings":
            self.offerings[name], leaves = read_block(raw, Offering, doc, key)
        else:
            self.tasks[name], leaves = read_block(raw, Task, doc, key)
        for rest, quantity, there in leaves:
            self.put(f"{path}.{rest}", quantity, Place(doc, there))

    def drop(self, paths: Iterable[str]) -> None:
        """Take quantities away."""
        for path in list(paths):
            del self.quantities[path], self.places[path]

    def cite(self, source: str, place: Place, inline: bool) -> None:
        """Make ``source`` a key of the sources. An override may give text, kept as its own source.

        A single word is an id, so that a misspelt id is not taken for text.
        """
        if source in self.sources:
            return
        if not inline or _ID.fullmatch(source):
            hint = nearest(source, self.sources) or "Add it under sources, or write a sentence"
            raise place.doc.error(
                SchemaError, f"source '{source}' is not among the sources", place.key, hint
            )
        self.sources[source] = Source(title=source, licence="not stated", note="given inline")


def check_name(group: str, name: str, place: Place) -> None:
    """Raise SchemaError for a name that would not stand out in a flat path."""
    if any("." in str(part) for part in place.key) or (group, name) == ("segments", "all"):
        raise place.doc.error(SchemaError, "this name cannot be used", place.key, "Rename it")
