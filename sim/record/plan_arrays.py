"""The fixed inputs of the reductions, as one named tuple of arrays a compiled kernel can take.

Economies are first added up into *cells of membership* (atoms): economies that agree in every
grouping. Groups are sums of atoms, so an economy is added once, whatever number of groupings exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.record.bins import unit_table
from sim.record.codelist import ECONOMY_BINS, GROUP_BINS
from sim.record.layout import (
    BLOCS,
    WORLD,
    Layout,
    default_families,
)
from sim.record.outcomes import named_outcomes
from sim.record.series_list import INDICATOR_NAMES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: The family of what another state could cut off.
EXPOSURE = "exposure"


class ReductionPlan(NamedTuple):
    """Axes: C economies, S segments, O offerings, A atoms, G groups, K families, B blocs."""

    people: Floats  # [C] persons, of whom segments are parts
    order: Ints  # [C] economies atom by atom, the order they are added in
    atom_of: Ints  # [C]
    atom_home: Ints  # [A] bloc
    flow_of: Ints  # [C] index into the flow groups, -1: only the world
    member: Ints  # [G, A + 1] atoms of a group, ended by -1
    inside: Floats  # [G, C] 1 where an economy is in a group, else 0
    level_unit: Floats  # [G, S + 1] persons that levels are binned by, last: all segments
    family: Floats  # [K, B, O] weight of an offering in a family, by home bloc of the user
    exposure: int  # family whose weights count times each run's revocability, -1: none
    origin: Floats  # [B, O, B] origin weights by home bloc of the user
    observed: Floats  # [C] users the consumer-chat channel would count per user
    cn_weight: Floats  # [C, O] Chinese services' part of an offering's consumer use
    deepseek_weight: Floats  # [C, O]
    trade: Floats  # [C, C] symmetric, zero diagonal, sums to 1
    strength: Floats  # [C] row sums of trade
    outcome_kind: Ints  # [N]
    outcome_group: Ints
    outcome_item: Ints
    outcome_slot: Ints  # [T] index of the outcome month, -1 otherwise
    december_slot: Ints  # [T] index of the December, -1 otherwise
    record_slot: Ints  # [T] index of the recorded month (`Layout.recorded`), -1 otherwise
    economy_table: NDArray[np.uint8]
    group_table: NDArray[np.uint8]
    consumers: int
    lag_indicator: int  # -1: none
    with_economies: int  # 0: groups, indicators and outcomes only
    with_flows: int


def make_layout(
    start: int,
    n_months: int,
    iso3: Sequence[str],
    segments: Sequence[str],
    offerings: Sequence[str],
    groups: Mapping[str, Sequence[str]],
    *,
    extra_indicators: Sequence[str] = (),
    families: Mapping[str, Sequence[str]] | None = None,
) -> Layout:
    """Labels of all axes.

    groups: dimension (`region`, `income`, `bloc`, `tier`) -> names, in the order of the index
    arrays handed to `build_plan`. extra_indicators: further world series, e.g.
    `aggregator.cn_open_token_share`, appended after the code list's.
    """
    named = default_families(offerings) if families is None else families
    all_groups = [("world", WORLD)]
    all_groups += [(kind, name) for kind, names in groups.items() for name in names]
    family_names = (*named, *(bloc for bloc in BLOCS if bloc not in named), EXPOSURE)
    indicators = (*INDICATOR_NAMES, *extra_indicators)
    return Layout(
        start=start,
        n_months=n_months,
        iso3=tuple(iso3),
        segments=tuple(segments),
        offerings=tuple(offerings),
        groups=tuple(all_groups),
        families=family_names,
        indicators=indicators,
        consumers=list(segments).index("consumers") if "consumers" in segments else 0,
        outcomes=named_outcomes(all_groups, family_names, indicators),
    )


class Places(NamedTuple):
    """Economies as the reductions see them."""

    people: Floats  # [C] persons
    home: Ints  # [C] own bloc as index into `BLOCS`
    group_of: Mapping[str, Ints]  # dimension -> [C] place among `make_layout`'s names, -1: in none
    trade: Floats  # [C, C] any bilateral weights, symmetrised here


class Sight(NamedTuple):
    """How consumer chat is observed: the fields of `ReductionPlan` of the same names."""

    observed: Floats
    cn_weight: Floats
    deepseek_weight: Floats


def build_plan(
    layout: Layout,
    ground: Places,
    sight: Sight,
    *,
    origin: Floats,
    unit: Floats,
    families: Mapping[str, Sequence[str]] | None = None,
    with_economies: bool = True,
    with_flows: bool = True,
) -> ReductionPlan:
    """Arrays of the reductions.

    origin [O, B]: origin weights, a row of zeros = the user's own bloc (domestic); unit [S]: part
    of the people that a segment's levels are binned by, the largest there can be (what the runs of
    a block drew is told to `begin_block`). with_economies=False leaves out all per-economy tables
    (a live page needs none).
    """
    people, group_of = ground.people, ground.group_of
    home = np.asarray(ground.home, dtype=np.int64)
    group_index, memberships = _memberships(layout, group_of, home)
    atoms, atom_of = np.unique(memberships, axis=0, return_inverse=True)
    atom_of = atom_of.reshape(-1).astype(np.int64)
    by_home = np.stack(
        [np.where(origin.sum(axis=1, keepdims=True) > 0, origin, own) for own in np.eye(len(BLOCS))]
    )
    named = default_families(layout.offerings) if families is None else families
    links = _symmetric(ground.trade)
    region = np.asarray(group_of.get("region", np.full(len(home), -1)), dtype=np.int64)
    lag = layout.indicators.index("lag_cn") if "lag_cn" in layout.indicators else -1
    return ReductionPlan(
        people=np.ascontiguousarray(people, dtype=np.float64),
        order=np.argsort(atom_of, kind="stable").astype(np.int64),
        atom_of=atom_of,
        atom_home=atoms[:, 0].astype(np.int64),
        flow_of=region,
        member=_members(layout, group_index, atoms, atom_of),
        inside=np.array([group_index[group] for group in layout.groups], dtype=np.float64),
        level_unit=_level_unit(layout, group_index, people[:, None] * unit),
        family=_families(layout, named, by_home),
        exposure=layout.families.index(EXPOSURE) if EXPOSURE in layout.families else -1,
        origin=by_home,
        observed=np.asarray(sight.observed, dtype=np.float64),
        cn_weight=np.ascontiguousarray(sight.cn_weight, dtype=np.float64),
        deepseek_weight=np.ascontiguousarray(sight.deepseek_weight, dtype=np.float64),
        trade=links,
        strength=links.sum(axis=1),
        outcome_kind=np.array([o.kind for o in layout.outcomes], dtype=np.int64),
        outcome_group=np.array([o.group for o in layout.outcomes], dtype=np.int64),
        outcome_item=np.array([o.item for o in layout.outcomes], dtype=np.int64),
        outcome_slot=_slots(layout, layout.outcome_months),
        december_slot=_slots(layout, layout.decembers),
        record_slot=_slots(layout, layout.recorded),
        economy_table=unit_table(ECONOMY_BINS),
        group_table=unit_table(GROUP_BINS),
        consumers=layout.consumers,
        lag_indicator=lag,
        with_economies=int(with_economies),
        with_flows=int(with_flows),
    )


def _memberships(
    layout: Layout, group_of: Mapping[str, Ints], home: Ints
) -> tuple[dict[tuple[str, str], NDArray[np.bool_]], Ints]:
    """Which economies are in each group, and per economy [C, 1 + dimensions] what it is in."""
    inside: dict[tuple[str, str], NDArray[np.bool_]] = {}
    names: dict[str, list[str]] = {}
    for kind, name in layout.groups:
        names.setdefault(kind, []).append(name)
    for kind, members in names.items():
        for k, name in enumerate(members):
            everyone = np.ones(len(home), dtype=np.bool_)
            inside[kind, name] = everyone if kind == "world" else np.asarray(group_of[kind]) == k
    columns = [home, *(np.asarray(group_of[kind]) for kind in names if kind != "world")]
    return inside, np.stack(columns, axis=1).astype(np.int64)


def _members(
    layout: Layout,
    inside: Mapping[tuple[str, str], NDArray[np.bool_]],
    atoms: Ints,
    atom_of: Ints,
) -> Ints:
    first = np.array([int(np.flatnonzero(atom_of == a)[0]) for a in range(len(atoms))])
    member = np.full((len(layout.groups), len(atoms) + 1), -1, dtype=np.int64)
    for g, group in enumerate(layout.groups):
        found = np.flatnonzero(inside[group][first])
        member[g, : len(found)] = found
    return member


def _level_unit(
    layout: Layout, inside: Mapping[tuple[str, str], NDArray[np.bool_]], potential: Floats
) -> Floats:
    by_segment = np.stack([potential[inside[group]].sum(axis=0) for group in layout.groups])
    return np.concatenate([by_segment, by_segment.sum(axis=1, keepdims=True)], axis=1)


def _families(
    layout: Layout,
    named: Mapping[str, Sequence[str]],
    by_home: Floats,
) -> Floats:
    """Weights [K, B, O]; of exposure: the weight of origins not one's own."""
    weights = np.zeros((len(layout.families), len(BLOCS), len(layout.offerings)))
    own = np.stack([by_home[b, :, b] for b in range(len(BLOCS))])
    for k, family in enumerate(layout.families):
        if family == EXPOSURE:
            weights[k] = 1.0 - own
        elif family in named:
            weights[k] = [float(offering in named[family]) for offering in layout.offerings]
        else:
            weights[k] = by_home[:, :, BLOCS.index(family)]
    return weights


def _symmetric(trade: Floats) -> Floats:
    links = np.asarray(trade, dtype=np.float64) + np.asarray(trade, dtype=np.float64).T
    np.fill_diagonal(links, 0.0)
    total = links.sum()
    return links / total if total > 0 else links


def _slots(layout: Layout, periods: Sequence[int]) -> Ints:
    slots = np.full(layout.n_months, -1, dtype=np.int64)
    for k, t in enumerate(periods):
        slots[t] = k
    return slots
