"""When a lever or a parameter cannot act, read off what its equation multiplies it with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from sim.scenario import Resolved
from sim.world.axes import CN_OPEN
from sim.world.build import World

Floats = NDArray[np.float64]

#: Lever -> parameters (``*`` for one part) it is multiplied with: if all are 0, it moves nothing.
GATES: dict[str, tuple[str, ...]] = {
    "forum.engagement": ("affinity.forum_gain",),
    "standards.reach": ("standards.gain",),
    "rivalry": ("sovereignty.rivalry_gain",),
    "us.cutoffs": ("sovereignty.refused_gain",),
    "cn.cutoffs": ("sovereignty.refused_gain",),
    "defence.salience": ("affinity.defence_gain",),
    "cn.aid": ("cost.aid_discount", "cost.aid_accelerators_month"),
    "cn.low_power_chips": ("cost.low_power_saving",),
    "cn.domestic_efficiency": ("frontier.cn.domestic_chips",),
    "us.openness": ("release.gap.us_open", "frontier.openness_spillover"),
    "us.monetisation": ("cost.us_closed.markup",),
    "cloud.us": ("segments.*.stack_weight",),
    "cloud.cn": ("segments.*.stack_weight",),
    "us.compute.boost": ("frontier.elasticity",),
    "cn.compute.boost": ("frontier.elasticity",),
    "other.compute.boost": ("frontier.elasticity",),
}
#: Levers of releases that are drawn: the dated record of China's labs hides them until it ends.
DRAWN = ("cn.openness", "cn.release_delay")
CONTROLS = "us.chip_controls"


def idle_rule(lever: str, world: World, final: Floats, without: Floats) -> str | None:
    """Why the lever moves nothing although its path differs; None if it may act.

    final, without: the lever's path with and without the event, [T] or [T, C].
    """
    resolved = world.resolved
    gates = GATES.get(lever, ())
    if gates and all(_is_zero(resolved, pattern) for pattern in gates):
        return f"{' and '.join(gates)} are 0: nothing changes"
    months = np.flatnonzero((final != without).reshape(len(final), -1).any(axis=1))
    dated = int(world.dated_until[CN_OPEN])
    if lever in DRAWN and months[-1] < dated:
        end = resolved.horizon.label(dated)
        return f"releases before {end} are dated: nothing changes"
    if lever.startswith(CONTROLS):
        return _controls(lever, world, final, without)
    return next((why for on, idle, why in _NOBODY if lever == on and idle(world)), None)


#: Lever, when there is nobody it could reach, and what to say.
_NOBODY: tuple[tuple[str, Callable[[World], bool], str], ...] = (
    (
        "us.allies_package",
        lambda w: not w.economies.ally.any(),
        "no economy is an ally of the US: it binds nobody",
    ),
    (
        "cn.aid",
        lambda w: not w.economies.belt_road.any(),
        "no economy has a Belt and Road document: it binds nobody",
    ),
    (
        "cn.low_power_chips",
        lambda w: not w.economies.belt_road.any(),
        "no economy has a Belt and Road document: it binds nobody",
    ),
)


def _controls(lever: str, world: World, final: Floats, without: Floats) -> str | None:
    """Chip controls act through what is refused and does not leak, training and imports alike."""
    economy = world.levers.economy
    path = {name: economy[f"us_chip_controls_{name}"] for name in _PARTS}
    if final.ndim == 1:
        final, without = final[:, None], without[:, None]
    name = lever.removeprefix(f"{CONTROLS}.")
    one, other = ({**path, name: side} for side in (final, without))

    def same(part: str) -> bool:
        kept, left = (side[part] * (1.0 - side["leakage"]) for side in (one, other))
        return bool(np.array_equal(kept, left))

    learns = not _is_zero(world.resolved, "frontier.cn.induced_efficiency")
    if name == "tightness" and learns:
        return None
    if same("tightness") and (same("tier2_cap") or not world.economies.tier2.any()):
        if name == "leakage":
            return "nothing is refused in those months, so nothing can leak: it binds nobody"
        return "everything leaks, or no economy is in that tier: it binds nobody"
    return None


_PARTS = ("tightness", "leakage", "tier2_cap")


def idle_settings(resolved: Resolved, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(path, why) for parameters that were set and that the structure switches off."""
    structure = resolved.structure
    for path in paths:
        if not structure.feedbacks and path.startswith("feedback."):
            yield path, "structure.feedbacks is false: not read"
        if structure.network == "none" and path.endswith(".imitation"):
            yield path, "structure.network is none: nobody is imitated"
        if structure.network == "none" and path == "feedback.trade_gain":
            yield path, "structure.network is none: trade moves nobody"
        if path == "choice.similarity" and structure.choice != "nested_logit":
            yield path, f"structure.choice is {structure.choice}: there are no nests"


def _is_zero(resolved: Resolved, pattern: str) -> bool:
    """Whether all quantities a pattern names are 0 in every replicate."""
    from sim.scenario.pattern import expand

    quantities = resolved.quantities
    found = [quantities[path] for path in expand(pattern, quantities)]
    return all(q.value == 0.0 and q.draw is None for q in found)
