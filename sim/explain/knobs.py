"""What could be turned, one at a time, in one economy's decision of one month.

A knob changes one number of that month's decision and leaves the rest of the world as it was: what
partners use, what is installed, what everybody else decides. Every formula is an equation of
``sim.equations``, applied to rows [segment, offering].
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.equations import access, cost, frontier, sovereignty
from sim.explain.frozen import FrozenDecision
from sim.lanes.jit import rows
from sim.world.axes import CN, US

Floats = NDArray[np.float64]

burden_rows, log_reach_rows = rows(cost.burden), rows(access.log_reach)
short_rows, tier_rows = rows(frontier.shortfall), rows(frontier.tier_shortfall)
value_rows, risk_rows = rows(frontier.capability_value), rows(sovereignty.cutoff_risk)
lost_rows, cost_rows = rows(sovereignty.control_lost), rows(sovereignty.sovereignty_cost)
pull_rows, standards_rows = rows(sovereignty.alliance_pull), rows(sovereignty.standards_pull)

#: Yardsticks, so that changes of different kinds can be ordered: a price by all of it, capability
#: by a year, clouds by ten regions; a lever or a preference by all of its range.
WHOLE_PRICE, YEAR, REGIONS = 100.0, 12.0, 10.0
MOST_DEARER, MOST_MONTHS, MOST_REGIONS = 900.0, 60.0, 50.0


@dataclass(frozen=True)
class Knob:
    """One number of a decision: its value, how far it goes, and the decision with another value."""

    name: str
    unit: str
    now: float
    low: float
    high: float
    yardstick: float
    turn: Callable[[float], FrozenDecision]


def knobs(frozen: FrozenDecision) -> Iterator[Knob]:
    """Every knob of a decision."""
    for o, name in enumerate(frozen.offerings):
        if frozen.mask[:, o].any():
            yield Knob(
                f"price of {name}", "%", 0.0, -WHOLE_PRICE, MOST_DEARER, WHOLE_PRICE,
                partial(_priced, frozen, o),
            )  # fmt: skip
            yield Knob(
                f"capability of {name}", "months", 0.0, -MOST_MONTHS, MOST_MONTHS, YEAR,
                partial(_abler, frozen, o),
            )  # fmt: skip
        if frozen.gate[o] > 0.0:
            yield Knob(
                f"{frozen.gate_lever[o]} ({name})", "fraction", frozen.gate_now[o], 0.0, 1.0, 1.0,
                partial(_served, frozen, o),
            )  # fmt: skip
        elif frozen.mask[:, o].any() and frozen.leaks[o] > 0.0:
            yield Knob(
                f"users that {name} reaches", "%", 0.0, -100.0, 0.0, 100.0,
                partial(_cut, frozen, o),
            )  # fmt: skip
    yield from _political(frozen)


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


def _moved(frozen: FrozenDecision, change: Floats) -> FrozenDecision:
    return replace(frozen, utility=frozen.utility + change)


def _priced(frozen: FrozenDecision, o: int, percent: float) -> FrozenDecision:
    price = frozen.price.copy()
    price[:, o] *= 1.0 + percent / WHOLE_PRICE
    felt = frozen.s.price_sensitivity * burden_rows(price, frozen.per_budget)
    return _moved(frozen, frozen.s.price_sensitivity * frozen.burden - felt)


def _abler(frozen: FrozenDecision, o: int, months: float) -> FrozenDecision:
    """The models behind one offering better by some months; the frontier moves if they lead it."""
    general, top = frozen.general.copy(), frozen.top.copy()
    general[o], top[o] = general[o] + months, top[o] + months
    best = max(frozen.best, float(top[o]), float(general[o]))
    return _moved(frozen, quality(frozen, general, top, best) - frozen.quality)


def quality(frozen: FrozenDecision, general: Floats, top: Floats, best: float) -> Floats:
    """[S, O] utility from capability, of models for general and for frontier tasks [O]."""
    s = frozen.s
    missing = tier_rows(
        s.routine, s.professional, s.frontier,
        short_rows(frozen.routine_anchor, general),
        short_rows(frozen.professional_anchor, general),
        short_rows(best, top),
    )  # fmt: skip
    return np.asarray(value_rows(s.lag_weight, missing))


def _reached(frozen: FrozenDecision, o: int, reach: Floats) -> FrozenDecision:
    """Reach [S] of one offering; one that reached nobody is judged by its other terms."""
    utility, mask = frozen.utility.copy(), frozen.mask.copy()
    utility[:, o] += log_reach_rows(reach) - log_reach_rows(frozen.reach[:, o])
    mask[:, o] = (reach > 0.0).astype(np.float64)
    return replace(frozen, utility=utility, mask=mask)


def _served(frozen: FrozenDecision, o: int, signed: float) -> FrozenDecision:
    return _reached(frozen, o, frozen.gate[o] * signed * np.ones(len(frozen.mask)))


def _cut(frozen: FrozenDecision, o: int, percent: float) -> FrozenDecision:
    return _reached(frozen, o, frozen.reach[:, o] * (1.0 + percent / 100.0))


def _guarded(frozen: FrozenDecision, preference: float, rivalry: float) -> FrozenDecision:
    risk = risk_rows(
        frozen.cutoff_base, rivalry, frozen.p.sovereignty_rivalry_gain, frozen.refused,
        frozen.p.sovereignty_refused_gain, frozen.alignment,
    )  # fmt: skip
    lost = lost_rows(frozen.o.control, frozen.o.revocability)
    felt = cost_rows(frozen.s.sovereignty_weight, preference, lost, frozen.origin @ risk)
    return _moved(frozen, frozen.sovereignty - felt)


def _forum(frozen: FrozenDecision, engagement: float) -> FrozenDecision:
    gain = frozen.p.affinity_forum_gain * (engagement - frozen.levers["forum.engagement"])
    return _moved(frozen, frozen.s.affinity_weight * gain * frozen.origin[:, CN])


def _defence(frozen: FrozenDecision, salience: float) -> FrozenDecision:
    p, s = frozen.p, frozen.s
    pull = [
        pull_rows(p.affinity_alliance_weight, s.alliance_focus, p.affinity_defence_gain, x)
        for x in (salience, frozen.levers["defence.salience"])
    ]
    allied = (pull[0] - pull[1]) * frozen.alliance  # [S, bloc]
    return _moved(frozen, s.affinity_weight * (allied @ frozen.origin.T))


def _standards(frozen: FrozenDecision, reach: float) -> FrozenDecision:
    gain, used = frozen.p.standards_gain, frozen.origin @ frozen.blocs
    now = standards_rows(frozen.levers["standards.reach"], gain, used)
    then = standards_rows(reach, gain, used)
    return _moved(frozen, frozen.foreign * (then - now) * np.ones_like(frozen.utility))


def _clouds(frozen: FrozenDecision, bloc: int, regions: float) -> FrozenDecision:
    more = np.log1p(regions) - frozen.presence[bloc]
    return _moved(frozen, frozen.s.stack_weight * frozen.origin[:, bloc] * more)
