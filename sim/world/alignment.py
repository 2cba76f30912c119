"""How close an economy stands to the United States and to China: one index for each pair."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.world.axes import CN, US
from sim.world.economies import HOME

Floats = NDArray[np.float64]

#: The blocs of the second axis, as in BLOCS; of others nobody measures closeness.
PAIRED = ("us", "cn")


def alignment(favourability: pl.DataFrame, countries: pl.DataFrame) -> Floats:
    """[C, 2] in [0, 1], blocs of `PAIRED`; a bloc's home is 1 to itself and 0 to the other.

    The mean of what is known of the pair: the rank of the share of roll calls voted as the bloc
    did (among all economies), the alliance (see `alliances`), and the share of people with a
    favourable view where it was measured. Ranks, because agreement with China is high and with
    the United States low nearly everywhere; only the difference to others says something.
    """
    iso3 = countries["iso3"].to_list()
    votes, allied = _votes(countries), alliances(countries)
    views = np.full(votes.shape, np.nan)
    for code, bloc, share in favourability.select("iso3", "bloc", "share").iter_rows():
        if code in iso3:
            views[iso3.index(code), PAIRED.index(bloc)] = share
    index = np.nanmean(np.stack([votes, allied, views]), axis=0)
    for code, bloc in HOME.items():
        if code in iso3:
            index[iso3.index(code)] = 0.0
            index[iso3.index(code), bloc] = 1.0
    return np.asarray(index, dtype=np.float64)


def alliances(countries: pl.DataFrame) -> Floats:
    """[C, 2]: to the US 1 for NATO and for major non-NATO allies with a defence obligation, 1/2
    for one without the other (the Rio Treaty alone says little); to China 1 for an obligation or a
    member of the Shanghai Cooperation Organisation that signed the Belt and Road. Whoever has ties
    to both has half of each.
    """

    def column(name: str) -> Floats:
        return countries[name].cast(pl.Float64).to_numpy().astype(np.float64)

    us = np.maximum(column("nato"), (column("defence_pact_usa") + column("us_mnna")) / 2.0)
    cn = np.maximum(column("defence_pact_chn"), column("sco") * column("bri"))
    both = np.where((us > 0.0) & (cn > 0.0), 0.5, 1.0)
    return np.stack([us * both, cn * both], axis=1)


def _votes(countries: pl.DataFrame) -> Floats:
    """[C, 2] rank in [0, 1]. Agreement of exactly 0 or 1 outside of a home is a handful of votes:
    there the rank of the ideal point stands in, reversed for China.
    """
    agree = np.stack([countries[f"un_agree_{b}"].to_numpy() for b in ("usa", "chn")], axis=1)
    ideal = ranks(countries["un_ideal_point"].to_numpy())
    found = np.stack([ranks(agree[:, US]), ranks(agree[:, CN])], axis=1)
    few = np.isin(agree, (0.0, 1.0)).any(axis=1)
    return np.where(few[:, None], np.stack([ideal, 1.0 - ideal], axis=1), found)


def ranks(values: Floats) -> Floats:
    """[C] mean rank over the number of others: 0 the lowest, 1 the highest, ties shared."""
    below = (values[None, :] < values[:, None]).sum(axis=1)
    same = (values[None, :] == values[:, None]).sum(axis=1) - 1
    return np.asarray((below + same / 2.0) / max(len(values) - 1, 1), dtype=np.float64)
