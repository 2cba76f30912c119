"""Mechanisms 5 and 6: sovereignty, affinity, risk, customisation, and coupled stacks.

Claims D000-01/02/12, D001-04/08/11/13/14, D002-14/15/16/17/18, D003-01/02/04/09/10/12, D004-10/15.
The cross-section of measured use identifies little of this; the parameters say so.
"""

from __future__ import annotations

from sim.lanes.jit import equation


@equation
def cutoff_risk(
    base: float,
    rivalry: float,
    rivalry_gain: float,
    refused: float,
    refused_gain: float,
    alignment: float,
) -> float:
    """Perceived risk, in [0, inf), that a bloc cuts its services off.

    Rises with rivalry and with the share of the world already refused; falls with alignment [0, 1].
    """
    return (base + rivalry_gain * rivalry + refused_gain * refused) * (1.0 - alignment)


@equation
def control_lost(control: float, revocability: float) -> float:
    """What a user gives up, in [0, 1]: no control, or a service that can be withdrawn."""
    return 1.0 - control * (1.0 - revocability)


@equation
def sovereignty_cost(weight: float, preference: float, lost: float, risk: float) -> float:
    """Disutility = segment weight x country preference x control lost x cut-off risk."""
    return weight * preference * lost * risk


@equation
def alliance_pull(weight: float, focus: float, defence_gain: float, salience: float) -> float:
    """Weight of an alliance for a segment, more as defence is salient (D002-18)."""
    return weight * focus * (1.0 + defence_gain * salience)


@equation
def affinity(
    votes: float,
    alliance: float,
    alliance_weight: float,
    forum: float,
    forum_gain: float,
    development: float,
    development_gain: float,
    drift: float,
) -> float:
    """One index of closeness to a bloc.

    votes: centred UN agreement; alliance: 0/1 with its weight (defence salience included); forum:
    governance engagement in [-1, 1]; development: appeal to low-income economies; drift: from use.
    """
    return (
        votes
        + alliance_weight * alliance
        + forum_gain * forum
        + development_gain * development
        + drift
    )


@equation
def security_cost(weight: float, risk: float, distance: float) -> float:
    """Disutility of security risk by access mode, scaled by political distance from the origin."""
    return weight * risk * distance


@equation
def customisation_benefit(weight: float, customisation: float, misfit: float) -> float:
    """Value of adapting a model where frontier models fit the language badly (D001-08)."""
    return weight * customisation * misfit


@equation
def language_cost(weight: float, misfit: float) -> float:
    """What an offering loses where its models fit the language badly (misfit, fraction)."""
    return weight * misfit


@equation
def stack_benefit(weight: float, presence: float) -> float:
    """Pull of a bloc's clouds in the country: weight x ln(1 + regions), the log taken before."""
    return weight * presence


@equation
def standards_pull(reach: float, gain: float, bloc_share: float) -> float:
    """Shared standards lower switching inside the bloc in use and raise it across (D002-16)."""
    return reach * gain * (bloc_share - 0.5)
