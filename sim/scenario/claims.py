"""The claims ledger: what the seed documents say, and what in the model answers each claim.

``seeds/claims/*.yaml``, one file a document. Loading checks the form; ``check_ledger`` checks
that every name a claim leans on exists in a scenario and in the code list.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self
from weakref import WeakKeyDictionary

from pydantic import Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from sim.errors import DuplicateKey, MissingFile, SchemaError, UnknownKey, nearest
from sim.files import display, seeds_dir
from sim.scenario.check import check, unknown
from sim.scenario.quantity import ClaimId, Frozen, Number, Text
from sim.scenario.schema import Month
from sim.scenario.yaml_lines import Document, Key, Raw, read_yaml

if TYPE_CHECKING:
    from sim.scenario.resolved import Resolved

Setting = StrictBool | Number | Text
_ID_LINE = re.compile(r"^ *- id: (D[0-9]{3}-[0-9]{2})\s*$", re.MULTILINE)


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


@dataclass(frozen=True)
class Ledger:
    """All claims by id, in order, and where each is written."""

    claims: dict[str, Claim]
    titles: dict[str, str]
    places: dict[str, tuple[Document, Key]]

    def get(self, claim_id: str) -> Claim:
        """One claim. Raises UnknownKey with the nearest id."""
        if claim_id not in self.claims:
            hint = nearest(claim_id, self.claims)
            raise UnknownKey(f"there is no claim '{claim_id}'", hint=hint)
        return self.claims[claim_id]


def claims_dir() -> Path:
    """The folder of the ledger."""
    return seeds_dir() / "claims"


def load_claims(folder: Path | None = None) -> Ledger:
    """Read the ledger. Raises the subclasses of InputError, placed at the line."""
    ledger = Ledger({}, {}, {})
    for path in _files(claims_dir() if folder is None else folder):
        doc = read_yaml(path)
        file = check(ClaimsFile, doc.value, doc, ())
        ledger.titles[file.document] = file.title
        for i, claim in enumerate(file.claims):
            key: Key = ("claims", i)
            if claim.document != file.document:
                message = f"{claim.id} is not of document {file.document}"
                raise doc.error(SchemaError, message, (*key, "id"), "Move it to its own file")
            if claim.id in ledger.claims:
                other, there = ledger.places[claim.id]
                message = f"{claim.id} is also at {other.where(there)}"
                raise doc.error(DuplicateKey, message, (*key, "id"), "Keep one of them")
            ledger.claims[claim.id] = claim
            ledger.places[claim.id] = (doc, key)
    return ledger


def _files(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.yaml"))
    if not found:
        raise MissingFile("the claims ledger is absent", file=display(folder))
    return found


def claim_ids() -> frozenset[str]:
    """Ids of the ledger, found by their lines: a scenario is checked without reading all of it."""
    files = _files(claims_dir())
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


def expand(pattern: str, paths: Iterable[str]) -> list[str]:
    """Paths that ``pattern`` names; ``*`` stands for exactly one part. Sorted."""
    if "*" not in pattern:
        return [pattern] if pattern in set(paths) else []
    wanted = re.compile(re.escape(pattern).replace(r"\*", "[^.]+"))
    return sorted(path for path in paths if wanted.fullmatch(path))


def check_ledger(
    ledger: Ledger, resolved: Resolved, outputs: Collection[str], outcomes: Collection[str]
) -> None:
    """Every name a claim leans on must exist; raises UnknownKey and others at its line.

    outputs: every name of the code list; outcomes: those kept per replicate, the only ones a
    paired comparison can be about.
    """
    from sim.scenario.contrast import check_contrast, check_month

    legal = _legal(resolved, outputs)
    for claim_id, claim in ledger.claims.items():
        doc, key = ledger.places[claim_id]
        for kind, i, name in claim.encoded_by.names():
            if not expand(name, legal[kind]):
                where = (*key, "encoded_by", kind, i)
                raise unknown(name, legal[kind], doc, where, kind.removesuffix("s"))
        paired = claim.direction in ("increase", "decrease")
        known = outcomes if paired else outputs
        if claim.outcome is not None and claim.outcome not in known:
            raise unknown(claim.outcome, known, doc, (*key, "outcome"), "outcome")
        if claim.at is not None:
            check_month(claim.at, resolved, doc, (*key, "at"))
        if claim.level is not None:
            here = (*key, "level")
            check_month(claim.level.at, resolved, doc, (*here, "at"))
            for bound in ("above", "below"):
                name = getattr(claim.level, bound)
                if isinstance(name, str) and name not in outputs:
                    raise unknown(name, outputs, doc, (*here, bound), "output")
        if claim.lever is not None:
            check_contrast(claim.lever, resolved, doc, (*key, "lever"))


def _legal(resolved: Resolved, outputs: Collection[str]) -> dict[str, Collection[str]]:
    return {
        "parameters": [path for path in resolved.quantities if path not in resolved.levers],
        "levers": list(resolved.levers),
        "events": [event.id for event in resolved.events if event.id],
        "offerings": list(resolved.offerings),
        "outputs": outputs,
    }
