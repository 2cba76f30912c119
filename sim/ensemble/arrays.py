"""What the kernel reads and writes, as named tuples of arrays. The last axis is the lane."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import Setting
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
    """State of a block of runs."""

    share: Floats  # [C, S, O, L]
    adoption: Floats  # [C, S, L]
    stock: Floats  # [C, S, O, L]
    bill: Floats  # [C, S, O, L]
    standing: Floats  # [C, S, O, L] slow utility, sovereignty cost taken off
    mask: Floats  # [C, S, O]
    log_reach: Floats  # [C, S, L] reach that matters for taking up AI
    drift: Floats  # [C, B, L]
    blocs: Floats  # [C, B, L]
    bloc_reference: Floats  # [C, B, L]
    accelerators: Floats  # [C, L]
    local_demand: Floats  # [C, L]
    scarcity: Floats  # [C, L]
    portfolio: Floats  # [2, C, O * L] this month and last, by parity
    use: Floats  # [O, L] the world's users by offering
    spend: Floats  # [O, L] USD a month


class Work(NamedTuple):
    """Scratch of one economy: [O, L], [N, L] by nest, or [L]."""

    exposure: Floats  # [O * L] partners' use
    unit: Floats  # [O, L] USD per million tokens
    common: Floats  # [O, L] pull of shared standards
    bond: Floats  # [O, L] drift of affinity seen from offerings
    pull: Floats  # [O, L] attractions
    use: Floats  # [O, L] users
    nests: Floats  # [N, L] attractions by nest
    weights: Floats  # [N, L]
    local: Floats  # [L] USD per million tokens on own hardware
    local_use: Floats  # [L] million tokens a month asked of own hardware
    per_budget: Floats
    burden: Floats
    reference_burden: Floats
    ceiling: Floats  # share of people who could use AI
    habit: Floats
    value: Floats
    total: Floats
    kept: Floats
    anew: Floats
    renewal: Floats  # part of use that is chosen anew


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


def make_lanes(world: World, setting: Setting) -> Lanes:
    """State before the first month."""
    _, c, s, o = world.shape
    lanes, b = len(setting.replicates), len(BLOCS)
    zero = np.zeros
    return Lanes(
        zero((c, s, o, lanes)),
        zero((c, s, lanes)),
        zero((c, s, o, lanes)),
        zero((c, s, o, lanes)),
        zero((c, s, o, lanes)),
        zero((c, s, o)),
        zero((c, s, lanes)),
        zero((c, b, lanes)),
        zero((c, b, lanes)),
        zero((c, b, lanes)),
        np.repeat(world.economies.accelerators[:, None], lanes, axis=1),
        zero((c, lanes)),
        np.ones((c, lanes)),
        zero((2, c, o * lanes)),
        zero((o, lanes)),
        zero((o, lanes)),
    )


def make_work(world: World, lanes: int) -> Work:
    """Scratch arrays for blocks of this many lanes."""
    _, _, _, o = world.shape
    wide = [np.zeros((o, lanes)) for _ in range(5)]
    nests = [np.zeros((world.n_nests, lanes)) for _ in range(2)]
    return Work(np.zeros(o * lanes), *wide, *nests, *(np.zeros(lanes) for _ in range(12)))
