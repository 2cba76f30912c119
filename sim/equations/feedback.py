"""Mechanism 10: what use does to supply, politics and trade. No data pin the gains.

Each feedback is gain x (share now - share at the reference), so all are zero at gain zero.
Claims D000-09/11, D003-06/12/13, D004-12/13/14.
"""

from __future__ import annotations

from sim.lanes.jit import equation
from sim.lanes.packs import choose


@equation
def pace_feedback(
    revenue_gain: float,
    revenue_share: float,
    revenue_reference: float,
    data_gain: float,
    use_share: float,
    use_reference: float,
) -> float:
    """Relative change of a bloc's own pace from revenue (R&D) and from deployment data."""
    return revenue_gain * (revenue_share - revenue_reference) + data_gain * (
        use_share - use_reference
    )


@equation
def community_feedback(gain: float, open_share: float, reference: float) -> float:
    """Relative change of the pace of a bloc whose open weights a community improves."""
    return gain * (open_share - reference)


@equation
def openness_response(gain: float, rival_share: float, reference: float) -> float:
    """Months by which US open weights move towards the frontier as rivals win use (D003-13)."""
    change = gain * (rival_share - reference)
    return choose(change <= 0.0, 0.0, change)


@equation
def trade_scale(gain: float, industrial_adoption: float, reference: float) -> float:
    """Weight of China's trade column as its industry adopts AI (D004-13); 1 at the reference."""
    scale = 1.0 + gain * (industrial_adoption - reference)
    return choose(scale <= 0.0, 0.0, scale)


@equation
def alignment_drift(drift: float, bloc_share: float, reference: float, speed: float) -> float:
    """Slow drift of affinity towards the bloc whose offerings are used (D003-12)."""
    return drift + speed * (bloc_share - reference - drift)
