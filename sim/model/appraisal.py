"""What an economy thinks of each offering apart from this month's prices and capability.

These terms move only when access, bans, or the political climate move, so they are worked out in
those months and kept in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.equations import access, adoption, cost, network, sovereignty
from sim.equations.jit import rows

if TYPE_CHECKING:
    from sim.model.model import Spheres

Floats = NDArray[np.float64]

reach_rows, log_reach_rows = rows(access.reach), rows(access.log_reach)
mask_rows, tie_rows = rows(access.feasible), rows(network.supplier_tie)
risk_rows, lost_rows = rows(sovereignty.cutoff_risk), rows(sovereignty.control_lost)
sovereignty_rows, affinity_rows = rows(sovereignty.sovereignty_cost), rows(sovereignty.affinity)
security_rows, custom_rows = (
    rows(sovereignty.security_cost),
    rows(sovereignty.customisation_benefit),
)
language_rows = rows(sovereignty.language_cost)
stack_rows = rows(sovereignty.stack_benefit)
hosting_rows, pull_rows = rows(access.hosting_term), rows(sovereignty.alliance_pull)
taking_rows, budget_rows = rows(adoption.log_effective_reach), rows(cost.per_budget)


class Appraisal(NamedTuple):
    """Slow terms of the decision, [S, O] unless said; utilities in logit units."""

    reach: Floats
    mask: Floats  # 1 feasible, 0 not
    any_feasible: Floats  # [S, 1]
    log_reach: Floats  # [S, 1] ln of the reach that matters for taking up AI
    per_budget: Floats  # [S, 1] 1 / USD a month that users can spend
    abroad: Floats  # [O] 0 for offerings at home in their bloc's home market
    sovereignty: Floats  # disutility
    terms: dict[str, Floats]  # the summands of `standing`, by name
    standing: Floats


def appraise(model: Spheres, c: int, t: int) -> Appraisal:
    """Slow terms of economy row `c` in month `t`."""
    m, w, p, s, o, e = model, model.world, model.p, model.s, model.o, model.world.economies
    lever, origin = w.levers.world, model.world.origin[c]
    leak = s.leakage * e.leakage[c] * w.leaks
    reach = reach_rows(leak, w.available[t, c], w.banned[t, c])
    mask = mask_rows(reach)
    foreign = 1.0 - e.alignment[c]
    risk = risk_rows(
        m.cutoff_base,
        lever.rivalry[t],
        p.sovereignty_rivalry_gain,
        w.refused[t],
        p.sovereignty_refused_gain,
        e.alignment[c],
    )
    alliance_weight = pull_rows(
        p.affinity_alliance_weight,
        s.alliance_focus,
        p.affinity_defence_gain,
        lever.defence_salience[t],
    )
    closeness = affinity_rows(
        e.votes[c],
        e.alliance[c],
        alliance_weight,
        lever.forum_engagement[t] * m.forum_bloc,
        p.affinity_forum_gain,
        e.development[c] * m.forum_bloc,
        p.affinity_development_gain,
        0.0,
    )
    hosting = access.hosting_capability(
        float(e.electricity[c]),
        float(e.skills[c]),
        p.access_skill_exponent,
        p.access_hosting_floor,
    )
    terms = {
        "constant": m.constants,
        "taste": m.taste[c] * np.ones_like(reach),
        "home market": p.choice_home_bonus * (origin @ e.home[c]) * np.ones_like(reach),
        "reach": log_reach_rows(reach),
        "supplier tie": m.tie
        @ (origin * tie_rows(w.import_share[c], p.network_tie_offset, p.network_tie_scale)).T,
        "affinity": s.affinity_weight * (closeness @ origin.T),
        "security": -security_rows(s.security_weight, o.risk, origin @ foreign),
        "customisation": custom_rows(s.custom_weight, o.customisation, e.misfit[c]),
        "language": -language_rows(o.misfit_weight, e.misfit[c]) * np.ones_like(reach),
        "stack": stack_rows(s.stack_weight, origin @ w.presence[t, c]),
        "hosting": hosting_rows(s.hosting_weight, o.local_weight, hosting),
        "scale": o.scale_weight * e.gdp_ratio[c] * np.ones_like(reach),
    }
    return Appraisal(
        reach,
        mask,
        mask.max(axis=1, keepdims=True),
        taking_rows(
            reach[:, w.reference : w.reference + 1], e.home[c].max(), p.adoption_reach_floor
        ),
        budget_rows(s.budget_share, e.income_month[c]),
        1.0 - origin @ e.home[c],
        sovereignty_rows(
            s.sovereignty_weight,
            e.preference[c],
            lost_rows(o.control, o.revocability),
            origin @ risk,
        ),
        terms,
        sum(terms.values(), start=np.zeros_like(reach)),
    )
