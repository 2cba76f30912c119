"""Mechanism 4: how many use AI at all.

The level relaxes towards a target that rests on the value of everything in reach, on income, and
on how far people are online; it moves faster where others use AI already. Claims D003-13, D004-09.
"""

from __future__ import annotations

from sim.lanes.elementary import exp, logistic
from sim.lanes.jit import equation
from sim.lanes.packs import choose


@equation
def ceiling(share: float, log_online: float, exponent: float) -> float:
    """Part of a segment that could use AI, fraction: share x online**exponent.

    log_online: ln of the fraction of people online. An exponent below 1 stands for internet
    statistics that are old and too low where few are online, and for use on others' devices.
    """
    return share * exp(exponent * log_online)


@equation
def economy_effect(
    spread: float,
    draw: float,
    language_weight: float,
    misfit: float,
    openness_weight: float,
    log_openness: float,
) -> float:
    """Standing readiness of an economy to take AI up, log odds.

    Chat services serve some languages worse (misfit, fraction); technology travels with imports
    (log of imports over GDP). spread x draw: what no table explains. Source: Comin and Hobijn
    (2010), American Economic Review 100(5).
    """
    return spread * draw - language_weight * misfit + openness_weight * log_openness


@equation
def index(
    kappa: float,
    income_weight: float,
    log_income: float,
    value_weight: float,
    value: float,
    economy: float,
) -> float:
    """Log odds of using AI among those who could, in the long run.

    value: of all that is in reach, over tasks (`sim.equations.tasks.value`); log_income: ln(income
    / reference); economy: `economy_effect` and what growth of its own added since.
    """
    return kappa + income_weight * log_income + value_weight * value + economy


@equation
def target(ceiling_: float, index_: float, any_feasible: float) -> float:
    """Long-run adoption, fraction; 0 where every offering is refused."""
    return ceiling_ * logistic(index_) * any_feasible


@equation
def speed(start: float, spread: float, part: float, contagion: float, partners: float) -> float:
    """Part of the way to the target that a month covers, at most all of it.

    part: adoption over its ceiling; partners: their users among people, fraction; the parameters
    are 1 per month. Bass (1969), Management Science 15(5).
    """
    found = start + spread * part + contagion * partners
    return choose(found < 1.0, found, 1.0)


@equation
def adopted(level: float, target_: float, speed_: float, fall: float, any_feasible: float) -> float:
    """Adoption after a month; habits are given up at the rate `fall`; gone where nothing is
    offered.
    """
    gap = target_ - level
    return (level + choose(gap >= 0.0, speed_, fall) * gap) * any_feasible
