"""Mechanisms 2 and 3: capability opens tasks, and every task is a choice of its own.

A task has a threshold on the axis of capability (frontier-months) and a width. Attraction of an
offering in a task is what the economy makes of it times what its model is worth there.
Thresholds: task horizons of METR (2025). Claims D000-08, D003-11, D004-01/02/03/05.
"""

from __future__ import annotations

from sim.lanes.elementary import log, logistic, power
from sim.lanes.jit import equation


@equation
def done_well(capability: float, threshold: float, width: float) -> float:
    """Part of a task that a model does well enough, in (0, 1); all in frontier-months."""
    return logistic((capability - threshold) / width)


@equation
def worth(part: float, exponent: float) -> float:
    """Attraction of a model in a task: the part it does well, to the segment's power."""
    return power(part, exponent)


@equation
def odds(scale: float, attraction: float) -> float:
    """Odds of doing a task with AI at all, of those who consider it: scale x attractions."""
    return scale * attraction


@equation
def weight(size: float, scale: float, odds_: float) -> float:
    """What turns an attraction in a task into its part of a portfolio: size x scale / (1 + odds).

    Summed over offerings: size x odds / (1 + odds), the part of the work that goes to AI.
    """
    return size * scale / (1.0 + odds_)


@equation
def value(size: float, odds_: float) -> float:
    """What a task adds to the value of all that is in reach: size x ln(1 + odds).

    Inclusive value with an outside option (Small and Rosen 1981, Econometrica 49(1)): an
    impossible task adds nothing.
    """
    return size * log(1.0 + odds_)


@equation
def tokens(reference: float, now: float, then: float) -> float:
    """Million tokens per user-month of a model that does `now` of a segment's token-weighted work,
    where a user of one that does `then` of it takes `reference`.
    """
    return reference * now / then
