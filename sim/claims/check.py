"""Executable claims: what the model says to each statement of the ledger.

A claim with a direction is a paired ensemble of two worlds, one about a level an ensemble of the
scenario held against a bound, one about structure a property that holds or not. Agreement of a
`built-in` claim is no evidence, its sign follows from one equation; only `emergent` and `measured`
claims are tests. Nothing is tuned by what comes out here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.claims.claim import Claim
from sim.claims.ledger import Ledger
from sim.claims.structure import Held, check_structure
from sim.claims.worlds import Runs, worlds
from sim.compare.intervals import intervals, of_runs
from sim.errors import SpheresError
from sim.scenario import Resolved

Floats = NDArray[np.float64]
Answer = Literal["agrees", "contradicts", "no clear effect", "reported"]
MONTHS_A_YEAR = 12
#: What a verdict repeats of its claim.
OF_THE_CLAIM = ("id", "claim", "direction", "label", "outcome", "note")


@dataclass(frozen=True)
class Verdict:
    """What the model says to a claim.

    value with its 95 % interval low to high: the effect (on minus off), or the distance of a level
    from its bound; size: value over the spread between runs of the world it is compared with;
    holds_in: part of runs with the claimed sign; base, other: means of the off and the on world, or
    of the bound and the level. None where a claim has no such number.
    """

    id: str
    claim: str
    direction: str
    label: str
    outcome: str | None
    at: str | None
    answer: Answer
    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    size: float | None = None
    holds_in: float | None = None
    base: float | None = None
    other: float | None = None
    runs: int = 0
    note: str | None = None

    @property
    def is_test(self) -> bool:
        """Whether agreement says anything."""
        return self.label != "built-in"


@dataclass(frozen=True)
class Checked:
    """All verdicts, in the order of the ledger, and what they rest on."""

    verdicts: tuple[Verdict, ...]
    scenario: str
    scenario_hash: str
    replicates: int
    seed: int
    facts: tuple[str, ...]

    def of(self, answer: Answer) -> tuple[Verdict, ...]:
        """Verdicts with one answer."""
        return tuple(verdict for verdict in self.verdicts if verdict.answer == answer)


def check_claims(
    ledger: Ledger,
    base: Resolved,
    replicates: int,
    seed: int = 1,
    *,
    ids: Sequence[str] = (),
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Checked:
    """Check the claims of these ids, all if none is named. Raises UnknownKey, SpheresError."""
    chosen = [ledger.get(claim_id) for claim_id in ids] or list(ledger.claims.values())
    runs = Runs(base, replicates, seed, workers, progress)
    pairs = {
        claim.id: worlds(claim.lever, base) for claim in chosen if claim.lever and _is_paired(claim)
    }
    runs.add([base, *(world for pair in pairs.values() for world in pair)])
    verdicts = []
    for claim in chosen:
        if claim.id in pairs:
            verdicts.append(_effect(claim, *pairs[claim.id], runs))
        elif claim.direction == "level":
            verdicts.append(_level(claim, base, runs))
        else:
            verdicts.append(_structure(claim, check_structure(claim, base, runs)))
    return Checked(
        tuple(verdicts), base.name, base.hash, replicates, seed, tuple(dict.fromkeys(runs.facts))
    )


def _is_paired(claim: Claim) -> bool:
    return claim.direction in ("increase", "decrease")


def _effect(claim: Claim, on: Resolved, off: Resolved, runs: Runs) -> Verdict:
    assert claim.outcome is not None
    for world in (on, off):
        if not runs.has(world, claim.outcome):
            raise SpheresError(f"{claim.id}: {claim.outcome} does not exist in one of its worlds")
    base = runs.outcome(off, claim.outcome, claim.at)
    other = runs.outcome(on, claim.outcome, claim.at)
    sign = 1.0 if claim.direction == "increase" else -1.0
    return _verdict(claim, base, other, sign, runs.label(claim.at))


def _level(claim: Claim, base: Resolved, runs: Runs) -> Verdict:
    """A level against its bound; without one it is reported only."""
    assert claim.outcome is not None
    if claim.level is None:
        return _reported(claim, base, runs)
    at, below = claim.level.at, claim.level.below is not None
    bound = claim.level.below if below else claim.level.above
    level = level_of(base, claim.outcome, at, runs)
    if isinstance(bound, str):
        against = level_of(base, bound, at, runs)
    else:
        assert bound is not None
        against = np.full_like(level, bound)
    return _verdict(claim, against, level, -1.0 if below else 1.0, runs.label(at))


def level_of(base: Resolved, name: str, at: str | None, runs: Runs) -> Floats:
    """[replicate] of an output: a named outcome, a world series, or the world's spend a year."""
    if name == "spend":
        parts = [runs.outcome(base, f"world.spend.{bloc}", at) for bloc in ("us", "cn", "other")]
        return np.asarray(MONTHS_A_YEAR * np.sum(parts, axis=0))
    return runs.outcome(base, name if runs.has(base, name) else f"world.{name}", at)


def _reported(claim: Claim, base: Resolved, runs: Runs) -> Verdict:
    values = level_of(base, claim.outcome or "", claim.at, runs)
    low, middle, high = np.nanquantile(values, [0.05, 0.5, 0.95])
    text = f"median {middle:.3g}, 90 % of runs {low:.3g} to {high:.3g}"
    return replace(
        _named(claim, "reported", text, runs.label(claim.at)),
        value=float(middle),
        low=float(low),
        high=float(high),
        runs=int(np.isfinite(values).sum()),
    )


def _verdict(claim: Claim, base: Floats, other: Floats, sign: float, at: str) -> Verdict:
    """An effect or a distance with its interval, and the side it is on."""
    found = {key: float(column) for key, column in intervals(of_runs(base, other)).items()}
    value, low, high, n = (found[key] for key in ("difference", "low", "high", "n"))
    if not np.isfinite(value):
        return _named(claim, "no clear effect", "undefined in every run", at)
    low, high = (value, value) if n < 2 else (low, high)
    answer: Answer = "agrees" if sign * value > 0 else "contradicts"
    if low <= 0.0 <= high:
        answer = "no clear effect"
    gap = (other - base)[np.isfinite(other - base)]
    spread = float(np.nanstd(base, ddof=1)) if n > 1 else 0.0
    text = f"{value:+.3g} ({low:+.3g} to {high:+.3g})"
    if not gap.any():
        text = "no run moves at all"
    return replace(
        _named(claim, answer, text, at),
        value=value,
        low=low,
        high=high,
        size=value / spread if spread > 0.0 else None,
        holds_in=float((sign * gap > 0).mean()),
        base=found["base"],
        other=found["alternative"],
        runs=int(n),
    )


def _structure(claim: Claim, held: Held) -> Verdict:
    return _named(claim, "agrees" if held.holds else "contradicts", held.text, held.at)


def _named(claim: Claim, answer: Answer, text: str, at: str | None) -> Verdict:
    return Verdict(
        **{name: getattr(claim, name) for name in OF_THE_CLAIM}, at=at, answer=answer, text=text
    )
