"""What must hold after every month; a violation names equation, economy and month."""

from __future__ import annotations

import numpy as np

from sim.errors import SpheresError
from sim.model.state import Memory
from sim.world.build import World

TOLERANCE = 1e-9


class InvariantError(SpheresError):
    """A run whose numbers stopped making sense: which equation, where and when."""

    def __init__(self, message: str, equation: str, iso3: str, label: str, month: int) -> None:
        """month: step of the model in which it broke."""
        super().__init__(message)
        self.equation, self.iso3, self.label, self.month = equation, iso3, label, month


def check_month(world: World, month: int, memory: Memory) -> None:
    """Raise InvariantError unless shares are in [0, 1] and sum to 1, adoption is in [0, 1].

    memory: of one run, after the month.
    """
    label = world.resolved.horizon.label(month)
    if not np.isfinite(memory.supply.bloc.latent).all():
        message = f"capability is undefined in {label}"
        raise InvariantError(message, "frontier", "WLD", label, month)
    share, adoption = memory.state.offering.share, memory.state.segment.adoption
    total = share.sum(axis=2)
    bad_share = ~((np.abs(total - 1.0) < TOLERANCE) | (total == 0.0)) | (share < 0).any(axis=2)
    bad_level = ~((adoption >= 0.0) & (adoption <= 1.0))
    for name, bad in (("choice", bad_share), ("adoption", bad_level)):
        if bad.any():
            c, s = (int(k[0]) for k in np.nonzero(bad))
            segment = list(world.resolved.segments)[s]
            raise InvariantError(
                f"{name} of {segment} in {world.iso3[c]} is out of bounds in {label}: "
                f"shares sum to {total[c, s]:.6g}, adoption {adoption[c, s]:.6g}",
                name,
                world.iso3[c],
                label,
                month,
            )
