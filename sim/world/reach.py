"""Availability over time: who is offered what, from provider lists, dated events and bans."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.scenario import Resolved
from sim.scenario.economies import read_economies
from sim.scenario.levers import lever_paths, painted_over
from sim.scenario.schema import NEVER, Horizon, Offering, month_index
from sim.world.axes import BLOCS, US
from sim.world.economies import Economies
from sim.world.launches import launched as listed_launches
from sim.world.offerings import Offerings
from sim.world.pack import LeverPaths

Floats = NDArray[np.float64]
CHANNELS = ("api", "consumer_app")
PARTNERSHIP, PARTNERSHIP_SCALE = "partnership.signed", "us.partnership_scale"


def vendor_availability(
    resolved: Resolved, levers: LeverPaths, providers: pl.DataFrame, iso3: Sequence[str]
) -> dict[tuple[str, str], Floats]:
    """(vendor, channel) -> [T, C]: what the vendor's lists say, unless a dated event says other."""
    found = {}
    for vendor in levers.access:
        path = f"access.{vendor}"
        for channel in CHANNELS:
            listed = listed_availability(providers, vendor, channel, iso3, resolved.horizon)
            start = resolved.levers[path].value * listed
            found[vendor, channel] = painted_over(resolved, path, start, list(iso3))
    return found


def listed_availability(
    providers: pl.DataFrame, vendor: str, channel: str, iso3: Sequence[str], horizon: Horizon
) -> Floats:
    """[T, C] from the provider table; an economy that is not listed is served."""
    available = np.ones((horizon.n_months, len(iso3)))
    rows = providers.filter((pl.col("vendor") == vendor) & (pl.col("channel") == channel))
    for code, value, since, until in rows.select("iso3", "available", "since", "until").iter_rows():
        first = month_index(since) - horizon.start if since else 0
        last = month_index(until) - horizon.start if until else horizon.n_months
        if code in iso3:
            window = slice(max(0, first), max(0, min(last, horizon.n_months)))
            available[window, list(iso3).index(code)] = float(value)
    return available


def available(
    resolved: Resolved,
    levers: LeverPaths,
    e: Economies,
    providers: pl.DataFrame,
    iso3: Sequence[str],
    app_segment: Sequence[bool],
) -> Floats:
    """[T, C, S, O] in [0, 1]: part of the demand for an offering that its vendors serve.

    app_segment: which segments use consumer apps (the others use interfaces for programs).
    """
    vendors = vendor_availability(resolved, levers, providers, iso3)
    months = resolved.horizon.n_months
    found = np.ones((months, len(iso3), len(app_segment), len(resolved.offerings)))
    openai_like = np.mean([vendors[k] for k in vendors if k[1] == "api"], axis=0)
    for o, offering in enumerate(resolved.offerings.values()):
        found[:, :, :, o] *= _where_lever(resolved, offering, levers, e, iso3, openai_like)
        for selectors, there in ((offering.only_in, 0.0), (offering.not_in, 1.0)):
            if selectors:
                chosen = read_economies().select(selectors)
                outside = [(code in chosen) == bool(there) for code in iso3]
                found[:, outside, :, o] = 0.0
        if offering.vendors:
            for s, app in enumerate(app_segment):
                channel = CHANNELS[1] if app else CHANNELS[0]
                found[:, :, s, o] *= sum(
                    (
                        weight * vendors[vendor, channel]
                        for vendor, weight in sorted(offering.vendors.items())
                    ),
                    start=np.zeros((months, len(iso3))),
                )
    return found


def _where_lever(
    resolved: Resolved,
    offering: Offering,
    levers: LeverPaths,
    e: Economies,
    iso3: Sequence[str],
    served: Floats,
) -> Floats:
    """[T, C, 1]: value of the lever that an offering waits for; 1 where it waits for none."""
    path = offering.only_where_lever
    if path is None:
        return np.ones((resolved.horizon.n_months, len(iso3), 1))
    value = lever_paths(resolved, list(iso3))[path]
    value = value[:, None] * np.ones(len(iso3)) if value.ndim == 1 else value
    if path == PARTNERSHIP:
        eligible = (1.0 - e.capped) * (1.0 - e.home[:, US]) * (served > 0)
        value = np.maximum(value, levers.world.us_partnership_scale[:, None] * eligible)
    return value[:, :, None]


def banned(
    resolved: Resolved, offerings: Offerings, levers: LeverPaths, n_economies: int
) -> Floats:
    """[T, C, S, O] in [0, 1]: part of the use of an offering that national bans stop.

    A ban of a bloc stops its services, and of a mixture that is sold as a service the bloc's part;
    open weights it cannot switch off. A ban of an offering stops that one, weights and mixtures
    too. Of the two the wider counts.
    """
    shape = (resolved.horizon.n_months, n_economies, len(resolved.segments), offerings.service.size)
    found = np.zeros(shape)
    for s, segment in enumerate(resolved.segments):
        for o, name in enumerate(resolved.offerings):
            if offerings.service[o]:
                for b, bloc in enumerate(BLOCS):
                    found[:, :, s, o] += offerings.origin[o, b] * levers.ban[bloc, segment]
            if (own := levers.ban[name, segment]).any():
                found[:, :, s, o] = np.maximum(found[:, :, s, o], own)
    return found


def launched(resolved: Resolved, launches: pl.DataFrame, iso3: Sequence[str]) -> Floats:
    """[T, C, O] 1 from the month of an offering's launch in an economy on, before it 0.

    What the scenario says (`from`) goes before the table of launches; an offering of which neither
    says anything was always there.
    """
    months, start = resolved.horizon.n_months, resolved.horizon.start
    listed = [offering.launches_of or name for name, offering in resolved.offerings.items()]
    found = listed_launches(launches, listed, iso3, (start, months))
    for o, offering in enumerate(resolved.offerings.values()):
        if not offering.launches:
            continue
        since = np.full(len(iso3), months)
        for selector, chosen in read_economies().widest_first(offering.launches):
            month = offering.launches[selector]
            first = months if month == NEVER else month_index(month) - start
            since[[code in chosen for code in iso3]] = first
        found[:, :, o] = np.arange(months)[:, None] >= since
    return found


def refused_share(open_to: Floats, offerings: Offerings) -> Floats:
    """[T, bloc]: share of economies and segments that a bloc's services are not offered to."""
    found = np.zeros((len(open_to), len(BLOCS)))
    for b in range(len(BLOCS)):
        chosen = np.flatnonzero(offerings.service * offerings.one_bloc * offerings.origin[:, b])
        if len(chosen):
            found[:, b] = 1.0 - open_to[:, :, :, chosen].mean(axis=(1, 2, 3))
    return found
