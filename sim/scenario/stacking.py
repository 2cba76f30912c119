"""Policies laid side by side must agree, so that their sequence cannot matter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sim.errors import DuplicateKey
from sim.scenario.layers import Layer
from sim.scenario.schema import PolicyFile
from sim.scenario.wild import settings
from sim.scenario.yaml_lines import Document, Key, Raw

_Seen = dict[tuple[str, ...], tuple[Any, Document, Key]]


def check_compatible(layers: list[Layer], paths: Iterable[str]) -> None:
    """Raises DuplicateKey, naming both places, if two layers set one thing differently.

    paths: those that a pattern may name.
    """
    known = list(paths)
    seen: _Seen = {}
    for layer in layers:
        file, doc = layer.file, layer.doc
        assert isinstance(file, PolicyFile)
        for path, raw, said in settings(file.set, known, doc):
            parts = raw if isinstance(raw, dict) else {"value": raw}
            for part, value in parts.items():
                _agree(seen, (path, part), value, doc, ("set", said))
        for path, raw in file.paths.items():
            _agree(seen, ("paths", path, ""), raw, doc, ("paths", path))
        for iso3, values in file.countries.items():
            for column, value in values.items():
                _agree(seen, (iso3, column), value, doc, ("countries", iso3, column))
        for name, source in file.sources.items():
            _agree(seen, ("sources", name, ""), source, doc, ("sources", name))


def _agree(seen: _Seen, what: tuple[str, ...], value: Raw, doc: Document, key: Key) -> None:
    if what not in seen:
        seen[what] = (value, doc, key)
        return
    other, other_doc, other_key = seen[what]
    if other != value or type(other) is not type(value):
        where = other_doc.where(other_key)
        message = f"also set at {where}, and not to the same"
        raise doc.error(DuplicateKey, message, key, "Leave out one of them")
