"""Folds of economies for cross-validation: what one forecast may not have seen, as a whole.

Economies that share a pooled observation stand in one fold, so that a held-out figure enters no
fit through a neighbour. The draw is keyed by ISO3: another order of economies changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.draws.philox import entity_word, uniforms
from sim.errors import InputError
from sim.evidence.targets import Targets

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def folds(targets: Targets, iso3: Sequence[str], count: int, seed: int) -> Ints:
    """[C] fold of every economy, 0 to count - 1.

    Groups are dealt out largest first, in keyed random order among equals, each to the fold that
    has the fewest observations of the kinds it brings; both kinds (AI users, classes) and the
    number of economies without any stay balanced.

    iso3: economies in the order that `targets` was loaded with. Raises InputError for fewer than
    two folds, or for more than there are groups with an observation.
    """
    groups = _groups(targets, iso3)
    brings = _observations(targets, groups, len(iso3))
    rich = int(np.count_nonzero(brings.sum(axis=1)))
    if not 2 <= count <= rich:
        raise InputError(
            f"{count} folds cannot be made", hint=f"Choose from 2 to {rich}, the groups observed"
        )
    words = np.array([entity_word(iso3[rows[0]]) for rows in groups], dtype=np.uint64)
    luck = uniforms(seed, "fold", 0, 0, words)
    weight = 1.0 / np.maximum(brings.sum(axis=0), 1) ** 2
    load = np.zeros((count, 2), dtype=np.int64)
    economies = np.zeros(count, dtype=np.int64)
    fold_of = np.empty(len(iso3), dtype=np.int64)
    for g in np.lexsort((luck, -brings.sum(axis=1))):
        crowd = (load * weight * brings[g]).sum(axis=1)
        k = int(np.lexsort((load.sum(axis=1), economies, crowd))[0])
        fold_of[groups[g]] = k
        load[k] += brings[g]
        economies[k] += len(groups[g])
    return fold_of


def held(targets: Targets, fold_of: Ints, fold: int) -> tuple[Bools, Bools]:
    """([N] AI users, [N] classes): the observations held out with a fold; train on the others.

    Raises ValueError where a pool lies in more than one fold: it would be on both sides.
    """
    homes = [np.unique(fold_of[list(rows)]) for rows in targets.users.members]
    split = [n for n, home in zip(targets.users.names, homes, strict=True) if len(home) > 1]
    if split:
        raise ValueError(f"observations in more than one fold: {', '.join(split)}")
    users = np.array([home[0] == fold for home in homes])
    return users, np.asarray(fold_of[targets.classes.rows] == fold)


def _groups(targets: Targets, iso3: Sequence[str]) -> list[list[int]]:
    """Rows of economies tied together by pooled observations; each group sorted by ISO3."""
    tied = {row: {row} for row in range(len(iso3))}
    for members in targets.users.members:
        together = set().union(*(tied[row] for row in members))
        for row in together:
            tied[row] = together
    groups = {min(iso3[r] for r in rows): rows for rows in tied.values()}
    return [sorted(groups[name], key=lambda r: iso3[r]) for name in sorted(groups)]


def _observations(targets: Targets, groups: Sequence[Sequence[int]], economies: int) -> Ints:
    """[groups, 2] observations of AI users and of classes that each group brings."""
    group_of = np.empty(economies, dtype=np.int64)
    for g, rows in enumerate(groups):
        group_of[list(rows)] = g
    users = [group_of[rows[0]] for rows in targets.users.members]
    kinds = (np.array(users, dtype=np.int64), group_of[targets.classes.rows])
    return np.stack([np.bincount(kind, minlength=len(groups)) for kind in kinds], axis=1)
