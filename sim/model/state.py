"""What a month reads and changes: facts, numbers and state of the world, as named arrays.

One set of arrays serves one run and sixteen. Where numbers belong to runs, the last axis `R` is one
pack of them (`sim.lanes.packs`) in the engine, and is not there at all in the Mesa model. Axes:
T months, C economies, S segments, O offerings, B blocs, N nests.

A new state of an economy is one more name in `SegmentState`, `OfferingState`, `BlocState` or
`EconomyState`, and a line in `sim.model.economy` that moves it; it starts at 0 unless `start` says
otherwise.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws.world import SupplyDraws
from sim.lanes.fields import Fields
from sim.lanes.packs import aligned
from sim.world.axes import BLOCS, PRICE_TRACKS, TRACKS
from sim.world.build import World
from sim.world.catalogue import Catalogue
from sim.world.parameters import OfferingParams, Params, SegmentParams, WorldLevers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class EconomyFacts(Fields):
    """What no draw changes about an economy, each [C]."""

    people: Floats  # 15 to 64
    online: Floats
    income_month: Floats  # USD
    gdp_month: Floats  # USD
    gdp_ratio: Floats
    electricity: Floats
    skills: Floats
    accelerators: Floats  # H100 equivalents, at the start
    development: Floats
    misfit: Floats  # of frontier models to the language
    preference: Floats  # for sovereignty
    capped: Floats  # 1 under full export control
    tier2: Floats
    ally: Floats  # of the US
    belt_road: Floats
    leakage: Floats
    weight_china: Floats  # in its imports
    home: Floats  # 1 in a bloc's home market


class BlocFacts(Fields):
    """How an economy stands to a bloc, each [C, B]."""

    votes: Floats
    alignment: Floats
    alliance: Floats
    home: Floats  # 1 where the economy is the bloc's home market
    import_share: Floats


class OfferingFacts(Fields):
    """What the scenario says about an offering, each [O]."""

    leaks: Floats
    from_blocs: Floats  # sum of origin weights: 0 for domestic
    packaged: Floats  # part that the allies' package discounts
    cn_open: Floats
    open_weights: Floats
    sells: Floats  # 1 where a vendor is paid


class BlocParams(Fields):
    """Parameters that every bloc has one of, each [B, R]."""

    cutoff: Floats  # perceived risk of being cut off, before rivalry
    pace: Floats
    catch_up: Floats
    compute: Floats


class TrackParams(Fields):
    """Parameters of tracks that somebody releases, each [track, R]."""

    gap: Floats  # months that releases trail the labs
    interval: Floats  # months between releases


class Ties(Fields):
    """Weight of supplier ties, [S, B, R]."""

    weight: Floats


class Ground(NamedTuple):
    """The world without draws."""

    economy: EconomyFacts
    bloc: BlocFacts
    offering: OfferingFacts
    available: Floats  # [T, C, S, O]
    banned: Floats  # [T, C, S, O]
    pays: Floats  # [T, C, S] 1 where taking AI up means the price of the reference service
    refused: Floats  # [T, B]
    presence: Floats  # [T, C, B]
    gulf: Floats  # [T, C]
    origin: Floats  # [C, O, B]
    abroad: Floats  # [C, O] 0 for offerings at home in their bloc's home market
    order: Ints  # [C] in which economies are added up
    nest: Ints  # [O]
    price_track: Ints  # [O]
    partner_start: Ints  # [C + 1]
    partner: Ints
    partner_weight: Floats
    imitative: int  # 1: replicator rule instead of (nested) logit
    reference_month: float
    last_dated: float  # months before it have list prices of their own
    feedbacks: float  # 1 on, 0 off
    inference_share: float
    reference: int  # offering that adoption is measured against
    china: int  # row, -1 without
    forum_bloc: int


class Given(NamedTuple):
    """What a run is given; no month changes it."""

    ground: Ground
    refresh: NDArray[np.bool_]  # [T, C] months in which slow utility is worked out anew
    lever: WorldLevers
    catalogue: Catalogue
    draws: SupplyDraws
    params: Params
    segments: SegmentParams
    offerings: OfferingParams
    blocs: BlocParams
    tracks: TrackParams
    ties: Ties
    constants: Floats  # [S, O, R]
    taste: Floats  # [C, O, R]
    effect: Floats  # [C, R] readiness of an economy
    hosted_locally: Floats  # [O] 1 where any of it runs on own hardware in any run


class BlocSupply(Fields):
    """A bloc's side of supply, each [B, R]."""

    latent: Floats  # capability inside the labs, frontier-months
    buzz: Floats  # attention left from releases


class SegmentSupply(Fields):
    """What the world offers a segment, each [S, R]."""

    known: Floats  # share aware of Chinese offerings abroad
    tokens: Floats  # million tokens per user-month
    kappa: Floats  # readiness to adopt, log odds


class OfferingSupply(Fields):
    """What an offering is worth to a segment anywhere, each [S, O, R]."""

    quality: Floats  # utility from capability
    attention: Floats  # utility abroad from awareness and novelty


class WorldSupply(Fields):
    """Numbers of the world, each [R]."""

    markup: Floats  # of US closed models
    china_scale: Floats  # weight of China's trade column
    us_openness: Floats  # of US releases, after deterrence
    offline: Floats  # part of those offline at the reference who still are
    throughput: Floats  # million tokens per accelerator-hour at full load
    hourly: Floats  # USD per accelerator-hour, before premium and scarcity


class Supply(NamedTuple):
    """State and outputs of the world's part of a month."""

    world: WorldSupply
    bloc: BlocSupply
    segment: SegmentSupply
    offering: OfferingSupply
    released: Floats  # [track, R] best capability that users can get, frontier-months
    api: Floats  # [price track, R] USD per million tokens


class BlocUse(Fields):
    """A bloc's part of what the world used, each [B, R]."""

    users: Floats
    spend: Floats


class WorldUse(Fields):
    """What the world used, each [R]."""

    cn_open: Floats  # share of users on Chinese open weights
    open_weights: Floats  # share of users on any open weights
    industry: Floats  # adoption of China's industrial segments


class Use(NamedTuple):
    """Last month's use, which feeds back, and that of the reference month."""

    bloc: BlocUse
    world: WorldUse
    bloc_reference: BlocUse
    world_reference: WorldUse


class OfferingState(Fields):
    """A segment's relation to an offering, each [C, S, O, R]."""

    share: Floats  # of the segment's use
    stock: Floats  # installed base
    standing: Floats  # slow utility, sovereignty cost taken off
    mask: Floats  # 1 feasible, 0 not
    bill: Floats  # USD per user-month, in the months in which it is asked for


class SegmentState(Fields):
    """A segment of an economy, each [C, S, R]."""

    adoption: Floats
    log_reach: Floats  # reach that matters for taking up AI
    any_feasible: Floats  # 1 where any offering is


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


class Sums(Fields):
    """Sums over economies, each [O, R]."""

    use: Floats  # users
    spend: Floats  # USD a month


class State(NamedTuple):
    """State of the economies, and what a month of it leaves behind."""

    offering: OfferingState
    segment: SegmentState
    bloc: BlocState
    economy: EconomyState
    sums: Sums
    reachable: Floats  # [C, S, O] 1 where an offering is feasible in any run
    portfolio: Floats  # [O, C, R] share of all users of an economy
    exposure: Floats  # [C, O, R] partners' portfolios of last month


class OfferingWork(Fields):
    """Scratch of the economy at hand, each [O, R]."""

    unit: Floats  # USD per million tokens
    seat: Floats  # USD a month of a subscription
    common: Floats  # pull of shared standards
    bond: Floats  # drift of affinity
    use: Floats  # users


class BlocWork(Fields):
    """Scratch, each [B, R]."""

    tie: Floats  # supplier tie
    risk: Floats  # perceived risk of a cut-off
    closeness: Floats  # utility from tie and affinity


class ChoiceWork(Fields):
    """Scratch, each [S, O, R]."""

    bill: Floats  # USD per user-month
    burden: Floats  # price beside income, in logs
    pull: Floats  # attractions


class NestWork(Fields):
    """Scratch, each [S, N, R]."""

    total: Floats  # attractions by nest
    weight: Floats  # of nests, then what turns attractions into shares


class SegmentWork(Fields):
    """Scratch, each [S, R]."""

    total: Floats  # of nest weights
    burden: Floats  # of the reference service
    users: Floats


class Work(NamedTuple):
    """Scratch of one economy."""

    offering: OfferingWork
    bloc: BlocWork
    choice: ChoiceWork
    nest: NestWork
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
    b, n = len(BLOCS), world.offerings.n_nests
    return Memory(
        Use(
            bloc=BlocUse.empty(b, *runs),
            world=WorldUse.empty(*runs),
            bloc_reference=BlocUse.empty(b, *runs),
            world_reference=WorldUse.empty(*runs),
        ),
        Supply(
            world=WorldSupply.empty(*runs),
            bloc=BlocSupply.empty(b, *runs),
            segment=SegmentSupply.empty(s, *runs),
            offering=OfferingSupply.empty(s, o, *runs),
            released=aligned(len(TRACKS), *runs),
            api=aligned(len(PRICE_TRACKS), *runs),
        ),
        State(
            offering=OfferingState.empty(c, s, o, *runs),
            segment=SegmentState.empty(c, s, *runs),
            bloc=BlocState.empty(c, b, *runs),
            economy=EconomyState.empty(c, *runs),
            sums=Sums.empty(o, *runs),
            reachable=np.zeros((c, s, o)),
            portfolio=aligned(o, c, *runs),
            exposure=aligned(c, o, *runs),
        ),
        Work(
            offering=OfferingWork.empty(o, *runs),
            bloc=BlocWork.empty(b, *runs),
            choice=ChoiceWork.empty(s, o, *runs),
            nest=NestWork.empty(s, n, *runs),
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
