"""The smallest single change that puts another offering in front, that month, all else held.

Every knob of a decision (`knobs`) is turned away from its value until another offering has
the largest share of what is chosen anew. Changes of different kinds are ordered by a yardstick that
each knob states; which is smallest across kinds depends on it, the changes themselves do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.explain.frozen import FrozenDecision, Weighed, stacked
from sim.explain.knobs import Knob, knobs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: Points looked at between a knob's value and the end of its range, nearest first; then between the
#: last that keeps the leader and the first that does not.
_STEPS = np.linspace(0.0, 1.0, 41)[1:] ** 2
#: Places looked at between two at once, and how often: 2**-30 of the step is left.
_BETWEEN = np.arange(1, 32) / 32.0
_ROUNDS = 6
NOBODY = -1


@dataclass(frozen=True)
class Flip:
    """A change of one number that makes another offering lead."""

    change: str
    unit: str
    now: float
    needed: float
    """The value, nearest to `now` in its direction, at which another offering leads."""
    part: float
    """The change as a part of the knob's yardstick."""
    new_leader: str

    @property
    def by(self) -> float:
        """The change itself, in its unit."""
        return self.needed - self.now

    @property
    def text(self) -> str:
        """`partnership.signed (us_partnership): 0.03 to 0.61 fraction, then us_partnership`."""
        if self.now == 0.0:
            return f"{self.change}: {self.by:+.3g} {self.unit}, then {self.new_leader}"
        moved = f"{self.now:.3g} to {self.needed:.3g} {self.unit}"
        return f"{self.change}: {moved}, then {self.new_leader}"


def leaders(frozen: FrozenDecision, weighed: Weighed | None = None) -> Ints:
    """[..., S] the offering with the largest share of what is chosen anew; -1 where nothing is."""
    chosen = frozen.chosen(weighed)
    return np.where(chosen.sum(axis=-1) > 0.0, chosen.argmax(axis=-1), NOBODY)


def flips(frozen: FrozenDecision, segments: Iterable[int]) -> dict[int, tuple[Flip, ...]]:
    """Single changes that flip the leader of each of some segments, the smallest by yardstick
    first.
    """
    was, asked = leaders(frozen), list(segments)
    found: dict[int, list[Flip]] = {s: [] for s in asked}
    for knob in knobs(frozen):
        for end in (knob.low, knob.high):
            if end == knob.now:
                continue
            values = knob.now + _STEPS * (end - knob.now)
            led = _led(frozen, knob, values)
            for s in asked:
                if was[s] != NOBODY and (led[:, s] != was[s]).any():
                    found[s].append(_nearest(frozen, knob, s, int(was[s]), values, led[:, s]))
    return {s: tuple(sorted(some, key=lambda flip: (flip.part, flip.change)))
            for s, some in found.items()}  # fmt: skip


def _led(frozen: FrozenDecision, knob: Knob, values: Floats) -> Ints:
    """[K, S] who leads at every value of a knob."""
    return leaders(frozen, stacked([knob.turn(float(value)) for value in values]))


def _nearest(
    frozen: FrozenDecision, knob: Knob, segment: int, was: int, values: Floats, led: Ints
) -> Flip:
    """The flip just past the last value that keeps the leader, of values away from the knob's."""
    first = int(np.argmax(led != was))
    near, far, new = values[first - 1] if first else knob.now, values[first], int(led[first])
    for _ in range(_ROUNDS):
        between = near + _BETWEEN * (far - near)
        there = _led(frozen, knob, between)[:, segment]
        gone = np.flatnonzero(there != was)
        if len(gone):
            far, new = between[gone[0]], int(there[gone[0]])
            near = between[gone[0] - 1] if gone[0] else near
        else:
            near = between[-1]
    needed, part = float(far), abs(float(far) - knob.now) / knob.yardstick
    name = frozen.offerings[new] if new != NOBODY else "nothing"
    return Flip(knob.name, knob.unit, knob.now, needed, part, name)
