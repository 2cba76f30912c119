"""Plain words for named outcomes and their numbers, from the registry of outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from math import isinf, isnan

from sim.record.outcomes import PERCENT, split

_ORIGINS = {
    "us": "US origin",
    "cn": "Chinese origin",
    "other": "other origin",
    "cn_open": "Chinese open weights",
}
PERCENT_POINTS = "percentage points"


def label(outcome: str, labels: Mapping[str, str] | None = None) -> str:
    """`region.Africa.share.cn` as a person would say it. labels: of offerings, by name."""
    place, row, family = split(outcome)
    text = outcome if row is None else row.phrase
    text = text.replace("{}", _ORIGINS.get(family) or (labels or {}).get(family, family))
    return f"{place}: {text[0].lower()}{text[1:]}" if place else text


def unit(outcome: str) -> str:
    """Unit in which a difference is told."""
    row = split(outcome)[1]
    if row is None:
        return ""
    return PERCENT_POINTS if row.form == PERCENT else row.unit


def number(outcome: str, value: float | None) -> str:
    """A value of the outcome with its unit."""
    if value is None or isnan(value):
        return "undefined"
    if unit(outcome) == PERCENT_POINTS:
        return f"{100 * value:.2f} %"
    return _with(_short(value), unit(outcome))


def change(outcome: str, value: float | None, *, bare: bool = False) -> str:
    """A difference of the outcome, signed, with its unit unless bare."""
    if value is None or isnan(value):
        return "undefined"
    percent = unit(outcome) == PERCENT_POINTS
    text = "0" if value == 0 else _short(100 * value if percent else value, "+")
    return text if bare else _with(text, unit(outcome))


def factor(value: float | None) -> str:
    """A ratio as text."""
    if value is None or isnan(value):
        return "undefined"
    return "without bound" if isinf(value) else f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _with(text: str, kind: str) -> str:
    return text if kind in ("", "1", "fraction", "0/1", "ratio") else f"{text} {kind}"


def _short(value: float, sign: str = "") -> str:
    for size, word in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")):
        if abs(value) >= size:
            return f"{value / size:{sign}.3g}{word}"
    return f"{value:{sign}.3g}"
