"""What the kernel reads and writes, as named tuples of arrays.

W is the width of a pack (`sim.equations.packs`): a block is one pack of runs, and every array
that belongs to runs ends with that axis.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws.world import SupplyDraws
from sim.equations.packs import WIDTH, aligned
from sim.equations.supply import Supply, WorldUse
from sim.world.axes import BLOCS, CN
from sim.world.build import World
from sim.world.catalogue import Catalogue
from sim.world.network import dense_rows
from sim.world.parameters import OfferingParams, Params, SegmentParams, WorldLevers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Ground(NamedTuple):
    """The world without draws: C economies, S segments, O offerings, B blocs, T months."""

    available: Floats  # [T, C, S, O]
    banned: Floats  # [T, C, S, O]
    pays: Floats  # [T, C, S] 1 where taking AI up means the price of the reference service
    imitative: bool  # replicator rule instead of (nested) logit
    refused: Floats  # [T, B]
    leaks: Floats  # [O]
    leakage: Floats  # [C]
    origin: Floats  # [C, O, B]
    from_blocs: Floats  # [O] sum of origin weights: 0 for domestic
    packaged: Floats  # [O] part that the allies' package discounts
    cn_open: Floats  # [O]
    open_weights: Floats  # [O]
    sells: Floats  # [O] 1 where a vendor is paid
    nest: Ints  # [O]
    price_track: Ints  # [O]
    online: Floats  # [C]
    income_month: Floats
    gdp_month: Floats
    gdp_ratio: Floats
    electricity: Floats
    skills: Floats
    accelerators: Floats
    votes: Floats  # [C, B]
    alignment: Floats  # [C, B]
    alliance: Floats  # [C, B]
    development: Floats  # [C]
    misfit: Floats
    presence: Floats  # [T, C, B]
    preference: Floats
    capped: Floats
    tier2: Floats
    ally: Floats
    belt_road: Floats
    home: Floats  # [C, B]
    abroad: Floats  # [C, O] 0 for offerings at home in their bloc's home market
    import_share: Floats  # [C, B]
    partner_start: Ints  # [C + 1]
    partner: Ints
    partner_weight: Floats
    weight_china: Floats  # [C]
    gulf: Floats  # [T, C]
    people: Floats  # [C]
    reference_month: float
    inference_share: float
    reference: int
    china: int  # row, -1 without
    forum_bloc: int


class State(NamedTuple):
    """State of a block, and what a month of it leaves behind."""

    share: Floats  # [C, S, O, W] of a segment's use
    adoption: Floats  # [C, S, W]
    stock: Floats  # [C, S, O, W] installed base
    standing: Floats  # [C, S, O, W] slow utility, sovereignty cost taken off
    mask: Floats  # [C, S, O, W] 1 feasible, 0 not
    anywhere: Floats  # [C, S, O] 1 where it is feasible in any run of the block
    any_feasible: Floats  # [C, S, W] 1 where any offering is
    log_reach: Floats  # [C, S, W] reach that matters for taking up AI
    drift: Floats  # [C, B, W]
    blocs: Floats  # [C, B, W]
    bloc_reference: Floats  # [C, B, W]
    accelerators: Floats  # [C, W]
    local_demand: Floats  # [C, W]
    scarcity: Floats  # [C, W]
    portfolio: Floats  # [O, C, W] share of all users of an economy
    exposure: Floats  # [C, O, W] partners' portfolios of last month
    bill: Floats  # [C, S, O, W] USD per user-month, in the months in which it is asked for
    use: Floats  # [O, W] the world's users by offering
    spend: Floats  # [O, W] USD a month


class Lanes(NamedTuple):
    """What a month leaves of the runs in use: views of the state, L runs wide."""

    share: Floats  # [C, S, O, L]
    adoption: Floats  # [C, S, L]
    bill: Floats  # [C, S, O, L]
    portfolio: Floats  # [O, C, L]
    scarcity: Floats  # [C, L]
    use: Floats  # [O, L]
    spend: Floats  # [O, L]


class Work(NamedTuple):
    """Scratch of one economy."""

    unit: Floats  # [O, W] USD per million tokens
    seat: Floats  # [O, W] USD a month of a subscription
    common: Floats  # [O, W] pull of shared standards
    bond: Floats  # [O, W] drift of affinity seen from offerings
    use: Floats  # [O, W] users
    tie: Floats  # [B, W] supplier tie
    risk: Floats  # [B, W] perceived risk of a cut-off
    closeness: Floats  # [B, W] utility from tie and affinity
    bill: Floats  # [S, O, W] USD per user-month
    burden: Floats  # [S, O, W] price beside income, in logs
    pull: Floats  # [S, O, W] attractions
    nests: Floats  # [S, N, W] attractions by nest
    weights: Floats  # [S, N, W] weights of nests, then what turns attractions into shares
    total: Floats  # [S, W] of nest weights
    reference_burden: Floats  # [S, W]
    users: Floats  # [S, W]
    local_use: Floats  # [W] million tokens a month asked of own hardware


class Inputs(NamedTuple):
    """What a block is run with; no month changes it."""

    last_dated: float  # months before it have list prices of their own
    on: float  # 1 with feedbacks, 0 without
    ground: Ground
    refresh: NDArray[np.bool_]  # [T, C] months in which slow utility is worked out anew
    lever: WorldLevers
    catalogue: Catalogue
    draws: SupplyDraws
    params: Params[Floats]
    segments: SegmentParams
    offerings: OfferingParams
    constants: Floats  # [S, O, W]
    taste: Floats  # [C, O, W]
    effect: Floats  # [C, W] readiness of an economy
    hosted_locally: Floats  # [O] 1 where any of it runs on own hardware in any run


class Memory(NamedTuple):
    """What a block's months read and leave behind."""

    use: WorldUse
    supply: Supply
    state: State
    work: Work


def make_ground(world: World) -> Ground:
    """Arrays of a world in the kernel's order."""
    e, offerings = world.economies, list(world.resolved.offerings.values())
    china = world.iso3.index("CHN") if "CHN" in world.iso3 else -1
    rows, weight_china = world.partners, np.zeros(len(world.iso3))
    if china >= 0:
        weight_china = dense_rows(rows)[:, china].copy()
    opened = np.array([float(o.access == "weights") for o in offerings])
    return Ground(
        world.available,
        world.banned,
        world.pays,
        world.resolved.structure.choice == "replicator",
        world.refused,
        world.leaks,
        e.leakage,
        world.origin,
        np.array([sum(o.origin.values()) for o in offerings]),
        np.array([o.from_bloc("us") for o in offerings]) * (1.0 - opened),
        np.array([o.from_bloc("cn") for o in offerings]) * opened,
        opened,
        1.0 - opened,
        world.nest,
        world.price_track,
        e.online,
        e.income_month,
        e.gdp_month,
        e.gdp_ratio,
        e.electricity,
        e.skills,
        e.accelerators,
        e.votes,
        e.alignment,
        e.alliance,
        e.development,
        e.misfit,
        world.presence,
        e.preference,
        e.capped,
        e.tier2,
        e.ally,
        e.belt_road,
        e.home,
        1.0 - np.einsum("cob,cb->co", world.origin, e.home),
        world.import_share,
        rows.start,
        rows.partner,
        rows.weight,
        weight_china,
        world.levers.economy.gulf_buildout,
        e.people,
        world.fixed.world_reference_month,
        world.fixed.world_inference_share,
        world.reference,
        china,
        CN,
    )


def packed(values: Floats) -> Floats:
    """[..., L] as a pack [..., W] of its own memory; the last run fills what is left."""
    found, count = aligned(*values.shape[:-1], WIDTH), values.shape[-1]
    found[..., :count] = values
    found[..., count:] = values[..., -1:]
    return found


def start(state: State, world: World) -> None:
    """The state before the first month, in memory that may have been used."""
    for values in state:
        values[...] = 0.0
    state.accelerators[:] = world.economies.accelerators[:, None]


def make_state(world: World) -> State:
    """Room for the state of a block; `start` fills it."""
    _, c, s, o = world.shape
    wide, bloc, whole = (c, s, o, WIDTH), (c, len(BLOCS), WIDTH), (c, o, WIDTH)
    return State(
        share=aligned(*wide),
        adoption=aligned(c, s, WIDTH),
        stock=aligned(*wide),
        standing=aligned(*wide),
        mask=aligned(*wide),
        anywhere=np.zeros((c, s, o)),
        any_feasible=aligned(c, s, WIDTH),
        log_reach=aligned(c, s, WIDTH),
        drift=aligned(*bloc),
        blocs=aligned(*bloc),
        bloc_reference=aligned(*bloc),
        accelerators=aligned(c, WIDTH),
        local_demand=aligned(c, WIDTH),
        scarcity=aligned(c, WIDTH),
        portfolio=aligned(o, c, WIDTH),
        exposure=aligned(*whole),
        bill=aligned(*wide),
        use=aligned(o, WIDTH),
        spend=aligned(o, WIDTH),
    )


def make_work(world: World) -> Work:
    """Scratch arrays of a block."""
    _, _, s, o = world.shape
    wide = [aligned(o, WIDTH) for _ in range(5)]
    blocs = [aligned(len(BLOCS), WIDTH) for _ in range(3)]
    whole = [aligned(s, o, WIDTH) for _ in range(3)]
    nests = [aligned(s, world.n_nests, WIDTH) for _ in range(2)]
    segments = [aligned(s, WIDTH) for _ in range(3)]
    alone = [aligned(WIDTH)]
    return Work(*wide, *blocs, *whole, *nests, *segments, *alone)
