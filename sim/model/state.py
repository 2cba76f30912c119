"""What months change and leave behind, the state of the world, as named arrays.

One set of arrays serves one run and sixteen. Where numbers belong to runs, the last axis `R` is one
pack of them (`sim.lanes.packs`) in the engine, and is not there at all in the Mesa model. Axes:
T months, C economies, S segments, O offerings, B blocs, N nests, Q tasks, F model families, G
regions.

A new state of an economy is one more name in `SegmentState`, `OfferingState`, `BlocState` or
`EconomyState`, and a line in `sim.model.economy` that moves it; it starts at 0 unless `start` says
otherwise.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.lanes.fields import Fields
from sim.lanes.packs import aligned
from sim.model.facts import Given
from sim.world.axes import BLOCS, PRICE_TRACKS, TRACKS
from sim.world.build import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class BlocSupply(Fields):
    """A bloc's side of supply, each [B, R]."""

    latent: Floats  # capability inside the labs, frontier-months
    buzz: Floats  # attention left from releases


class OfferingSupply(Fields):
    """What an offering is to a segment anywhere, each [S, O, R]."""

    home: Floats  # attention it draws a month in its bloc's home market
    abroad: Floats  # the same elsewhere
    tokens: Floats  # million tokens per user-month, before prices and incomes


class TaskSupply(Fields):
    """What a model is worth in a task, each [S, Q, O, R]."""

    worth: Floats


class TrackSupply(Fields):
    """What the models of a track do well, each [track, Q, R]."""

    part: Floats  # of a task


class WorldSupply(Fields):
    """Numbers of the world, each [R]."""

    markup: Floats  # of US closed models
    china_scale: Floats  # weight of China's trade column
    us_openness: Floats  # of US releases, after deterrence
    accelerator: Floats  # USD per H100 equivalent
    throughput: Floats  # million tokens per accelerator-hour at full load
    hourly: Floats  # USD per accelerator-hour, before premium and scarcity
    volume: Floats  # million tokens a month of a deployment


class Supply(NamedTuple):
    """State and outputs of the world's part of a month."""

    world: WorldSupply
    bloc: BlocSupply
    offering: OfferingSupply
    task: TaskSupply
    track: TrackSupply
    released: Floats  # [track, R] best capability that users can get, frontier-months
    api: Floats  # [price track, R] USD per million tokens


class BlocUse(Fields):
    """A bloc's part of what the world used, each [B, R]."""

    users: Floats
    spend: Floats


class WorldUse(Fields):
    """What the world used, each [R]."""

    cn_open: Floats  # share of users on Chinese open weights
    us_closed: Floats  # share of users on what US vendors sell
    industry: Floats  # adoption of China's industrial segments


class FamilyUse(Fields):
    """A family of models in the work of those who build, each [F, R]."""

    built: Floats  # their use of it, mean of the world
    sum: Floats  # persons, added up over economies


class Use(NamedTuple):
    """Last month's use, which feeds back, and that of the reference month."""

    bloc: BlocUse
    world: WorldUse
    family: FamilyUse
    bloc_reference: BlocUse
    world_reference: WorldUse


class OfferingState(Fields):
    """A segment's relation to an offering, each [C, S, O, R]."""

    share: Floats  # of the segment's use
    latent: Floats  # what the share would be were everything in reach
    known: Floats  # awareness, fraction
    stock: Floats  # installed base
    standing: Floats  # slow utility, sovereignty cost taken off
    reach: Floats  # part of the users that it reaches, 0 where it is not feasible
    bill: Floats  # USD per user-month, in the months in which it is asked for
    tokens: Floats  # million per user-month, in the same months


class SegmentState(Fields):
    """A segment of an economy, each [C, S, R]."""

    adoption: Floats
    any_feasible: Floats  # 1 where any offering is


class RelationState(Fields):
    """An economy's relation to an offering, each [C, O, R]."""

    reach: Floats  # mean over segments
    once: Floats  # the most that ever was
    trust: Floats  # logit units, 0 where nothing was withdrawn


class FamilyState(Fields):
    """An economy's relation to a family of models, each [C, F, R]."""

    ecosystem: Floats


class RegionState(Fields):
    """A region's relation to an offering, each [G, O, R]."""

    goodwill: Floats  # logit units


class BlocState(Fields):
    """An economy's relation to a bloc, each [C, B, R]."""

    drift: Floats  # of affinity
    blocs: Floats  # used, by origin
    reference: Floats  # the same, in the reference month


class EconomyState(Fields):
    """An economy as a whole, each [C, R]."""

    accelerators: Floats  # H100 equivalents
    local_demand: Floats  # million tokens asked of own hardware
    scarcity: Floats  # price factor of own hardware
    local_cost: Floats  # USD per million tokens on own hardware
    chip_access: Floats  # share of wanted accelerators that may be imported
    served: Floats  # part of what is asked of own hardware that it can serve
    met: Floats  # users of AI among trade partners, fraction of people


class Sums(Fields):
    """Sums over economies, each [O, R]."""

    use: Floats  # users
    spend: Floats  # USD a month


class State(NamedTuple):
    """State of the economies, and what a month of it leaves behind."""

    offering: OfferingState
    segment: SegmentState
    relation: RelationState
    family: FamilyState
    region: RegionState
    bloc: BlocState
    economy: EconomyState
    sums: Sums
    reachable: Floats  # [C, S, O] 1 where an offering is feasible in any run
    portfolio: Floats  # [O, C, R] share of all users of an economy
    used: Floats  # [O, C, R] users of an economy, part of its people
    exposure: Floats  # [C, O, R] the same among partners, last month


class OfferingWork(Fields):
    """Scratch of the economy at hand, each [O, R]."""

    unit: Floats  # USD per million tokens
    seat: Floats  # USD a month of a subscription
    common: Floats  # pull of shared standards
    bond: Floats  # drift of affinity
    use: Floats  # users
    thrift: Floats  # factor on tokens from price and income
    served: Floats  # part that own hardware can serve
    standing: Floats  # goodwill and trust


class BlocWork(Fields):
    """Scratch, each [B, R]."""

    tie: Floats  # supplier tie
    risk: Floats  # perceived risk of a cut-off
    closeness: Floats  # utility from tie and affinity


class FamilyWork(Fields):
    """Scratch, each [F, R]."""

    familiarity: Floats  # ln(1 + ecosystem / scale)
    use: Floats  # of those who build


class ChoiceWork(Fields):
    """Scratch, each [S, O, R]."""

    bill: Floats  # USD per user-month
    tokens: Floats  # million per user-month
    burden: Floats  # price beside income, in logs
    pull: Floats  # attractions
    nested: Floats  # the same within their nests
    chosen: Floats  # share of what is chosen anew


class NestWork(Fields):
    """Scratch, each [S, N, R]."""

    total: Floats  # attractions by nest, then what they are multiplied with


class TaskWork(Fields):
    """Scratch, each [S, Q, R]."""

    odds: Floats  # of doing it with AI, then what turns attractions into shares


class SegmentWork(Fields):
    """Scratch, each [S, R]."""

    value: Floats  # of all that is in reach
    users: Floats


class Work(NamedTuple):
    """Scratch of one economy."""

    offering: OfferingWork
    bloc: BlocWork
    family: FamilyWork
    choice: ChoiceWork
    nest: NestWork
    task: TaskWork
    segment: SegmentWork
    local_use: Floats  # [R] million tokens a month asked of own hardware


class Memory(NamedTuple):
    """What months read and leave behind."""

    use: Use
    supply: Supply
    state: State
    work: Work


def new_memory(world: World, runs: tuple[int, ...]) -> Memory:
    """Room for the state of a world, all zero; runs: () for one, (WIDTH,) for a pack."""
    _, c, s, o = world.shape
    b, n, f = len(BLOCS), world.offerings.n_nests, world.offerings.n_families
    q, regions = len(world.resolved.tasks), len(world.regions)
    return Memory(
        Use(
            bloc=BlocUse.empty(b, *runs),
            world=WorldUse.empty(*runs),
            family=FamilyUse.empty(f, *runs),
            bloc_reference=BlocUse.empty(b, *runs),
            world_reference=WorldUse.empty(*runs),
        ),
        Supply(
            world=WorldSupply.empty(*runs),
            bloc=BlocSupply.empty(b, *runs),
            offering=OfferingSupply.empty(s, o, *runs),
            task=TaskSupply.empty(s, q, o, *runs),
            track=TrackSupply.empty(len(TRACKS), q, *runs),
            released=aligned(len(TRACKS), *runs),
            api=aligned(len(PRICE_TRACKS), *runs),
        ),
        State(
            offering=OfferingState.empty(c, s, o, *runs),
            segment=SegmentState.empty(c, s, *runs),
            relation=RelationState.empty(c, o, *runs),
            family=FamilyState.empty(c, f, *runs),
            region=RegionState.empty(regions, o, *runs),
            bloc=BlocState.empty(c, b, *runs),
            economy=EconomyState.empty(c, *runs),
            sums=Sums.empty(o, *runs),
            reachable=np.zeros((c, s, o)),
            portfolio=aligned(o, c, *runs),
            used=aligned(o, c, *runs),
            exposure=aligned(c, o, *runs),
        ),
        Work(
            offering=OfferingWork.empty(o, *runs),
            bloc=BlocWork.empty(b, *runs),
            family=FamilyWork.empty(f, *runs),
            choice=ChoiceWork.empty(s, o, *runs),
            nest=NestWork.empty(s, n, *runs),
            task=TaskWork.empty(s, q, *runs),
            segment=SegmentWork.empty(s, *runs),
            local_use=aligned(*runs),
        ),
    )


def arrays(part: object) -> list[Floats]:
    """All arrays of a named tuple of arrays and fields, in their order."""
    if isinstance(part, Fields):
        return [part.array]
    if hasattr(part, "_asdict"):
        return [array for inner in part._asdict().values() for array in arrays(inner)]
    return [part] if isinstance(part, np.ndarray) else []


def viewed[P](part: P, of: Any) -> P:  # noqa: ANN401 - any index of an array
    """A named tuple of arrays and fields with every one of them indexed: views, for ordinary code
    only. `(..., slice(n))` leaves n runs of a pack, `(..., None)` gives a single run an axis.
    """
    if isinstance(part, Fields):
        return part.view(of)
    if isinstance(part, tuple):
        return type(part)(*(viewed(inner, of) for inner in part))
    return part[of]  # type: ignore[no-any-return, index]


def clear(memory: Memory, given: Given) -> None:
    """The state before the first month, in memory that may have been used."""
    for values in arrays(memory):
        values[...] = 0.0
    memory.supply.world.china_scale[...] = 1.0
    stock = memory.state.economy.accelerators
    start = given.ground.economy.accelerators
    stock[...] = start.reshape(start.shape + (1,) * (stock.ndim - 1))
