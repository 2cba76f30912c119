"""The smallest single change that puts another offering in front, that month, all else held.

Every knob of a decision (`knobs`) is turned away from its value until another offering has
the largest share of what is chosen anew. Changes of different kinds are ordered by a yardstick that
each knob states; which is smallest across kinds depends on it, the changes themselves do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.explain.frozen import FrozenDecision
from sim.explain.knobs import Knob, knobs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: Points looked at between a knob's value and the end of its range, nearest first; then bisection.
_STEPS = np.linspace(0.0, 1.0, 41)[1:] ** 2
_HALVINGS = 30
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


def leaders(frozen: FrozenDecision) -> Ints:
    """[S] the offering with the largest share of what is chosen anew; -1 where nothing is."""
    chosen = frozen.chosen()
    return np.where(chosen.sum(axis=1) > 0.0, chosen.argmax(axis=1), NOBODY)


def flips(frozen: FrozenDecision, segment: int) -> tuple[Flip, ...]:
    """Single changes that flip the leader of a segment, the smallest by yardstick first."""
    was = int(leaders(frozen)[segment])
    if was == NOBODY:
        return ()
    found = [flip for knob in knobs(frozen) for flip in _turned(knob, frozen, segment, was)]
    return tuple(sorted(found, key=lambda flip: (flip.part, flip.change)))


def _turned(knob: Knob, frozen: FrozenDecision, segment: int, was: int) -> Iterator[Flip]:
    """The nearest flip in either direction of a knob."""
    for end in (knob.low, knob.high):
        if end == knob.now:
            continue
        near = knob.now
        for step in _STEPS:
            far = knob.now + float(step) * (end - knob.now)
            if int(leaders(knob.turn(far))[segment]) != was:
                needed, new = _nearest(knob, segment, was, near, far)
                part = abs(needed - knob.now) / knob.yardstick
                name = frozen.offerings[new] if new != NOBODY else "nothing"
                yield Flip(knob.name, knob.unit, knob.now, needed, part, name)
                break
            near = far


def _nearest(knob: Knob, segment: int, was: int, near: float, far: float) -> tuple[float, int]:
    """(value just past the flip, who leads there), from one that keeps and one that flips."""
    for _ in range(_HALVINGS):
        middle = 0.5 * (near + far)
        if int(leaders(knob.turn(middle))[segment]) == was:
            near = middle
        else:
            far = middle
    return far, int(leaders(knob.turn(far))[segment])
