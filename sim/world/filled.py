"""What no source gave in the dated inputs and the stances of economies, in words."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from sim.scenario.schema import month_index
from sim.world.language import language_fit
from sim.world.paths import YEARS, economy_paths
from sim.world.plans import price_factors
from sim.world.preference import sovereignty_preference


def filled_inputs(
    frames: Mapping[str, pl.DataFrame], countries: pl.DataFrame, unmeasured: list[str]
) -> tuple[str, ...]:
    """A line for every fill. countries: complete; unmeasured: economies with a filled value of
    `digital_stri_data_flows`.
    """
    horizon = month_index(f"{YEARS[0]}-07"), 1
    return (
        *economy_paths(frames["paths"], countries, horizon, 0.0).filled,
        *price_factors(frames["plan_prices"], countries["iso3"].to_list()).filled,
        *language_fit(frames["language_fit"], countries).filled,
        *sovereignty_preference(frames["decisions"], countries, unmeasured).filled,
    )
