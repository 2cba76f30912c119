"""Mechanism 4: who can be reached by what.

Reach is a fraction, not a switch, and multiplies attraction.
Claims D000-05, D001-02/03, D002-01/03/08/09/13, D003-05/08/09.
"""

from __future__ import annotations

from sim.lanes.elementary import log, power
from sim.lanes.jit import equation
from sim.lanes.packs import choose


@equation
def reach(leakage: float, available: float, banned: float, launched: float) -> float:
    """Share of users that an offering can reach: leakage + (1 - leakage) x available x (1 - ban).

    available: vendor-weighted availability in [0, 1]; leakage: VPN and resale, fraction; launched:
    0 before the offering exists, for leakage too.
    """
    return launched * (leakage + (1.0 - leakage) * available * (1.0 - banned))


@equation
def log_reach(value: float) -> float:
    """Ln reach; 0 where nothing is reached (such an offering is masked, never priced)."""
    return choose(value <= 0.0, 0.0, log(value))


@equation
def served(local_weight: float, part: float) -> float:
    """Part of the users of an offering that are served where own hardware serves `part` of its."""
    return 1.0 - choose(local_weight < 1.0, local_weight, 1.0) * (1.0 - part)


@equation
def hosting_capability(
    electricity: float, skills: float, skill_exponent: float, floor: float
) -> float:
    """How far power and skills allow own hosting, in (0, 1].

    electricity x skills**exponent, with `floor` the part that needs neither grid nor local staff.
    """
    return floor + (1.0 - floor) * electricity * power(skills, skill_exponent)


@equation
def hosting_term(weight: float, local_weight: float, capability: float) -> float:
    """Utility of own hosting where power and skills are short: negative, 0 at full capability."""
    return weight * local_weight * log(capability)


@equation
def chip_access(capped: float, cap: float, tightness: float, leakage: float) -> float:
    """Fraction of wanted accelerators that a country may import.

    capped: 1 for destinations under full control, `cap` of the rest (0..1) from tier rules.
    """
    refused = capped * tightness + (1.0 - capped) * cap
    return 1.0 - refused * (1.0 - leakage)
