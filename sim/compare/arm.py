"""The watcher of one arm of a comparison, and what is kept of it.

Shares here are of users, adoption is the part of potential users who use AI. The last place of an
offering axis holds adoption. Axes: T months, C economies, S segments and O offerings of all arms
together, A cells of membership, G groups, W runs of a pack.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.lanes.jit import inner
from sim.lanes.packs import fill, load, store
from sim.model.facts import Given
from sim.model.state import Memory, State
from sim.model.watch import watching
from sim.record.channels import add_audiences
from sim.record.groups import over_members
from sim.record.measure import watch_gap
from sim.record.plan import see_indicators, see_world
from sim.record.recorder import Recorder, sound
from sim.record.reduce import Shown, record_month
from sim.record.users import Users, see_users

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


class ArmWatcher(NamedTuple):
    """Keeps what is compared of an arm's runs, and their named outcomes in `recorder.acc`.

    With no room in `kept` only the named outcomes are kept. Axes as in `Kept`.
    """

    recorder: Recorder
    kept: Kept
    segment_at: Ints
    offering_at: Ints
    potential: Floats  # [G, S + 1, W] persons of groups


def _wants_bill(watcher: ArmWatcher, t: int) -> bool:
    return bool(watcher.kept.group.shape[0] > 0 or watcher.recorder.plan.outcome_slot[t] >= 0)


def _end(watcher: ArmWatcher, t: int, given: Given, memory: Memory) -> bool:
    """False in the month in which a run that counts (`acc.work.live`) breaks."""
    plan, acc, seen = watcher.recorder.plan, watcher.recorder.acc, watcher.recorder.seen
    supply, state, here = memory.supply, memory.state, acc.work
    paths, slot = watcher.kept.group.shape[0] > 0, plan.outcome_slot[t]
    share, adoption = state.offering.share, state.segment.adoption
    if not sound(supply.bloc.latent, state.sums.use, here.live):
        return False
    if paths or slot >= 0:
        here.audience[:] = 0.0
        for place in range(share.shape[0]):  # in the order of a run, for the same bits
            c = given.ground.order[place]
            add_audiences(c, seen, share, adoption, state.offering.tokens[c], here.audience)
        see_world(seen, memory, given, here)
    else:
        markup, scarcity = supply.world.markup, state.economy.scarcity
        see_indicators(supply.released, supply.api, markup, scarcity, here.series)
    if slot >= 0:
        shown = Shown(
            share, adoption, state.offering.bill, state.offering.tokens, given.segments.churn,
            here.series,
        )  # fmt: skip
        record_month(t, shown, 1, plan, acc)
    else:
        watch_gap(here.series, plan.lag_indicator, acc.streak)
    if paths:
        keep(t, state, here.series, watcher)
    return True


watching(ArmWatcher, wants_bill=_wants_bill, end=_end)


@inner
def keep(t: int, state: State, series: Floats, watcher: ArmWatcher) -> None:
    """One month of an arm."""
    kept, plan, offering_at = watcher.kept, watcher.recorder.plan, watcher.offering_at
    share, adoption, here = state.offering.share, state.segment.adoption, watcher.recorder.acc.work
    copy(series, kept.series[t])
    kept.atoms[:] = 0.0
    for c in range(share.shape[0]):
        see_users(c, plan.people[c], here.potential, share, adoption, here.users)
        add_economy(here.users, watcher, kept.atoms[plan.atom_of[c]])
        if kept.recorded[t] >= 0:
            keep_economy(here.users, offering_at, kept.economy[kept.recorded[t], c])
    for k in range(kept.group.shape[1]):
        gather(k, plan.member, kept.atoms, watcher.potential, kept.group[t, k])
    d = kept.decembers[t]
    if d >= 0:
        for c in range(share.shape[0]):
            copy(adoption[c], kept.adoption[d, c])
            for segment in range(share.shape[1]):
                copy(share[c, segment], kept.share[d, c, segment])


@inner
def copy(values: Floats, found: Floats) -> None:
    """Packs [N, W] into found."""
    for i in range(found.shape[0]):
        store(found, (i,), load(values, (i,)))


@inner
def add_economy(users: Users, watcher: ArmWatcher, atom: Floats) -> None:
    """Users of an economy into its atom [S, O + 1, W]."""
    for k in range(users.use.shape[0]):
        s, last = watcher.segment_at[k], atom.shape[1] - 1
        store(atom, (s, last), load(atom, (s, last)) + load(users.reached, (k,)))
        for i in range(users.use.shape[1]):
            o = watcher.offering_at[i]
            store(atom, (s, o), load(atom, (s, o)) + load(users.use, (k, i)))


@inner
def keep_economy(users: Users, offering_at: Ints, found: Floats) -> None:
    """Shares of all segments' users in an economy, found [O + 1, W] (NaN where nobody uses AI), and
    its adoption.
    """
    last, everybody, everyone = found.shape[0] - 1, fill(0.0), fill(0.0)
    found[:] = 0.0
    for k in range(users.use.shape[0]):
        everybody = everybody + load(users.reached, (k,))
        everyone = everyone + load(users.could, (k,))
        for i in range(users.use.shape[1]):
            o = offering_at[i]
            store(found, (o,), load(found, (o,)) + load(users.use, (k, i)))
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
