"""A world after a move: only what the move touches is built anew.

Half of the time a world takes goes into trade and economies, most of the rest into who may use
what; a slider moves one number. The result equals `build_world` bit by bit (a test moves every
kind of quantity).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim.scenario import Resolved
from sim.world.build import Standing, World, build_on, build_world
from sim.world.pack import check_read, pack_world
from sim.world.reach import PARTNERSHIP, PARTNERSHIP_SCALE
from sim.world.start import check_start
from sim.world.tables import SeedTables


def rebuild_world(like: World, resolved: Resolved, tables: SeedTables) -> World:
    """The world of `resolved`; `like` was built from the same tables."""
    check_start(resolved)
    check_read(resolved)
    before = like.resolved
    same_place = (
        before.countries == resolved.countries
        and before.structure == resolved.structure
        and like.fixed == pack_world(resolved)
    )
    if not same_place:
        return build_world(resolved, tables)
    if _paths(before) == _paths(resolved):
        return replace(like, resolved=resolved)
    standing = Standing(**{name: getattr(like, name) for name in Standing._fields})
    served = None
    if _served_by(before) == _served_by(resolved):
        served = like.available, like.banned
    return build_on(standing, resolved, tables, served)


def _served_by(resolved: Resolved) -> tuple[Any, ...]:
    """All that decides who may use what: of levers and events only those of access and bans."""
    waited_for = {offering.only_where_lever for offering in resolved.offerings.values()}

    def matters(lever: str) -> bool:
        known = lever in waited_for or lever in (PARTNERSHIP, PARTNERSHIP_SCALE)
        return known or lever.split(".")[0] in ("access", "ban")

    horizon, structure, events, levers, segments, offerings, _ = _paths(resolved)
    return (
        horizon,
        structure,
        [event for event in events if matters(event.lever)],
        [(path, lever) for path, lever in levers if matters(path)],
        segments,
        offerings,
    )


def _paths(resolved: Resolved) -> tuple[Any, ...]:
    """All that the moving part of a world is built from (see `build_on`), order included."""
    seats = resolved.across("segments", "seat_weight")
    return (
        resolved.horizon,
        resolved.structure,
        resolved.events,
        list(resolved.levers.items()),
        [(name, seat > 0.5) for name, seat in zip(resolved.segments, seats, strict=True)],
        list(resolved.offerings.items()),
        resolved.paths,
    )
