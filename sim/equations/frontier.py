"""Mechanism 8: the capability frontier, releases, and the attention that they draw.

Capability is measured in *frontier-months*: 0 is the US frontier of January 2023 and 1 is the
progress that US compute on its reference path buys in a month. Lags are differences of these.
Claims D000-03/06/07/08/10, D002-02/03/04/10/12, D003-06/07, D004-01/02/03/05.
"""

from __future__ import annotations

from sim.lanes.elementary import exp, log, power
from sim.lanes.jit import equation
from sim.lanes.packs import choose


@equation
def obtainable_chips(demand: float, tightness: float, leakage: float) -> float:
    """Chips that get through export controls, in the unit of `demand`.

    tightness, leakage: fractions. Lifted controls or full leakage let all demand through.
    """
    return demand * (1.0 - tightness * (1.0 - leakage))


@equation
def algorithmic_efficiency(tightness: float, response: float) -> float:
    """Factor on compute from doing more with less under scarcity (induced innovation, D000-07)."""
    return 1.0 + response * tightness


@equation
def effective_compute(
    foreign_chips: float, domestic_chips: float, domestic_efficiency: float, algorithms: float
) -> float:
    """Training compute of a bloc relative to the US reference path (1 = on that path)."""
    return (foreign_chips + domestic_chips * domestic_efficiency) * algorithms


@equation
def pace(compute: float, elasticity: float) -> float:
    """Frontier-months per month from own effort: compute**elasticity (compute relative, see above).

    Source: decreasing returns to research input, Bloom et al. (2020), American Economic Review.
    """
    return power(compute, elasticity)


@equation
def pace_factor(own: float, support: float, drag: float, feedback: float) -> float:
    """Factor on a bloc's own pace: state support and drags (fractions), then feedbacks."""
    return own * (1.0 + support - drag) * (1.0 + feedback)


@equation
def spillover_rate(rate: float, spillover: float, opened: float) -> float:
    """Catch-up rate of the others when US releases are open to a degree in [0, 1] (D002-12)."""
    return rate * (1.0 + spillover * opened)


@equation
def catch_up(own: float, leader: float, rate: float) -> float:
    """Spillover towards whoever leads: rate x gap, none for the leader (Nelson, Phelps 1966)."""
    gap = leader - own
    return choose(gap <= 0.0, 0.0, rate * gap)


@equation
def advance(level: float, own_pace: float, factor: float, spillover: float, shock: float) -> float:
    """Latent capability after one month; a shock can slow progress but not undo it."""
    step = own_pace * factor * (1.0 + shock) + spillover
    return level + choose(step <= 0.0, 0.0, step)


@equation
def released(current: float, available: float, happens: float) -> float:
    """Best released capability of a track after this month; a release never lowers it."""
    return choose(happens > 0.0, choose(available > current, available, current), current)


@equation
def openness_after_deterrence(openness: float, deterrence: float, spillover_gain: float) -> float:
    """Share of US releases opened once firms foresee what rivals would learn (D002-12)."""
    return openness * exp(-deterrence * spillover_gain)


@equation
def opened_gap(gap: float, openness: float, response: float) -> float:
    """Months that US open weights trail their frontier: fewer with openness and as a response."""
    left = gap * (1.0 - openness) - response
    return choose(left <= 0.0, 0.0, left)


@equation
def release_happens(uniform: float, interval: float) -> float:
    """1 with probability 1 / interval (months between releases), from a uniform draw, else 0."""
    return choose(uniform * interval < 1.0, 1.0, 0.0)


@equation
def offered(latent: float, gap: float, spread: float, draw: float) -> float:
    """Capability of a release: what the labs have, less a gap, with a draw; never more."""
    found = latent - gap + spread * draw
    return choose(found > latent, latent, found)


@equation
def buzz_left(previous: float, half_life: float, new: float) -> float:
    """Attention after one more month, halving every `half_life` months, plus new attention."""
    return previous * exp(-0.6931471805599453 / half_life) + new


@equation
def release_buzz(uniform: float, mean: float) -> float:
    """Attention for a random release: exponential with this mean, from a uniform draw in (0, 1)."""
    return -mean * log(uniform)
