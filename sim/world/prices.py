"""What an economy pays for an offering over what the world does, month by month."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.scenario import Resolved
from sim.world.axes import PRICE_TRACKS
from sim.world.offerings import Offerings
from sim.world.pack import LeverPaths
from sim.world.plans import STOREFRONT, cheapest_plan, most_frequent
from sim.world.tables import SeedTables

Floats = NDArray[np.float64]
#: Months from the start within which plans are on offer everywhere.
PLANS_FROM = 60


def price_factor(
    resolved: Resolved, offerings: Offerings, levers: LeverPaths, iso3: Sequence[str]
) -> Floats:
    """[T, C, O] list price in an economy over that of the world: 1 unless an event of `price.*`
    names economies.
    """
    found = np.ones((resolved.horizon.n_months, len(iso3), len(resolved.offerings)))
    world = {"us_closed": levers.world.price_us_closed, "us_open": levers.world.price_us_open}
    world |= {"cn_open": levers.world.price_cn_open, "other_open": levers.world.price_other_open}
    for track, name in enumerate(PRICE_TRACKS):
        here = levers.local.get(f"price.{name}")
        if here is not None:
            chosen = offerings.price_track == track
            found[:, :, chosen] = (here / world[name][:, None])[:, :, None]
    return found


def seat_factor(
    resolved: Resolved, offerings: Offerings, tables: SeedTables, iso3: Sequence[str]
) -> Floats:
    """[T, C, O] what a subscription costs over the most frequent price of the leading plan: that of
    the cheapest plan on offer for what US vendors sell, 1 for everything else.
    """
    months = resolved.horizon.n_months  # a short horizon may end before the first plan
    horizon = resolved.horizon.start, max(months, PLANS_FROM)
    usual = most_frequent(tables.plan_prices[STOREFRONT["ChatGPT Plus"]].to_list())
    cheapest = cheapest_plan(tables.plans, tables.plan_prices, iso3, horizon)[:months]
    found = np.ones((*cheapest.shape, len(resolved.offerings)))
    found[:, :, offerings.packaged > 0.0] = (cheapest / usual)[:, :, None]
    return found
