"""What consumers pay for a subscription by economy: storefront prices and dated plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.scenario.schema import month_index

Floats = NDArray[np.float64]

#: Plan of plans.csv -> column of plan_prices.csv.
STOREFRONT = {
    "ChatGPT Plus": "chatgpt_plus_usd_month",
    "ChatGPT Go": "chatgpt_go_usd_month",
}


class PriceFactors(NamedTuple):
    """Storefront price over the world's most frequent one; 1 where there is no storefront."""

    plus: Floats  # [C]
    go: Floats  # [C]
    filled: tuple[str, ...]  # economies without a storefront, in words


def price_factors(plan_prices: pl.DataFrame, iso3: Sequence[str]) -> PriceFactors:
    """Factors of the economies in the order of `iso3`.

    The most frequent price is that of the whole table, of several equally frequent ones the lowest.
    """
    found = {}
    for plan, column in STOREFRONT.items():
        prices = dict(plan_prices.select("iso3", column).rows())
        usual = most_frequent(list(prices.values()))
        found[plan] = np.array([prices.get(code, usual) / usual for code in iso3])
    known = set(plan_prices["iso3"])
    missing = [code for code in iso3 if code not in known]
    filled = (f"price of plans: no storefront, factor 1 in {', '.join(missing)}",)
    return PriceFactors(found["ChatGPT Plus"], found["ChatGPT Go"], filled if missing else ())


def most_frequent(prices: Sequence[float]) -> float:
    """The price that most storefronts ask, the lowest of several."""
    counted = Counter(prices)
    most = max(counted.values())
    return min(price for price, count in counted.items() if count == most)


def cheapest_plan(
    plans: pl.DataFrame,
    plan_prices: pl.DataFrame,
    iso3: Sequence[str],
    horizon: tuple[int, int],
    vendor: str = "OpenAI",
) -> Floats:
    """[T, C] USD a month of the vendor's cheapest paid plan on offer, 0 while one is free.

    horizon: (first month as of `month_index`, number of months). A general row (no economy) holds
    where no row with a price names the economy for the plan. A price above 0 is that of the
    economy's storefront where one is known. Before the first plan its price stands.
    """
    start, months = horizon
    cheapest = np.full((months, len(iso3)), np.inf)
    rows = plans.filter(pl.col("vendor") == vendor)
    named = {
        (code, plan)
        for code, plan, usd in rows.select("iso3", "plan", "usd_month").iter_rows()
        if code is not None and usd > 0.0
    }
    stores = {
        plan: dict(plan_prices.select("iso3", column).rows()) for plan, column in STOREFRONT.items()
    }
    place = {code: c for c, code in enumerate(iso3)}
    for code, plan, since, until, usd in rows.select(
        "iso3", "plan", "from", "until", "usd_month"
    ).iter_rows():
        first = max(month_index(since) - start, 0)
        last = months if until is None else min(max(month_index(until) - start, 0), months)
        general = [c for c in iso3 if (c, plan) not in named]
        for here in general if code is None else [code]:
            if here in place:
                price = stores.get(plan, {}).get(here, usd) if usd > 0.0 else 0.0
                offer = cheapest[first:last, place[here]]
                np.minimum(offer, price, out=offer)
    return _before_the_first(cheapest)


def _before_the_first(cheapest: Floats) -> Floats:
    """Months without any plan take the price of the first month with one."""
    offered = np.isfinite(cheapest)
    first = np.argmax(offered, axis=0)
    early = np.arange(len(cheapest))[:, None] < first
    return np.where(early, np.take_along_axis(cheapest, first[None, :], axis=0), cheapest)
