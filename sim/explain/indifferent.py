"""Which economies are near indifferent between the blocs, and what single change flips each.

The distance is that between the leading offering of US origin and the leading one of Chinese origin
in what is chosen anew, in logit units: at 0 as much is taken of one as of the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.draws.setting import make_setting
from sim.explain.explain import chosen_segments, step_of
from sim.explain.flips import Flip, flips, leaders
from sim.explain.frozen import Freezer, FrozenDecision, before
from sim.model.single import Single
from sim.scenario import Resolved
from sim.scenario.economies import read_economies
from sim.world.axes import CN, US
from sim.world.build import build_world
from sim.world.tables import load_tables

#: Distance in logit units within which a segment counts as near indifferent.
NEAR = 0.1
#: An offering is a bloc's if most of it is.
_MOST = 0.5


@dataclass(frozen=True)
class Indifferent:
    """A segment of an economy that could go either way."""

    iso3: str
    economy: str
    segment: str
    leader: str
    best_us: str
    best_cn: str
    gap: float
    """Ln of the share of the best US offering in the choice over that of the best Chinese one."""
    flip: Flip | None
    """The smallest single change that puts another offering in front."""


@dataclass(frozen=True)
class Rivals:
    """The best offerings of both blocs in a segment, and how far apart they are."""

    best_us: int
    best_cn: int
    gap: float


def indifferent(
    resolved: Resolved,
    month: str,
    within: float = NEAR,
    segments: Iterable[str] = (),
    seed: int = 1,
    only: str | None = None,
) -> tuple[Indifferent, ...]:
    """Economies and segments whose gap is at most `within`, the nearest to 0 first.

    only: one economy (ISO3), all if left out. Raises UnknownEconomy, OutsideHorizon, SchemaError
    (not a month) and UnknownKey (segment).
    """
    wanted = None if only is None else read_economies().known(only.upper())
    t, chosen = step_of(resolved.horizon, month), chosen_segments(resolved, list(segments))
    tables = load_tables()
    run = Single(make_setting(build_world(resolved, tables), seed, (0,), spread=False))
    run.advance(t)
    starts = [before(run, c) for c in range(len(run.world.iso3))]
    run.advance(1)
    freezer, rows = Freezer(run, tables.providers), read_economies().rows
    found = []
    for c, iso3 in enumerate(run.world.iso3):
        if wanted not in (None, iso3):
            continue
        frozen = freezer.freeze(c, starts[c])
        near = {
            s: rivals
            for s, name in enumerate(frozen.segments)
            if name in chosen
            and (rivals := between(frozen, s)) is not None
            and abs(rivals.gap) <= within
        }
        turned = flips(frozen, near) if near else {}
        for s, rivals in near.items():
            found.append(
                Indifferent(
                    iso3=iso3,
                    economy=rows[iso3].get("name", iso3),
                    segment=frozen.segments[s],
                    leader=frozen.offerings[int(leaders(frozen)[s])],
                    best_us=frozen.offerings[rivals.best_us],
                    best_cn=frozen.offerings[rivals.best_cn],
                    gap=rivals.gap,
                    flip=turned[s][0] if turned[s] else None,
                )
            )
    return tuple(sorted(found, key=lambda one: (abs(one.gap), one.iso3, one.segment)))


def between(frozen: FrozenDecision, segment: int) -> Rivals | None:
    """The best US and the best Chinese offering that can be reached; None if one is missing."""
    share, best = frozen.chosen()[segment], []
    for bloc in (US, CN):
        own = (frozen.origin[:, bloc] > _MOST) & (share > 0.0)
        if not own.any():
            return None
        best.append(int(np.where(own, share, -1.0).argmax()))
    us, cn = best
    return Rivals(us, cn, float(np.log(share[us] / share[cn])))
