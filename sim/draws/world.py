"""All other randomness of a run, keyed: tastes of economies, shocks, releases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws.philox import entity_word, normals, uniforms
from sim.world.axes import BLOCS, RELEASED_TRACKS, TRACKS

Floats = NDArray[np.float64]


class EconomyDraws(NamedTuple):
    """Standard normals that belong to economies; they last for the whole run."""

    taste: Floats  # [C, O, lane]
    adoption: Floats  # [C, lane]
    growth: Floats  # [Y, C, lane] of years


class SupplyDraws(NamedTuple):
    """Keyed draws of the supply side."""

    shock: Floats  # [T, bloc, lane] standard normal
    release: Floats  # [T, track, lane] uniform
    size: Floats  # [T, track, lane] standard normal
    opened: Floats  # [T, lane] uniform
    buzz: Floats  # [T, bloc, lane] uniform
    mood: Floats  # [T, O, lane] standard normal, of the world
    regional: Floats  # [T, region, O, lane] standard normal


def draw_economies(
    seed: int,
    replicates: Sequence[int],
    iso3: Sequence[str],
    offerings: Sequence[str],
    years: range,
) -> EconomyDraws:
    """Tastes, adoption effects and growth by names and calendar years, not by positions."""
    lanes = np.asarray(replicates, dtype=np.uint64)
    economy = np.array([entity_word(code) for code in iso3], dtype=np.uint64)
    offering = np.array([entity_word(name) for name in offerings], dtype=np.uint64)
    taste = normals(seed, "taste", lanes, 0, economy[:, None, None], offering[None, :, None])
    year = np.array(years, dtype=np.uint64)[:, None, None]
    return EconomyDraws(
        taste,
        normals(seed, "adoption", lanes, 0, economy[:, None]),
        normals(seed, "growth", lanes, year, economy[None, :, None]),
    )


def draw_supply(
    seed: int,
    replicates: Sequence[int],
    first_month: int,
    n_months: int,
    offerings: Sequence[str],
    regions: Sequence[str],
) -> SupplyDraws:
    """Monthly draws; months are calendar months, so another horizon reshuffles nothing."""
    lanes = np.asarray(replicates, dtype=np.uint64)
    month = np.arange(first_month, first_month + n_months, dtype=np.uint64)[:, None, None]
    bloc = np.array([entity_word(b) for b in BLOCS], dtype=np.uint64)[None, :, None]
    track = np.array([entity_word(k) for k in TRACKS[:RELEASED_TRACKS]], dtype=np.uint64)
    track = track[None, :, None]
    offering = np.array([entity_word(name) for name in offerings], dtype=np.uint64)
    region = np.array([entity_word(name) for name in regions], dtype=np.uint64)
    return SupplyDraws(
        shock=normals(seed, "shock", lanes, month, bloc),
        release=uniforms(seed, "release", lanes, month, track),
        size=normals(seed, "release-size", lanes, month, track),
        opened=uniforms(seed, "opened", lanes, month[:, 0], 0),
        buzz=uniforms(seed, "buzz", lanes, month, bloc),
        mood=normals(seed, "goodwill", lanes, month, offering[None, :, None]),
        regional=normals(
            seed,
            "goodwill-region",
            lanes,
            month[..., None],
            offering[None, None, :, None],
            region[None, :, None, None],
        ),
    )
