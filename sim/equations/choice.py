"""Mechanism 8: nested logit over offerings, and the part of use that is up for renewal.

McFadden (1974); Train (2009), chapter 4. Utilities are normalised at the lower level: odds inside
a nest are exp of the utility difference, nests compete with the power `similarity` in (0, 1].
Claim D003-11.
"""

from __future__ import annotations

from sim.lanes.elementary import exp, log, power
from sim.lanes.jit import equation
from sim.lanes.packs import choose


@equation
def utility(
    standing: float,
    world_term: float,
    price_sensitivity: float,
    price_burden: float,
    sovereignty: float,
    affinity_term: float,
    habit_term: float,
    standards: float,
) -> float:
    """Utility of an offering for a segment of a country this month (logit units).

    standing: what changes rarely (constant, draw, reach, tie, stack, hosting, custom, security);
    world_term: what is the same everywhere abroad (capability, awareness, novelty).
    """
    return (
        standing
        + world_term
        - price_sensitivity * price_burden
        - sovereignty
        + affinity_term
        + habit_term
        + standards
    )


@equation
def attraction(value: float, mask: float) -> float:
    """exp(utility) of a feasible offering, 0 of one that is not (utilities are of order ten)."""
    return exp(value) * mask


@equation
def imitated(attraction_: float, share: float, entry: float) -> float:
    """Attraction under the replicator rule: offerings are met in proportion to their use.

    entry: share at which an offering that nobody uses yet is met. Source: Hofbauer and Sigmund
    (2003), Bulletin of the American Mathematical Society 40(4); imitative logit.
    """
    return attraction_ * (share + entry)


@equation
def nest_attraction(total: float, similarity: float) -> float:
    """Weight of a nest: (sum of attractions)**similarity; an empty nest has none."""
    return power(total, similarity)


@equation
def some(total: float) -> float:
    """A total to divide by: itself, or 1 where there is nothing (parts of nothing are 0)."""
    return total + choose(total > 0.0, 0.0, 1.0)


@equation
def nest_factor(nest_total: float, nest_weight: float, all_nests: float) -> float:
    """What turns an attraction into a probability: share of its nest / attractions in the nest."""
    return nest_weight / (some(all_nests) * some(nest_total))


@equation
def choice_share(attraction_: float, factor: float) -> float:
    """Probability of an offering: within its nest times its nest; 0 where nothing is feasible."""
    return attraction_ * factor


@equation
def inclusive_value(all_nests: float) -> float:
    """Expected best utility, ln of the sum of nest weights; 0 where nothing is feasible."""
    return choose(all_nests <= 0.0, 0.0, log(all_nests))


@equation
def part_anew(kept_total: float, churn: float) -> float:
    """Part of use that is chosen anew: `churn`, or all of it where nothing could be kept."""
    return choose(kept_total <= 0.0, 1.0, churn)


@equation
def kept_factor(kept_total: float, anew: float) -> float:
    """What turns a kept share into its part of the new portfolio."""
    return (1.0 - anew) / some(kept_total)


@equation
def renewed(kept: float, factor: float, choice: float, anew: float) -> float:
    """Share after renewal: the kept portfolio (access withdrawn removed), a part chosen anew.

    kept: previous share x mask; factor: `kept_factor` of their sum; anew: `part_anew`.
    """
    return kept * factor + anew * choice
