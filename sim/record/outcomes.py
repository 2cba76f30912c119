"""The registry of named outcomes: what each is called, measured by, kept for, and how it is told.

A named outcome is a number kept per replicate in June and December. To add one, add a row to
`OUTCOMES`: the engine, the code list, tables, comparisons, charts, claims and reports read it from
there. A measure is a plain function of a month and one run, compiled with the engine: it may read
the arrays of `Month` and names of its own body, and call nothing else of this module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.record.layout import BLOCS, Outcome, group_key
from sim.record.series_list import CHANNEL_SERIES, INDICATOR_NAMES, INDICATORS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Month(NamedTuple):
    """What outcomes are measured on. G groups, K families, O offerings, I series, B blocs,
    C economies, W runs of a pack; users in persons, spend in USD a month.
    """

    use: Floats  # [G, K, W] users of a family; of `exposure` those whom another state could cut off
    spend: Floats  # [G, K, W]
    users: Floats  # [G, W]
    adoption: Floats  # [G, W] users of potential users
    offering: Floats  # [O, W] users of an offering, the world
    series: Floats  # [I, W] indicators and series of instruments, NaN: undefined
    structure: Floats  # [3, W] modularity, assortativity, trade within blocs
    leader: Ints  # [C, W] bloc that leads, 3: none
    led: Floats  # [B, W] economies that a bloc leads
    closed: Floats  # [W] 1 once the Chinese lag was 0 or less for three months in a row


type Measure = Callable[[Month, int, int, int], float]


def _share(month: Month, g: int, k: int, j: int) -> float:
    return float(month.use[g, k, j] / month.users[g, j])


def _spend(month: Month, g: int, k: int, j: int) -> float:
    return float(month.spend[g, k, j])


def _adoption(month: Month, g: int, k: int, j: int) -> float:  # noqa: ARG001
    return float(month.adoption[g, j])


def _series(month: Month, g: int, k: int, j: int) -> float:  # noqa: ARG001
    return float(month.series[k, j])


def _herfindahl(month: Month, g: int, k: int, j: int) -> float:  # noqa: ARG001
    squares = 0.0
    for o in range(month.offering.shape[0]):
        squares += month.offering[o, j] * month.offering[o, j]
    return float(squares / (month.users[0, j] * month.users[0, j]))


def _modularity(month: Month, g: int, k: int, j: int) -> float:  # noqa: ARG001
    return float(month.structure[0, j])


def _assortativity(month: Month, g: int, k: int, j: int) -> float:  # noqa: ARG001
    return float(month.structure[1, j])


def _gap_closed(month: Month, g: int, k: int, j: int) -> float:  # noqa: ARG001
    return float(month.closed[j])


def _leads(month: Month, g: int, k: int, j: int) -> float:  # noqa: ARG001
    return 1.0 if month.series[k, j] < 0.0 else 0.0


def _led_by_us(month: Month, g: int, k: int, j: int) -> float:  # noqa: ARG001
    return float(month.led[0, j])


def _led_by_cn(month: Month, g: int, k: int, j: int) -> float:  # noqa: ARG001
    return float(month.led[1, j])


#: For `Named.groups`: one number without a family; every family but those with a name of their own.
WHOLE: tuple[str, ...] = ()
EVERY = ("*",)
_OWN_NAME = ("exposure", "other")
_IN_GROUPS = ("cn", "cn_open", "us_closed")

#: How numbers are written: a fraction in percent (its differences in percentage points), a count,
#: money, an index near 0, or any other number.
PERCENT, COUNT, USD, INDEX, NUMBER = "percent", "count", "usd", "index", "number"


class Named(NamedTuple):
    """A row of the registry. An outcome is called `group.name`, or `group.name.family`.

    phrase: in plain words, `{}` stands for the family. definition: for the code list; empty where
    a variable or an indicator of the same name has one. groups: kind of group -> families, of each
    group of that kind. reads: the family or series that the measure gets as ``k``.
    """

    name: str
    unit: str
    measure: Measure
    phrase: str
    form: str
    definition: str = ""
    groups: Mapping[str, tuple[str, ...]] = {"world": WHOLE}
    reads: str = ""


def _indicator(name: str, phrase: str, form: str = NUMBER) -> Named:
    unit = INDICATORS[INDICATOR_NAMES.index(name)].unit
    return Named(name, unit, _series, phrase, form, reads=name)


def _words_of(series: str) -> str:
    """`weights_downloads.cn_share` -> `Weights downloads: Chinese share`."""
    channel, _, variable = series.replace("_", " ").partition(".")
    return f"{channel.capitalize()}: {variable.replace('cn ', 'Chinese ').replace('us ', 'US ')}"


OUTCOMES: tuple[Named, ...] = (
    Named(
        "share",
        "fraction",
        _share,
        "Use of {}",
        PERCENT,
        groups={"world": EVERY, "region": _IN_GROUPS, "income": _IN_GROUPS},
    ),
    Named(
        "adoption",
        "fraction",
        _adoption,
        "Users of AI, of potential users",
        PERCENT,
        groups={"world": WHOLE, "income": WHOLE},
    ),
    Named(
        "spend",
        "USD/month",
        _spend,
        "Spending on use of {}",
        USD,
        groups={"world": BLOCS},
    ),
    _indicator("lag_cn", "Chinese lag behind the US frontier"),
    _indicator("lag_cn_open", "Lag of Chinese open weights behind the US frontier"),
    _indicator("lag_us_open", "Lag of US open weights behind the US frontier"),
    _indicator("capability_us", "Best released US capability"),
    _indicator("capability_cn", "Best released Chinese capability"),
    _indicator("price_us_closed", "API price of closed US models"),
    _indicator("price_cn_open", "Price of hosted Chinese open weights"),
    _indicator("markup_us", "Mark-up of closed US services over cost", PERCENT),
    _indicator("scarcity", "Scarcity price factor of accelerators"),
    Named(
        "herfindahl",
        "fraction",
        _herfindahl,
        "Concentration of use (Herfindahl index)",
        INDEX,
        "Sum of squared world shares of the offerings' use.",
    ),
    Named(
        "exposure",
        "fraction",
        _share,
        "Use that another state could cut off",
        PERCENT,
        "Use that another state could cut off: share times revocability, "
        "of offerings not of the economy's own bloc.",
        reads="exposure",
    ),
    Named(
        "modularity",
        "1",
        _modularity,
        "How far trade partners share a bloc (modularity)",
        INDEX,
        "Modularity of the dominant-bloc partition of symmetrised trade, minus "
        "its expectation when the same labels are dealt at random.",
    ),
    Named(
        "assortativity",
        "1",
        _assortativity,
        "Trade partners led by one bloc (assortativity)",
        INDEX,
        "Newman's assortativity of dominant blocs on symmetrised trade.",
    ),
    Named(
        "cn_gap_closed",
        "0/1",
        _gap_closed,
        "Runs in which China has closed the gap",
        PERCENT,
        "Best released Chinese >= best released US for three months in a row, at any time so far.",
        reads="lag_cn",
    ),
    Named(
        "cn_leads",
        "0/1",
        _leads,
        "Runs in which the best model is Chinese",
        PERCENT,
        "Best released Chinese above best released US.",
        reads="lag_cn",
    ),
    Named(
        "led_by_us",
        "economies",
        _led_by_us,
        "Economies whose largest use is of US origin",
        COUNT,
        "Economies whose largest use is of US origin.",
    ),
    Named(
        "led_by_cn",
        "economies",
        _led_by_cn,
        "Economies whose largest use is of Chinese origin",
        COUNT,
        "Economies whose largest use is of Chinese origin.",
    ),
)

#: What the kernel tells apart (`Outcome.kind`): rows may share a measure.
MEASURES: tuple[Measure, ...] = tuple(dict.fromkeys(one.measure for one in OUTCOMES))
_BY_NAME = {one.name: one for one in OUTCOMES}
#: What instruments see is an outcome under the name of its series.
_SEEN = {
    entry.name: Named(entry.name, entry.unit, _series, _words_of(entry.name), PERCENT)
    for entry in CHANNEL_SERIES
}


def named_outcomes(
    groups: Sequence[tuple[str, str]],
    families: Sequence[str],
    series: Sequence[str] = INDICATOR_NAMES,
) -> tuple[Outcome, ...]:
    """The outcomes of a run with these groups, families of offerings and world series.

    `world.share.us_closed`, `region.Africa.share.cn_open`, `income.Low.adoption`, `world.spend.cn`,
    `world.lag_cn`, `weights_downloads.cn_share`.
    """
    found = []
    for one in OUTCOMES:
        kind, places = MEASURES.index(one.measure), [*families, *series]
        if one.reads and one.reads not in places:
            continue
        item = (families if one.reads in families else series).index(one.reads) if one.reads else 0
        for g, group in enumerate(groups):
            name, wanted = f"{group_key(group)}.{one.name}", one.groups.get(group[0])
            if wanted == WHOLE:
                found.append(Outcome(name, kind, g, item))
            elif wanted == EVERY:
                wanted = tuple(family for family in families if family not in _OWN_NAME)
            found += [
                Outcome(f"{name}.{family}", kind, g, families.index(family))
                for family in wanted or ()
                if family in families
            ]
    seen = MEASURES.index(_series)
    return (*found, *(Outcome(name, seen, 0, k) for k, name in enumerate(series) if "." in name))


def split(outcome: str) -> tuple[str, Named | None, str]:
    """(place, row, family) of a named outcome: `region.Africa.share.cn`. The world's place is
    empty; no row where nobody registered the name.
    """
    if outcome in _SEEN:
        return "", _SEEN[outcome], ""
    kind, *rest = outcome.split(".")
    place = ""
    if kind != "world" and rest:
        group, *rest = rest
        place = f"{group} income" if kind == "income" else group
    return place, _BY_NAME.get(rest[0] if rest else outcome), rest[1] if len(rest) > 1 else ""
