"""What the month tells a watcher (`sim.model.watch.told`): summands of decisions, and numbers.

Costs come without their sign.
"""

from __future__ import annotations

#: Names in words, in the order of the constants: summands of utility, [segment, offering].
UTILITY_TERMS = (
    "constant",
    "taste",
    "home market",
    "reach",
    "ties and affinity",
    "security",
    "customisation",
    "language",
    "stack",
    "hosting",
    "scale",
    "capability",
    "attention",
    "price",
    "sovereignty",
    "affinity drift",
    "imitation",
    "lock-in",
    "standards",
)
(
    CONSTANT,
    TASTE,
    HOME_MARKET,
    REACH,
    CLOSENESS,  # supplier tie and affinity
    SECURITY,
    CUSTOMISATION,
    LANGUAGE,
    STACK,
    HOSTING,
    SCALE,
    CAPABILITY,
    ATTENTION,
    PRICE,
    SOVEREIGNTY,
    DRIFT,
    IMITATION,
    LOCK_IN,
    STANDARDS,
) = range(len(UTILITY_TERMS))
#: Those that count against an offering.
COSTS = (SECURITY, LANGUAGE, PRICE, SOVEREIGNTY)

#: Summands of the log odds of adoption, by segment (offering 0).
ADOPTION_TERMS = ("readiness", "price", "reach", "value of the offer", "economy")
_first = len(UTILITY_TERMS)
READINESS, ADOPTION_PRICE, ADOPTION_REACH, ADOPTION_VALUE, ADOPTION_ECONOMY = range(
    _first, _first + len(ADOPTION_TERMS)
)

_first += len(ADOPTION_TERMS)
(
    UTILITY,
    REACHED,  # share of users that an offering reaches
    PRICE_MONTH,  # USD per user-month
    BURDEN,  # ln(1 + price / what a user can spend)
    CHOSEN,  # share of what is chosen anew
    ANEW,  # part of use up for renewal, by segment
    INDEX,  # log odds of adoption in the long run, by segment
    CEILING,  # share of people who could use AI, by segment
    TARGET,  # adoption in the long run, by segment
    TIE,  # utility from supplier ties, by segment and bloc
) = range(_first, _first + 10)
TOLD = _first + 10
