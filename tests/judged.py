"""Engine and Mesa model beside the oracle: what a month of each shows, and where they part."""

import numpy as np
from oracle.world import Oracle

from sim.draws.setting import make_setting
from sim.ensemble.block import Block, prepare
from sim.model.mesa import Spheres
from sim.model.state import viewed
from sim.results.plan import indicators

TOLERANCE = 1e-9
LANES = 8


def apart(one, other):
    """Largest difference of two arrays, relative where above 1; undefined equals itself."""
    one, other = np.broadcast_arrays(one, other)
    gap = np.abs(one - other) / np.maximum(1.0, np.abs(one))
    gap = np.where((one == other) | (np.isnan(one) & np.isnan(other)), 0.0, gap)
    return np.nan_to_num(gap, nan=np.inf).max()


def of_oracle(model):
    """What a month of the oracle shows."""
    share, adoption, bill = model.month_arrays()

    def each(name):
        return np.array([getattr(country, name) for country in model.countries])

    return {
        "share": share,
        "adoption": adoption,
        "bill": bill,
        "indicators": model.indicators(),
        "stock": each("stock"),
        "drift": each("drift"),
        "accelerators": each("accelerators"),
        "scarcity": each("scarcity"),
        "local cost": each("local_cost"),
        "use": model.use,
        "spend": model.spend,
    }


def of_memory(memory, shown, lane):
    """The same of an engine's or a Mesa model's memory. shown [indicator]; lane: () for one run."""
    state, of = memory.state, (..., *lane)
    return {
        "share": state.offering.share[of],
        "adoption": state.segment.adoption[of],
        "bill": state.offering.bill[of],
        "indicators": shown,
        "stock": state.offering.stock[of],
        "drift": state.bloc.drift[of],
        "accelerators": state.economy.accelerators[of],
        "scarcity": state.economy.scarcity[of],
        "local cost": state.economy.local_cost[of],
        "use": state.sums.use[of],
        "spend": state.sums.spend[of],
    }


def engine(world, seed, lanes=LANES):
    """For every month of a block: what each of its lanes shows, in a list."""
    block = Block(prepare(world), make_setting(world, seed, tuple(range(lanes))))
    for _ in range(world.shape[0]):
        block.step()
        shown = indicators(block.supply, block.lanes.scarcity)
        yield [of_memory(block.memory, shown[:, k], (k,)) for k in range(lanes)]


def mesa(world, seed, lane):
    """The same of the Mesa model: one run each month."""
    model = Spheres(make_setting(world, seed, (lane,)))
    for _ in range(world.shape[0]):
        model.step()
        supply, state = model.memory.supply, model.memory.state
        shown = indicators(viewed(supply, (..., None)), state.economy.scarcity[:, None])
        yield of_memory(model.memory, shown[:, 0], ())


def judge(found, model):
    """Worst difference of a month from the oracle's, and of which reading it is."""
    right = of_oracle(model)
    assert set(right) == set(found)
    return max((apart(right[name], found[name]), name) for name in right)


def assert_engine(world, seed, compared):
    """Some lanes of a block are the same replicates run alone by the oracle."""
    models = {lane: Oracle(make_setting(world, seed, (lane,))) for lane in compared}
    for month, lanes in enumerate(engine(world, seed)):
        for lane, model in models.items():
            model.step()
            worst, name = judge(lanes[lane], model)
            assert worst < TOLERANCE, f"{name} of lane {lane} in month {month}: {worst:.1e} apart"


def assert_mesa(world, seed, lane):
    """The Mesa model is the oracle."""
    model = Oracle(make_setting(world, seed, (lane,)))
    for month, found in enumerate(mesa(world, seed, lane)):
        model.step()
        worst, name = judge(found, model)
        assert worst < TOLERANCE, f"{name} in month {month}: {worst:.1e} apart"
