"""Ids of the claims ledger, and whether a scenario cites only those."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

from sim.errors import MissingFile
from sim.files import display, seeds_dir
from sim.scenario.check import unknown
from sim.scenario.yaml_lines import Document, Key, Raw

_ID_LINE = re.compile(r"^ *- id: (D[0-9]{3}-[0-9]{2})\s*$", re.MULTILINE)


def claims_dir() -> Path:
    """The folder of the ledger."""
    return seeds_dir() / "claims"


def claims_files(folder: Path) -> list[Path]:
    """Files of a ledger, sorted. Raises MissingFile if there is none."""
    found = sorted(folder.glob("*.yaml"))
    if not found:
        raise MissingFile("the claims ledger is absent", file=display(folder))
    return found


def claim_ids() -> frozenset[str]:
    """Ids of the ledger, found by their lines: a scenario is checked without reading all of it."""
    files = claims_files(claims_dir())
    return _scan(tuple((path, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=4)
def _scan(files: tuple[tuple[Path, int], ...]) -> frozenset[str]:
    texts = (path.read_text(encoding="utf-8") for path, _ in files)
    return frozenset(found for text in texts for found in _ID_LINE.findall(text))


def check_claim_ids(doc: Document) -> None:
    """Raise UnknownKey for an id under any ``claims:`` of a scenario that the ledger lacks."""
    if doc not in _citations:
        _citations[doc] = tuple(_cited(doc.value, ()))
    cited = _citations[doc]
    known = claim_ids() if cited else frozenset()
    for key, claim in cited:
        if isinstance(claim, str) and claim not in known:
            raise unknown(claim, known, doc, key, "claim")


#: What stands under ``claims:`` in documents that are still in use, as shipped ones are: looking
#: takes longer than all that a move of a slider changes.
_citations: WeakKeyDictionary[Document, tuple[tuple[Key, Raw], ...]] = WeakKeyDictionary()


def _cited(raw: Raw, key: Key) -> Iterator[tuple[Key, Raw]]:
    if isinstance(raw, dict):
        for name, value in raw.items():
            if name == "claims" and isinstance(value, list):
                yield from (((*key, name, i), claim) for i, claim in enumerate(value))
            else:
                yield from _cited(value, (*key, name))
    elif isinstance(raw, list):
        for i, value in enumerate(raw):
            yield from _cited(value, (*key, i))
