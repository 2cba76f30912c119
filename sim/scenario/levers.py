"""Levers over time: the state before any event, then each event painted over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.economies import read_economies
from sim.scenario.resolved import Resolved
from sim.scenario.schema import Event, Horizon, month_index

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]


def lever_paths(resolved: Resolved, economies: list[str]) -> dict[str, FloatArray]:
    """Value of every lever in every month, float64.

    A world lever gives an array [T]; an economy lever gives [T, C] with the columns in the order
    of ``economies`` (ISO3). Events are painted in order, so the last one in force wins and a
    lever whose event ends is again what it would otherwise be.
    """
    import numpy as np

    months = resolved.horizon.n_months
    paths: dict[str, FloatArray] = {}
    for path, lever in resolved.levers.items():
        shape = (months,) if lever.scope == "world" else (months, len(economies))
        paths[path] = np.full(shape, lever.value, dtype=np.float64)
    for event in resolved.events:
        window = _window(event, resolved.horizon)
        if event.economies is None:
            paths[event.lever][window] = event.to
        else:
            chosen = read_economies().select(event.economies)
            columns = [c for c, iso3 in enumerate(economies) if iso3 in chosen]
            paths[event.lever][window, columns] = event.to
    return paths


def _window(event: Event, horizon: Horizon) -> slice:
    first = max(0, month_index(event.on) - horizon.start)
    if event.until is None:
        return slice(first, horizon.n_months)
    return slice(first, max(first, month_index(event.until) - horizon.start))
