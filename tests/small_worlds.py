"""Small worlds for tests: the shipped scenario on a few economies and a short horizon."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from sim.draws.setting import Setting, make_setting
from sim.model.mesa import Spheres
from sim.scenario import Event, Resolved, load
from sim.scenario.quantity import Draw
from sim.world.build import World, build_world
from sim.world.tables import SeedTables, load_tables

EIGHT = ("ARE", "BRA", "CHN", "DEU", "IND", "KEN", "RUS", "USA")
#: The supply side as a run shows it.
SUPPLY = attrgetter(
    "bloc.latent",
    "released",
    "bloc.buzz",
    "offering.home",
    "offering.abroad",
    "offering.tokens",
    "task.worth",
    "world.markup",
    "api",
    "world.china_scale",
    "world.accelerator",
    "world.volume",
)


class Path(NamedTuple):
    """What a run showed, month by month."""

    share: np.ndarray  # [T, C, S, O]
    adoption: np.ndarray  # [T, C, S]
    bill: np.ndarray  # [T, C, S, O]
    tokens: np.ndarray  # [T, C, S, O]
    local_cost: np.ndarray  # [T, C]
    supply: np.ndarray  # [T, all state of the supply side]

    def before(self, month: int) -> "Path":
        """The months before one."""
        return Path(*(array[:month] for array in self))


@cache
def tables() -> SeedTables:
    """The shipped seed tables, read once."""
    return load_tables()


@cache
def scenario(end: str = "2023-12", *sets: str) -> Resolved:
    """The baseline up to a month, with single settings ``path=value``."""
    return load("baseline", sets=[f"horizon.end={end}", *sets])


def with_values(resolved: Resolved, values: Mapping[str, float]) -> Resolved:
    """A copy with other centres; its quantities keep everything else."""
    return with_quantities(resolved, {path: {"value": value} for path, value in values.items()})


def with_draws(resolved: Resolved, draws: Mapping[str, tuple[str, float]]) -> Resolved:
    """A copy with other draws, each (kind, scale)."""
    named = {path: Draw(kind=kind, scale=scale) for path, (kind, scale) in draws.items()}
    return with_quantities(resolved, {path: {"draw": draw} for path, draw in named.items()})


def with_quantities(resolved: Resolved, changes: Mapping[str, Mapping[str, object]]) -> Resolved:
    """A copy in which quantities have other fields (`value`, `draw`); the rest of them stays."""
    moved = {p: resolved.quantities[p].model_copy(update=change) for p, change in changes.items()}
    return resolved.model_copy(update={"quantities": resolved.quantities | moved})


def with_events(resolved: Resolved, *events: Event) -> Resolved:
    """A copy with further events, which win over those it has."""
    return resolved.model_copy(update={"events": (*resolved.events, *events)})


def event(lever: str, on: str, to: float, **more) -> Event:
    """An assumed event."""
    return Event(lever=lever, on=on, to=to, confidence="assumed", **more)


def world(resolved: Resolved, order: Sequence[str] = EIGHT, seeds: SeedTables | None = None):
    """Arrays of a scenario on a few economies."""
    return build_world(resolved, seeds or tables(), order=order)


def launched_late(arrays: World, months: Mapping[str, int]) -> World:
    """A world in which offerings are launched in a month of the run, everywhere."""
    launched, refresh = arrays.launched.copy(), arrays.refresh.copy()
    for name, month in months.items():
        launched[:month, :, list(arrays.resolved.offerings).index(name)] = 0.0
        refresh[month] = True
    return replace(arrays, launched=launched, refresh=refresh)


def closed(arrays: World, code: str, first: int, end: int) -> World:
    """A world in which nothing at all is offered in an economy from a month up to another."""
    c = arrays.iso3.index(code)
    available, banned = arrays.available.copy(), arrays.banned.copy()
    launched, refresh = arrays.launched.copy(), arrays.refresh.copy()
    available[first:end, c] = 0.0
    banned[first:end, c] = 1.0
    launched[first:end, c] = 0.0  # nor by leakage
    refresh[[first, *([end] if end < len(refresh) else [])], c] = True
    return replace(arrays, available=available, banned=banned, launched=launched, refresh=refresh)


def run(
    what: Resolved | World | Setting,
    order: Sequence[str] = EIGHT,
    seed: int = 1,
    spread: bool = False,
    each: Callable[[Spheres], None] | None = None,
) -> Path:
    """Run the Mesa model to the end of its horizon; `each` sees it before every step."""
    if isinstance(what, Resolved):
        what = world(what, order)
    if isinstance(what, World):
        what = make_setting(what, seed, (0,), spread)
    model = Spheres(what)
    rows: list[tuple] = []
    for _ in range(what.world.shape[0]):
        if each is not None:
            each(model)
        model.step()
        supply = np.concatenate([values.ravel() for values in SUPPLY(model.supply)])
        local = np.array([country.local_cost for country in model.countries])
        rows.append((*model.month_arrays(), local, supply))
    return Path(*(np.array(column) for column in zip(*rows, strict=True)))


def plain(equation: Callable[..., float]) -> Callable[..., float]:
    """The text of an equation, run by Python: closed forms need no compilation."""
    return equation.py_func


def same_bits(one: Path, other: Path) -> bool:
    """Whether two paths are equal in every bit (NaN and the sign of zero included)."""
    return all(a.tobytes() == b.tobytes() for a, b in zip(one, other, strict=True))
