"""Mechanism 3: nested logit over offerings, and the part of use that is up for renewal.

McFadden (1974); Train (2009), chapter 4. Utilities are normalised at the lower level: odds inside
a nest are exp of the utility difference, nests compete with the power `similarity` in (0, 1].
Claim D003-11.
"""

from __future__ import annotations

from sim.lanes.elementary import exp, log
from sim.lanes.jit import equation
from sim.lanes.packs import choose


@equation
def attraction(value: float, reach: float, known: float) -> float:
    """What an economy makes of an offering: exp(utility) x reach x awareness, before tasks.

    0 where it reaches nobody or nobody knows it; utilities are of order ten.
    """
    return exp(value) * reach * known


@equation
def imitated(attraction_: float, share: float, entry: float) -> float:
    """Attraction under the replicator rule: offerings are met in proportion to their use.

    entry: share at which an offering that nobody uses yet is met. Source: Hofbauer and Sigmund
    (2003), Bulletin of the American Mathematical Society 40(4); imitative logit.
    """
    return attraction_ * (share + entry)


@equation
def mask(reach: float) -> float:
    """1 where an offering reaches anybody, else 0."""
    return choose(reach > 0.0, 1.0, 0.0)


@equation
def some(total: float) -> float:
    """A total to divide by: itself, or 1 where there is nothing (parts of nothing are 0)."""
    return total + choose(total > 0.0, 0.0, 1.0)


@equation
def nest_factor(total: float, similarity: float) -> float:
    """What turns attraction into its part of the nest's weight: total**(similarity - 1).

    Attractions in a nest then sum to total**similarity; an empty nest has none.
    """
    return choose(total <= 0.0, 0.0, exp((similarity - 1.0) * log(some(total))))


@equation
def part_anew(before: float, churn: float) -> float:
    """Part of use that is chosen anew: `churn`, or all of it where there was none."""
    return choose(before <= 0.0, 1.0, churn)


@equation
def renewed(latent: float, chosen: float, anew: float) -> float:
    """Latent share after renewal: what would be used were all of it in reach."""
    return latent + anew * (chosen - latent)


@equation
def shown(latent: float, mask: float, total: float) -> float:
    """Share of use: the latent one of what can be reached, of `total` of them.

    What is withdrawn is used no more at once; the latent share behind it fades by renewal only.
    """
    return latent * mask / some(total)
