"""The parts of a month for one run, to be called from ordinary code (`sim.model.mesa`)."""

from __future__ import annotations

from typing import Any

from sim.lanes.jit import borrowing
from sim.model import economy, month
from sim.model.facts import Given
from sim.model.state import Memory

_open, _economy = month.open_month, economy.advance_economy
_recount, _close = month.recount, month.close_month


@borrowing
def open_month(t: int, given: Given, memory: Memory) -> None:
    """Steps 1 to 4 of month t: what the world offers, what economies see of each other."""
    _open(t, given, memory)


@borrowing
def step_economy(t: int, c: int, watcher: Any, given: Given, memory: Memory) -> None:  # noqa: ANN401
    """Steps 4 to 9 of month t for economy c."""
    _economy(t, c, watcher, given, memory)


@borrowing
def close_month(given: Given, memory: Memory) -> None:
    """The world's part of step 9; economies may have acted in any order."""
    _recount(given, memory)
    _close(given, memory)
