"""What a run is given and no month changes: facts, parameters, levers and draws, as named arrays.

Axes as in `sim.model.state`: T months, C economies, S segments, O offerings, B blocs; where numbers
belong to runs, the last axis `R` is one pack of them, or is not there for a single run.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws.world import SupplyDraws
from sim.lanes.fields import Fields
from sim.world.parameters import (
    EconomyLevers,
    OfferingParams,
    Params,
    SegmentParams,
    TaskParams,
    WorldLevers,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class EconomyFacts(Fields):
    """What no draw changes about an economy, each [C]."""

    people: Floats  # 15 to 64
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


class EconomyPath(Fields):
    """What changes by itself about an economy, each [T, C]."""

    online_log: Floats  # ln of the fraction of people online
    income_month: Floats  # USD per head
    income_log: Floats  # ln(income / reference income)


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
    path: EconomyPath
    bloc: BlocFacts
    offering: OfferingFacts
    available: Floats  # [T, C, S, O]
    banned: Floats  # [T, C, S, O]
    price_factor: Floats  # [T, C, O] list price over the world's
    seat_factor: Floats  # [T, C, O] subscription over that of the world's leading plan
    launched: Floats  # [T, C, O] 1 from the month of the launch on
    refused: Floats  # [T, B]
    presence: Floats  # [T, C, B]
    origin: Floats  # [C, O, B]
    abroad: Floats  # [C, O] 0 for offerings at home in their bloc's home market
    order: Ints  # [C] in which economies are added up
    nest: Ints  # [O]
    family: Ints  # [O] whose skills and integrations serve it
    region: Ints  # [C]
    price_track: Ints  # [O]
    partner_start: Ints  # [C + 1]
    partner: Ints
    partner_weight: Floats
    imitative: int  # 1: replicator rule instead of (nested) logit
    reference_month: float
    last_dated: float  # months before it have list prices of their own
    feedbacks: float  # 1 on, 0 off
    inference_share: float
    capability: float  # frontier-months at which a user does what `tokens_mtok_month` says
    china: int  # row, -1 without
    forum_bloc: int


class Catalogue(NamedTuple):
    """What the supply side is told of the offerings and of dated releases."""

    track: Ints  # [O] track for tasks that are not of the frontier
    track_frontier: Ints  # [O] track for frontier tasks
    hard: Floats  # [Q] 1 for frontier tasks
    origin: Floats  # [O, B] whose models they are
    price_track: Ints  # [O]
    dated: Floats  # [T, released track] best dated capability so far, NaN where none
    dated_until: Ints  # [released track] first month in which releases are random


class Given(NamedTuple):
    """What a run is given; no month changes it."""

    ground: Ground
    refresh: NDArray[np.bool_]  # [T, C] months in which slow utility is worked out anew
    lever: WorldLevers  # [T]
    lever_of: EconomyLevers  # [T, C]
    catalogue: Catalogue
    draws: SupplyDraws
    params: Params
    segments: SegmentParams
    offerings: OfferingParams
    tasks: TaskParams
    sizes: Floats  # [S, Q, R] of tasks, parts of a segment's work
    blocs: BlocParams
    tracks: TrackParams
    ties: Ties
    constants: Floats  # [S, O, R]
    taste: Floats  # [C, O, R]
    effect: Floats  # [Y, C, R] readiness of an economy in each January
    hosted_locally: Floats  # [O] 1 where any of it runs on own hardware in any run
