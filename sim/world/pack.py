"""From a resolved scenario to parameter and lever arrays; nothing may be left unread.

Every quantity of the scenario must be a field of `sim.world.parameters`, every field must have a
quantity. A quantity without a field is one that no equation reads: refused with file and line.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import UnknownKey
from sim.scenario import Resolved
from sim.scenario.bans import ban_path
from sim.scenario.levers import lever_paths, local_paths
from sim.world.axes import BLOCS, TRACKS
from sim.world.parameters import (
    EconomyLevers,
    OfferingParams,
    Params,
    SegmentParams,
    TaskParams,
    WorldLevers,
    WorldParams,
)

Floats = NDArray[np.float64]
#: (flat path, centre) -> values over lanes [lane]; the centre itself without draws
Values = Callable[[str], Floats]
_RELEASED = tuple(f"released.{track}" for track in TRACKS[:5])


class LeverPaths(NamedTuple):
    """All levers over time: world levers [T], economy levers [T, C], by name where open-ended."""

    world: WorldLevers
    economy: EconomyLevers
    local: dict[str, Floats]  # world lever -> [T, C] where an event names economies
    access: dict[str, Floats]  # vendor -> [T, C]
    ban: dict[tuple[str, str], Floats]  # (bloc or offering, segment) -> [T, C]
    released: Floats  # [T, released track] best dated score so far, 0 where none


def field_paths(resolved: Resolved) -> dict[str, str]:
    """Flat path -> field it feeds, for every path that some equation reads."""
    wanted: dict[str, str] = {}
    known = {path.replace(".", "_"): path for path in resolved.parameters}
    for field in (*Params.names, *WorldParams._fields):
        if field not in known:
            raise UnknownKey(
                f"the parameter for '{field}' is missing",
                file=resolved.layers[0] if resolved.layers else None,
                hint="Complete files need every one",
            )
        wanted[known[field]] = field
    for segment in resolved.segments:
        for field in SegmentParams.names:
            wanted[f"segments.{segment}.{field}"] = field
    for name in resolved.offerings:
        for field in OfferingParams.names:
            wanted[f"offerings.{name}.{field}"] = field
        for segment in resolved.segments:
            wanted[f"offerings.{name}.constant.{segment}"] = "constant"
    for name in resolved.tasks:
        for field in TaskParams.names:
            wanted[f"tasks.{name}.{field}"] = field
        for segment in resolved.segments:
            wanted[f"tasks.{name}.size.{segment}"] = "size"
    for path in _lever_names(resolved):
        wanted[path] = "lever"
    return wanted


def _lever_names(resolved: Resolved) -> list[str]:
    """Paths of the levers that are read."""
    fixed = {field: field for field in (*WorldLevers.names, *EconomyLevers.names)}
    names = [path for path in resolved.levers if path.replace(".", "_") in fixed]
    names += [path for path in _RELEASED if path in resolved.levers]
    for offering in resolved.offerings.values():
        names += [f"access.{vendor}" for vendor in offering.vendors]
        if offering.only_where_lever:
            names.append(offering.only_where_lever)
    names += [path for path in _bans(resolved).values() if path in resolved.levers]
    return sorted(set(names))


def _bans(resolved: Resolved) -> dict[tuple[str, str], str]:
    """(bloc or offering, segment) -> path of the lever that stops its use."""
    banned = (*BLOCS, *resolved.offerings)
    return {(name, s): ban_path(name, s) for name in banned for s in resolved.segments}


def check_read(resolved: Resolved) -> None:
    """Raise UnknownKey for a quantity that no equation reads, one that is missing, or a draw that
    no run would use.
    """
    check_draws(resolved)
    read, present = field_paths(resolved), resolved.quantities
    for path in present:
        if path not in read:
            near = difflib.get_close_matches(path, read, n=1)
            hint = f"Nearest that is read: {near[0]}" if near else "Remove it"
            raise _refusal("no equation reads this parameter", path, hint, resolved, path)
    message = "an equation needs this parameter and the scenario does not have it"
    for path in read:
        if path not in present:
            hint = "Add it to the complete scenario that this one extends"
            raise _refusal(message, path, hint, resolved, path.rpartition(".")[0])


def _refusal(message: str, path: str, hint: str, resolved: Resolved, place: str) -> UnknownKey:
    """An error about `path`, at the file and line where `place` was set."""
    file, _, line = resolved.origin.get(place, "").rpartition(":")
    if not line.isdigit():  # a setting on the command line has no lines
        file, line = resolved.origin.get(place, ""), ""
    number = int(line) if line else None
    return UnknownKey(message, file=file or None, line=number, path=path, hint=hint)


def centres(resolved: Resolved) -> Values:
    """Every quantity at its centre, one lane."""
    values = {path: quantity.value for path, quantity in resolved.quantities.items()}
    return lambda path: np.array([values[path]])


def pack_params(resolved: Resolved, values: Values) -> Params:
    """World-level parameters, each [lane]."""
    names = {path.replace(".", "_"): path for path in resolved.parameters}
    return Params(np.stack([values(names[field]) for field in Params.names]))


def pack_segments(resolved: Resolved, values: Values) -> SegmentParams:
    """Segment parameters, each [segment, lane]."""
    rows = [
        [values(f"segments.{segment}.{field}") for segment in resolved.segments]
        for field in SegmentParams.names
    ]
    return SegmentParams(np.array(rows))


def pack_offerings(resolved: Resolved, values: Values) -> OfferingParams:
    """Offering attributes, each [offering, lane]."""
    rows = [
        [values(f"offerings.{name}.{field}") for name in resolved.offerings]
        for field in OfferingParams.names
    ]
    return OfferingParams(np.array(rows))


def pack_constants(resolved: Resolved, values: Values) -> Floats:
    """Taste constants [segment, offering, lane]."""
    return np.array(
        [
            [values(f"offerings.{name}.constant.{segment}") for name in resolved.offerings]
            for segment in resolved.segments
        ]
    )


def pack_tasks(resolved: Resolved, values: Values) -> TaskParams:
    """What tasks ask of models, each [task, lane]."""
    rows = [
        [values(f"tasks.{name}.{field}") for name in resolved.tasks] for field in TaskParams.names
    ]
    return TaskParams(np.array(rows))


def pack_sizes(resolved: Resolved, values: Values) -> Floats:
    """Parts of a segment's work [segment, task, lane]."""
    return np.array(
        [
            [values(f"tasks.{name}.size.{segment}") for name in resolved.tasks]
            for segment in resolved.segments
        ]
    )


def pack_world(resolved: Resolved) -> WorldParams:
    """Fixed numbers of the world."""
    names = {path.replace(".", "_"): path for path in resolved.parameters}
    return WorldParams(**{f: resolved.parameters[names[f]].value for f in WorldParams._fields})


def drawable(resolved: Resolved) -> list[str]:
    """Paths whose draws runs use: what shapes the world before any draw is not among them.

    Levers are paths over time; `world.*` and the like make the static arrays; whether a segment
    buys seats decides whose lists of countries its vendors go by.
    """
    shaping = {p for p in resolved.parameters if p.replace(".", "_") in WorldParams._fields}
    shaping |= {f"segments.{segment}.seat_weight" for segment in resolved.segments}
    return [p for p in resolved.quantities if p not in shaping and p not in resolved.levers]


def check_draws(resolved: Resolved) -> None:
    """Raise UnknownKey for a draw that no run would use."""
    used = set(drawable(resolved))
    for path, quantity in resolved.quantities.items():
        if quantity.draw is not None and path not in used:
            raise _refusal(
                "this quantity shapes the world before any draw and cannot vary between replicates",
                path,
                "Remove its draw, or set fix: true",
                resolved,
                path,
            )


def pack_levers(resolved: Resolved, iso3: Sequence[str]) -> LeverPaths:
    """Levers over time after all events; [T] or [T, C] with economies in the order of `iso3`."""
    paths, local = lever_paths(resolved, list(iso3)), local_paths(resolved, list(iso3))
    by_field = {path.replace(".", "_"): array for path, array in paths.items()}
    _require(by_field, (*WorldLevers.names, *EconomyLevers.names))
    shape = (resolved.horizon.n_months, len(iso3))
    own = {path.replace(".", "_"): array for path, array in (paths | local).items()}
    here = {
        field: np.broadcast_to(own[field] if own[field].ndim == 2 else own[field][:, None], shape)
        for field in EconomyLevers.names
    }
    vendors = sorted({v for o in resolved.offerings.values() for v in o.vendors})
    months = resolved.horizon.n_months
    empty = np.zeros(months)
    return LeverPaths(
        WorldLevers(np.stack([by_field[field] for field in WorldLevers.names])),
        EconomyLevers(np.stack([here[field] for field in EconomyLevers.names])),
        local,
        {vendor: paths[f"access.{vendor}"] for vendor in vendors},
        {what: paths[path] for what, path in _bans(resolved).items() if path in paths},
        np.stack([paths.get(name, empty) for name in _RELEASED], axis=1),
    )


def _require(found: Mapping[str, object], names: Iterable[str]) -> None:
    for name in names:
        if name not in found:
            raise UnknownKey(
                f"the lever for '{name}' is missing", hint="Complete files need every lever"
            )
