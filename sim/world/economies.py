"""What an economy is: static arrays by economy, derived from the seed tables by stated rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.world.axes import BLOCS, CN, US
from sim.world.parameters import WorldParams

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HOME = {"USA": US, "CHN": CN}  # the two home markets; every other economy is a third one
HUBS = ("USA", "GBR", "FRA", "ESP", "DEU", "CHN", "RUS", "SAU", "BRA", "IND", "JPN")


class Economies(NamedTuple):
    """Static arrays; the first axis is the economy."""

    people: Floats  # [C] persons of 15 to 64
    online: Floats  # [C] fraction using the internet
    income_month: Floats  # [C] USD a month per head, capped where official rates mislead
    gdp_month: Floats  # [C] USD a month
    gdp_ratio: Floats  # [C] ln(GDP / mean GDP)
    electricity: Floats  # [C] fraction
    skills: Floats  # [C] human-capital index, fraction
    accelerators: Floats  # [C] H100 equivalents at the start
    votes: Floats  # [C, bloc] alignment less the mean of all economies
    alignment: Floats  # [C, bloc] one index of closeness, fraction; own bloc 1
    alliance: Floats  # [C, bloc] 0/1
    development: Floats  # [C] appeal of a development-first model, fraction
    misfit: Floats  # [C] how badly frontier models fit the language, fraction
    unserved: Floats  # [C] the same, 0 in a bloc's home market: its own services fit
    income_log: Floats  # [C] ln(income / reference income)
    openness_log: Floats  # [C] ln(imports over GDP / reference openness)
    preference: Floats  # [C] sovereignty preference, fraction
    capped: Floats  # [C] 1 under full chip control
    tier2: Floats  # [C] 1 in tier 2 of the Diffusion Rule
    ally: Floats  # [C] 1 for allies of the US
    belt_road: Floats  # [C] 1 with a Belt and Road document
    home: Floats  # [C, bloc] 1 for the home market of a bloc
    leakage: Floats  # [C] factor on leakage


class Stances(NamedTuple):
    """Where economies stand between the US and China, and how much they insist on their own."""

    alignment: Floats  # [C, 2] index of closeness, fraction
    middle: Floats  # [2] its mean over all economies of the tables
    alliance: Floats  # [C, 2] fraction
    preference: Floats  # [C] less the mean over all economies of the tables


def derive(
    table: pl.DataFrame,
    dyads: pl.DataFrame,
    overrides: Mapping[str, Mapping[str, float]],
    w: WorldParams,
    imports: Floats,
    stances: Stances,
) -> tuple[Economies, tuple[str, ...]]:
    """(arrays in the order of the table, ISO3 of economies whose income is capped).

    imports: [C] USD a year, 0 where no trade is known (then the median openness stands in).
    overrides: values of `country.*` parameters by ISO3 (table columns are replaced before).
    """
    iso3 = table["iso3"].to_list()
    column = _reader(table)
    home = np.zeros((len(iso3), len(BLOCS)))
    for code, bloc in HOME.items():
        if code in iso3:
            home[iso3.index(code), bloc] = 1.0
    market, ppp = column("gdp_pc_usd"), column("gdp_pc_ppp_usd")
    income, held = usable_income(market, ppp, w.world_income_cap, w.world_income_cap_ppp)
    capped_income = tuple(iso3[c] for c in np.flatnonzero(held))
    gdp = column("gdp_usd")
    close = np.maximum(_three(stances.alignment, 0.5), home)
    group = table["income_group"].to_list()
    misfit = _misfit(iso3, dyads, w.world_hub_misfit)
    derived = Economies(
        people=column("working_age_pop"),
        online=column("internet_pct") / 100.0,
        income_month=income / 12.0,
        gdp_month=gdp / 12.0,
        gdp_ratio=np.log(gdp / gdp.mean()),
        electricity=column("electricity_pct") / 100.0,
        skills=column("egdi_human_capital"),
        accelerators=column("gpu_h100e"),
        votes=_three(stances.alignment - stances.middle, 0.0),
        alignment=close,
        alliance=np.maximum(_three(stances.alliance, 0.0), home),
        development=_development(group, column),
        misfit=misfit,
        unserved=misfit * (1.0 - home.max(axis=1)),
        income_log=np.log(income / 12.0 / w.world_income_reference),
        openness_log=np.log(_openness(imports, gdp) / w.world_openness_reference),
        preference=_override(
            iso3,
            overrides,
            "sovereignty_preference",
            np.clip(stances.preference + w.country_sovereignty_preference, 0.0, 1.0),
        ),
        capped=np.maximum(column("bis_d5"), np.maximum(column("bis_e1"), column("bis_e2"))),
        tier2=(column("ai_diffusion_tier") == 2).astype(float),
        ally=np.maximum(column("nato"), column("us_mnna")) * (1.0 - home[:, US]),
        belt_road=column("bri"),
        home=home,
        leakage=_override(
            iso3, overrides, "leakage_factor", np.full(len(iso3), w.country_leakage_factor)
        ),
    )
    return derived, capped_income


CLOUDS = (
    ("aws", "azure", "gcp", "oracle", "ibm"),
    ("alibaba", "huawei", "tencent"),
    (),
)
Column = Callable[[str], Floats]


def _reader(table: pl.DataFrame) -> Column:
    def column(name: str) -> Floats:
        return table[name].cast(pl.Float64).to_numpy().astype(np.float64)

    return column


def _three(pairs: Floats, other: float) -> Floats:
    """[C, bloc] from what is known of the US and China; the others' blocs have one value."""
    return np.column_stack([pairs, np.full(len(pairs), other)])


def _development(group: Sequence[str], column: Column) -> Floats:
    """Mean of need (1 low income, 0.5 lower middle) and distance from free politics (D001-04)."""
    need = np.array([{"Low": 1.0, "Lower middle": 0.5}.get(g, 0.0) for g in group])
    return np.asarray((need + 1.0 - column("freedom_in_the_world") / 100.0) / 2.0)


def _openness(imports: Floats, gdp: Floats) -> Floats:
    """[C] imports of goods over GDP; the median of the others where no trade is known."""
    known = imports > 0.0
    middle = float(np.median(imports[known] / gdp[known])) if known.any() else 1.0
    return np.where(known, imports / gdp, middle)


def usable_income(
    market: Floats, ppp: Floats, cap: float, below: float
) -> tuple[Floats, NDArray[np.bool_]]:
    """(income per head in USD, which are capped): market income, at most cap x PPP income where
    official rates mislead, which is looked for below a PPP income of `below` USD.
    """
    held = (market > cap * ppp) & (ppp < below)
    return np.where(held, cap * ppp, market), held


def _misfit(iso3: Sequence[str], dyads: pl.DataFrame, hub: float) -> Floats:
    """Mean over official and spoken languages (at least 9 % of both populations speak them): 0
    with one in common with the US or UK, `hub` with another large one, else 1.
    """
    official = _far_from_hubs(iso3, dyads, "common_language_cepii", hub)
    return (official + _far_from_hubs(iso3, dyads, "ethnic_language_cepii", hub)) / 2.0


def _far_from_hubs(iso3: Sequence[str], dyads: pl.DataFrame, column: str, hub: float) -> Floats:
    shared: dict[str, set[str]] = {code: set() for code in iso3}
    for a, b, language in dyads.select("iso3_a", "iso3_b", column).iter_rows():
        if language and a in shared and b in shared:
            shared[a].add(b)
            shared[b].add(a)
    misfit = []
    for code in iso3:
        near = shared[code] | {code}
        english = "USA" in near or "GBR" in near
        misfit.append(0.0 if english else hub if near.intersection(HUBS) else 1.0)
    return np.array(misfit)


def _override(
    iso3: Sequence[str], overrides: Mapping[str, Mapping[str, float]], name: str, values: Floats
) -> Floats:
    chosen = values.copy()
    for code, given in overrides.items():
        if name in given and code in iso3:
            chosen[iso3.index(code)] = given[name]
    return chosen
