"""How well models do in the languages of an economy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Columns of language_fit.csv, in the order of the second axis.
LANGUAGE_TRACKS = ("us_closed", "us_open", "cn_open")
REFERENCE = "USA"
_ENOUGH = 3


class LanguageFit(NamedTuple):
    """Fit by economy and track, and what was filled."""

    fit: Floats  # [C, track of LANGUAGE_TRACKS] score over that of the same track in the reference
    filled: tuple[str, ...]


def language_fit(table: pl.DataFrame, countries: pl.DataFrame) -> LanguageFit:
    """Fit relative to the United States, so that it is language and not capability: 1 is as good.

    table: rows of language_fit.csv (economies whose languages are scored for at least half of the
    people). The others take the median of their sub-region if it has three, else of their region.
    """
    iso3 = countries["iso3"].to_list()
    scores = {row[0]: row[1:] for row in table.select("iso3", *LANGUAGE_TRACKS).iter_rows()}
    base = np.array(scores[REFERENCE])
    fit = np.full((len(iso3), len(LANGUAGE_TRACKS)), np.nan)
    for c, code in enumerate(iso3):
        if code in scores:
            fit[c] = np.array(scores[code]) / base
    known = ~np.isnan(fit[:, 0])
    groups = [np.array(countries[name].to_list()) for name in ("subregion", "region")]
    filled = []
    result = fit.copy()
    for c in np.flatnonzero(~known).tolist():
        for group in groups:
            inside = known & (group == group[c])
            if inside.sum() >= _ENOUGH:
                break
        else:
            inside = known
        result[c] = np.median(fit[inside], axis=0)
        filled.append(iso3[c])
    words = f"language fit: median of the sub-region or region in {', '.join(filled)}"
    return LanguageFit(result, (words,) if filled else ())
