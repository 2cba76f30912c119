"""Levers over time: the state before any event, then each event painted over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import OutOfRange
from sim.scenario.economies import read_economies
from sim.scenario.resolved import Resolved
from sim.scenario.schema import Event, Horizon, month_index

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]


#: World levers that may be set for some economies: those that act on what economies pay, reach or
#: think. The others act on laboratories and releases, of which the world has one.
LOCAL = (
    "price.us_closed",
    "price.us_open",
    "price.cn_open",
    "price.other_open",
    "us.price_cut",
    "us.allies_package",
    "us.chip_controls.tightness",
    "us.chip_controls.leakage",
    "us.chip_controls.tier2_cap",
    "cn.aid",
    "cn.low_power_chips",
    "standards.reach",
    "forum.engagement",
    "rivalry",
    "defence.salience",
)


#: Levers that act through what laboratories have and release.
LABORATORIES = (
    "us.chip_controls.tightness",
    "us.chip_controls.leakage",
    "us.compute.boost",
    "us.reporting_drag",
    "us.openness",
    "cn.compute.boost",
    "cn.rnd_support",
    "cn.economy_drag",
    "cn.domestic_efficiency",
    "cn.openness",
    "cn.release_delay",
    "other.compute.boost",
)


def lever_paths(resolved: Resolved, economies: list[str]) -> dict[str, FloatArray]:
    """Value of every lever in every month, float64.

    A world lever gives an array [T]; an economy lever gives [T, C] with the columns in the order
    of ``economies`` (ISO3). Events are painted in order, so the last one in force wins and a
    lever whose event ends is again what it would otherwise be. Events of a world lever that name
    economies are left to `local_paths`. Raises OutOfRange where `times` or `add` leave the range.
    """
    levers = resolved.levers
    wide = {path for path, lever in levers.items() if lever.scope == "economy"}
    return _painted(resolved, economies, list(levers), wide)


def local_paths(resolved: Resolved, economies: list[str]) -> dict[str, FloatArray]:
    """[T, C] of the world levers that some event sets for some economies only."""
    levers = resolved.levers
    named = {event.lever for event in resolved.events if event.economies is not None}
    wanted = [path for path in sorted(named) if levers[path].scope == "world"]
    return _painted(resolved, economies, wanted, set(wanted))


def _painted(
    resolved: Resolved, economies: list[str], wanted: list[str], wide: set[str]
) -> dict[str, FloatArray]:
    """Paths [T], or [T, C] of levers in `wide`, after all events that concern them."""
    import numpy as np

    months = resolved.horizon.n_months
    paths: dict[str, FloatArray] = {}
    for path in wanted:
        shape = (months, len(economies)) if path in wide else (months,)
        paths[path] = np.full(shape, resolved.levers[path].value, dtype=np.float64)
    for number, event in enumerate(resolved.events):
        if event.lever not in paths or (event.economies is not None and event.lever not in wide):
            continue
        values, window = paths[event.lever], _window(event, resolved.horizon)
        if event.economies is None:
            values[window] = event.changed(values[window])
        else:
            chosen = read_economies().select(event.economies)
            columns = [c for c, iso3 in enumerate(economies) if iso3 in chosen]
            values[window, columns] = event.changed(values[window, columns])
        if event.to is None:
            _check_range(resolved, number, values)
    return paths


def _check_range(resolved: Resolved, number: int, path: FloatArray) -> None:
    """Raise OutOfRange if an event that changes what is there leaves the lever's range."""
    event = resolved.events[number]
    low, high = resolved.levers[event.lever].range
    if path.size and (path.min() < low or path.max() > high):
        worst = float(path.min() if path.min() < low else path.max())
        file, _, line = resolved.origin.get(f"events[{number}]", "").rpartition(":")
        raise OutOfRange(
            f"the change {event.change} makes {worst:g}, outside {low:g} to {high:g}",
            file=file or None,
            line=int(line) if line.isdigit() else None,
            path=event.lever,
            hint=f"Write to: with a value of {low:g} to {high:g}, or a smaller change",
        )


def _window(event: Event, horizon: Horizon) -> slice:
    first = max(0, month_index(event.on) - horizon.start)
    if event.until is None:
        return slice(first, horizon.n_months)
    return slice(first, max(first, month_index(event.until) - horizon.start))
