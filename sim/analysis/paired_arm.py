"""Compiled course of one arm of a comparison, and what is kept of it.

Shares here are of users, adoption is the part of potential users who use AI. The last place of an
offering axis holds adoption. Axes: T months, C economies, S segments and O offerings of all arms
together, A cells of membership, G groups, W runs of a pack.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import Inputs, Memory, State
from sim.ensemble.course import sound
from sim.ensemble.month import advance_month
from sim.equations.jit import borrowing, inner
from sim.equations.packs import fill, load, store
from sim.results.accumulators import Accumulator
from sim.results.channels import Instruments, add_audiences
from sim.results.groups import over_members
from sim.results.outcomes import watch_gap
from sim.results.plan import see_indicators, see_world
from sim.results.reduce import record_month
from sim.results.statics import Statics

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Kept(NamedTuple):
    """What is kept of an arm's runs, W of them; Q recorded months, D Decembers.

    Axes of segments and offerings are those of all arms, but for share and adoption.
    """

    recorded: Ints  # [T] place of a month among the recorded, -1: none
    decembers: Ints  # [T]
    atoms: Floats  # [A, S, O + 1, W] work space
    group: Floats  # [T, G, S + 1, O + 1, W]
    economy: Floats  # [Q, C, O + 1, W]
    series: Floats  # [T, I, W]
    share: Floats  # [D, C, s, o, W]
    adoption: Floats  # [D, C, s, W]


@borrowing
def run_arm(
    months: int,
    seen: Instruments,
    statics: Statics,
    acc: Accumulator,
    segment_at: Ints,
    offering_at: Ints,
    potential: Floats,
    kept: Kept,
    given: Inputs,
    memory: Memory,
) -> int:
    """Run a block and keep what is compared, and its named outcomes in ``acc``; returns how many
    months went well, before a run that counts (`acc.work.live`) broke.

    With no room in ``kept`` only the named outcomes are kept.
    """
    here, paths, p = acc.work, kept.group.shape[0] > 0, given.params
    api_weight = given.offerings.api_weight
    supply, state, churn = memory.supply, memory.state, given.segments.churn
    for t in range(months):
        slot = statics.outcome_slot[t]
        advance_month(t, slot >= 0, seen, 0, statics, acc, given, memory)
        if not sound(supply.latent, state.use, here.live):
            return t
        if paths or slot >= 0:
            here.audience[:] = 0.0
            for place in range(state.share.shape[0]):  # in the order of a run, for the same bits
                c = statics.order[place]
                add_audiences(c, seen, state.share, state.adoption, here.audience)
            see_world(
                seen, supply, state.scarcity, here.audience, api_weight,
                p.observe_aggregator_selection, p.observe_visits_per_user, here.every, here.series,
            )  # fmt: skip
        else:
            see_indicators(supply.released, supply.api, supply.markup, state.scarcity, here.series)
        if slot >= 0:
            record_month(
                t, state.share, state.adoption, state.bill, supply.tokens, churn, here.series,
                1, statics, acc,
            )  # fmt: skip
        else:
            watch_gap(here.series, statics.lag_indicator, acc.streak)
        if paths:
            keep(
                t, state, here.series, statics, here.potential, segment_at, offering_at, potential,
                kept,
            )  # fmt: skip
    return months


@inner
def keep(
    t: int,
    state: State,
    series: Floats,
    statics: Statics,
    part: Floats,
    segment_at: Ints,
    offering_at: Ints,
    potential: Floats,
    kept: Kept,
) -> None:
    """One month of an arm; part [s, W] of the people who could use AI, in persons of groups:
    potential [G, S + 1, W].
    """
    copy(series, kept.series[t])
    kept.atoms[:] = 0.0
    for c in range(state.share.shape[0]):
        add_economy(c, state, statics, part, segment_at, offering_at, kept.atoms)
        if kept.recorded[t] >= 0:
            found = kept.economy[kept.recorded[t], c]
            keep_economy(c, state, statics.people[c], part, offering_at, found)
    for k in range(kept.group.shape[1]):
        gather(k, statics.member, kept.atoms, potential, kept.group[t, k])
    d = kept.decembers[t]
    if d >= 0:
        for c in range(state.share.shape[0]):
            copy(state.adoption[c], kept.adoption[d, c])
            for segment in range(state.share.shape[1]):
                copy(state.share[c, segment], kept.share[d, c, segment])


@inner
def copy(values: Floats, found: Floats) -> None:
    """Packs [N, W] into found."""
    for i in range(found.shape[0]):
        store(found, (i,), load(values, (i,)))


@inner
def add_economy(
    c: int,
    state: State,
    statics: Statics,
    part: Floats,
    segment_at: Ints,
    offering_at: Ints,
    atoms: Floats,
) -> None:
    """Users of economy ``c`` into its atom."""
    a, last = statics.atom_of[c], atoms.shape[2] - 1
    for k in range(state.share.shape[1]):
        could = statics.people[c] * load(part, (k,))
        s, reached = segment_at[k], load(state.adoption, (c, k)) * could
        store(atoms, (a, s, last), load(atoms, (a, s, last)) + reached)
        for i in range(state.share.shape[2]):
            o = offering_at[i]
            users = load(state.share, (c, k, i)) * reached
            store(atoms, (a, s, o), load(atoms, (a, s, o)) + users)


@inner
def keep_economy(
    c: int, state: State, people: float, part: Floats, offering_at: Ints, found: Floats
) -> None:
    """Shares of all segments' users in economy ``c``, found [O + 1, W] (NaN where nobody uses AI),
    and its adoption.
    """
    last, everybody, everyone = found.shape[0] - 1, fill(0.0), fill(0.0)
    for o in range(last):
        store(found, (o,), 0.0)
    for k in range(state.share.shape[1]):
        could = people * load(part, (k,))
        reached = load(state.adoption, (c, k)) * could
        everybody = everybody + reached
        everyone = everyone + could
        for i in range(state.share.shape[2]):
            o = offering_at[i]
            users = load(state.share, (c, k, i)) * reached
            store(found, (o,), load(found, (o,)) + users)
    for o in range(last):
        store(found, (o,), load(found, (o,)) / everybody)
    store(found, (last,), everybody / everyone)


@inner
def gather(g: int, member: Ints, atoms: Floats, potential: Floats, found: Floats) -> None:
    """Shares and adoption of group ``g``, found [S + 1, O + 1, W], from atoms; the last segment is
    all. member [G, A + 1] atoms of a group, ended by -1; potential
    [G, S + 1, W] persons.
    """
    segments, last = atoms.shape[1], atoms.shape[2] - 1
    for o in range(last + 1):
        everybody = fill(0.0)
        for s in range(segments):
            here = over_members(g, s, o, member, atoms)
            store(found, (s, o), here)
            everybody = everybody + here
        store(found, (segments, o), everybody)
    for s in range(segments + 1):
        reached = load(found, (s, last))
        for o in range(last):
            store(found, (s, o), load(found, (s, o)) / reached)
        store(found, (s, last), reached / load(potential, (g, s)))
