"""A block's state kept at the end of a month, from which a block of a like world can go on.

What a policy changes from some month on leaves the months before it as they were: the same inputs
give the same bits. Inputs are compared number by number, so nothing is assumed about scenarios.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws.world import SupplyDraws
from sim.ensemble.block import Block
from sim.lanes.fields import Fields
from sim.model.state import arrays
from sim.web.page_watcher import PageWatcher
from sim.world.parameters import EconomyLevers, WorldLevers

#: Inputs that the kernel reads month by month: their first axis is the month.
_BY_MONTH = (
    *(f"ground.{name}" for name in ("available", "banned", "pays", "refused", "presence")),
    *(f"lever.{name}" for name in WorldLevers.names),
    *(f"lever_of.{name}" for name in EconomyLevers.names),
    *(f"draws.{name}" for name in SupplyDraws._fields),
    "catalogue.dated",
    "refresh",
)


class Snapshot(NamedTuple):
    """A block after its first months, and what was seen of it."""

    months: int
    inputs: dict[str, Any]  # arrays and numbers the block is run with, by name
    memory: list[NDArray[np.float64]]  # state, supply and use
    watcher: PageWatcher  # its entries of these months; later ones belong to the block it is of


def take(block: Block, watcher: PageWatcher) -> Snapshot:
    """Keep a block as it is now. Later months may be added to both; nothing earlier may change."""
    kept = [values.copy() for values in _lasting(block)]
    return Snapshot(block.month + 1, inputs(block), kept, watcher)


def _lasting(block: Block) -> list[NDArray[np.float64]]:
    """What one month leaves to the next."""
    return [
        values
        for part in (block.memory.use, block.memory.supply, block.memory.state)
        for values in arrays(part)
    ]


def resume(block: Block, watcher: PageWatcher, kept: Snapshot) -> int:
    """Put a new block where the kept one was, if it would have come to the same; else leave it.

    Returns the first month in which their inputs differ. watcher: room as in the kept one.
    """
    if not np.array_equal(watcher.live, kept.watcher.live):
        return 0
    parted = same_months(inputs(block), kept.inputs)
    if parted < kept.months or kept.months == 0:
        return parted
    for values, then in zip(_lasting(block), kept.memory, strict=True):
        values[...] = then
    block.month = kept.months - 1
    slots = int(np.count_nonzero(watcher.slot[: kept.months] >= 0))
    for name in ("users", "segments", "spend", "economy", "adoption"):
        getattr(watcher, name)[:slots] = getattr(kept.watcher, name)[:slots]
    for name in ("share_sum", "leading", "adopted_sum"):
        getattr(watcher, name)[: kept.months] = getattr(kept.watcher, name)[: kept.months]
    return parted


def inputs(block: Block) -> dict[str, Any]:
    """All that a block is run with, by name: arrays and numbers."""
    return dict(_named("", block.given))


def _named(prefix: str, part: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    if isinstance(part, Fields):
        for name, values in zip(part.names, part, strict=True):
            yield f"{prefix}{name}", values
    elif hasattr(part, "_asdict"):
        for name, inner in part._asdict().items():
            whole = isinstance(inner, Fields) or hasattr(inner, "_asdict")
            yield from _named(f"{prefix}{name}." if whole else f"{prefix}{name}", inner)
    else:
        yield prefix, part


def same_months(one: dict[str, Any], other: dict[str, Any]) -> int:
    """How many first months two blocks have all inputs in common."""
    if one.keys() != other.keys():
        return 0
    same = len(one["refresh"])
    for name, mine in one.items():
        if mine is other[name]:
            continue
        values, others = np.asarray(mine), np.asarray(other[name])
        if values.shape != others.shape:
            return 0
        undefined = (values != values) & (others != others)
        differ = (values != others) & ~undefined
        if not differ.any():
            continue
        if name not in _BY_MONTH:
            return 0
        same = min(same, int(np.argmax(differ.reshape(len(values), -1).any(axis=1))))
    return same
