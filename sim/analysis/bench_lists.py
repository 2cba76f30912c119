"""What the scalar form of the Mesa model reads: formulas as plain Python, numbers in lists."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from sim.model.appraisal import Appraisal
    from sim.model.model import Spheres

Row = list[float]


def _power(base: float, exponent: float) -> float:
    return 0.0 if base <= 0.0 else math.pow(base, exponent)


def _log(x: float) -> float:
    return math.log(x) if x > 0.0 else -math.inf


def _logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


LIBRARY: dict[str, Callable[..., float]] = {
    "exp": math.exp,
    "log": _log,
    "power": _power,
    "logistic": _logistic,
}


@cache
def plain(equation: Callable[..., float]) -> Callable[..., float]:
    """The text of an equation as an ordinary Python function, and of those that it calls."""
    source = cast(Any, equation).py_func
    if source.__name__ in LIBRARY:
        return LIBRARY[source.__name__]
    seen = {name: value for name, value in source.__globals__.items() if name in _names(source)}
    bound = {k: plain(v) if hasattr(v, "py_func") else v for k, v in seen.items()}
    return cast("Callable[..., float]", FunctionType(source.__code__, bound))


def _names(function: FunctionType) -> set[str]:
    return set(function.__code__.co_names)


class Fixed(NamedTuple):
    """Numbers of the run that never change, as lists by segment [S] or offering [O]."""

    s: dict[str, Row]
    o: dict[str, Row]
    potential: list[Row]  # [C, S]
    weight_china: Row  # [C]
    effect: Row  # [C]
    packaged: Row
    foreign: Row
    nest: list[int]
    nests: int
    origin: list[list[Row]]  # [C, O, B]


class Month(NamedTuple):
    """What the world offers this month, as lists."""

    quality: list[Row]
    attention: list[Row]
    api: Row
    tokens: Row
    kappa: Row
    exposure: list[Row]  # [C, O]
    china: Row
    china_scale: float
    offline: float
    throughput: float
    hourly: float


class View(NamedTuple):
    """Slow terms of the country, as lists [S, O]; the last four [S] or [O]."""

    standing: list[Row]
    sovereignty: list[Row]
    mask: list[Row]
    some: Row
    log_reach: Row
    per_budget: Row
    abroad: Row


def fix(model: Spheres) -> Fixed:
    """The lists of a model that has just been made."""
    return Fixed(
        {name: a[:, 0].tolist() for name, a in model.s._asdict().items()},
        {name: a.tolist() for name, a in model.o._asdict().items()},
        model.potential.tolist(),
        model.weight_china.tolist(),
        model.adoption_effect.tolist(),
        model.packaged.tolist(),
        model.foreign.tolist(),
        model.world.nest.tolist(),
        model.world.n_nests,
        model.world.origin.tolist(),
    )


def see_month(model: Spheres) -> Month:
    """The lists of a month, once the world's part of it is done."""
    supply = model.supply
    return Month(
        model.quality.tolist(),
        model.attention.tolist(),
        model.api_price.tolist(),
        model.tokens[:, 0].tolist(),
        supply.kappa[:, 0].tolist(),
        model.exposure.tolist(),
        model.china_share.tolist(),
        float(supply.china_scale[0]),
        float(supply.offline[0]),
        float(supply.throughput[0]),
        float(supply.hourly[0]),
    )


def see_view(slow: Appraisal) -> View:
    """The lists of an economy's slow terms."""
    return View(
        slow.standing.tolist(),
        slow.sovereignty.tolist(),
        slow.mask.tolist(),
        slow.any_feasible[:, 0].tolist(),
        slow.log_reach[:, 0].tolist(),
        slow.per_budget[:, 0].tolist(),
        slow.abroad.tolist(),
    )
