"""A block's state kept at the end of a month, from which a block of a like world can go on.

What a policy changes from some month on leaves the months before it as they were: the same inputs
give the same bits. Inputs are compared number by number, so nothing is assumed about scenarios.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws.world import SupplyDraws
from sim.ensemble.arrays import State
from sim.ensemble.block import Block
from sim.ensemble.glimpse import Glimpse
from sim.equations.supply import Supply, WorldUse
from sim.world.parameters import WorldLevers

#: Inputs that the kernel reads month by month: their first axis is the month.
_BY_MONTH = (
    *(f"ground.{name}" for name in ("available", "banned", "pays", "refused", "presence", "gulf")),
    *(f"lever.{name}" for name in WorldLevers._fields),
    *(f"draws.{name}" for name in SupplyDraws._fields),
    "catalogue.dated",
    "refresh",
)


class Snapshot(NamedTuple):
    """A block after its first months, and what was seen of it."""

    months: int
    inputs: dict[str, Any]  # arrays and numbers the block is run with, by name
    state: State
    supply: Supply
    use: WorldUse
    seen: Glimpse  # its entries of these months; later ones belong to the block it was taken of
    live: NDArray[np.float64]  # [W] `Glimpse.live` then


def take(block: Block, seen: Glimpse) -> Snapshot:
    """Keep a block as it is now. Later months may be added to both; nothing earlier may change."""
    use, supply, state, _ = block.memory
    state = State(*(values.copy() for values in state))
    supply = Supply(*(values.copy() for values in supply))
    use = WorldUse(*(values.copy() for values in use))
    return Snapshot(block.month + 1, inputs(block), state, supply, use, seen, seen.live.copy())


def resume(block: Block, seen: Glimpse, kept: Snapshot) -> int:
    """Put a new block where the kept one was, if it would have come to the same; else leave it.

    Returns the first month in which their inputs differ. seen: room as in the kept one.
    """
    parted = same_months(inputs(block), kept.inputs)
    if parted < kept.months or kept.months == 0:
        return parted
    for mine, theirs in zip(block.memory, (kept.use, kept.supply, kept.state), strict=False):
        for values, then in zip(mine, theirs, strict=True):
            values[...] = then
    block.month = kept.months - 1
    slots = int(np.count_nonzero(seen.slot[: kept.months] >= 0))
    for name in ("users", "segments", "spend", "economy", "adoption"):
        getattr(seen, name)[:slots] = getattr(kept.seen, name)[:slots]
    for name in ("share_sum", "leading", "adopted_sum"):
        getattr(seen, name)[: kept.months] = getattr(kept.seen, name)[: kept.months]
    seen.live[:] = kept.live
    return parted


def inputs(block: Block) -> dict[str, Any]:
    """All that a block is run with, by name: arrays, numbers, and named tuples of them in parts;
    with them the order in which economies add to the world's sums.
    """
    found: dict[str, Any] = {"order": block.prepared.idle.statics.order}
    for name, value in block.inputs._asdict().items():
        if hasattr(value, "_asdict"):
            found |= {f"{name}.{part}": values for part, values in value._asdict().items()}
        else:
            found[name] = value
    return found


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
