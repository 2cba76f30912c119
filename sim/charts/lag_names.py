"""The names of capability lags: which there are, which bloc and openness each is about."""

from __future__ import annotations

import polars as pl

from sim.charts.palette import BLOC_LABELS, bloc_colour

_PREFIX, _SUFFIX = "lag_", "_open"


def lag_variables(table: pl.DataFrame) -> list[str]:
    """The variables of ``table`` that are capability lags: 'lag_<bloc>' or 'lag_<bloc>_open'."""
    names = table["variable"].unique().to_list()
    return sorted(name for name in names if name.startswith(_PREFIX))


def lag_label(name: str) -> str:
    """'lag_cn_open' -> 'China, open weights'."""
    bloc = BLOC_LABELS.get(_bloc(name), _bloc(name))
    return f"{bloc}, open weights" if is_open(name) else bloc


def lag_colour(name: str) -> str:
    """The colour of the bloc, or of its open weights."""
    return bloc_colour(_bloc(name), open_weights=is_open(name))


def is_open(name: str) -> bool:
    """Whether a lag is that of open weights."""
    return name.endswith(_SUFFIX)


def _bloc(name: str) -> str:
    return name.removeprefix(_PREFIX).removesuffix(_SUFFIX)
