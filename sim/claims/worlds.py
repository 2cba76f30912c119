"""The two worlds of a claim, made from a scenario, and their outcomes run by run.

Worlds that several claims share (the baseline above all) are run once. All of them have one seed,
so any two are paired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.claims.claim import Contrast, Setting
from sim.compare.paired import pair
from sim.ensemble.job import Control
from sim.scenario import Event, Resolved
from sim.scenario.alter import with_values, without_offering
from sim.scenario.pattern import expand
from sim.scenario.schema import month_index

Floats = NDArray[np.float64]
#: Worlds stepped in one call: each holds arrays of its own.
_AT_ONCE = 5


def worlds(contrast: Contrast, base: Resolved) -> tuple[Resolved, Resolved]:
    """(on, off): the scenario with either side of the contrast."""
    return altered(base, contrast.on, contrast), altered(base, contrast.off, contrast)


def altered(base: Resolved, settings: Mapping[str, Setting], contrast: Contrast) -> Resolved:
    """The scenario with these settings: levers hold their value from the start, quantities lose
    their draw, an offering that is false is not there.
    """
    world, fixed, events = base, dict[str, float](), list(base.events)
    for path, value in settings.items():
        group, _, leaf = path.partition(".")
        if group == "structure":
            structure = world.structure.model_copy(update={leaf: value})
            world = world.model_copy(update={"structure": structure})
        elif isinstance(value, bool):
            world = world if value else without_offering(world, leaf)
        elif path in base.levers:
            events.append(_holding(path, float(value), base, contrast))
        else:
            fixed |= dict.fromkeys(expand(path, base.quantities), float(value))
    present = world.quantities
    world = with_values(world, {path: value for path, value in fixed.items() if path in present})
    return world.model_copy(update={"events": tuple(events)})


def _holding(path: str, value: float, base: Resolved, contrast: Contrast) -> Event:
    """An event painted last: from its month on, nothing else shows."""
    return Event(
        on=contrast.start or base.horizon.label(0),
        lever=path,
        to=value,
        economies=contrast.economies or None,
        confidence="assumed",
    )


@dataclass
class Runs:
    """Outcomes of worlds by hash; `add` runs those that are missing."""

    base: Resolved
    replicates: int
    seed: int
    workers: int = 1
    progress: Callable[[int, int], None] | None = None
    facts: list[str] = field(default_factory=list)
    _values: dict[str, dict[str, Floats]] = field(default_factory=dict)
    _months: tuple[int, ...] = ()

    def add(self, wanted: Sequence[Resolved]) -> None:
        """Run every world that has not been run."""
        missing = {w.hash: w for w in wanted if w.hash not in self._values}
        groups = list(_alike(list(missing.values())))
        for k, group in enumerate(groups):
            first, *rest = group if len(group) > 1 else (*group, *group)
            paired = pair(
                first, rest, self.replicates, self.seed, paths=False,
                names=[world.hash for world in (first, *rest)], control=Control(self.workers),
            )  # fmt: skip
            self._months = paired.axes.outcome_months
            self.facts += paired.failed()
            for world, values in zip((first, *rest), paired.outcomes, strict=True):
                self._values[world.hash] = dict(zip(paired.axes.outcomes, values, strict=True))
            if self.progress is not None:
                self.progress(k + 1, len(groups))

    def month(self, label: str | None) -> int:
        """Position of the outcome month that holds for `label`: itself, or the last before it."""
        start = self.base.horizon.start
        t = self._months[-1] if label is None else month_index(label) - start
        return max(k for k, month in enumerate(self._months) if month <= t)

    def label(self, label: str | None) -> str:
        """``YYYY-MM`` of that month."""
        return self.base.horizon.label(self._months[self.month(label)])

    def outcome(self, world: Resolved, name: str, at: str | None) -> Floats:
        """[replicate] of a named outcome; NaN where undefined or the run failed."""
        found: Floats = self._values[world.hash][name][self.month(at)]
        return found

    def has(self, world: Resolved, name: str) -> bool:
        """Whether a world's outcomes include `name`."""
        return name in self._values[world.hash]


def _alike(missing: Sequence[Resolved]) -> Iterator[list[Resolved]]:
    """Few worlds at a time, of the same offerings: only common outcomes are kept."""
    by_offerings: dict[tuple[str, ...], list[Resolved]] = {}
    for world in missing:
        by_offerings.setdefault(tuple(world.offerings), []).append(world)
    for group in by_offerings.values():
        for first in range(0, len(group), _AT_ONCE):
            yield group[first : first + _AT_ONCE]
