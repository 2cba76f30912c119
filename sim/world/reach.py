"""Availability over time: who is offered what, from provider lists, dated events and bans."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.scenario import Resolved
from sim.scenario.economies import read_economies
from sim.scenario.levers import lever_paths
from sim.scenario.schema import Horizon, Offering, month_index
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
    events = _event_values(resolved, iso3)
    found = {}
    for vendor in levers.access:
        base = resolved.levers[f"access.{vendor}"].value
        for channel in CHANNELS:
            listed = listed_availability(providers, vendor, channel, iso3, resolved.horizon)
            dated = events[f"access.{vendor}"]
            found[vendor, channel] = np.where(np.isnan(dated), base * listed, dated)
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


def _event_values(resolved: Resolved, iso3: Sequence[str]) -> dict[str, Floats]:
    """Lever paths with NaN wherever no event is in force."""
    blank = {
        path: lever.model_copy(update={"value": float("nan")})
        for path, lever in resolved.levers.items()
    }
    return lever_paths(resolved.model_copy(update={"quantities": blank}), list(iso3))


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
    """[T, C, S, O] in [0, 1]: part of the use that national bans of a bloc's services stop."""
    segments = list(resolved.segments)
    shape = (resolved.horizon.n_months, n_economies, len(segments), len(resolved.offerings))
    found = np.zeros(shape)
    # Open weights cannot be switched off, mixtures fall back on their other part.
    for o in np.flatnonzero(offerings.service * offerings.one_bloc):
        for (bloc, segment), path in sorted(levers.ban.items()):
            weight = offerings.origin[o, BLOCS.index(bloc)]
            found[:, :, segments.index(segment), o] += weight * path
    return found


def launched(resolved: Resolved, launches: pl.DataFrame, iso3: Sequence[str]) -> Floats:
    """[T, C, O] 1 from the month of an offering's launch in an economy on, before it 0.

    What the scenario says (`from`) goes before the table of launches; an offering of which neither
    says anything was always there.
    """
    months, start = resolved.horizon.n_months, resolved.horizon.start
    found = listed_launches(launches, list(resolved.offerings), iso3, (start, months))
    for o, offering in enumerate(resolved.offerings.values()):
        if not offering.launches:
            continue
        since = np.full(len(iso3), months)
        for selector, month in offering.launches.items():
            chosen = read_economies().select([selector])
            since[[code in chosen for code in iso3]] = month_index(month) - start
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
