"""Slow utility over whole arrays; the part of `numpy_batch` that seldom changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.equations import access, choice, network, sovereignty
from sim.lanes.jit import rows
from sim.world.axes import BLOCS

if TYPE_CHECKING:
    from experiment_00_speed.numpy_batch import Batch

Floats = NDArray[np.float64]

reach_rows = rows(access.reach)
mask_rows, hosting_rows = rows(choice.mask), rows(access.hosting_term)
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
    t, g, p, s, o, given = batch.month, batch.ground, batch.p, batch.s, batch.o, batch.given
    lever, origin, state = given.lever_of, g.origin[due], batch.state

    def here(name: str) -> Floats:
        return g.economy[name][due][:, None, None, None]

    there = g.bloc.view((slice(None), due))  # each [D, B]
    available, banned = g.available[t, due][..., None], g.banned[t, due][..., None]
    reach = reach_rows(
        s.leakage * here("leakage") * g.offering.leaks[:, None],
        available,
        banned,
        g.launched[t, due][:, None, :, None],
    )
    state.offering.reach[due] = reach
    state.segment.any_feasible[due] = mask_rows(reach).max(axis=2)
    state.relation.reach[due] = reach.mean(axis=1)
    state.relation.once[due] = np.maximum(state.relation.once[due], state.relation.reach[due])
    bloc = (np.arange(len(BLOCS)) == g.forum_bloc)[:, None] * 1.0
    pull = alliance_rows(
        p.affinity_alliance_weight,
        s.alliance_focus,
        p.affinity_defence_gain,
        lever.defence_salience[t, due][:, None, None, None],
    )
    closeness = affinity_rows(
        there.votes[:, None, :, None],
        there.alliance[:, None, :, None],
        pull,
        lever.forum_engagement[t, due][:, None, None, None] * bloc,
        p.affinity_forum_gain,
        here("development") * bloc,
        p.affinity_development_gain,
        0.0,
    )
    risk = risk_rows(
        given.blocs.cutoff,
        lever.rivalry[t, due][:, None, None],
        p.sovereignty_rivalry_gain,
        g.refused[t][:, None],
        p.sovereignty_refused_gain,
        there.alignment[..., None],
    )
    trade = tie_rows(there.import_share[..., None], p.network_tie_offset, p.network_tie_scale)
    hosting = hosts_rows(
        here("electricity"), here("skills"), p.access_skill_exponent, p.access_hosting_floor
    )

    def of_origin(values: Floats) -> Floats:
        return (origin * values[:, None]).sum(2)[:, None, :, None]

    state.offering.standing[due] = (
        given.constants
        + given.taste[due][:, None]
        + p.choice_home_bonus * of_origin(there.home)
        + over_blocs(origin, given.ties.weight * trade[:, None])
        + s.affinity_weight * over_blocs(origin, closeness)
        - security_rows(s.security_weight, o.risk, of_origin(1.0 - there.alignment))
        + custom_rows(s.custom_weight, o.customisation, here("misfit"))
        - language_rows(o.misfit_weight, here("misfit"))
        + stack_rows(s.stack_weight, of_origin(g.presence[t, due]))
        + hosting_rows(s.hosting_weight, o.local_weight, hosting)
        + o.scale_weight * here("gdp_ratio")
        - sovereignty_rows(
            s.sovereignty_weight,
            here("preference"),
            lost_rows(o.control, o.revocability),
            over_blocs(origin, risk[:, None]),
        )
    )
