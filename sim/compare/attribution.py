"""Which changed assumption does what: Shapley values over groups of changes.

The value of a set of groups is the outcome of the world in which only they are changed, run on the
same luck. A group's Shapley value is its mean marginal effect over all orders in which groups can
be changed (Shapley 1953): exact for up to `EXACT` groups, from sampled orders and their reverses
beyond (Castro, Gomez and Tejada 2009), which the facts say. Either way the parts of every order sum
to the whole, and the table's parts sum to its total without any rounding: both are multiples of
one power of two (`on_one_grid`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import factorial, frexp
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.compare.attribution_groups import Groups, groups_of
from sim.compare.intervals import half_width
from sim.runs.frames import long_frame, month_date

if TYPE_CHECKING:
    from sim.compare.paired_runs import PairedRuns
    from sim.compare.specs import Spec
    from sim.ensemble.job import Control
    from sim.scenario import Resolved

Floats = NDArray[np.float64]
Value = Callable[[frozenset[int]], Floats]
EXACT = 8
ORDERS = 32  # sampled orders beyond, half of them the reverses of the others
_BITS = 44  # significant bits of the largest part that the grid keeps


def attribute_all(
    arms: Sequence[Spec], paired: PairedRuns, control: Control
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Parts of every alternative's differences, and facts.

    Columns: arm, outcome, period, group, part, low, high (paired 95 % interval over replicates),
    total, n. For one outcome and period the parts sum to the total exactly, in any order; the
    total is the mean difference, rounded to that grid (relative 1e-13). Raises Cancelled.
    """
    frames, facts = [], []
    for number, arm in enumerate(arms[1:], start=1):
        groups = groups_of(arms[0], arm)
        if not groups.names:
            facts.append(f"{arm.name}: nothing is changed, so there are no parts")
            continue
        runs = _Coalitions(groups, paired, number, control)
        parts, said = shapley(len(groups.names), runs, paired.seed)
        facts += [f"{arm.name}: {text}" for text in (*groups.facts, said, runs.said()) if text]
        frames.append(_table(arm.name, groups.names, parts, paired))
    if not frames:
        return pl.DataFrame(schema=_SCHEMA), tuple(facts)
    return pl.concat(frames), tuple(facts)


def worlds(arms: Sequence[Spec]) -> int:
    """How many further worlds `attribute_all` runs, at most."""
    counts = [len(groups_of(arms[0], arm).names) for arm in arms[1:]]
    return sum(2**k - 2 if k <= EXACT else ORDERS * (k - 1) for k in counts if k > 1)


_SCHEMA = {
    "arm": pl.String, "outcome": pl.String, "period": pl.Date, "group": pl.String,
    "part": pl.Float64, "low": pl.Float64, "high": pl.Float64, "total": pl.Float64, "n": pl.Int32,
}  # fmt: skip


def shapley(count: int, value: Value, seed: int = 0) -> tuple[Floats, str]:
    """Shapley values [count, ...] of a game, and how they were found if not exactly.

    value: outcome arrays of a set of players, 0 .. count - 1. Replicates are treated alike: the
    same sets are valued for all of them.
    """
    players = range(count)
    if count <= EXACT:
        weights = [factorial(k) * factorial(count - k - 1) / factorial(count) for k in players]
        sets = [frozenset(i for i in players if mask >> i & 1) for mask in range(1 << count)]
        parts = [np.zeros_like(value(frozenset())) for _ in players]
        for chosen in sets:
            for i in players:
                if i not in chosen:
                    parts[i] += weights[len(chosen)] * (value(chosen | {i}) - value(chosen))
        return np.stack(parts), ""
    orders = _orders(count, seed)
    parts = [np.zeros_like(value(frozenset())) for _ in players]
    for order in orders:
        for k, i in enumerate(order):
            before = frozenset(order[:k])
            parts[i] += (value(before | {i}) - value(before)) / len(orders)
    text = f"{count} groups are more than {EXACT}: parts are from {len(orders)} sampled orders"
    return np.stack(parts), text


def _orders(count: int, seed: int) -> list[tuple[int, ...]]:
    """Sampled orders and their reverses, keyed by the seed."""
    draws = np.random.default_rng([seed, count])
    found = []
    for _ in range(ORDERS // 2):
        order = tuple(int(i) for i in draws.permutation(count))
        found += [order, order[::-1]]
    return found


class _Coalitions:
    """Outcomes [outcome, month, replicate] of the worlds between the base and an alternative."""

    def __init__(self, groups: Groups, paired: PairedRuns, number: int, control: Control) -> None:
        self.groups, self.paired, self.control = groups, paired, control
        everyone = frozenset(range(len(groups.names)))
        self.known: dict[frozenset[int], Floats] = {
            frozenset(): paired.outcomes[0],
            everyone: paired.outcomes[number],
        }
        self.runs = 0

    def __call__(self, chosen: frozenset[int]) -> Floats:
        if chosen not in self.known:
            self.known[chosen] = self._run(self.groups.world(chosen))
            self.runs += 1
        return self.known[chosen]

    def said(self) -> str:
        """How many worlds were run for the parts."""
        return f"parts took {self.runs} further worlds of {self.paired.replicates} replicates"

    def _run(self, resolved: Resolved) -> Floats:
        from sim.ensemble.runner import run_ensemble
        from sim.world.build import build_world

        axes = self.paired.axes
        found = run_ensemble(
            build_world(resolved, order=axes.iso3), self.paired.replicates, self.paired.seed,
            with_economies=False, with_flows=False, control=self.control,
        )  # fmt: skip
        own = [outcome.name for outcome in found.layout.outcomes]
        months = found.layout.outcome_months
        kept = [months.index(t) for t in axes.outcome_months]
        rows = [own.index(name) for name in axes.outcomes]
        outcomes: Floats = found.totals.outcomes[rows][:, kept]
        outcomes[..., ~found.totals.live] = np.nan
        return outcomes


def _table(arm: str, names: Sequence[str], parts: Floats, paired: PairedRuns) -> pl.DataFrame:
    """Rows of one arm. parts [group, outcome, month, replicate]."""
    whole = np.isfinite(parts).all(axis=0)  # replicates that count, the same for every part
    n = whole.sum(axis=-1).astype(np.float64)
    kept = np.where(whole, parts, 0.0)
    mean = kept.sum(axis=-1) / np.maximum(n, 1)
    squares = (np.where(whole, kept - mean[..., None], 0.0) ** 2).sum(axis=-1)
    half = half_width(np.broadcast_to(n, mean.shape), squares)
    mean, total = on_one_grid(mean)
    undefined = n == 0
    columns = {
        "part": np.where(undefined, np.nan, mean),
        "low": mean - half,
        "high": mean + half,
        "total": np.broadcast_to(np.where(undefined, np.nan, total), mean.shape),
        "n": np.broadcast_to(n, mean.shape),
    }
    axes = paired.axes
    periods = [month_date(axes.start + t) for t in axes.outcome_months]
    frame = long_frame(
        [("group", names), ("outcome", axes.outcomes), ("period", periods)], columns, arm=arm
    )
    place = {name: k for k, name in enumerate(names)}
    order = pl.col("group").replace_strict(place, return_dtype=pl.Int32)
    frame = frame.with_columns(pl.col("n").cast(pl.Int32))
    return frame.sort("outcome", "period", order).select(*_SCHEMA)


def on_one_grid(parts: Floats) -> tuple[Floats, Floats]:
    """Parts [group, ...] and their sum, rounded so that any order of adding gives the sum exactly.

    All numbers of one sum become multiples of one power of two, `_BITS` bits below the largest
    part; such numbers add without rounding in double precision.
    """
    largest = np.abs(parts).max(axis=0)
    exponent = np.vectorize(lambda x: frexp(x)[1], otypes=[np.int64])(largest)
    grid = np.ldexp(1.0, np.maximum(exponent - _BITS, -1000))
    rounded = np.round(parts / grid) * grid
    return rounded, rounded.sum(axis=0)
