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
from sim.explain.moment import Moment
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
    turn: Callable[[float], Moment]


def knobs(moment: Moment) -> Iterator[Knob]:
    """Every knob of a decision."""
    for o, name in enumerate(moment.offerings):
        if moment.mask[:, o].any():
            yield Knob(
                f"price of {name}", "%", 0.0, -WHOLE_PRICE, MOST_DEARER, WHOLE_PRICE,
                partial(_priced, moment, o),
            )  # fmt: skip
            yield Knob(
                f"capability of {name}", "months", 0.0, -MOST_MONTHS, MOST_MONTHS, YEAR,
                partial(_abler, moment, o),
            )  # fmt: skip
        if moment.gate[o] > 0.0:
            yield Knob(
                f"{moment.gate_lever[o]} ({name})", "fraction", moment.gate_now[o], 0.0, 1.0, 1.0,
                partial(_served, moment, o),
            )  # fmt: skip
        elif moment.mask[:, o].any() and moment.leaks[o] > 0.0:
            yield Knob(
                f"users that {name} reaches", "%", 0.0, -100.0, 0.0, 100.0,
                partial(_cut, moment, o),
            )  # fmt: skip
    yield from _political(moment)


def _political(moment: Moment) -> Iterator[Knob]:
    yield Knob(
        "sovereignty preference", "0 to 1", moment.preference, 0.0, 1.0, 1.0,
        partial(_guarded, moment, rivalry=moment.rivalry),
    )  # fmt: skip
    for name, low, high, turn in (
        ("rivalry", 0.0, 1.0, partial(_guarded, moment, moment.preference)),
        ("forum.engagement", -1.0, 1.0, partial(_forum, moment)),
        ("defence.salience", 0.0, 5.0, partial(_defence, moment)),
        ("standards.reach", 0.0, 1.0, partial(_standards, moment)),
    ):
        yield Knob(name, "lever", moment.levers[name], low, high, high - low, turn)
    for bloc, name in ((US, "us"), (CN, "cn")):
        now = float(np.expm1(moment.presence[bloc]))
        yield Knob(
            f"cloud regions ({name})", "regions", now, 0.0, now + MOST_REGIONS, REGIONS,
            partial(_clouds, moment, bloc),
        )  # fmt: skip


def _moved(moment: Moment, change: Floats) -> Moment:
    return replace(moment, utility=moment.utility + change)


def _priced(moment: Moment, o: int, percent: float) -> Moment:
    price = moment.price.copy()
    price[:, o] *= 1.0 + percent / WHOLE_PRICE
    felt = moment.s.price_sensitivity * burden_rows(price, moment.per_budget)
    return _moved(moment, moment.s.price_sensitivity * moment.burden - felt)


def _abler(moment: Moment, o: int, months: float) -> Moment:
    """The models behind one offering better by some months; the frontier moves if they lead it."""
    general, top = moment.general.copy(), moment.top.copy()
    general[o], top[o] = general[o] + months, top[o] + months
    best = max(moment.best, float(top[o]), float(general[o]))
    return _moved(moment, quality(moment, general, top, best) - moment.quality)


def quality(moment: Moment, general: Floats, top: Floats, best: float) -> Floats:
    """[S, O] utility from capability, of models for general and for frontier tasks [O]."""
    s = moment.s
    missing = tier_rows(
        s.routine, s.professional, s.frontier,
        short_rows(moment.routine_anchor, general),
        short_rows(moment.professional_anchor, general),
        short_rows(best, top),
    )  # fmt: skip
    return np.asarray(value_rows(s.lag_weight, missing))


def _reached(moment: Moment, o: int, reach: Floats) -> Moment:
    """Reach [S] of one offering; one that reached nobody is judged by its other terms."""
    utility, mask = moment.utility.copy(), moment.mask.copy()
    utility[:, o] += log_reach_rows(reach) - log_reach_rows(moment.reach[:, o])
    mask[:, o] = (reach > 0.0).astype(np.float64)
    return replace(moment, utility=utility, mask=mask)


def _served(moment: Moment, o: int, signed: float) -> Moment:
    return _reached(moment, o, moment.gate[o] * signed * np.ones(len(moment.mask)))


def _cut(moment: Moment, o: int, percent: float) -> Moment:
    return _reached(moment, o, moment.reach[:, o] * (1.0 + percent / 100.0))


def _guarded(moment: Moment, preference: float, rivalry: float) -> Moment:
    risk = risk_rows(
        moment.cutoff_base, rivalry, moment.p.sovereignty_rivalry_gain, moment.refused,
        moment.p.sovereignty_refused_gain, moment.alignment,
    )  # fmt: skip
    lost = lost_rows(moment.o.control, moment.o.revocability)
    felt = cost_rows(moment.s.sovereignty_weight, preference, lost, moment.origin @ risk)
    return _moved(moment, moment.sovereignty - felt)


def _forum(moment: Moment, engagement: float) -> Moment:
    gain = moment.p.affinity_forum_gain * (engagement - moment.levers["forum.engagement"])
    return _moved(moment, moment.s.affinity_weight * gain * moment.origin[:, CN])


def _defence(moment: Moment, salience: float) -> Moment:
    p, s = moment.p, moment.s
    pull = [
        pull_rows(p.affinity_alliance_weight, s.alliance_focus, p.affinity_defence_gain, x)
        for x in (salience, moment.levers["defence.salience"])
    ]
    allied = (pull[0] - pull[1]) * moment.alliance  # [S, bloc]
    return _moved(moment, s.affinity_weight * (allied @ moment.origin.T))


def _standards(moment: Moment, reach: float) -> Moment:
    gain, used = moment.p.standards_gain, moment.origin @ moment.blocs
    now = standards_rows(moment.levers["standards.reach"], gain, used)
    then = standards_rows(reach, gain, used)
    return _moved(moment, moment.foreign * (then - now) * np.ones_like(moment.utility))


def _clouds(moment: Moment, bloc: int, regions: float) -> Moment:
    more = np.log1p(regions) - moment.presence[bloc]
    return _moved(moment, moment.s.stack_weight * moment.origin[:, bloc] * more)
