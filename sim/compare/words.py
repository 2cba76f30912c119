"""Plain words for named outcomes and their numbers; units are those of the code list."""

from __future__ import annotations

from collections.abc import Mapping
from math import isinf, isnan

from sim.record.codelist import INDICATORS, METRICS, VARIABLES

_ORIGINS = {
    "us": "US origin",
    "cn": "Chinese origin",
    "other": "other origin",
    "cn_open": "Chinese open weights",
}
_PHRASES = {
    "adoption": "Users of AI, of potential users",
    "exposure": "Use that another state could cut off",
    "herfindahl": "Concentration of use (Herfindahl)",
    "modularity": "Blocs in the trade network (modularity)",
    "assortativity": "Trade partners led by one bloc (assortativity)",
    "led_by_us": "Economies led by US systems",
    "led_by_cn": "Economies led by Chinese systems",
    "cn_gap_closed": "Runs in which China has closed the gap",
    "cn_leads": "Runs in which China leads",
    "capability_us": "Best released US capability",
    "capability_cn": "Best released Chinese capability",
    "lag_cn": "Chinese lag behind the US frontier",
    "lag_cn_open": "Lag of Chinese open weights behind the US frontier",
    "lag_us_open": "Lag of US open weights behind the US frontier",
    "lag_other_open": "Lag of other open weights behind the US frontier",
    "price_us_closed": "API price of closed US models",
    "price_cn_open": "Price of hosted Chinese open weights",
    "markup_us": "Mark-up of closed US services over cost",
    "scarcity": "Scarcity price factor of accelerators",
}
_UNITS = {entry.name: entry.unit for entry in (*VARIABLES, *INDICATORS, *METRICS)}
_PERCENT = ("share", "adoption", "exposure", "cn_gap_closed", "cn_leads", "markup_us")
PERCENT_POINTS = "percentage points"


def label(outcome: str, labels: Mapping[str, str] | None = None) -> str:
    """`region.Africa.share.cn` as a person would say it. labels: of offerings, by name."""
    place, variable, family = _parts(outcome)
    text = _PHRASES.get(variable, outcome)
    if variable in ("share", "spend"):
        name = _ORIGINS.get(family) or (labels or {}).get(family, family)
        text = f"{'Share of use' if variable == 'share' else 'Spending'}: {name}"
    return f"{place}: {text[0].lower()}{text[1:]}" if place else text


def unit(outcome: str) -> str:
    """Unit in which a difference is told."""
    variable = _parts(outcome)[1]
    return PERCENT_POINTS if variable in _PERCENT else _UNITS.get(variable, "")


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


def _parts(outcome: str) -> tuple[str, str, str]:
    """(place, variable, family) of a named outcome; the world's place is empty."""
    kind, *rest = outcome.split(".")
    place = ""
    if kind != "world":
        group, *rest = rest
        place = f"{group} income" if kind == "income" else group
    return place, rest[0] if rest else outcome, rest[1] if len(rest) > 1 else ""


def _with(text: str, kind: str) -> str:
    return text if kind in ("", "1", "fraction", "0/1", "ratio") else f"{text} {kind}"


def _short(value: float, sign: str = "") -> str:
    for size, word in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")):
        if abs(value) >= size:
            return f"{value / size:{sign}.3g}{word}"
    return f"{value:{sign}.3g}"
