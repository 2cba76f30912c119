"""How much a government insists on its own: read from what it did, not from what it is."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.world.alignment import ranks

Floats = NDArray[np.float64]

#: What a decision says, from 0 (leaves it to others) to 1 (insists on its own).
SCORES = {
    ("data_localisation", "strict"): 1.0,
    ("data_localisation", "sectoral"): 0.5,
    ("data_localisation", "conditional"): 0.25,
    ("data_localisation", "none"): 0.0,
    ("supplier_5g", "ban"): 1.0,
    ("supplier_5g", "restrict"): 0.7,
    ("supplier_5g", "framework"): 0.4,
    ("supplier_5g", "allow"): 0.0,
    ("service_ban", "all"): 1.0,
    ("service_ban", "government"): 0.5,
    ("service_ban", "partial"): 0.3,
    ("service_ban", "temporary"): 0.3,
    ("service_ban", "warning"): 0.2,
    ("own_provision", "own_model"): 1.0,
    ("own_provision", "own_compute"): 1.0,
    ("own_provision", "foreign_deal"): 0.0,
}
KINDS = ("data_localisation", "supplier_5g", "service_ban", "own_provision")
#: A row that was read counts fully, general knowledge half.
WEIGHTS = {"measured": 1.0, "estimated": 1.0, "assumed": 0.5}
#: An ally's measure against China may be its ally's wish as well: it counts half.
ALLY = 0.5
#: Weight of the mean economy beside an economy's own decisions.
PRIOR = 1.0


class Preference(NamedTuple):
    """Sovereignty preference by economy, and what was filled."""

    level: Floats  # [C] fraction
    filled: tuple[str, ...]


def sovereignty_preference(
    decisions: pl.DataFrame, countries: pl.DataFrame, unmeasured: Collection[str]
) -> Preference:
    """Weighted mean over kinds of decisions, drawn towards the mean economy where little is known.

    A kind counts with the weight of its best known row. Rules on data are those of decisions.csv
    and, measured, the rank of `digital_stri_data_flows`; `unmeasured` are the economies whose value
    of that column is filled. Economies without any decision take the median of their region.
    """
    iso3 = countries["iso3"].to_list()
    sums, weights = _by_kind(decisions, countries, set(unmeasured))
    scores = np.divide(sums, weights, out=np.zeros_like(sums), where=weights > 0.0)
    strength = np.minimum(weights, 1.0)
    total = strength.sum(axis=1)
    known = total > 0.0
    own = (scores * strength).sum(axis=1)
    mean = float((own[known] / total[known]).mean()) if known.any() else 0.5
    level = (own + PRIOR * mean) / (total + PRIOR)
    regions = np.array(countries["region"].to_list())
    for c in np.flatnonzero(~known):
        inside = known & (regions == regions[c])
        level[c] = float(np.median(level[inside])) if inside.any() else mean
    names = ", ".join(iso3[int(c)] for c in np.flatnonzero(~known))
    words = f"sovereignty preference: median of the region in {names}"
    return Preference(level, (words,) if names else ())


def _by_kind(
    decisions: pl.DataFrame, countries: pl.DataFrame, unmeasured: set[str]
) -> tuple[Floats, Floats]:
    """([C, kind] weighted scores, [C, kind] weights)."""
    iso3 = countries["iso3"].to_list()
    place = {code: c for c, code in enumerate(iso3)}
    allied = np.maximum(countries["nato"].to_numpy(), countries["defence_pact_usa"].to_numpy())
    sums = np.zeros((len(iso3), len(KINDS)))
    weights = np.zeros_like(sums)
    rows = decisions.select("iso3", "kind", "decision", "bloc", "confidence").iter_rows()
    for code, kind, decision, bloc, confidence in rows:
        if code not in place:
            continue
        c, k = place[code], KINDS.index(kind)
        against_china = bloc == "cn" and decision != "foreign_deal"
        weight = WEIGHTS[confidence] * (ALLY if against_china and allied[c] > 0 else 1.0)
        sums[c, k] += weight * SCORES[kind, decision]
        weights[c, k] += weight
    measured = np.array([code not in unmeasured for code in iso3])
    flows = countries["digital_stri_data_flows"].to_numpy()
    sums[measured, 0] += ranks(flows[measured])
    weights[measured, 0] += 1.0
    return sums, weights
