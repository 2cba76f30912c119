"""The arms of a comparison: from what a person writes to resolved scenarios with names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.errors import SchemaError
from sim.scenario import Resolved, load
from sim.scenario.resolve import split_names

Written = str | Path | Resolved


@dataclass(frozen=True)
class Spec:
    """One arm: its name, the scenario it stands on, what is laid over it, and the result.

    scenario is None for an arm that was handed over resolved.
    """

    name: str
    scenario: str | None
    policies: tuple[str, ...]
    sets: tuple[str, ...]
    everywhere: tuple[str, ...]
    resolved: Resolved


def read_arms(
    base: Written,
    alternatives: Sequence[Written],
    policies: Sequence[str] = (),
    sets: Sequence[str] = (),
    everywhere: Sequence[str] = (),
) -> list[Spec]:
    """The base and its alternatives. An arm is NAME, NAME+POLICY or a path; `+POLICY` stands on
    the base. Without alternatives, policies and sets make one from the base.

    policies, sets: laid over every alternative; everywhere: ``path=value`` for the base too.
    Raises InputError.
    """
    if not alternatives and not policies and not sets:
        raise SchemaError(
            "there is nothing to compare with",
            hint="Name an alternative, or say --policy or --set to lay over the base",
        )
    arms = [_read(base, (), (), everywhere)]
    for written in alternatives or [base]:
        if isinstance(written, str) and written.startswith("+"):
            written = _on_base(base, written)
        arms.append(_read(written, policies, sets, everywhere))
    return _distinct(arms)


def _on_base(base: Written, written: str) -> str:
    text = str(base)
    if isinstance(base, Resolved) or len(split_names(text + "+none")) < 2:
        raise SchemaError(
            f"'{written}' has no base to stand on",
            hint="A base that is a file takes policies with --policy",
        )
    return text + written


def _read(
    written: Written, policies: Sequence[str], sets: Sequence[str], everywhere: Sequence[str]
) -> Spec:
    if isinstance(written, Resolved):
        if policies or sets or everywhere:
            raise SchemaError("a resolved scenario takes no further policies or settings")
        return Spec(written.name, None, (), (), (), written)
    base, *more = split_names(str(written))
    names = [*more, *(part for policy in policies for part in split_names(policy))]
    chosen = tuple(dict.fromkeys(name for name in names if name != "none"))
    resolved = load(base, chosen, [*everywhere, *sets])
    name = resolved.name + (f" [{', '.join(sets)}]" if sets else "")
    return Spec(name, base, chosen, tuple(sets), tuple(everywhere), resolved)


def _distinct(arms: list[Spec]) -> list[Spec]:
    """The arms with a number after a name that another arm has."""
    seen: dict[str, int] = {}
    found = []
    for arm in arms:
        seen[arm.name] = seen.get(arm.name, 0) + 1
        again = seen[arm.name]
        name = arm.name if again == 1 else f"{arm.name} ({again})"
        found.append(Spec(name, arm.scenario, arm.policies, arm.sets, arm.everywhere, arm.resolved))
    return found
