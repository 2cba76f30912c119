"""The first month: the state of the world is given for January 2023 and for no other month."""

from __future__ import annotations

from sim.errors import OutsideHorizon
from sim.scenario import Resolved
from sim.scenario.schema import FIRST_MONTH, month_index


def check_start(resolved: Resolved) -> None:
    """Raise OutsideHorizon if a scenario starts in another month than its initial state."""
    if resolved.horizon.start != month_index(FIRST_MONTH):
        raise OutsideHorizon(
            f"the run would start in {resolved.horizon.label(0)}, but capabilities, awareness and "
            f"adoption are known for {FIRST_MONTH} only",
            path="horizon.start",
            hint=f"Start in {FIRST_MONTH}; the end may be any later month",
        )
