"""Levers over time: the state before any event, then each event painted over it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.errors import OutOfRange
from sim.scenario.economies import read_economies
from sim.scenario.resolved import Resolved
from sim.scenario.schema import CHANGES, Bloc, Event, Horizon, month_index

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


#: Levers that act through what laboratories have and release, and whose they are.
LABORATORIES: dict[str, Bloc] = {
    "us.chip_controls.tightness": "cn",
    "us.chip_controls.leakage": "cn",
    "us.compute.boost": "us",
    "us.reporting_drag": "us",
    "us.openness": "us",
    "cn.compute.boost": "cn",
    "cn.rnd_support": "cn",
    "cn.economy_drag": "cn",
    "cn.domestic_efficiency": "cn",
    "cn.openness": "cn",
    "cn.release_delay": "cn",
    "other.compute.boost": "other",
}


def lever_paths(resolved: Resolved, economies: list[str]) -> dict[str, FloatArray]:
    """Value of every lever in every month, float64.

    A world lever gives an array [T]; an economy lever gives [T, C] with the columns in the order
    of ``economies`` (ISO3). Every ``to`` comes first, by date and layer: the last one in force
    wins, and a lever whose event ends is again what it would otherwise be. Then every ``times`` in
    force multiplies that, then every ``add`` is added; several of them stack, in any order. Events
    of a world lever that name economies are left to `local_paths`. Raises OutOfRange where
    ``times`` or ``add`` leave the lever's range.
    """
    levers = resolved.levers
    wide = {path for path, lever in levers.items() if lever.scope == "economy"}
    return _painted(resolved, economies, _blank(resolved, economies, list(levers), wide), wide)


def local_paths(resolved: Resolved, economies: list[str]) -> dict[str, FloatArray]:
    """[T, C] of the world levers that some event sets for some economies only."""
    levers = resolved.levers
    named = {event.lever for event in resolved.events if event.economies is not None}
    wanted = [path for path in sorted(named) if levers[path].scope == "world"]
    blank = _blank(resolved, economies, wanted, set(wanted))
    return _painted(resolved, economies, blank, set(wanted))


def painted_over(
    resolved: Resolved, path: str, start: FloatArray, economies: list[str]
) -> FloatArray:
    """An economy lever [T, C] whose values before any event are ``start`` (which is changed)."""
    return _painted(resolved, economies, {path: start}, {path})[path]


def in_effect(events: Iterable[Event]) -> list[tuple[int, Event]]:
    """Events with their numbers as they take effect: every ``to``, then ``times``, then ``add``."""
    return sorted(enumerate(events), key=lambda pair: CHANGES.index(pair[1].kind))


def _blank(
    resolved: Resolved, economies: list[str], wanted: list[str], wide: set[str]
) -> dict[str, FloatArray]:
    """Paths [T], or [T, C] of levers in `wide`, before any event."""
    import numpy as np

    months = resolved.horizon.n_months
    shapes = {p: (months, len(economies)) if p in wide else (months,) for p in wanted}
    return {p: np.full(shape, resolved.levers[p].value) for p, shape in shapes.items()}


def _painted(
    resolved: Resolved, economies: list[str], paths: dict[str, FloatArray], wide: set[str]
) -> dict[str, FloatArray]:
    """The same arrays after all events that concern them."""
    relative: dict[str, int] = {}
    for number, event in in_effect(resolved.events):
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
            relative[event.lever] = number
    for lever, number in relative.items():
        _check_range(resolved, number, paths[lever])
    return paths


def _check_range(resolved: Resolved, number: int, path: FloatArray) -> None:
    """Raise OutOfRange if events that change what is there leave the lever's range; `number` is
    the last of them.
    """
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
