"""Slow utility of an economy over lanes; the counterpart of `sim.model.appraisal`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import Ground, State, Work
from sim.equations import access, adoption, network, sovereignty
from sim.equations.jit import part
from sim.equations.packs import fill, load, store
from sim.world.parameters import OfferingParams, Params, SegmentParams, WorldLevers

Floats = NDArray[np.float64]


@part
def appraise(
    t: int,
    c: int,
    q: int,
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
    see_blocs(t, c, q, g, p, lever, work)
    hosting = access.hosting_capability(
        g.electricity[c],
        g.skills[c],
        load(p.access_skill_exponent, (q, 0)),
        load(p.access_hosting_floor, (q, 0)),
    )
    for segment in range(state.share.shape[2]):
        see_closeness(t, c, segment, q, g, p, s, lever, work)
        for k in range(state.share.shape[3]):
            open_to, stopped = g.available[t, c, segment, k], g.banned[t, c, segment, k]
            leaks = g.leakage[c] * g.leaks[k]
            reach = access.reach(load(s.leakage, (q, segment, 0)) * leaks, open_to, stopped)
            state.mask[c, segment, k] = access.feasible(
                access.reach(s.leakage[q, segment, 0] * leaks, open_to, stopped)
            )
            if k == g.reference:
                floor = load(p.adoption_reach_floor, (q, 0))
                taking = adoption.log_effective_reach(reach, home, floor)
                store(state.log_reach, (q, c, segment, 0), taking)
            value = standing(c, segment, k, q, t, hosting, g, p, s, o, constants, taste, work)
            store(state.standing, (q, c, segment, k, 0), value + access.log_reach(reach))


@part
def see_blocs(
    t: int, c: int, q: int, g: Ground, p: Params[Floats], lever: WorldLevers, work: Work
) -> None:
    """Supplier tie and perceived risk of cut-offs, by bloc."""
    store(work.risk, (0, 0), load(p.sovereignty_cutoff_us, (q, 0)))
    store(work.risk, (1, 0), load(p.sovereignty_cutoff_cn, (q, 0)))
    store(work.risk, (2, 0), load(p.sovereignty_cutoff_other, (q, 0)))
    for b in range(3):
        tie = network.supplier_tie(
            g.import_share[c, b],
            load(p.network_tie_offset, (q, 0)),
            load(p.network_tie_scale, (q, 0)),
        )
        store(work.tie, (b, 0), tie)
        risk = sovereignty.cutoff_risk(
            load(work.risk, (b, 0)),
            lever.rivalry[t],
            load(p.sovereignty_rivalry_gain, (q, 0)),
            g.refused[t, b],
            load(p.sovereignty_refused_gain, (q, 0)),
            g.alignment[c, b],
        )
        store(work.risk, (b, 0), risk)


@part
def see_closeness(
    t: int,
    c: int,
    segment: int,
    q: int,
    g: Ground,
    p: Params[Floats],
    s: SegmentParams,
    lever: WorldLevers,
    work: Work,
) -> None:
    """Utility of a segment from ties and affinity to each bloc."""
    alliance_weight = sovereignty.alliance_pull(
        load(p.affinity_alliance_weight, (q, 0)),
        load(s.alliance_focus, (q, segment, 0)),
        load(p.affinity_defence_gain, (q, 0)),
        lever.defence_salience[t],
    )
    weight = load(s.affinity_weight, (q, segment, 0))
    store(work.closeness, (0, 0), load(s.tie_us, (q, segment, 0)))
    store(work.closeness, (1, 0), load(s.tie_cn, (q, segment, 0)))
    store(work.closeness, (2, 0), load(s.tie_other, (q, segment, 0)))
    for b in range(3):
        forum = 1.0 if b == g.forum_bloc else 0.0
        affinity = sovereignty.affinity(
            g.votes[c, b],
            g.alliance[c, b],
            alliance_weight,
            lever.forum_engagement[t] * forum,
            load(p.affinity_forum_gain, (q, 0)),
            g.development[c] * forum,
            load(p.affinity_development_gain, (q, 0)),
            0.0,
        )
        tie = load(work.closeness, (b, 0)) * load(work.tie, (b, 0))
        store(work.closeness, (b, 0), tie + weight * affinity)


@part
def standing(
    c: int,
    segment: int,
    k: int,
    q: int,
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
            closeness = closeness + weight * load(work.closeness, (b, 0))
            risk = risk + weight * load(work.risk, (b, 0))
    lost = sovereignty.control_lost(load(o.control, (q, k, 0)), load(o.revocability, (q, k, 0)))
    at = (q, segment, 0)
    value: float = (
        load(constants, (q, segment, k, 0))
        + load(taste, (q, c, k, 0))
        + load(p.choice_home_bonus, (q, 0)) * at_home
        + closeness
        - sovereignty.security_cost(load(s.security_weight, at), load(o.risk, (q, k, 0)), distance)
        + sovereignty.customisation_benefit(
            load(s.custom_weight, at), load(o.customisation, (q, k, 0)), g.misfit[c]
        )
        - sovereignty.language_cost(load(o.misfit_weight, (q, k, 0)), g.misfit[c])
        + sovereignty.stack_benefit(load(s.stack_weight, at), presence)
        + access.hosting_term(load(s.hosting_weight, at), load(o.local_weight, (q, k, 0)), hosting)
        + load(o.scale_weight, (q, k, 0)) * g.gdp_ratio[c]
        - sovereignty.sovereignty_cost(load(s.sovereignty_weight, at), g.preference[c], lost, risk)
    )
    return value
