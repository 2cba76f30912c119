"""Mechanism 1: an offering is chosen by those who know it, and known only after its launch.

Awareness is the share of a segment's people to whom an offering would occur. It spreads by
attention, by word of mouth from users at home and among trade partners, and it is forgotten.
Bass (1969), Management Science 15(5); Comin and Hobijn (2010), American Economic Review 100(5).
Claims D000-06, D001-02, D002-13.
"""

from __future__ import annotations

from sim.lanes.jit import equation
from sim.lanes.packs import choose


@equation
def attention(effort: float, relative: float, gain: float, buzz: float) -> float:
    """Part of those who do not know an offering that its vendors and the news reach in a month.

    effort: of a leading vendor at home, 1 per month; relative: this offering's part of it; buzz:
    units of attention (1 = R1 of January 2025), each of which adds `gain` times the effort.
    """
    return effort * relative * (1.0 + gain * buzz)


@equation
def heard(
    told: float, word_of_mouth: float, use: float, partner_talk: float, partner_use: float
) -> float:
    """Part of those who do not know an offering that hear of it in a month, at most all of them.

    told: `attention`; use, partner_use: fractions of people who use it, here and among partners;
    word_of_mouth, partner_talk: 1 per month. Those who use it speak of it, not all who have heard
    of it: otherwise everyone would know everything in time.
    """
    found = told + word_of_mouth * use + partner_talk * partner_use
    return choose(found < 1.0, found, 1.0)


@equation
def known(before: float, heard_: float, forgetting: float, seed: float, launched: float) -> float:
    """Awareness after a month, in [0, 1]; `seed` in the month of the launch, 0 before it.

    heard_: `heard`; forgetting: 1 per month.
    """
    grown = before + heard_ * (1.0 - before) - forgetting * before
    return choose(before <= 0.0, seed, choose(grown > 0.0, grown, 0.0)) * launched
