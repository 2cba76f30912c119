"""Lint for realism: changes that a scenario asks for and that can move nothing.

Everything here is read off arrays of the world; nothing is run. What needs a run is in
``sim.explain.lint_deep``. A finding is a warning: the scenario is sound, it only does less than
whoever wrote it may think.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.explain.lint_rules import idle_rule, idle_settings
from sim.scenario import Event, Resolved, lever_paths
from sim.scenario.economies import read_economies
from sim.scenario.levers import in_effect, painted_over
from sim.scenario.schema import month_index
from sim.world import reach, releases
from sim.world.build import World
from sim.world.pack import pack_levers
from sim.world.tables import SeedTables

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
_FEW = 6  # economies named one by one in a message
_SHORT = 6  # months to the end of the horizon in which hardly anything can show


class Finding(NamedTuple):
    """Something that a file asks for and that has no effect."""

    where: str
    """``file:line``, or the setting of the command line."""
    what: str
    message: str

    def line(self) -> str:
        """One readable line."""
        return f"{self.where}: {self.what}: {self.message}"


class _Case(NamedTuple):
    """One event, with the lever painted with and without it."""

    event: Event
    number: int
    before: Floats
    """The lever just before this event is painted over it; [T] or [T, C]."""
    final: Floats
    without: Floats
    window: Mask


def lint(world: World, tables: SeedTables, *, everything: bool = False) -> list[Finding]:
    """Findings about what the layers over the complete file say.

    everything: about the events of the complete file as well.
    """
    resolved = world.resolved
    found = [
        Finding(_place(resolved, i), _name(event), message)
        for i, event in enumerate(resolved.events)
        if everything or from_overlay(resolved, f"events[{i}]")
        for message in _event_findings(_case(world, i), world, tables)
    ]
    asked = [path for path in resolved.origin if from_overlay(resolved, path)]
    for path, message in idle_settings(resolved, asked):
        found.append(Finding(resolved.origin[path], path, message))
    found += _country_findings(world, asked)
    return sorted(set(found))


def from_overlay(resolved: Resolved, key: str) -> bool:
    """Whether a path was last set by another layer than the complete file at the bottom."""
    return bool(resolved.layers) and not resolved.origin.get(key, "").startswith(
        f"{resolved.layers[0]}:"
    )


def _place(resolved: Resolved, index: int) -> str:
    return resolved.origin.get(f"events[{index}]", resolved.name)


def _name(event: Event) -> str:
    return f"{event.on} {event.lever} {event.change}"


def _case(world: World, index: int) -> _Case:
    resolved, event = world.resolved, world.resolved.events[index]
    mine = [e for _, e in in_effect(resolved.events) if e.lever == event.lever]
    place = next(k for k, e in enumerate(mine) if e is event)
    lever = {event.lever: resolved.levers[event.lever]}
    economies = list(world.iso3)
    start = np.full((resolved.horizon.n_months, len(economies)), lever[event.lever].value)

    def painted(events: list[Event]) -> Floats:
        part = resolved.model_copy(update={"quantities": lever, "events": tuple(events)})
        if any(e.economies is not None for e in mine):
            return painted_over(part, event.lever, start.copy(), economies)
        return lever_paths(part, economies)[event.lever]

    before, without = painted(mine[:place]), painted(mine[:place] + mine[place + 1 :])
    window = np.zeros(before.shape, dtype=np.bool_)
    first = max(0, month_index(event.on) - resolved.horizon.start)
    last = resolved.horizon.n_months
    if event.until is not None:
        last = min(last, month_index(event.until) - resolved.horizon.start)
    columns = _columns(event, world) if before.ndim == 2 else None
    window[first:last] = True if columns is None else columns
    return _Case(event, index, before, painted(mine), without, window)


def _columns(event: Event, world: World) -> Mask:
    if event.economies is None:
        return np.ones(len(world.iso3), dtype=np.bool_)
    chosen = read_economies().select(event.economies)
    return np.array([iso3 in chosen for iso3 in world.iso3])


def _event_findings(case: _Case, world: World, tables: SeedTables) -> Iterator[str]:
    horizon, event = world.resolved.horizon, case.event
    left = horizon.end - month_index(event.on) + 1
    if left < _SHORT:
        yield f"only {left} months of the horizon are left: hardly anything can show"
    moved = case.final != case.without
    if not moved.any():
        yield from _why_same(case)
        return
    if (reason := idle_rule(event.lever, world, case.final, case.without)) is not None:
        yield reason
        return
    binds = _binding(case, world, tables)
    if binds is None:
        return
    if not binds.any():
        yield _nobody(event)
    elif event.economies is not None:
        asked = moved.any(axis=0) if moved.ndim == 2 else np.ones(len(world.iso3), dtype=np.bool_)
        idle = [world.iso3[c] for c in np.flatnonzero(asked & ~binds)]
        if idle:
            yield f"{_nobody(event)} in {_some(idle)}; it acts in {int(binds.sum())} economies"


def _why_same(case: _Case) -> Iterator[str]:
    before = case.before[case.window]
    if (before == case.event.changed(before)).all():
        yield f"the lever is {before.flat[0]:g} already: nothing changes"
    else:
        yield "later events hide it in every month: nothing changes"


def _nobody(event: Event) -> str:
    if event.lever.startswith("ban."):
        return "bans what cannot be reached anyway"
    if event.lever.startswith("access."):
        return "the vendor's lists say the same"
    if event.lever.startswith("released."):
        return "releases of that bloc are drawn in those months, not dated: not read"
    return "cannot act: the vendor serves nobody there, or the economy is not eligible"


def _binding(case: _Case, world: World, tables: SeedTables) -> Mask | None:
    """[C] where reach differs with and without the event; None for levers that are not reach."""
    lever, resolved = case.event.lever, world.resolved
    events = [e for i, e in enumerate(resolved.events) if i != case.number]
    bare = resolved.model_copy(update={"events": tuple(events)})
    levers = pack_levers(bare, world.iso3)
    if lever.startswith("released."):
        dated = releases.capability(levers.released, releases.record_line(tables.frontier))
        differs = ~np.isclose(dated, world.dated, rtol=0.0, atol=0.0, equal_nan=True)
        read = np.arange(len(dated))[:, None] < world.dated_until
        return np.full(len(world.iso3), bool((differs & read).any()))
    waits = {o.only_where_lever for o in resolved.offerings.values()}
    gates = lever in waits or lever == "us.partnership_scale" or lever.startswith("access.")
    if not (gates or lever.startswith("ban.")):
        return None
    open_to, banned = world.available, world.banned
    if gates:
        app = [weight > 0.5 for weight in resolved.across("segments", "seat_weight")]
        open_to = reach.available(bare, levers, world.economies, tables.providers, world.iso3, app)
    else:
        banned = reach.banned(bare, world.offerings, levers, len(world.iso3))
    differs = open_to * (1.0 - banned) != world.available * (1.0 - world.banned)
    return np.asarray(differs.any(axis=(0, 2, 3)), dtype=np.bool_)


def _country_findings(world: World, asked: list[str]) -> Iterator[Finding]:
    """Columns of an economy that are set to what the table says."""
    rows = read_economies().rows
    for iso3, values in world.resolved.countries.items():
        for column, value in values.items():
            path = f"countries.{iso3}.{column}"
            text = rows[iso3].get(column, "")
            if path in asked and text and float(text) == value:
                where = world.resolved.origin[path]
                yield Finding(where, path, f"the table says {value:g} already: nothing changes")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return ", ".join(names[:_FEW]) + more
