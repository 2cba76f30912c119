"""Mechanism 9: how many use AI at all.

The outside option lives here only. The level relaxes towards a target that carries the
cross-section of economies. Claims D003-13, D004-09.
"""

from __future__ import annotations

from sim.lanes.elementary import exp, log, logistic, power
from sim.lanes.jit import equation
from sim.lanes.packs import choose


@equation
def offline_left(yearly_closing: float, years: float) -> float:
    """Part of the people offline who still are after some years, at a constant yearly rate."""
    elapsed = years if years > 0.0 else 0.0
    return exp(-yearly_closing * elapsed)


@equation
def ceiling(online: float, left: float, exponent: float) -> float:
    """Share of people who could use AI, fraction: those online to the power `exponent`.

    Of those offline at the reference, `left` still are. An exponent below 1 stands for internet
    statistics that are old and too low where few are online, and for use on others' devices.
    """
    return power(1.0 - (1.0 - online) * left, exponent)


@equation
def readiness(level: float, growth: float, months: float, saturation: float) -> float:
    """kappa(t): level + growth x saturation x (1 - exp(-months / saturation)).

    growth: per month at months = 0 (the reference month); saturation: months.
    """
    return level + growth * saturation * (1.0 - exp(-months / saturation))


@equation
def log_effective_reach(reference: float, home: float, floor: float) -> float:
    """Ln of the reach that matters for taking up AI: of the reference service, or of home ones.

    floor: what remains for adopters where the reference service is refused.
    """
    best = choose(home <= reference, reference, home)
    return log(choose(best <= floor, floor, best))


@equation
def economy_effect(
    spread: float,
    draw: float,
    income_weight: float,
    log_income: float,
    language_weight: float,
    misfit: float,
    openness_weight: float,
    log_openness: float,
) -> float:
    """Standing readiness of an economy to take AI up, log odds.

    Knowledge work rises with income beyond what affordability says; chat services serve some
    languages worse (misfit, fraction); technology travels with imports (log of imports over GDP).
    spread x draw: what no table explains. Source: Comin and Hobijn (2010), American Economic
    Review 100(5), for income and openness in the adoption of technologies.
    """
    return (
        spread * draw
        + income_weight * log_income
        - language_weight * misfit
        + openness_weight * log_openness
    )


@equation
def adoption_index(
    kappa: float,
    sensitivity: float,
    price_burden: float,
    reach_weight: float,
    log_reach: float,
    value_weight: float,
    value: float,
    economy_effect: float,
) -> float:
    """Log odds of using AI among those online, in the long run."""
    return (
        kappa
        - sensitivity * price_burden
        + reach_weight * log_reach
        + value_weight * value
        + economy_effect
    )


@equation
def adoption_target(online: float, index: float, any_feasible: float) -> float:
    """Long-run adoption, fraction: online x logistic(index); 0 where every offering is refused."""
    return online * logistic(index) * any_feasible


@equation
def adopted(level: float, target: float, speed: float, any_feasible: float) -> float:
    """Adoption after a month: level + speed x (target - level); gone where nothing is offered."""
    return (level + speed * (target - level)) * any_feasible
