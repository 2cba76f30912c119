"""What an economy thinks of each offering apart from this month's prices and capability (step 5).

The oracle works this out every month: what the model keeps between months must come to the same.
"""

from typing import NamedTuple

import numpy as np

from oracle.formulas import access, choice, network, sovereignty
from sim.world.axes import BLOCS, CN


class Appraisal(NamedTuple):
    """Slow terms of the decision, [S, O] unless said; utilities in logit units."""

    reach: np.ndarray  # part of the users that an offering can reach
    mask: np.ndarray  # 1 feasible, 0 not
    any_feasible: np.ndarray  # [S, 1]
    abroad: np.ndarray  # [O] 0 for offerings at home in their bloc's home market
    terms: dict[str, np.ndarray]  # the summands of `standing`, by name
    standing: np.ndarray


def appraise(model, c: int, t: int) -> Appraisal:
    """Slow terms of economy row c in month t."""
    w, p, s, o, e = model.world, model.p, model.s, model.o, model.world.economies
    lever, origin = w.levers.economy, w.offerings.origin
    reach = access.reach(
        s.leakage * e.leakage[c] * w.offerings.leaks,
        w.available[t, c],
        w.banned[t, c],
        w.launched[t, c],
    )
    mask, everywhere = choice.mask(reach), np.ones_like(reach)
    forum = np.array([float(b == CN) for b in range(len(BLOCS))])
    risk = sovereignty.cutoff_risk(
        model.cutoff_base,
        lever.rivalry[t, c],
        p.sovereignty_rivalry_gain,
        w.refused[t],
        p.sovereignty_refused_gain,
        e.alignment[c],
    )
    closeness = sovereignty.affinity(
        e.votes[c],
        e.alliance[c],
        sovereignty.alliance_pull(
            p.affinity_alliance_weight,
            s.alliance_focus,
            p.affinity_defence_gain,
            lever.defence_salience[t, c],
        ),
        lever.forum_engagement[t, c] * forum,
        p.affinity_forum_gain,
        e.development[c] * forum,
        p.affinity_development_gain,
        0.0,
    )
    tie = network.supplier_tie(w.import_share[c], p.network_tie_offset, p.network_tie_scale)
    hosting = access.hosting_capability(
        e.electricity[c], e.skills[c], p.access_skill_exponent, p.access_hosting_floor
    )
    distance = origin @ (1.0 - e.alignment[c])
    terms = {
        "constant": model.constants,
        "taste": model.taste[c] * everywhere,
        "home market": p.choice_home_bonus * (origin @ e.home[c]) * everywhere,
        "supplier tie": (model.tie * tie) @ origin.T,
        "affinity": s.affinity_weight * (closeness @ origin.T),
        "security": -sovereignty.security_cost(s.security_weight, o.risk, distance),
        "customisation": sovereignty.customisation_benefit(
            s.custom_weight, o.customisation, e.misfit[c]
        ),
        "language": -sovereignty.language_cost(o.misfit_weight, e.misfit[c]) * everywhere,
        "stack": sovereignty.stack_benefit(s.stack_weight, origin @ w.presence[t, c]),
        "hosting": access.hosting_term(s.hosting_weight, o.local_weight, hosting),
        "scale": o.scale_weight * e.gdp_ratio[c] * everywhere,
        "sovereignty": -sovereignty.sovereignty_cost(
            s.sovereignty_weight,
            e.preference[c],
            sovereignty.control_lost(o.control, o.revocability),
            origin @ risk,
        ),
    }
    return Appraisal(
        reach=reach,
        mask=mask,
        any_feasible=mask.max(axis=1, keepdims=True),
        abroad=1.0 - origin @ e.home[c],
        terms=terms,
        standing=sum(terms.values()),
    )
