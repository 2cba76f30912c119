"""The draft that a complete file makes; others are laid over it."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from sim.errors import DuplicateKey, SchemaError
from sim.scenario.check import renamed, unknown
from sim.scenario.draft import KINDS, RESERVED, Draft, Place, check_name
from sim.scenario.lay import lay_blocks
from sim.scenario.layers import Layer
from sim.scenario.parts import read_tree
from sim.scenario.quantity import Lever, Quantity
from sim.scenario.schema import CompleteFile
from sim.scenario.yaml_lines import Document, Key


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
        name=file.name,
        narrative=file.narrative,
        claims=file.claims,
        span=file.horizon,
        structure=file.structure,
        sources=dict(file.sources),
        base=doc,
    )
    trees: tuple[tuple[str, type[Quantity]], ...] = (("parameters", Quantity), ("levers", Lever))
    for block, model in trees:
        for path, quantity, key in read_tree(getattr(file, block), model, doc, (block,)):
            _check_path(draft, path, doc, key)
            draft.put(path, quantity, Place(doc, key))
    lay_blocks(draft, {kind: getattr(file, kind) for kind in KINDS}, doc)
    for path, place in draft.places.items():
        check_name(*path.rpartition(".")[::2], place)
    return draft


def _check_path(draft: Draft, path: str, doc: Document, key: Key) -> None:
    """Whether a parameter or a lever of a complete file may stand at this path."""
    if path in draft.quantities:
        other = draft.places[path].doc.where(draft.places[path].key)
        message = f"'{path}' is a lever here and a parameter at {other}"
        raise doc.error(DuplicateKey, message, key, "Rename one of them")
    if renamed(path):
        raise unknown(path, (), doc, key, "path")
    if (group := path.split(".")[0]) in RESERVED:
        message = f"a path may not start with '{group}'"
        raise doc.error(SchemaError, message, key, "Choose another group name")
