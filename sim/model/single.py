"""One run without agents: its months, watched by whoever wants to know more than the state."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import Setting
from sim.lanes.held import held
from sim.model.facts import Given
from sim.model.given import alone, make_given, make_ground
from sim.model.month import run_months
from sim.model.state import Memory, clear, new_memory
from sim.model.supply import start_supply
from sim.model.terms import TOLD
from sim.model.watch import watching
from sim.world.axes import BLOCS

Floats = NDArray[np.float64]


class Listener(NamedTuple):
    """Keeps what it was told last of every decision (`sim.model.terms`)."""

    told: Floats  # [C, S, O or bloc, term]


def _told(watcher: Listener, place: tuple[int, int, int], term: int, value: float) -> float:
    watcher.told[place[0], place[1], place[2], term] = value
    return value


def _wants_bill(watcher: Listener, t: int) -> bool:  # noqa: ARG001
    return True


def _thorough(watcher: Listener) -> bool:  # noqa: ARG001
    return True


watching(Listener, told=_told, wants_bill=_wants_bill, thorough=_thorough)


class Single:
    """The first replicate of a setting. `memory` is what the last month left, `told` what a
    `Listener` heard; `month` counts from 0 and is -1 before the first.
    """

    def __init__(self, setting: Setting) -> None:
        """setting: a world with numbers."""
        self.setting, self.world, self.month = setting, setting.world, -1
        _, c, s, o = self.world.shape
        order = np.arange(c, dtype=np.int64)
        given = make_given(setting, make_ground(self.world, order), alone)
        memory = new_memory(self.world, ())
        clear(memory, given)
        self.told = np.zeros((c, s, max(o, len(BLOCS)), TOLD))
        self._held = held(given), held(memory), held(Listener(self.told))
        self.given: Given = given
        self.memory: Memory = memory
        start_supply(*self._held[:2])

    def advance(self, months: int) -> None:
        """The next months."""
        given, memory, listener = self._held
        first = self.month + 1
        run_months(first, first + months, listener, given, memory)
        self.month += months

    def told_of(self, c: int, term: int) -> Any:  # noqa: ANN401
        """[S, O] what was told last of a term in economy c."""
        return self.told[c, :, : self.world.shape[3], term]
