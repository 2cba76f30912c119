"""Compiled loops of paired runs: users by group and economy, and statistics of differences.

Shares here are of users, adoption is the part of potential users who use AI. The last place of an
offering axis holds adoption. Axes: C economies, S segments and O offerings of all arms together,
A cells of membership, G groups, L lanes, W runs of a pack.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws.world import SupplyDraws
from sim.ensemble.arrays import Ground, State, Work
from sim.ensemble.course import sound
from sim.ensemble.month import advance_month
from sim.equations.jit import borrowing, inner
from sim.equations.packs import fill, load, store
from sim.equations.supply import Supply, WorldUse
from sim.results.accumulators import Accumulator
from sim.results.channels import Instruments, add_audiences
from sim.results.outcomes import watch_gap
from sim.results.plan import see_indicators, see_world
from sim.results.reduce import record_month
from sim.results.statics import Statics
from sim.world.catalogue import Catalogue
from sim.world.parameters import OfferingParams, Params, SegmentParams, WorldLevers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Columns of what `tally` finds in a cell.
COUNT, MEAN, SQUARES, UP, DOWN, BASE, OTHER = range(7)
COLUMNS = 7


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
    last_dated: float,
    on: float,
    g: Ground,
    refresh: NDArray[np.bool_],
    lever: WorldLevers,
    catalogue: Catalogue,
    draws: SupplyDraws,
    p: Params[Floats],
    s: SegmentParams,
    o: OfferingParams,
    constants: Floats,
    taste: Floats,
    effect: Floats,
    use: WorldUse,
    supply: Supply,
    state: State,
    work: Work,
) -> int:
    """Run a block and keep what is compared, and its named outcomes in ``acc``; returns how many
    months went well, before a run that counts (`acc.work.live`) broke.

    With no room in ``kept`` only the named outcomes are kept.
    """
    here, paths = acc.work, kept.group.shape[0] > 0
    for t in range(months):
        slot = statics.outcome_slot[t]
        advance_month(
            t, slot >= 0, seen, 0, statics, acc, last_dated, on, g, refresh, lever, catalogue,
            draws, p, s, o, constants, taste, effect, use, supply, state, work,
        )  # fmt: skip
        if not sound(supply.latent, state.use, here.live):
            return t
        if paths or slot >= 0:
            here.audience[:] = 0.0
            for place in range(state.share.shape[0]):  # in the order of a run, for the same bits
                c = statics.order[place]
                add_audiences(c, seen, state.share, state.adoption, here.audience)
            see_world(
                seen, supply, state.scarcity, here.audience, p.observe_aggregator_selection,
                p.observe_visits_per_user, here.every, here.series,
            )  # fmt: skip
        else:
            see_indicators(supply.released, supply.api, supply.markup, state.scarcity, here.series)
        if slot >= 0:
            record_month(
                t, state.share, state.adoption, state.bill, supply.tokens, s.churn, here.series,
                1, statics, acc,
            )  # fmt: skip
        else:
            watch_gap(here.series, statics.lag_indicator, acc.streak)
        if paths:
            keep(t, state, here.series, statics, segment_at, offering_at, potential, kept)
    return months


@inner
def keep(
    t: int,
    state: State,
    series: Floats,
    statics: Statics,
    segment_at: Ints,
    offering_at: Ints,
    potential: Floats,
    kept: Kept,
) -> None:
    """One month of an arm."""
    copy(series, kept.series[t])
    kept.atoms[:] = 0.0
    for c in range(state.share.shape[0]):
        add_economy(c, state, statics, segment_at, offering_at, kept.atoms)
        if kept.recorded[t] >= 0:
            keep_economy(
                c, state, statics.potential, offering_at, kept.economy[kept.recorded[t], c]
            )
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
    c: int, state: State, statics: Statics, segment_at: Ints, offering_at: Ints, atoms: Floats
) -> None:
    """Users of economy ``c`` into its atom."""
    a, last = statics.atom_of[c], atoms.shape[2] - 1
    for k in range(state.share.shape[1]):
        s, reached = segment_at[k], load(state.adoption, (c, k)) * statics.potential[c, k]
        store(atoms, (a, s, last), load(atoms, (a, s, last)) + reached)
        for i in range(state.share.shape[2]):
            o = offering_at[i]
            users = load(state.share, (c, k, i)) * reached
            store(atoms, (a, s, o), load(atoms, (a, s, o)) + users)


@inner
def keep_economy(c: int, state: State, potential: Floats, offering_at: Ints, found: Floats) -> None:
    """Shares of all segments' users in economy ``c``, found [O + 1, W] (NaN where nobody uses AI),
    and its adoption.
    """
    last, everybody, people = found.shape[0] - 1, fill(0.0), 0.0
    for o in range(last):
        store(found, (o,), 0.0)
    for k in range(state.share.shape[1]):
        reached = load(state.adoption, (c, k)) * potential[c, k]
        everybody = everybody + reached
        people += potential[c, k]
        for i in range(state.share.shape[2]):
            o = offering_at[i]
            users = load(state.share, (c, k, i)) * reached
            store(found, (o,), load(found, (o,)) + users)
    for o in range(last):
        store(found, (o,), load(found, (o,)) / everybody)
    store(found, (last,), everybody / people)


@inner
def gather(g: int, member: Ints, atoms: Floats, potential: Floats, found: Floats) -> None:
    """Shares and adoption of group ``g``, found [S + 1, O + 1, W], from atoms; the last segment is
    all. member [G, A + 1] atoms of a group, ended by -1; potential [G, S + 1] persons.
    """
    segments, last = atoms.shape[1], atoms.shape[2] - 1
    for o in range(last + 1):
        everybody = fill(0.0)
        for s in range(segments):
            here = fill(0.0)
            for k in range(member.shape[1]):
                a = member[g, k]
                if a < 0:
                    break
                here = here + load(atoms, (a, s, o))
            store(found, (s, o), here)
            everybody = everybody + here
        store(found, (segments, o), everybody)
    for s in range(segments + 1):
        reached = load(found, (s, last))
        for o in range(last):
            store(found, (s, o), load(found, (s, o)) / reached)
        store(found, (s, last), reached / potential[g, s])


@borrowing
def tally(base: Floats, other: Floats, lanes: Ints, found: Floats) -> None:
    """Statistics of other - base by row, base and other [N, L], into found [N, COLUMNS].

    lanes: those that count. A lane in which either side is NaN is left out of its row. Two passes:
    the sum of squares is of deviations from the row's mean.
    """
    for i in range(base.shape[0]):
        n = up = down = total = left = right = 0.0
        for k in range(lanes.shape[0]):
            j = lanes[k]
            d = other[i, j] - base[i, j]
            if d == d:  # not NaN
                n += 1.0
                total += d
                left += base[i, j]
                right += other[i, j]
                up += 1.0 if d > 0.0 else 0.0
                down += 1.0 if d < 0.0 else 0.0
        found[i, :] = 0.0
        if n == 0.0:
            continue
        mean, squares = total / n, 0.0
        if up + down > 0.0:
            for k in range(lanes.shape[0]):
                d = other[i, lanes[k]] - base[i, lanes[k]]
                if d == d:  # not NaN
                    squares += (d - mean) * (d - mean)
        found[i, COUNT] = n
        found[i, MEAN] = mean
        found[i, SQUARES] = squares
        found[i, UP] = up
        found[i, DOWN] = down
        found[i, BASE] = left / n
        found[i, OTHER] = right / n


@borrowing
def merge(mine: Floats, theirs: Floats) -> None:
    """Two sets of replicates as one, rows [N, COLUMNS], in place.

    Chan, Golub and LeVeque (1983): the cross term is the distance of the two means.
    """
    for i in range(mine.shape[0]):
        n, m = mine[i, COUNT], theirs[i, COUNT]
        if m == 0.0:
            continue
        part, gap = m / (n + m), theirs[i, MEAN] - mine[i, MEAN]
        mine[i, SQUARES] += theirs[i, SQUARES] + gap * gap * n * part
        mine[i, MEAN] += gap * part
        mine[i, BASE] += (theirs[i, BASE] - mine[i, BASE]) * part
        mine[i, OTHER] += (theirs[i, OTHER] - mine[i, OTHER]) * part
        mine[i, COUNT] += m
        mine[i, UP] += theirs[i, UP]
        mine[i, DOWN] += theirs[i, DOWN]


@borrowing
def move(
    base: tuple[Floats, Floats],
    other: tuple[Floats, Floats],
    places: tuple[Ints, Ints, Ints, Ints],
    potential: Floats,
    region: Ints,
    lanes: Ints,
    work: Floats,
    moved: Floats,
) -> None:
    """Add who uses what in one arm and what in the other to moved [R + 1, O + 1, O + 1].

    base, other: (share, adoption) of one month on the arms' own axes; places: base's segment_at
    and offering_at, other's segment_at and offering_at, same segments in both; potential [C, s]
    persons of the base; region [C], -1: none; work [2, O + 1]. The last offering is not using AI,
    the last region the world. In an economy's segment as many as possible stay with what they use;
    the rest goes from what loses to what gains, in proportion.
    """
    last = work.shape[1] - 1
    for c in range(potential.shape[0]):
        for k in range(potential.shape[1]):
            people = potential[c, k]
            m = 0
            for i in range(places[2].shape[0]):
                if places[2][i] == places[0][k]:
                    m = i
            for at in range(lanes.shape[0]):
                j = lanes[at]
                work[:] = 0.0
                for o in range(places[1].shape[0]):
                    work[0, places[1][o]] = base[0][c, k, o, j] * base[1][c, k, j] * people
                for o in range(places[3].shape[0]):
                    work[1, places[3][o]] = other[0][c, m, o, j] * other[1][c, m, j] * people
                work[0, last] = (1.0 - base[1][c, k, j]) * people
                work[1, last] = (1.0 - other[1][c, m, j]) * people
                _transport(work, region[c], moved)


@inner
def _transport(work: Floats, region: int, moved: Floats) -> None:
    """Users of both arms work [2, O + 1] into moved, of the world and of a region."""
    gain = 0.0
    for o in range(work.shape[1]):
        gain += max(0.0, work[1, o] - work[0, o])
    for o in range(work.shape[1]):
        stay = min(work[0, o], work[1, o])
        lost = work[0, o] - stay
        moved[-1, o, o] += stay
        if region >= 0:
            moved[region, o, o] += stay
        if lost > 0.0 and gain > 0.0:
            for p in range(work.shape[1]):
                part = lost * (max(0.0, work[1, p] - work[0, p]) / gain)
                moved[-1, o, p] += part
                if region >= 0:
                    moved[region, o, p] += part
