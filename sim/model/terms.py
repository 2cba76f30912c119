"""The summands of the standing utility, as `sim.model.economy.standing` tells them to a watcher."""

from __future__ import annotations

#: Names in words, in the order of the constants.
TERMS = (
    "constant",
    "taste",
    "home market",
    "closeness",
    "security",
    "customisation",
    "language",
    "stack",
    "hosting",
    "scale",
    "sovereignty",
    "reach",
)
(
    CONSTANT,
    TASTE,
    HOME_MARKET,
    CLOSENESS,  # supplier tie and affinity
    SECURITY,
    CUSTOMISATION,
    LANGUAGE,
    STACK,
    HOSTING,
    SCALE,
    SOVEREIGNTY,
    REACH,
) = range(len(TERMS))
