"""Slow utility over whole arrays; the part of `numpy_batch` that seldom changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.equations import access, adoption, network, sovereignty
from sim.lanes.jit import rows

if TYPE_CHECKING:
    from experiment_00_speed.numpy_batch import Batch

Floats = NDArray[np.float64]

reach_rows = rows(access.reach)
feasible_rows, log_reach_rows = rows(access.feasible), rows(access.log_reach)
taking_rows, hosting_rows = rows(adoption.log_effective_reach), rows(access.hosting_term)
hosts_rows, tie_rows = rows(access.hosting_capability), rows(network.supplier_tie)
alliance_rows, affinity_rows = rows(sovereignty.alliance_pull), rows(sovereignty.affinity)
risk_rows, lost_rows = rows(sovereignty.cutoff_risk), rows(sovereignty.control_lost)
sovereignty_rows, security_rows = (
    rows(sovereignty.sovereignty_cost),
    rows(sovereignty.security_cost),
)
language_rows = rows(sovereignty.language_cost)
custom_rows, stack_rows = rows(sovereignty.customisation_benefit), rows(sovereignty.stack_benefit)


def over_blocs(origin: Floats, values: Floats) -> Floats:
    """Sum over blocs of origin [D, O, B] x values [D, S, B, L], as [D, S, O, L]."""
    summed: Floats = origin[:, None] @ values
    return summed


def appraise(batch: Batch, due: NDArray[np.intp]) -> None:
    """Slow utility of the economies `due` [D], all segments and offerings."""
    t, g, p, s, o, n = (
        batch.month,
        batch.prepared.ground,
        batch.p,
        batch.s,
        batch.o,
        batch.setting.numbers,
    )
    lever, origin, home = batch.world.levers.world, g.origin[due], g.home[due]
    available, banned = g.available[t, due][..., None], g.banned[t, due][..., None]
    leak = s.leakage * g.leakage[due][:, None, None, None] * g.leaks[:, None]
    reach = reach_rows(leak, available, banned)
    mask = feasible_rows(reach)
    batch.own.mask[due] = mask
    batch.own.log_reach[due] = taking_rows(
        reach[:, :, g.reference], home.max(axis=1)[:, None, None], p.adoption_reach_floor
    )
    bloc = (np.arange(3) == g.forum_bloc)[:, None] * 1.0
    votes, alliance = g.votes[due][:, None, :, None], g.alliance[due][:, None, :, None]
    pull = alliance_rows(
        p.affinity_alliance_weight,
        s.alliance_focus,
        p.affinity_defence_gain,
        lever.defence_salience[t],
    )
    closeness = affinity_rows(
        votes,
        alliance,
        pull,
        lever.forum_engagement[t] * bloc,
        p.affinity_forum_gain,
        g.development[due][:, None, None, None] * bloc,
        p.affinity_development_gain,
        0.0,
    )
    base = np.stack([p.sovereignty_cutoff_us, p.sovereignty_cutoff_cn, p.sovereignty_cutoff_other])
    risk = risk_rows(
        base,
        lever.rivalry[t],
        p.sovereignty_rivalry_gain,
        g.refused[t][:, None],
        p.sovereignty_refused_gain,
        g.alignment[due][..., None],
    )
    trade = tie_rows(g.import_share[due][..., None], p.network_tie_offset, p.network_tie_scale)
    ties = np.concatenate([s.tie_us, s.tie_cn, s.tie_other], axis=2)
    hosting = hosts_rows(
        g.electricity[due][:, None],
        g.skills[due][:, None],
        p.access_skill_exponent,
        p.access_hosting_floor,
    )
    batch.own.standing[due] = (
        n.constants
        + batch.taste[due][:, None]
        + p.choice_home_bonus * (origin * home[:, None]).sum(2)[:, None, :, None]
        + log_reach_rows(reach)
        + over_blocs(origin, ties * trade[:, None])
        + s.affinity_weight * over_blocs(origin, closeness)
        - security_rows(
            s.security_weight,
            o.risk,
            (origin * (1.0 - g.alignment[due])[:, None]).sum(2)[:, None, :, None],
        )
        + custom_rows(s.custom_weight, o.customisation, g.misfit[due][:, None, None, None])
        - language_rows(o.misfit_weight, g.misfit[due][:, None, None, None])
        + stack_rows(
            s.stack_weight, (origin * g.presence[t, due][:, None]).sum(2)[:, None, :, None]
        )
        + hosting_rows(s.hosting_weight, o.local_weight, hosting[:, None, None])
        + o.scale_weight * g.gdp_ratio[due][:, None, None, None]
        - sovereignty_rows(
            s.sovereignty_weight,
            g.preference[due][:, None, None, None],
            lost_rows(o.control, o.revocability),
            over_blocs(origin, risk[:, None]),
        )
    )
