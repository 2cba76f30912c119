"""Runs the Mesa model replicate by replicate through the same reductions as the engine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.draws.setting import Setting, make_setting
from sim.ensemble.job import Control
from sim.model.invariants import InvariantError
from sim.model.mesa import Spheres
from sim.model.state import viewed
from sim.record.accumulators import Accumulator, begin_block, clear_sums, new_accumulator
from sim.record.channels import make_instruments
from sim.record.ensemble import Ensemble, Failure
from sim.record.plan import plan_results, world_series
from sim.record.plan_arrays import ReductionPlan
from sim.record.ranges import Ranges
from sim.record.reduce import Shown, reduce_month
from sim.record.totals import Totals
from sim.world.build import World


def run_mesa(world: World, replicates: int, seed: int, control: Control | None = None) -> Ensemble:
    """Run replicates 0 .. n-1 of a seed, one after the other. Raises Cancelled."""
    layout, plan = plan_results(world)
    control = Control() if control is None else control
    found = Ensemble(layout, plan, Totals(layout, plan, replicates))
    acc = new_accumulator(layout, plan, replicates)
    for replicate in range(replicates):
        live = _run_one(world, seed, replicate, plan, acc, found, control)
        found.totals.put_outcomes(replicate, acc, np.array([live]))
        found.totals.merge(replicate, acc)
        control.tell(1)
    found.totals.absorb(acc)
    return found


def _run_one(
    world: World,
    seed: int,
    replicate: int,
    plan: ReductionPlan,
    acc: Accumulator,
    found: Ensemble,
    control: Control,
) -> bool:
    """One replicate; a broken one is taken back and listed. True if it lived."""
    setting = make_setting(world, seed, (replicate,))
    for path, held in setting.numbers.clipped.items():
        found.clipped[path] = found.clipped.get(path, 0) + held
    ranges = Ranges(acc)
    ranges.keep()
    try:
        recorder = _recorder(setting, plan, acc, 1, control)
        _pass(Spheres(setting, recorder), world.shape[0], plan, acc)
    except InvariantError as error:
        recorder = _recorder(setting, plan, acc, -1, control)
        _pass(Spheres(setting, recorder), error.month, plan, acc)
        clear_sums(acc)
        ranges.restore()
        found.failures.append(Failure(replicate, error.iso3, error.label, error.equation))
        return False
    return True


def _pass(model: Spheres, months: int, plan: ReductionPlan, acc: Accumulator) -> None:
    drawn = model.setting.numbers
    begin_block(acc, plan, drawn.segments.potential, drawn.offerings.revocability)
    for _ in range(months):
        model.step()


def _recorder(
    setting: Setting, plan: ReductionPlan, acc: Accumulator, count: int, control: Control
) -> Callable[[Spheres], None]:
    """What the model calls after every month: reduce it, unless told to stop."""
    alive, seen = np.array([True]), make_instruments(setting.world)
    params, offerings = setting.numbers.params, setting.numbers.offerings
    churn = setting.numbers.segments.churn

    def record(model: Spheres) -> None:
        control.rest()
        share, adoption, bill, tokens = (
            np.ascontiguousarray(a[..., None]) for a in model.month_arrays()
        )
        state = viewed(model.memory.state, (..., None))
        supply = viewed(model.memory.supply, (..., None))
        indicators = world_series(
            seen, supply, state.economy.scarcity, share, adoption, tokens, params, offerings
        )
        shown = Shown(share, adoption, bill, tokens, churn, indicators)
        reduce_month(model.month, shown, alive, count, plan, acc)

    return record
