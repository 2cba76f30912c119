"""Engine and Mesa model beside the oracle: what a month of each shows, and where they part."""

from operator import attrgetter

import numpy as np
from oracle.world import Oracle

from sim.draws.setting import make_setting
from sim.ensemble.block import Block, prepare
from sim.model.mesa import Spheres
from sim.model.state import viewed
from sim.record.plan import indicators

TOLERANCE = 1e-9
LANES = 8


def apart(one, other):
    """Largest difference of two arrays, relative where above 1; undefined equals itself."""
    one, other = np.broadcast_arrays(one, other)
    gap = np.abs(one - other) / np.maximum(1.0, np.abs(one))
    gap = np.where((one == other) | (np.isnan(one) & np.isnan(other)), 0.0, gap)
    return np.nan_to_num(gap, nan=np.inf).max()


#: State of economies: name here, attribute in the oracle, place in the memory.
STATE = (
    ("latent", "latent", "offering.latent"),
    ("known", "known", "offering.known"),
    ("stock", "stock", "offering.stock"),
    ("ecosystem", "ecosystem", "family.ecosystem"),
    ("trust", "trust", "relation.trust"),
    ("drift", "drift", "bloc.drift"),
    ("accelerators", "accelerators", "economy.accelerators"),
    ("served", "served", "economy.served"),
    ("scarcity", "scarcity", "economy.scarcity"),
    ("local cost", "local_cost", "economy.local_cost"),
)


def of_oracle(model):
    """What a month of the oracle shows."""
    share, adoption, bill, tokens = model.month_arrays()
    return {
        "share": share,
        "adoption": adoption,
        "bill": bill,
        "tokens": tokens,
        "goodwill": model.goodwill,
        "indicators": model.indicators(),
        "use": model.use,
        "spend": model.spend,
        **{name: model.each(attribute) for name, attribute, _ in STATE},
    }


def of_memory(memory, shown, lane):
    """The same of an engine's or a Mesa model's memory. shown [indicator]; lane: () for one run."""
    state, of = memory.state, (..., *lane)
    found = {
        "share": state.offering.share[of],
        "adoption": state.segment.adoption[of],
        "bill": state.offering.bill[of],
        "tokens": state.offering.tokens[of],
        "goodwill": state.region.goodwill[of],
        "indicators": shown,
        "use": state.sums.use[of],
        "spend": state.sums.spend[of],
        **{name: attrgetter(place)(state)[of] for name, _, place in STATE},
    }
    return {name: np.array(values) for name, values in found.items()}


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
