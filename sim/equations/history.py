"""Mechanism 9: what happened leaves a mark: ecosystems, goodwill, trust, installed base.

Arthur (1989), Economic Journal 99; Brock and Durlauf (2001), Review of Economic Studies 68(2);
Berry, Levinsohn and Pakes (1995), Econometrica 63(4) for the demand shock. Claims D003-06/11/12,
D004-06/08.
"""

from __future__ import annotations

from sim.lanes.elementary import log
from sim.lanes.jit import equation


@equation
def ecosystem(level: float, decay: float, growth: float, use: float) -> float:
    """Skills, derivatives and integrations of a model family after a month.

    decay, growth: 1 per month; use: fraction of those who build that work with the family.
    """
    return level * (1.0 - decay) + growth * use


@equation
def spread_use(own: float, world: float, spill: float) -> float:
    """Use that an ecosystem grows with: at home, and `spill` of it that of the whole world."""
    return own + spill * (world - own)


@equation
def familiarity(level: float, scale: float) -> float:
    """Ln(1 + ecosystem / scale): early skills help most."""
    return log(1.0 + level / scale)


@equation
def goodwill(
    level: float,
    persistence: float,
    world_sd: float,
    world_draw: float,
    region_sd: float,
    region_draw: float,
) -> float:
    """Goodwill of a region towards an offering after a month, logit units: shocks that fade slowly,
    those of the world and its own.
    """
    return persistence * level + world_sd * world_draw + region_sd * region_draw


@equation
def missing(once: float, now: float) -> float:
    """Part of an offering's reach that was taken away: what it once reached less what it does."""
    return once - now


@equation
def trust(level: float, gone: float, depth: float, fall: float, healing: float) -> float:
    """Trust in an offering after a month, logit units, 0 where nothing was ever withdrawn.

    Falls towards -depth at `fall` x the part withdrawn, heals at `healing`, both 1 per month.
    """
    return level - fall * gone * (depth + level) - healing * level
