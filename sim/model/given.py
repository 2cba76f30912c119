"""From a world and its drawn numbers to what a month is given (`sim.model.state.Given`)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import Setting
from sim.draws.world import SupplyDraws
from sim.lanes.packs import WIDTH, aligned
from sim.model.facts import (
    BlocFacts,
    BlocParams,
    Catalogue,
    EconomyFacts,
    EconomyPath,
    Given,
    Ground,
    OfferingFacts,
    Ties,
    TrackParams,
)
from sim.model.standing import economy_effects
from sim.world.axes import BLOCS, CN, RELEASED_TRACKS, TRACKS
from sim.world.build import World
from sim.world.network import dense_rows
from sim.world.parameters import Params, SegmentParams

#: Fraction of people online that no economy falls below: statistics of the smallest are zero.
LEAST_ONLINE = 1e-3

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shape = Callable[[Floats], Floats]


def make_ground(world: World, order: Ints) -> Ground:
    """Facts of a world. order [C]: economies in the order in which they are added up."""
    e, offerings = world.economies, world.offerings
    china = world.iso3.index("CHN") if "CHN" in world.iso3 else -1
    rows = world.partners
    weight_china = dense_rows(rows)[:, china] if china >= 0 else np.zeros(len(world.iso3))
    origin = np.broadcast_to(offerings.origin, (len(e.people), *offerings.origin.shape)).copy()
    structure = world.resolved.structure
    return Ground(
        economy=EconomyFacts.of(
            people=e.people,
            gdp_month=e.gdp_month,
            gdp_ratio=e.gdp_ratio,
            electricity=e.electricity,
            skills=e.skills,
            accelerators=e.accelerators * world.stock_factor,
            development=e.development,
            misfit=e.misfit,
            preference=e.preference,
            capped=e.capped,
            tier2=e.tier2,
            ally=e.ally,
            belt_road=e.belt_road,
            leakage=e.leakage,
            weight_china=weight_china,
        ),
        path=EconomyPath.of(
            online_log=np.log(np.maximum(world.online, LEAST_ONLINE)),
            income_month=world.income_month,
            income_log=world.income_log,
        ),
        price_factor=world.price_factor,
        seat_factor=world.seat_factor,
        bloc=BlocFacts.of(
            votes=e.votes,
            alignment=e.alignment,
            alliance=e.alliance,
            home=e.home,
            import_share=world.import_share,
        ),
        offering=OfferingFacts.of(
            leaks=offerings.leaks,
            from_blocs=offerings.from_blocs,
            packaged=offerings.packaged,
            cn_open=offerings.cn_open,
            sells=offerings.sells,
        ),
        available=world.available,
        banned=world.banned,
        launched=world.launched,
        refused=world.refused,
        presence=world.presence,
        origin=origin,
        abroad=1.0 - np.einsum("cob,cb->co", origin, e.home),
        order=order,
        nest=offerings.nest,
        family=offerings.family,
        region=world.region,
        price_track=offerings.price_track,
        partner_start=rows.start,
        partner=rows.partner,
        partner_weight=rows.weight,
        imitative=int(structure.choice == "replicator"),
        reference_month=world.fixed.world_reference_month,
        last_dated=world.fixed.world_dated_months,
        feedbacks=float(structure.feedbacks),
        inference_share=world.fixed.world_inference_share,
        capability=world.fixed.world_reference_capability,
        china=china,
        forum_bloc=CN,
    )


def make_given(setting: Setting, ground: Ground, shape: Shape) -> Given:
    """What the runs of a setting are given. shape: from numbers over runs to what a month reads,
    `packed` for a pack or `alone` for the first of them.
    """
    w, n, of = setting.world, setting.numbers, setting.world.offerings
    return Given(
        ground=ground,
        refresh=w.refresh,
        lever=w.levers.world,
        lever_of=w.levers.economy,
        catalogue=Catalogue(
            track=of.track,
            track_frontier=of.track_frontier,
            hard=w.hard,
            origin=of.origin,
            price_track=of.price_track,
            dated=w.dated,
            dated_until=w.dated_until,
        ),
        draws=SupplyDraws(*(shape(values) for values in n.supply)),
        params=n.params.each(shape),
        segments=n.segments.each(shape),
        offerings=n.offerings.each(shape),
        tasks=n.tasks.each(shape),
        sizes=shape(n.sizes),
        blocs=_bloc_params(n.params).each(shape),
        tracks=_track_params(n.params).each(shape),
        ties=_ties(n.segments).each(shape),
        constants=shape(n.constants),
        taste=shape(n.params.choice_economy_sd * n.taste),
        effect=shape(economy_effects(w.economies, n)),
        hosted_locally=(n.offerings.local_weight > 0.0).any(axis=1).astype(np.float64),
    )


def _bloc_params(p: Params) -> BlocParams:
    """The parameters that are kept bloc by bloc; computing of China follows from chips instead."""
    none = np.zeros_like(p.frontier_us_compute)
    compute = {"us": p.frontier_us_compute, "other": p.frontier_other_compute}
    return BlocParams.of(
        cutoff=np.stack([p[f"sovereignty_cutoff_{bloc}"] for bloc in BLOCS]),
        pace=np.stack([p[f"frontier_{bloc}_pace"] for bloc in BLOCS]),
        catch_up=np.stack([p[f"frontier_{bloc}_catch_up"] for bloc in BLOCS]),
        compute=np.stack([compute.get(bloc, none) for bloc in BLOCS]),
    )


def _track_params(p: Params) -> TrackParams:
    """Gaps and intervals; what the labs of the leading track have is released as it is."""
    tracks = TRACKS[:RELEASED_TRACKS]
    gaps = {track: p[f"release_gap_{track}"] for track in tracks[1:]}
    interval = np.stack([p[f"release_interval_{track}"] for track in tracks])
    none = np.zeros_like(interval[0])
    return TrackParams.of(gap=np.stack([gaps.get(t, none) for t in tracks]), interval=interval)


def _ties(s: SegmentParams) -> Ties:
    return Ties.of(weight=np.stack([s[f"tie_{bloc}"] for bloc in BLOCS], axis=1))


def packed(values: Floats) -> Floats:
    """[..., L] as a pack [..., W] of its own memory; the last run fills what is left."""
    found, count = aligned(*values.shape[:-1], WIDTH), values.shape[-1]
    found[..., :count] = values
    found[..., count:] = values[..., -1:]
    return found


def alone(values: Floats) -> Floats:
    """[..., L] without its last axis: the first run."""
    return np.array(values[..., 0], order="C")
