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
    "awareness",
    "ties and affinity",
    "security",
    "customisation",
    "language",
    "stack",
    "hosting",
    "scale",
    "tasks",
    "nest",
    "price",
    "sovereignty",
    "affinity drift",
    "imitation",
    "lock-in",
    "ecosystem",
    "goodwill",
    "standards",
)
(
    CONSTANT,
    TASTE,
    HOME_MARKET,
    REACH,
    AWARENESS,
    CLOSENESS,  # supplier tie and affinity
    SECURITY,
    CUSTOMISATION,
    LANGUAGE,
    STACK,
    HOSTING,
    SCALE,
    TASKS,
    NEST,
    PRICE,
    SOVEREIGNTY,
    DRIFT,
    IMITATION,
    LOCK_IN,
    ECOSYSTEM,
    GOODWILL,
    STANDARDS,
) = range(len(UTILITY_TERMS))
#: Those that count against an offering.
COSTS = (SECURITY, LANGUAGE, PRICE, SOVEREIGNTY)

#: Summands of the log odds of adoption, by segment (offering 0).
ADOPTION_TERMS = ("readiness", "income", "value of the offer", "economy")
_first = len(UTILITY_TERMS)
READINESS, ADOPTION_INCOME, ADOPTION_VALUE, ADOPTION_ECONOMY = range(
    _first, _first + len(ADOPTION_TERMS)
)

_first += len(ADOPTION_TERMS)
(
    UTILITY,
    REACHED,  # share of users that an offering reaches
    KNOWN,  # share of users who know it
    PRICE_MONTH,  # USD per user-month
    BURDEN,  # ln(1 + price / what a user can spend)
    CHOSEN,  # share of what is chosen anew
    ANEW,  # part of use up for renewal, by segment
    INDEX,  # log odds of adoption in the long run, by segment
    CEILING,  # share of people who could use AI, by segment
    TARGET,  # adoption in the long run, by segment
    SPEED,  # part of the way to it that this month covers, by segment
    TIE,  # utility from supplier ties, by segment and bloc
) = range(_first, _first + 12)
TOLD = _first + 12
