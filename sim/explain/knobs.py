"""What could be turned, one at a time, in one economy's decision of one month.

A knob changes one number of that month's decision and leaves the rest of the world as it was: what
partners use, what is installed, what everybody else decides. Every formula is an equation of
``sim.equations``, applied to rows [segment, offering].
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.equations import cost, history, sovereignty, tasks
from sim.explain.frozen import FrozenDecision, Weighed
from sim.explain.plain import plain
from sim.lanes.jit import rows
from sim.world.axes import CN, US

Floats = NDArray[np.float64]

burden_rows, done_rows, worth_rows = rows(cost.burden), rows(tasks.done_well), rows(tasks.worth)
familiar_rows, trust_rows = rows(history.familiarity), plain(history.trust)
missing_rows, risk_rows = plain(history.missing), plain(sovereignty.cutoff_risk)
lost_rows, cost_rows = plain(sovereignty.control_lost), plain(sovereignty.sovereignty_cost)
pull_rows, standards_rows = plain(sovereignty.alliance_pull), plain(sovereignty.standards_pull)

#: Yardsticks, so that changes of different kinds can be ordered: a price by all of it, capability
#: by a year, clouds by ten regions, goodwill by a logit unit; a lever, a preference and what is
#: known by all of its range.
WHOLE, YEAR, REGIONS, LOGIT = 100.0, 12.0, 10.0, 1.0
MOST_DEARER, MOST_MONTHS, MOST_REGIONS, MOST_LOGITS = 900.0, 60.0, 50.0, 3.0
#: Skills are held against those at which ln(1 + skills / scale) is 1, and go that far ten times.
MOST_SKILLS = 10.0


@dataclass(frozen=True)
class Knob:
    """One number of a decision: its value, how far it goes, and what is weighed at another."""

    name: str
    unit: str
    now: float
    low: float
    high: float
    yardstick: float
    turn: Callable[[float], Weighed]


def knobs(frozen: FrozenDecision) -> Iterator[Knob]:
    """Every knob of a decision."""
    for o, name in enumerate(frozen.offerings):
        somebody = bool(frozen.feasible[:, o].any())
        if somebody:
            yield from _of_offering(frozen, o, name)
        if frozen.gate[o] > 0.0:
            yield Knob(
                f"{frozen.gate_lever[o]} ({name})", "fraction", frozen.gate_now[o], 0.0, 1.0, 1.0,
                partial(_served, frozen, o),
            )  # fmt: skip
        elif somebody and frozen.leaks[o] > 0.0:
            yield Knob(
                f"users that {name} reaches", "%", 0.0, -WHOLE, 0.0, WHOLE,
                partial(_cut, frozen, o),
            )  # fmt: skip
    for f, name in enumerate(frozen.families):
        now, whole = float(frozen.before.ecosystem[f]), (math.e - 1.0) * _scale(frozen)
        yield Knob(
            f"skills built on {name}", "units of skills", now, 0.0, now + MOST_SKILLS * whole,
            whole, partial(_skilled, frozen, f),
        )  # fmt: skip
    yield from _political(frozen)


def _of_offering(frozen: FrozenDecision, o: int, name: str) -> Iterator[Knob]:
    yield Knob(
        f"price of {name}", "%", 0.0, -WHOLE, MOST_DEARER, WHOLE, partial(_priced, frozen, o)
    )
    yield Knob(
        f"capability of {name}", "months", 0.0, -MOST_MONTHS, MOST_MONTHS, YEAR,
        partial(_abler, frozen, o),
    )  # fmt: skip
    yield Knob(
        f"those who know {name}", "%", 0.0, -WHOLE, MOST_DEARER, WHOLE,
        partial(_known, frozen, o),
    )  # fmt: skip
    if frozen.foreign[o] > 0.0:
        now = float(frozen.goodwill[o])
        yield Knob(
            f"goodwill towards {name}", "logit", now, now - MOST_LOGITS, now + MOST_LOGITS, LOGIT,
            partial(_liked, frozen, o),
        )  # fmt: skip


def _political(frozen: FrozenDecision) -> Iterator[Knob]:
    yield Knob(
        "sovereignty preference", "0 to 1", frozen.preference, 0.0, 1.0, 1.0,
        partial(_guarded, frozen, rivalry=frozen.rivalry),
    )  # fmt: skip
    for name, low, high, turn in (
        ("rivalry", 0.0, 1.0, partial(_guarded, frozen, frozen.preference)),
        ("forum.engagement", -1.0, 1.0, partial(_forum, frozen)),
        ("defence.salience", 0.0, 5.0, partial(_defence, frozen)),
        ("standards.reach", 0.0, 1.0, partial(_standards, frozen)),
    ):
        yield Knob(name, "lever", frozen.levers[name], low, high, high - low, turn)
    for bloc, name in ((US, "us"), (CN, "cn")):
        now = float(np.expm1(frozen.presence[bloc]))
        yield Knob(
            f"cloud regions ({name})", "regions", now, 0.0, now + MOST_REGIONS, REGIONS,
            partial(_clouds, frozen, bloc),
        )  # fmt: skip


def _moved(frozen: FrozenDecision, change: Floats) -> Weighed:
    return frozen.weighed._replace(utility=frozen.weighed.utility + change)


def _only(frozen: FrozenDecision, o: int, change: Floats | float) -> Weighed:
    """A change of utility [S] of one offering."""
    utility = frozen.weighed.utility.copy()
    utility[:, o] += change
    return frozen.weighed._replace(utility=utility)


def _priced(frozen: FrozenDecision, o: int, percent: float) -> Weighed:
    price = frozen.price[:, o] * (1.0 + percent / WHOLE)
    felt = burden_rows(price, frozen.per_budget[:, 0])
    return _only(frozen, o, frozen.s.price_sensitivity[:, 0] * (frozen.burden[:, o] - felt))


def _abler(frozen: FrozenDecision, o: int, months: float) -> Weighed:
    """The models behind one offering better by some months; those of others stay as they are."""
    worth = frozen.weighed.worth.copy()
    worth[:, :, o] = model_worth(frozen, frozen.general[o] + months, frozen.top[o] + months)
    return frozen.weighed._replace(worth=worth)


def model_worth(frozen: FrozenDecision, general: float, top: float) -> Floats:
    """[S, Q] worth of models in every task, of two capabilities in frontier-months: `top` for
    frontier tasks, `general` for the others.
    """
    capability = np.where(frozen.hard > 0.0, top, general)
    part = done_rows(capability, frozen.threshold, frozen.width)
    return np.asarray(worth_rows(part[None, :], frozen.s.task_exponent))


def _known(frozen: FrozenDecision, o: int, percent: float) -> Weighed:
    known = frozen.weighed.known.copy()
    known[:, o] = np.minimum(1.0, known[:, o] * (1.0 + percent / WHOLE))
    return frozen.weighed._replace(known=known)


def _liked(frozen: FrozenDecision, o: int, goodwill: float) -> Weighed:
    return _only(frozen, o, frozen.foreign[o] * (goodwill - frozen.goodwill[o]))


def _skilled(frozen: FrozenDecision, family: int, skills: float) -> Weighed:
    scale = frozen.p.ecosystem_scale
    more = familiar_rows(skills, scale) - familiar_rows(frozen.before.ecosystem[family], scale)
    return _moved(frozen, frozen.s.ecosystem_weight * more * (frozen.family == family))


def _reached(frozen: FrozenDecision, o: int, reach: Floats) -> Weighed:
    """Reach [S] of one offering: what is taken away costs trust in the same month."""
    p, start, every = frozen.p, frozen.before, frozen.weighed.reach.copy()
    every[:, o] = reach
    once = max(float(start.once[o]), float(reach.mean()))
    gone = missing_rows(once, reach.mean())
    trust = trust_rows(start.trust[o], gone, p.trust_depth, p.trust_fall, p.trust_healing)
    return _only(frozen, o, float(trust - frozen.trust[o]))._replace(reach=every)


def _served(frozen: FrozenDecision, o: int, signed: float) -> Weighed:
    return _reached(frozen, o, frozen.gate[o] * signed * np.ones(len(frozen.segments)))


def _cut(frozen: FrozenDecision, o: int, percent: float) -> Weighed:
    return _reached(frozen, o, frozen.weighed.reach[:, o] * (1.0 + percent / WHOLE))


def _guarded(frozen: FrozenDecision, preference: float, rivalry: float) -> Weighed:
    risk = risk_rows(
        frozen.cutoff_base, rivalry, frozen.p.sovereignty_rivalry_gain, frozen.refused,
        frozen.p.sovereignty_refused_gain, frozen.alignment,
    )  # fmt: skip
    lost = lost_rows(frozen.o.control, frozen.o.revocability)
    felt = cost_rows(frozen.s.sovereignty_weight, preference, lost, frozen.origin @ risk)
    return _moved(frozen, frozen.sovereignty - felt)


def _forum(frozen: FrozenDecision, engagement: float) -> Weighed:
    gain = frozen.p.affinity_forum_gain * (engagement - frozen.levers["forum.engagement"])
    return _moved(frozen, frozen.s.affinity_weight * gain * frozen.origin[:, CN])


def _defence(frozen: FrozenDecision, salience: float) -> Weighed:
    p, s = frozen.p, frozen.s
    pull = [
        pull_rows(p.affinity_alliance_weight, s.alliance_focus, p.affinity_defence_gain, x)
        for x in (salience, frozen.levers["defence.salience"])
    ]
    allied = (pull[0] - pull[1]) * frozen.alliance  # [S, bloc]
    return _moved(frozen, s.affinity_weight * (allied @ frozen.origin.T))


def _standards(frozen: FrozenDecision, reach: float) -> Weighed:
    gain, used = frozen.p.standards_gain, frozen.origin @ frozen.before.blocs
    now = standards_rows(frozen.levers["standards.reach"], gain, used)
    then = standards_rows(reach, gain, used)
    return _moved(frozen, frozen.foreign * (then - now) * np.ones_like(frozen.weighed.utility))


def _clouds(frozen: FrozenDecision, bloc: int, regions: float) -> Weighed:
    more = np.log1p(regions) - frozen.presence[bloc]
    return _moved(frozen, frozen.s.stack_weight * frozen.origin[:, bloc] * more)


def _scale(frozen: FrozenDecision) -> float:
    return float(frozen.p.ecosystem_scale)
