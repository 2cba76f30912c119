"""What the kernel reads and writes, as named tuples of arrays. The last axis is the lane."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.equations.packs import WIDTH, aligned
from sim.equations.supply import Supply
from sim.world.axes import BLOCS, CN
from sim.world.build import World

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
    hosted_locally: Floats  # [O] 1 where any of it runs on own hardware
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


class Lanes(NamedTuple):
    """What a month of a block leaves for the reductions and the world's totals."""

    share: Floats  # [C, S, O, L]
    adoption: Floats  # [C, S, L]
    bill: Floats  # [C, S, O, L] USD per user-month, in the months in which it is asked for
    portfolio: Floats  # [C, O, L] share of all users of an economy
    scarcity: Floats  # [C, L]
    use: Floats  # [O, L] the world's users by offering
    spend: Floats  # [O, L] USD a month


class State(NamedTuple):
    """State of a block of runs, a pack of W runs at a time: Q packs, one after the other."""

    share: Floats  # [Q, C, S, O, W]
    adoption: Floats  # [Q, C, S, W]
    stock: Floats  # [Q, C, S, O, W]
    standing: Floats  # [Q, C, S, O, W] slow utility, sovereignty cost taken off
    mask: Floats  # [C, S, O]
    log_reach: Floats  # [Q, C, S, W] reach that matters for taking up AI
    drift: Floats  # [Q, C, B, W]
    blocs: Floats  # [Q, C, B, W]
    bloc_reference: Floats  # [Q, C, B, W]
    accelerators: Floats  # [Q, C, W]
    local_demand: Floats  # [Q, C, W]
    portfolio: Floats  # [2, Q, C, O, W] this month and last, by parity


class Seen(NamedTuple):
    """What economies see of the supply side, by packs (`sim.equations.supply.Supply`)."""

    api: Floats  # [Q, price track, W]
    tokens: Floats  # [Q, S, W]
    quality: Floats  # [Q, S, O, W]
    attention: Floats  # [Q, S, O, W]
    kappa: Floats  # [Q, S, W]
    china_scale: Floats  # [Q, W]
    offline: Floats  # [Q, W]
    throughput: Floats  # [Q, W]
    hourly: Floats  # [Q, W]


class Work(NamedTuple):
    """Scratch of one economy and one pack: [O, W], [N, W] by nest, [B, W] by bloc, or [W]."""

    exposure: Floats  # [O, W] partners' use
    unit: Floats  # [O, W] USD per million tokens
    common: Floats  # [O, W] pull of shared standards
    bond: Floats  # [O, W] drift of affinity seen from offerings
    bill: Floats  # [O, W] USD per user-month
    pull: Floats  # [O, W] attractions
    use: Floats  # [O, W] users
    nests: Floats  # [N, W] attractions by nest
    weights: Floats  # [N, W]
    tie: Floats  # [B, W] supplier tie
    risk: Floats  # [B, W] perceived risk of a cut-off
    closeness: Floats  # [B, W] utility from tie and affinity
    local_use: Floats  # [W] million tokens a month asked of own hardware
    reference_burden: Floats  # [W]
    ceiling: Floats  # [W] share of people who could use AI
    total: Floats  # [W] of nest weights
    users: Floats  # [W] of a segment


def make_ground(world: World) -> Ground:
    """Arrays of a world in the kernel's order."""
    e, offerings = world.economies, list(world.resolved.offerings.values())
    china = world.iso3.index("CHN") if "CHN" in world.iso3 else -1
    weight_china = np.zeros(len(world.iso3))
    rows = world.partners
    for c in range(len(world.iso3)):
        part = slice(rows.start[c], rows.start[c + 1])
        weight_china[c] = rows.weight[part][rows.partner[part] == china].sum()
    weights = np.array([float(o.access == "weights") for o in offerings])
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
        np.array([o.from_bloc("us") for o in offerings]) * (1.0 - weights),
        np.array([o.from_bloc("cn") for o in offerings]) * weights,
        weights,
        1.0 - weights,
        np.array([float(o.attributes["local_weight"].value > 0.0) for o in offerings]),
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


def packs_for(lanes: int) -> int:
    """Packs that hold so many lanes."""
    return -(-lanes // WIDTH)


def packed(values: Floats) -> Floats:
    """[..., L] as packs [Q, ..., W]; the last lane fills what is left of the last pack."""
    lanes = values.shape[-1]
    count = packs_for(lanes)
    found = aligned(count, *values.shape[:-1], WIDTH)
    for q in range(count):
        here = values[..., q * WIDTH : (q + 1) * WIDTH]
        found[q, ..., : here.shape[-1]] = here
        found[q, ..., here.shape[-1] :] = values[..., -1:]
    return found


def make_lanes(world: World, lanes: int) -> Lanes:
    """Room for what a month leaves, whole packs wide."""
    _, c, s, o = world.shape
    wide = packs_for(lanes) * WIDTH
    return Lanes(
        aligned(c, s, o, wide),
        aligned(c, s, wide),
        aligned(c, s, o, wide),
        aligned(c, o, wide),
        aligned(c, wide),
        aligned(o, wide),
        aligned(o, wide),
    )


def make_state(world: World, lanes: int) -> State:
    """State before the first month."""
    _, c, s, o = world.shape
    q, b = packs_for(lanes), len(BLOCS)
    hardware = aligned(q, c, WIDTH)
    hardware[:] = world.economies.accelerators[:, None]
    return State(
        aligned(q, c, s, o, WIDTH),
        aligned(q, c, s, WIDTH),
        aligned(q, c, s, o, WIDTH),
        aligned(q, c, s, o, WIDTH),
        np.zeros((c, s, o)),
        aligned(q, c, s, WIDTH),
        aligned(q, c, b, WIDTH),
        aligned(q, c, b, WIDTH),
        aligned(q, c, b, WIDTH),
        hardware,
        aligned(q, c, WIDTH),
        aligned(2, q, c, o, WIDTH),
    )


def make_seen(supply: Supply) -> Seen:
    """Room for what economies see of the supply side."""
    return Seen(*(packed(getattr(supply, name)) for name in Seen._fields))


def make_work(world: World) -> Work:
    """Scratch arrays of a block."""
    _, _, _, o = world.shape
    wide = [aligned(o, WIDTH) for _ in range(7)]
    nests = [aligned(world.n_nests, WIDTH) for _ in range(2)]
    blocs = [aligned(len(BLOCS), WIDTH) for _ in range(3)]
    return Work(*wide, *nests, *blocs, *(aligned(WIDTH) for _ in range(5)))
