"""Shares and adoption of the world and its groups in Decembers: the small table of a point."""

from __future__ import annotations

import polars as pl

from sim.results.layout import DECEMBER
from sim.results.totals import Totals
from sim.results.world_table import world

VARIABLES = ("share", "adoption")


def groups(totals: Totals) -> pl.DataFrame:
    """Rows of the run folder's world table: period, group_type, group, segment, offering,
    variable, mean and quantiles. Empty if the horizon has no December.
    """
    table = world(totals, totals.finish())
    december = pl.col("period").dt.month() == DECEMBER
    return table.filter(december & pl.col("variable").is_in(VARIABLES))
