"""Observation models: what an instrument would have seen of the simulated use."""

from __future__ import annotations

import math

from sim.lanes.jit import equation


@equation
def observed_users(adoption: float, coverage: float) -> float:
    """Share of people 15-64 that consumer telemetry reports: adoption x the source's coverage."""
    return adoption * coverage


@equation
def observed_brand(service_share: float, brand_share: float) -> float:
    """Share of one brand among users: share of the bloc's services x the brand's part of them."""
    return service_share * brand_share


@equation
def lag(leader: float, follower: float) -> float:
    """Months that a released capability is behind the leader's; negative when ahead."""
    return leader - follower


@equation
def selected(listed: float, is_open: float, selection: float) -> float:
    """Weight of an offering on an aggregator: 0 unless listed; users of open models are there
    `selection` times as likely as others (odds).
    """
    return listed * (selection if is_open > 0.0 else 1.0)


@equation
def part(amount: float, total: float) -> float:
    """Amount / total; undefined (NaN) where there is nothing to divide."""
    return amount / total if total > 0.0 else math.nan


@equation
def visited(is_chinese: float, ratio: float, curiosity: float, buzz: float) -> float:
    """Visits per user relative to a user of another service nobody talks of; `ratio` for Chinese
    services, and `curiosity` more visits by the curious per unit of attention.
    """
    return (ratio if is_chinese > 0.0 else 1.0) * (1.0 + curiosity * buzz)
