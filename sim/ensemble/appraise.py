"""Slow utility of an economy over lanes; the counterpart of `sim.model.appraisal`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import Ground, State, Work
from sim.equations import access, adoption, network, sovereignty
from sim.equations.jit import part
from sim.equations.packs import choose, fill, highest, load, store
from sim.world.parameters import OfferingParams, Params, SegmentParams, WorldLevers

Floats = NDArray[np.float64]


@part
def appraise(
    t: int,
    c: int,
    g: Ground,
    p: Params[Floats],
    s: SegmentParams,
    o: OfferingParams,
    constants: Floats,
    taste: Floats,
    lever: WorldLevers,
    state: State,
    work: Work,
) -> None:
    """Standing utility, reach and mask of economy `c` in month `t`, all segments and offerings."""
    home = max(g.home[c, 0], max(g.home[c, 1], g.home[c, 2]))
    see_blocs(t, c, g, p, lever, work)
    hosting = access.hosting_capability(
        g.electricity[c],
        g.skills[c],
        load(p.access_skill_exponent, ()),
        load(p.access_hosting_floor, ()),
    )
    for segment in range(state.share.shape[1]):
        see_closeness(t, c, segment, g, p, s, lever, work)
        some = fill(0.0)
        for k in range(state.share.shape[2]):
            open_to, stopped = g.available[t, c, segment, k], g.banned[t, c, segment, k]
            leaks = g.leakage[c] * g.leaks[k]
            reach = access.reach(load(s.leakage, (segment,)) * leaks, open_to, stopped)
            mask = access.feasible(reach)
            store(state.mask, (c, segment, k), mask)
            state.anywhere[c, segment, k] = highest(mask)
            some = choose(mask > some, mask, some)
            if k == g.reference:
                floor = load(p.adoption_reach_floor, ())
                taking = adoption.log_effective_reach(reach, home, floor)
                store(state.log_reach, (c, segment), taking)
            value = standing(c, segment, k, t, hosting, g, p, s, o, constants, taste, work)
            store(state.standing, (c, segment, k), value + access.log_reach(reach))
        store(state.any_feasible, (c, segment), some)


@part
def see_blocs(t: int, c: int, g: Ground, p: Params[Floats], lever: WorldLevers, work: Work) -> None:
    """Supplier tie and perceived risk of cut-offs, by bloc."""
    store(work.risk, (0,), load(p.sovereignty_cutoff_us, ()))
    store(work.risk, (1,), load(p.sovereignty_cutoff_cn, ()))
    store(work.risk, (2,), load(p.sovereignty_cutoff_other, ()))
    for b in range(3):
        tie = network.supplier_tie(
            g.import_share[c, b],
            load(p.network_tie_offset, ()),
            load(p.network_tie_scale, ()),
        )
        store(work.tie, (b,), tie)
        risk = sovereignty.cutoff_risk(
            load(work.risk, (b,)),
            lever.rivalry[t],
            load(p.sovereignty_rivalry_gain, ()),
            g.refused[t, b],
            load(p.sovereignty_refused_gain, ()),
            g.alignment[c, b],
        )
        store(work.risk, (b,), risk)


@part
def see_closeness(
    t: int,
    c: int,
    segment: int,
    g: Ground,
    p: Params[Floats],
    s: SegmentParams,
    lever: WorldLevers,
    work: Work,
) -> None:
    """Utility of a segment from ties and affinity to each bloc."""
    alliance_weight = sovereignty.alliance_pull(
        load(p.affinity_alliance_weight, ()),
        load(s.alliance_focus, (segment,)),
        load(p.affinity_defence_gain, ()),
        lever.defence_salience[t],
    )
    weight = load(s.affinity_weight, (segment,))
    store(work.closeness, (0,), load(s.tie_us, (segment,)))
    store(work.closeness, (1,), load(s.tie_cn, (segment,)))
    store(work.closeness, (2,), load(s.tie_other, (segment,)))
    for b in range(3):
        forum = 1.0 if b == g.forum_bloc else 0.0
        affinity = sovereignty.affinity(
            g.votes[c, b],
            g.alliance[c, b],
            alliance_weight,
            lever.forum_engagement[t] * forum,
            load(p.affinity_forum_gain, ()),
            g.development[c] * forum,
            load(p.affinity_development_gain, ()),
            0.0,
        )
        tie = load(work.closeness, (b,)) * load(work.tie, (b,))
        store(work.closeness, (b,), tie + weight * affinity)


@part
def standing(
    c: int,
    segment: int,
    k: int,
    t: int,
    hosting: float,
    g: Ground,
    p: Params[Floats],
    s: SegmentParams,
    o: OfferingParams,
    constants: Floats,
    taste: Floats,
    work: Work,
) -> float:
    """Sum of the slow terms less the sovereignty cost; reach is not in it yet."""
    at_home = distance = presence = 0.0
    closeness, risk = fill(0.0), fill(0.0)
    for b in range(3):
        weight = g.origin[c, k, b]
        at_home += weight * g.home[c, b]
        distance += weight * (1.0 - g.alignment[c, b])
        presence += weight * g.presence[t, c, b]
        if weight > 0.0:
            closeness = closeness + weight * load(work.closeness, (b,))
            risk = risk + weight * load(work.risk, (b,))
    lost = sovereignty.control_lost(load(o.control, (k,)), load(o.revocability, (k,)))
    at = (segment,)
    value: float = (
        load(constants, (segment, k))
        + load(taste, (c, k))
        + load(p.choice_home_bonus, ()) * at_home
        + closeness
        - sovereignty.security_cost(load(s.security_weight, at), load(o.risk, (k,)), distance)
        + sovereignty.customisation_benefit(
            load(s.custom_weight, at), load(o.customisation, (k,)), g.misfit[c]
        )
        - sovereignty.language_cost(load(o.misfit_weight, (k,)), g.misfit[c])
        + sovereignty.stack_benefit(load(s.stack_weight, at), presence)
        + access.hosting_term(load(s.hosting_weight, at), load(o.local_weight, (k,)), hosting)
        + load(o.scale_weight, (k,)) * g.gdp_ratio[c]
        - sovereignty.sovereignty_cost(load(s.sovereignty_weight, at), g.preference[c], lost, risk)
    )
    return value
