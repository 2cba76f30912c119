"""Slow utility of an economy over lanes; the counterpart of `sim.model.appraisal`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import Ground, Lanes
from sim.equations import access, adoption, network, sovereignty
from sim.equations.jit import inner
from sim.world.parameters import OfferingParams, Params, SegmentParams, WorldLevers

Floats = NDArray[np.float64]


@inner
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
    lanes: Lanes,
) -> None:
    """Standing utility, reach and mask of economy `c` in month `t`, all segments and offerings."""
    home = max(g.home[c, 0], max(g.home[c, 1], g.home[c, 2]))
    for segment in range(lanes.share.shape[1]):
        for k in range(lanes.share.shape[2]):
            for j in range(lanes.share.shape[3]):
                leak = s.leakage[segment, j] * g.leakage[c] * g.leaks[k]
                reach = access.reach(
                    leak, g.available[t, c, segment, k], g.banned[t, c, segment, k]
                )
                if k == g.reference:
                    lanes.log_reach[c, segment, j] = adoption.log_effective_reach(
                        reach, home, p.adoption_reach_floor[j]
                    )
                lanes.mask[c, segment, k] = access.feasible(reach)
                lanes.standing[c, segment, k, j] = standing(
                    t, c, segment, k, j, reach, g, p, s, o, constants, taste, lever
                )


@inner
def standing(
    t: int,
    c: int,
    segment: int,
    k: int,
    j: int,
    reach: float,
    g: Ground,
    p: Params[Floats],
    s: SegmentParams,
    o: OfferingParams,
    constants: Floats,
    taste: Floats,
    lever: WorldLevers,
) -> float:
    """Sum of the slow terms less the sovereignty cost, for one lane."""
    base = (p.sovereignty_cutoff_us[j], p.sovereignty_cutoff_cn[j], p.sovereignty_cutoff_other[j])
    ties = (s.tie_us[segment, j], s.tie_cn[segment, j], s.tie_other[segment, j])
    alliance_weight = sovereignty.alliance_pull(
        p.affinity_alliance_weight[j],
        s.alliance_focus[segment, j],
        p.affinity_defence_gain[j],
        lever.defence_salience[t],
    )
    at_home = tie = closeness = distance = presence = risk = 0.0
    for b in range(3):
        weight = g.origin[c, k, b]
        if weight == 0.0:
            continue
        forum = 1.0 if b == g.forum_bloc else 0.0
        at_home += weight * g.home[c, b]
        tie += (
            weight
            * ties[b]
            * network.supplier_tie(
                g.import_share[c, b], p.network_tie_offset[j], p.network_tie_scale[j]
            )
        )
        closeness += weight * sovereignty.affinity(
            g.votes[c, b],
            g.alliance[c, b],
            alliance_weight,
            lever.forum_engagement[t] * forum,
            p.affinity_forum_gain[j],
            g.development[c] * forum,
            p.affinity_development_gain[j],
            0.0,
        )
        distance += weight * (1.0 - g.alignment[c, b])
        presence += weight * g.presence[t, c, b]
        risk += weight * sovereignty.cutoff_risk(
            base[b],
            lever.rivalry[t],
            p.sovereignty_rivalry_gain[j],
            g.refused[t, b],
            p.sovereignty_refused_gain[j],
            g.alignment[c, b],
        )
    hosting = access.hosting_capability(
        g.electricity[c], g.skills[c], p.access_skill_exponent[j], p.access_hosting_floor[j]
    )
    value: float = (
        constants[segment, k, j]
        + taste[c, k, j]
        + p.choice_home_bonus[j] * at_home
        + access.log_reach(reach)
        + tie
        + s.affinity_weight[segment, j] * closeness
        - sovereignty.security_cost(s.security_weight[segment, j], o.risk[k, j], distance)
        + sovereignty.customisation_benefit(
            s.custom_weight[segment, j], o.customisation[k, j], g.misfit[c]
        )
        - sovereignty.language_cost(o.misfit_weight[k, j], g.misfit[c])
        + sovereignty.stack_benefit(s.stack_weight[segment, j], presence)
        + access.hosting_term(s.hosting_weight[segment, j], o.local_weight[k, j], hosting)
        + o.scale_weight[k, j] * g.gdp_ratio[c]
        - sovereignty.sovereignty_cost(
            s.sovereignty_weight[segment, j],
            g.preference[c],
            sovereignty.control_lost(o.control[k, j], o.revocability[k, j]),
            risk,
        )
    )
    return value
