"""Nested logit and renewal put together from the equations, as both drivers do."""

import numpy as np

from sim.equations import choice
from sim.lanes.jit import rows

attraction, nest_attraction = rows(choice.attraction), rows(choice.nest_attraction)
nest_factor, choice_share = rows(choice.nest_factor), rows(choice.choice_share)
part_anew, kept_factor = rows(choice.part_anew), rows(choice.kept_factor)
renewed = rows(choice.renewed)


def nested_logit(utilities, nests, similarity, mask=None):
    """Choice probabilities [O] of utilities [O] in nests [O]; a mask of 0 takes one away."""
    utilities, nests = np.array(utilities, dtype=float), np.array(nests)
    open_to = np.ones_like(utilities) if mask is None else np.array(mask, dtype=float)
    pull = attraction(utilities, open_to)
    totals = np.array([pull[nests == nest].sum() for nest in range(nests.max() + 1)])
    weights = nest_attraction(totals, similarity)
    return choice_share(pull, nest_factor(totals, weights, weights.sum())[nests])


def renewal(kept, chosen, churn):
    """Portfolio [O] after a month: what was kept [O], and a part chosen anew [O]."""
    kept, chosen = np.array(kept, dtype=float), np.array(chosen, dtype=float)
    anew = part_anew(kept.sum(), churn)
    return renewed(kept, kept_factor(kept.sum(), anew), chosen, anew)
