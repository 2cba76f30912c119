"""Choice by task, nested logit and renewal put together from the equations, as all readings do."""

import numpy as np

from sim.equations import choice, tasks
from sim.lanes.jit import rows

attraction, nest_factor = rows(choice.attraction), rows(choice.nest_factor)
part_anew, renewed = rows(choice.part_anew), rows(choice.renewed)
mask_of, shown, some = rows(choice.mask), rows(choice.shown), rows(choice.some)
odds_of, weight_of, value_of = rows(tasks.odds), rows(tasks.weight), rows(tasks.value)


def nested_pull(utilities, nests, similarity, reach=None, known=None):
    """Attractions [O] of utilities [O] in nests [O], what nests take from each other included."""
    utilities, nests = np.array(utilities, dtype=float), np.array(nests)
    everybody = np.ones_like(utilities)
    reach = everybody if reach is None else np.array(reach, dtype=float)
    known = everybody if known is None else np.array(known, dtype=float)
    pull = attraction(utilities, reach, known)
    totals = np.array([pull[nests == nest].sum() for nest in range(nests.max() + 1)])
    return pull * nest_factor(totals, similarity)[nests]


def over_tasks(pull, worth, size, scale):
    """(portfolio [O], value of all that is in reach) of attractions [O]; worth [task, O] of the
    models, size [task] of the work, scale of the odds.
    """
    in_task = np.asarray(pull) * np.asarray(worth, dtype=float)
    odds = odds_of(scale, in_task.sum(axis=1))
    mixed = (in_task * weight_of(np.asarray(size), scale, odds)[:, None]).sum(axis=0)
    return mixed / some(mixed.sum()), value_of(np.asarray(size), odds).sum()


def nested_logit(utilities, nests, similarity, mask=None, known=None):
    """Choice probabilities [O] in a single task that all models do alike."""
    pull = nested_pull(utilities, nests, similarity, mask, known)
    return over_tasks(pull, np.ones((1, len(pull))), [1.0], 1.0)[0]


def renewal(latent, chosen, churn, reach=None):
    """(latent [O], share [O]) after a month: what was [O], and a part chosen anew [O]."""
    latent, chosen = np.array(latent, dtype=float), np.array(chosen, dtype=float)
    mask = mask_of(np.ones_like(latent) if reach is None else np.array(reach, dtype=float))
    latent = renewed(latent, chosen, part_anew(latent.sum(), churn))
    return latent, shown(latent, mask, (latent * mask).sum())
