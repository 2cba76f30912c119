"""What an economy thinks of each offering apart from this month's prices and capability.

These terms move only when access, bans, or the political climate move, so they are worked out in
those months (`Given.refresh`) and kept in between. Order only; text for one run or a pack of them.
"""

from __future__ import annotations

from typing import Any

from sim.equations import access, choice, network, sovereignty
from sim.lanes.elementary import larger
from sim.lanes.jit import part
from sim.lanes.packs import highest, load
from sim.lanes.views import at
from sim.model.facts import Given
from sim.model.state import Memory
from sim.model.terms import (
    CLOSENESS,
    CONSTANT,
    CUSTOMISATION,
    HOME_MARKET,
    HOSTING,
    LANGUAGE,
    REACH,
    REACHED,
    SCALE,
    SECURITY,
    SOVEREIGNTY,
    STACK,
    TASTE,
    TIE,
)
from sim.model.watch import told


@part
def appraise(t: int, c: int, watcher: Any, given: Given, memory: Memory) -> None:  # noqa: ANN401
    """Standing utility, reach and mask of all segments and offerings: what moves only when access,
    bans or the political climate move, and is kept in between.
    """
    g, p, state = given.ground, at(given.params, ()), memory.state
    here = at(g.economy, (c,))
    see_risks(t, c, given, memory)
    hosting = access.hosting_capability(
        here.electricity, here.skills, p.access_skill_exponent, p.access_hosting_floor
    )
    for segment in range(state.segment.adoption.shape[1]):
        see_closeness(t, c, segment, watcher, given, memory)
        s, some = at(given.segments, (segment,)), 0.0
        for k in range(g.nest.shape[0]):
            leaks = here.leakage * g.offering.leaks[k]
            open_to, stopped = g.available[t, c, segment, k], g.banned[t, c, segment, k]
            reach = access.reach(s.leakage * leaks, open_to, stopped, g.launched[t, c, k])
            told(watcher, (c, segment, k), REACHED, reach)
            told(watcher, (c, segment, k), REACH, access.log_reach(reach))
            one, mask = at(state.offering, (c, segment, k)), choice.mask(reach)
            one.reach = reach
            state.reachable[c, segment, k] = highest(mask)
            some = larger(some, mask)
            one.standing = standing(t, (c, segment, k), hosting, watcher, given, memory)
        at(state.segment, (c, segment)).any_feasible = some
    remember_reach(c, memory)


@part
def remember_reach(c: int, memory: Memory) -> None:
    """The reach of every offering over segments, and the most that it ever was."""
    state = memory.state
    segments, offerings = state.segment.adoption.shape[1], state.offering.share.shape[2]
    for k in range(offerings):
        total, one = 0.0, at(state.relation, (c, k))
        for segment in range(segments):
            total = total + at(state.offering, (c, segment, k)).reach
        one.reach = total / float(segments)
        one.once = larger(one.once, one.reach)


@part
def see_risks(t: int, c: int, given: Given, memory: Memory) -> None:
    """Supplier tie and perceived risk of cut-offs, by bloc."""
    g, p, lever = given.ground, at(given.params, ()), at(given.lever_of, (t, c))
    for b in range(g.bloc.votes.shape[1]):
        there, work = at(g.bloc, (c, b)), at(memory.work.bloc, (b,))
        work.tie = network.supplier_tie(
            there.import_share, p.network_tie_offset, p.network_tie_scale
        )
        work.risk = sovereignty.cutoff_risk(
            at(given.blocs, (b,)).cutoff,
            lever.rivalry,
            p.sovereignty_rivalry_gain,
            g.refused[t, b],
            p.sovereignty_refused_gain,
            there.alignment,
        )


@part
def see_closeness(
    t: int,
    c: int,
    segment: int,
    watcher: Any,  # noqa: ANN401
    given: Given,
    memory: Memory,
) -> None:
    """Utility of a segment from ties and affinity to each bloc."""
    g, p, lever = given.ground, at(given.params, ()), at(given.lever_of, (t, c))
    s = at(given.segments, (segment,))
    alliance_weight = sovereignty.alliance_pull(
        p.affinity_alliance_weight,
        s.alliance_focus,
        p.affinity_defence_gain,
        lever.defence_salience,
    )
    for b in range(g.bloc.votes.shape[1]):
        there, work = at(g.bloc, (c, b)), at(memory.work.bloc, (b,))
        forum = 1.0 if b == g.forum_bloc else 0.0
        affinity = sovereignty.affinity(
            there.votes,
            there.alliance,
            alliance_weight,
            lever.forum_engagement * forum,
            p.affinity_forum_gain,
            g.economy.development[c] * forum,
            p.affinity_development_gain,
            0.0,
        )
        tie = told(watcher, (c, segment, b), TIE, at(given.ties, (segment, b)).weight * work.tie)
        work.closeness = tie + s.affinity_weight * affinity


@part
def standing(
    t: int,
    place: tuple[int, int, int],
    hosting: float,
    watcher: Any,  # noqa: ANN401
    given: Given,
    memory: Memory,
) -> float:
    """Sum of the slow terms less the sovereignty cost; reach is not in it yet.

    place: economy, segment, offering. The watcher is told every summand.
    """
    c, segment, k = place
    g, p, here = given.ground, at(given.params, ()), at(given.ground.economy, (c,))
    s, o = at(given.segments, (segment,)), at(given.offerings, (k,))
    at_home = distance = presence = 0.0
    ties, risk = 0.0, 0.0
    for b in range(g.bloc.votes.shape[1]):
        weight, there, work = g.origin[c, k, b], at(g.bloc, (c, b)), at(memory.work.bloc, (b,))
        at_home += weight * there.home
        distance += weight * (1.0 - there.alignment)
        presence += weight * g.presence[t, c, b]
        if weight > 0.0:
            ties = ties + weight * work.closeness
            risk = risk + weight * work.risk
    lost = sovereignty.control_lost(o.control, o.revocability)
    cost_of_control = sovereignty.sovereignty_cost(
        s.sovereignty_weight, here.preference, lost, risk
    )
    danger = sovereignty.security_cost(s.security_weight, o.risk, distance)
    own_hardware = access.hosting_term(s.hosting_weight, o.local_weight, hosting)
    custom = sovereignty.customisation_benefit(s.custom_weight, o.customisation, here.misfit)
    value: float = (
        told(watcher, place, CONSTANT, load(given.constants, (segment, k)))
        + told(watcher, place, TASTE, load(given.taste, (c, k)))
        + told(watcher, place, HOME_MARKET, p.choice_home_bonus * at_home)
        + told(watcher, place, CLOSENESS, ties)
        - told(watcher, place, SECURITY, danger)
        + told(watcher, place, CUSTOMISATION, custom)
        - told(watcher, place, LANGUAGE, sovereignty.language_cost(o.misfit_weight, here.misfit))
        + told(watcher, place, STACK, sovereignty.stack_benefit(s.stack_weight, presence))
        + told(watcher, place, HOSTING, own_hardware)
        + told(watcher, place, SCALE, o.scale_weight * here.gdp_ratio)
        - told(watcher, place, SOVEREIGNTY, cost_of_control)
    )
    return value
