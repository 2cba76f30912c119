"""The groups of changes that attribution tells apart, and the worlds between two scenarios."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.scenario import Resolved, load
from sim.scenario.diff import differences

if TYPE_CHECKING:
    from sim.compare.specs import Spec

_WHOLE = ("offerings", "segments")


@dataclass(frozen=True)
class Groups:
    """Names of groups, and the world in which some of them (by index) are changed."""

    names: tuple[str, ...]
    world: Callable[[frozenset[int]], Resolved]
    facts: tuple[str, ...] = ()


def groups_of(base: Spec, arm: Spec) -> Groups:
    """Every policy and every --set of an arm that stands on the base's scenario; otherwise the
    parts of the file that differ, by the first word of their path.
    """
    same = base.scenario is not None and base.scenario == arm.scenario
    if same and set(base.policies) <= set(arm.policies) and base.sets == ():
        return _laid_over(base, arm)
    return by_namespace(base.resolved, arm.resolved)


def _laid_over(base: Spec, arm: Spec) -> Groups:
    more = [name for name in arm.policies if name not in base.policies]
    layers = [*more, *arm.sets]

    def world(chosen: frozenset[int]) -> Resolved:
        picked = [layers[i] for i in sorted(chosen)]
        policies = [*base.policies, *(name for name in picked if name in more)]
        sets = [*arm.everywhere, *(text for text in picked if text not in more)]
        return load(str(arm.scenario), policies, sets)

    return Groups(tuple(layers), world)


def by_namespace(base: Resolved, other: Resolved) -> Groups:
    """Changed parts by the first word of their path; events go with their lever."""
    alone = _of_one_only(base, other)
    found = dict.fromkeys(_namespace(d.path, alone) for d in differences(base, other))
    facts: tuple[str, ...] = ()
    if "horizon" in found:
        del found["horizon"]
        facts = ("the horizon is no group: parts are of the months both have",)
    if _names(base) != _names(other):
        found = dict.fromkeys("offerings and segments" if n in _WHOLE else n for n in found)
    names = tuple(found)
    return Groups(names, lambda chosen: _mixed(base, other, {names[i] for i in chosen}), facts)


def _names(resolved: Resolved) -> tuple[Sequence[str], Sequence[str]]:
    return list(resolved.offerings), list(resolved.segments)


def _of_one_only(base: Resolved, other: Resolved) -> dict[str, str]:
    """Offerings and segments that only one of the two has, and the block that declares them."""
    alone: dict[str, str] = {}
    for block in _WHOLE:
        names = set(getattr(base, block)) ^ set(getattr(other, block))
        alone |= dict.fromkeys(names, block)
    return alone


def _namespace(path: str, alone: dict[str, str]) -> str:
    """`events.us.price_cut` -> `us`, `offerings.us_open.control` -> `offerings`; a lever named
    after an offering that one side has alone goes with its block.
    """
    first, *rest = path.removeprefix("events.").split(".")
    if rest and rest[0] in alone:
        return alone[rest[0]]
    return first


def _mixed(base: Resolved, other: Resolved, chosen: set[str]) -> Resolved:
    """The base with the chosen namespaces as the other has them."""
    if "offerings and segments" in chosen:
        chosen = chosen.union(_WHOLE)
    alone = _of_one_only(base, other)

    def picked(path: str) -> bool:
        return _namespace(path, alone) in chosen

    quantities = {path: q for path, q in base.quantities.items() if not picked(path)}
    quantities |= {path: q for path, q in other.quantities.items() if picked(path)}
    update: dict[str, Any] = {"sources": base.sources | other.sources, "quantities": quantities}
    for block in chosen.intersection((*_WHOLE, "structure", "countries")):
        update[block] = getattr(other, block)
    events = [e for e in base.events if not picked(e.lever)]
    events += [e for e in other.events if picked(e.lever)]
    update["events"] = tuple(sorted(events, key=_when))
    return base.model_copy(update=update)


def _when(event: Any) -> tuple[Any, ...]:  # noqa: ANN401 - an event of the scenario
    """By month and rank, as a resolved scenario orders them."""
    return event.on, event.rank, event.lever, event.economies or (), event.change
