"""The claims ledger: what the seed documents say, and what in the model answers each claim.

``seeds/claims/*.yaml``, one file a document. Loading checks the form; ``check_ledger`` checks
that every name a claim leans on exists in a scenario and in the code list.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.claims.claim import Claim, ClaimsFile
from sim.claims.contrast import check_contrast, check_month
from sim.errors import DuplicateKey, SchemaError, UnknownKey, nearest
from sim.scenario.check import check, unknown
from sim.scenario.claim_ids import claims_dir, claims_files
from sim.scenario.pattern import expand
from sim.scenario.yaml_lines import Document, Key, read_yaml

if TYPE_CHECKING:
    from sim.scenario.resolved import Resolved


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


def load_claims(folder: Path | None = None) -> Ledger:
    """Read the ledger. Raises the subclasses of InputError, placed at the line."""
    ledger = Ledger({}, {}, {})
    for path in claims_files(claims_dir() if folder is None else folder):
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


def check_ledger(
    ledger: Ledger, resolved: Resolved, outputs: Collection[str], outcomes: Collection[str]
) -> None:
    """Every name a claim leans on must exist; raises UnknownKey and others at its line.

    outputs: every name of the code list; outcomes: those kept per replicate, the only ones a
    paired comparison can be about.
    """
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
