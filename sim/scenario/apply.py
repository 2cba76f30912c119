"""Lays one file over a draft."""

from __future__ import annotations

from pydantic import BaseModel

from sim.errors import DuplicateKey, SchemaError, UnknownKey, nearest
from sim.scenario.change import put_part
from sim.scenario.check import check, unknown
from sim.scenario.draft import KINDS, Dated, Draft, Place
from sim.scenario.lay import lay_blocks
from sim.scenario.layers import Layer
from sim.scenario.paths import put_path
from sim.scenario.schema import (
    ChangeFile,
    OverrideFile,
    Span,
    SpanPart,
    Structure,
    StructurePart,
)
from sim.scenario.segments import check_needed
from sim.scenario.wild import settings
from sim.scenario.yaml_lines import Document, Raw


def apply_layer(draft: Draft, layer: Layer, order: int) -> None:
    """Lay a file over a draft; of a complete file, what the draft does not have yet.

    order: the place of the layer, 0 for the complete file.
    """
    file, doc = layer.file, layer.doc
    draft.sources |= file.sources
    if isinstance(file, OverrideFile):
        draft.name = file.name
        draft.narrative = file.narrative or draft.narrative
        draft.claims = file.claims or draft.claims
        _apply_part(draft, "horizon", file.horizon, doc)
        _apply_part(draft, "structure", file.structure, doc)
        lay_blocks(draft, {kind: getattr(file, kind) for kind in KINDS}, doc)
        if not draft.segments:
            raise doc.error(SchemaError, "no segment is left", ("segments",), "Keep one")
    if isinstance(file, ChangeFile):
        for path, raw, said in settings(file.set, draft.quantities, doc):
            apply_set(draft, path, raw, Place(doc, ("set", said)))
        drop_events(draft, layer)
    add_events(draft, layer, order)
    for path, raw in file.paths.items():
        put_path(draft, path, raw, Place(doc, ("paths", path)))
    for iso3, values in file.countries.items():
        draft.countries[iso3] = draft.countries.get(iso3, {}) | values
        for column in values:
            draft.places[f"countries.{iso3}.{column}"] = Place(doc, ("countries", iso3, column))


def _apply_part(draft: Draft, name: str, part: BaseModel | None, doc: Document) -> None:
    if part is None:
        return
    changes = part.model_dump(exclude_none=True)
    if name == "horizon":
        draft.span = check(Span, {**draft.span.model_dump(), **changes}, doc, (name,))
    else:
        draft.structure = Structure(**{**draft.structure.model_dump(), **changes})


def apply_set(draft: Draft, path: str, raw: Raw, place: Place) -> None:
    """Move one quantity (or a part of structure or horizon) to what ``raw`` says."""
    group, _, leaf = path.partition(".")
    if group in ("structure", "horizon"):
        model: type[BaseModel] = StructurePart if group == "structure" else SpanPart
        if leaf not in model.model_fields:
            raise unknown(leaf, model.model_fields, place.doc, place.key, f"{group} key")
        _apply_part(draft, group, _one_field(model, leaf, raw, place), place.doc)
        return
    old = draft.quantities.get(path)
    if old is None:
        check_needed(draft, path, raw, place)
    put_part(draft, path, raw, place)
    new = draft.quantities[path]
    if old and (new.value, new.draw, new.range) == (old.value, old.draw, old.range):
        where = place.doc.where(place.key)
        draft.warnings.append(f"{where}: {path} is {old.value:g} already: nothing changes")


def _one_field(model: type[BaseModel], leaf: str, raw: Raw, place: Place) -> BaseModel:
    doc, key = place
    if raw is None:
        raise doc.error(SchemaError, "a value is missing", key, "Write one")
    group = (*key[:-1], str(key[-1]).split(".")[0])
    here = Document(None, {(*group, leaf): doc.line(key)}, doc.file, numbered=doc.numbered)
    return check(model, {leaf: raw}, here, group)


def drop_events(draft: Draft, layer: Layer) -> None:
    """Remove inherited events by id. Raises UnknownKey."""
    file, doc = layer.file, layer.doc
    for i, dropped in enumerate(file.drop_events if isinstance(file, ChangeFile) else ()):
        ids = {dated.event.id for dated in draft.events if dated.event.id}
        if dropped not in ids:
            hint = nearest(dropped, ids) or "Only events with an id can be dropped"
            message = f"there is no event '{dropped}'"
            raise doc.error(UnknownKey, message, ("drop_events", i), hint)
        draft.events = [d for d in draft.events if d.event.id != dropped]


def add_events(draft: Draft, layer: Layer, order: int) -> None:
    """Add a layer's events; one with the id of an inherited event replaces it."""
    doc = layer.doc
    for i, event in enumerate(layer.file.events):
        place = Place(doc, ("events", i))
        twin = next((d for d in draft.events if event.id and d.event.id == event.id), None)
        if twin is not None:
            if twin.layer == order and twin.event != event:
                other = twin.place.doc.where(twin.place.key)
                message = f"the event id '{event.id}' is also used at {other}"
                raise doc.error(DuplicateKey, message, (*place.key, "id"), "Rename one of them")
            draft.events.remove(twin)
        draft.events.append(Dated(event, place, order))
