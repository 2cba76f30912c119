"""The scenario while its layers are being applied."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sim.errors import DuplicateKey, SchemaError, nearest
from sim.scenario.check import renamed, unknown
from sim.scenario.layers import Layer
from sim.scenario.parts import read_offering, read_segment, read_tree
from sim.scenario.quantity import Lever, Quantity
from sim.scenario.schema import (
    CompleteFile,
    Event,
    Offering,
    Segment,
    Source,
    Span,
    Structure,
)
from sim.scenario.yaml_lines import Document, Key

_ID = re.compile(r"[\w.-]+")
RESERVED = ("offerings", "segments", "structure", "horizon", "events", "countries")


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
    parameters: dict[str, Quantity] = field(default_factory=dict)
    levers: dict[str, Lever] = field(default_factory=dict)
    events: list[Dated] = field(default_factory=list)
    countries: dict[str, dict[str, float]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def copy(self) -> Draft:
        """One that can be changed by itself; quantities and documents are shared."""
        return replace(
            self,
            sources=dict(self.sources),
            segments=dict(self.segments),
            offerings=dict(self.offerings),
            parameters=dict(self.parameters),
            levers=dict(self.levers),
            events=list(self.events),
            countries={iso3: dict(values) for iso3, values in self.countries.items()},
            places=dict(self.places),
            warnings=list(self.warnings),
        )

    def put_segment(self, name: str, segment: Segment, place: Place) -> None:
        """Add or replace a segment."""
        self.segments[name] = segment
        self.note(f"segments.{name}", segment.attributes, place)

    def put_offering(self, name: str, offering: Offering, place: Place) -> None:
        """Add or replace an offering."""
        self.offerings[name] = offering
        path = f"offerings.{name}"
        self.note(path, offering.attributes, place)
        constant = Place(place.doc, (*place.key, "constant"))
        self.note(f"{path}.constant", offering.constant, constant)

    def note(self, path: str, block: dict[str, Quantity], place: Place) -> None:
        """Remember where a block and each of its quantities were said."""
        self.places[path] = place
        for key in block:
            self.places[f"{path}.{key}"] = Place(place.doc, (*place.key, key))

    def cite_all(self, block: dict[str, Quantity], place: Place) -> None:
        """Cite the sources of quantities whose keys lie directly under ``place``."""
        for name, quantity in block.items():
            here = Place(place.doc, (*place.key, name, "source"))
            self.cite(quantity.source, here, inline=True)

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


def start_draft(layer: Layer) -> Draft:
    """The draft a complete file makes, before events and economies are checked."""
    if layer not in _drafts:
        _drafts[layer] = _started(layer)
    return _drafts[layer].copy()


#: Drafts of files that are still in use, as shipped ones are; nobody may change them.
_drafts: WeakKeyDictionary[Layer, Draft] = WeakKeyDictionary()


def _started(layer: Layer) -> Draft:
    doc, file = layer.doc, layer.file
    if not isinstance(file, CompleteFile):
        raise doc.error(SchemaError, "not a complete scenario", (), "Add extends: baseline")
    draft = Draft(
        file.name,
        file.narrative,
        file.claims,
        file.horizon,
        file.structure,
        dict(file.sources),
        doc,
    )
    for name, raw in file.segments.items():
        key: Key = ("segments", name)
        draft.put_segment(name, read_segment(raw, doc, key), Place(doc, key))
    for name, raw in file.offerings.items():
        key = ("offerings", name)
        draft.put_offering(name, read_offering(raw, doc, key), Place(doc, key))
    for path, quantity, key in read_tree(file.parameters, Quantity, doc, ("parameters",)):
        draft.parameters[path] = quantity
        draft.places[path] = Place(doc, key)
    for path, lever, key in read_tree(file.levers, Lever, doc, ("levers",)):
        if path in draft.parameters:
            other = draft.places[path].doc.where(draft.places[path].key)
            message = f"'{path}' is a lever here and a parameter at {other}"
            raise doc.error(DuplicateKey, message, key, "Rename one of them")
        draft.levers[path] = lever
        draft.places[path] = Place(doc, key)
    _check_names(draft)
    _cite_all(draft)
    return draft


def _check_names(draft: Draft) -> None:
    for path in (*draft.parameters, *draft.levers):
        if renamed(path):
            raise unknown(path, (), *draft.places[path], "path")
        if path.split(".")[0] in RESERVED:
            place = draft.places[path]
            message = f"a path may not start with '{path.split('.')[0]}'"
            raise place.doc.error(SchemaError, message, place.key, "Choose another group name")
    for path, place in draft.places.items():
        check_name(*path.rpartition(".")[::2], place)


def check_name(group: str, name: str, place: Place) -> None:
    """Raise SchemaError for a name that would not stand out in a flat path."""
    if any("." in str(part) for part in place.key) or (group, name) == ("segments", "all"):
        raise place.doc.error(SchemaError, "this name cannot be used", place.key, "Rename it")


def _cite_all(draft: Draft) -> None:
    for path, quantity in draft_quantities(draft).items():
        place = draft.places[path]
        draft.cite(quantity.source, Place(place.doc, (*place.key, "source")), inline=False)


def draft_quantities(draft: Draft) -> dict[str, Quantity]:
    """Flat path -> quantity, as ``Resolved.quantities`` gives it."""
    found: dict[str, Quantity] = {**draft.parameters, **draft.levers}
    for name in draft.segments:
        found |= {f"segments.{name}.{k}": q for k, q in draft.segments[name].attributes.items()}
    for name, offering in draft.offerings.items():
        found |= {f"offerings.{name}.{k}": q for k, q in offering.attributes.items()}
        found |= {f"offerings.{name}.constant.{k}": q for k, q in offering.constant.items()}
    return found


def replace_quantity(draft: Draft, path: str, quantity: Quantity, place: Place) -> None:
    """Put ``quantity`` at a path that exists."""
    draft.places[path] = place
    if isinstance(quantity, Lever):
        draft.levers[path] = quantity
    elif path in draft.parameters:
        draft.parameters[path] = quantity
    else:
        kind, owner, *rest = path.split(".")
        blocks: dict[str, Segment] | dict[str, Offering]
        blocks = draft.segments if kind == "segments" else draft.offerings
        _replace_inside(blocks, owner, rest, quantity)


def add_constant(draft: Draft, offering: str, segment: str, quantity: Quantity) -> None:
    """Give an offering its taste constant for one segment."""
    _replace_inside(draft.offerings, offering, ["constant", segment], quantity)


def _replace_inside(
    blocks: dict[str, Segment] | dict[str, Offering], owner: str, rest: list[str], new: Quantity
) -> None:
    block = blocks[owner]
    part = "constant" if len(rest) == 2 else "attributes"
    values = {**getattr(block, part), rest[-1]: new}
    blocks[owner] = block.model_copy(update={part: values})  # type: ignore[assignment]


def known_path(draft: Draft, path: str, place: Place) -> Quantity:
    """The quantity at ``path``. Raises UnknownKey with the nearest legal path."""
    quantities = draft_quantities(draft)
    if path not in quantities:
        raise unknown(path, quantities, place.doc, place.key, "path")
    return quantities[path]
