"""Who looks on while months pass: a watcher is a value, and the months call its verbs.

A watcher is a named tuple of arrays. What it does at each verb is a function in its own module,
said with `watching`; a verb it leaves out does nothing. Compiled code takes the functions of the
watcher's type, so that a month without one costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from numba.extending import overload

from sim.model.facts import Given
from sim.model.state import Memory

_VERBS: dict[type, dict[str, Callable[..., Any]]] = {}
#: How the functions of verbs are compiled: laid into the month.
OPTIONS: Any = {"forceinline": True, "error_model": "numpy", "nogil": True, "_nrt": False}


class Nobody(NamedTuple):
    """Looks on at nothing; the bills of the last month are there afterwards if asked for."""

    bill: bool


def watching(kind: type, **verbs: Callable[..., Any]) -> None:
    """Say what watchers of a kind do: plain functions by verb, with the verb's own arguments."""
    _VERBS[kind] = verbs


#: Verbs that are called from within a month; who leaves them all out only sees it begin and end.
_WITHIN = frozenset({"ahead", "ahead_of", "economy", "told", "thorough"})


def looks_within(watcher: Any) -> bool:  # noqa: ANN401 - a type of Numba's
    """Whether watchers of a type look at more of a month than its beginning and its end."""
    return any(_verb(watcher, name) for name in _WITHIN)


def wants_bill(watcher: Any, t: int) -> bool:  # noqa: ANN401
    """Whether `OfferingState.bill` of month t is wanted."""
    raise NotImplementedError


def thorough(watcher: Any) -> bool:  # noqa: ANN401
    """Whether offerings are worked out that nobody can reach."""
    raise NotImplementedError


def begin(watcher: Any, t: int, given: Given, memory: Memory) -> None:  # noqa: ANN401
    """Before month t."""
    raise NotImplementedError


def ahead(watcher: Any, t: int, c: int, segment: int, offering: int) -> None:  # noqa: ANN401
    """Economy c is being worked out: ask for the memory that `economy` will change."""
    raise NotImplementedError


def ahead_of(watcher: Any, t: int, c: int) -> None:  # noqa: ANN401
    """The same, for what does not belong to an offering."""
    raise NotImplementedError


def economy(watcher: Any, t: int, place: int, given: Given, memory: Memory) -> None:  # noqa: ANN401
    """The economy at a place of the order is done; its scratch still holds its numbers."""
    raise NotImplementedError


def end(watcher: Any, t: int, given: Given, memory: Memory) -> bool:  # noqa: ANN401
    """After month t; False ends the course."""
    raise NotImplementedError


def told(watcher: Any, place: tuple[int, int, int], term: int, value: float) -> float:  # noqa: ANN401
    """A summand (`sim.model.terms`) of the standing utility at (economy, segment, offering), on its
    way into the sum; gives it back. Costs come without their sign.
    """
    raise NotImplementedError


def _verb(watcher: Any, name: str) -> Callable[..., Any] | None:  # noqa: ANN401
    return _VERBS.get(getattr(watcher, "instance_class", object), {}).get(name)


@overload(wants_bill, jit_options=OPTIONS, strict=False)
def _wants_bill(watcher: Any, t: int) -> Any:  # noqa: ANN401, ARG001
    return _verb(watcher, "wants_bill") or (lambda watcher, t: False)  # noqa: ARG005


@overload(thorough, jit_options=OPTIONS, strict=False)
def _thorough(watcher: Any) -> Any:  # noqa: ANN401
    return _verb(watcher, "thorough") or (lambda watcher: False)  # noqa: ARG005


@overload(begin, jit_options=OPTIONS, strict=False)
def _begin(watcher: Any, t: int, given: Given, memory: Memory) -> Any:  # noqa: ANN401, ARG001
    return _verb(watcher, "begin") or (lambda watcher, t, given, memory: None)  # noqa: ARG005


@overload(ahead, jit_options=OPTIONS, strict=False)
def _ahead(watcher: Any, t: int, c: int, segment: int, offering: int) -> Any:  # noqa: ANN401, ARG001
    nothing = lambda watcher, t, c, segment, offering: None  # noqa: E731, ARG005
    return _verb(watcher, "ahead") or nothing


@overload(ahead_of, jit_options=OPTIONS, strict=False)
def _ahead_of(watcher: Any, t: int, c: int) -> Any:  # noqa: ANN401, ARG001
    return _verb(watcher, "ahead_of") or (lambda watcher, t, c: None)  # noqa: ARG005


@overload(economy, jit_options=OPTIONS, strict=False)
def _economy(watcher: Any, t: int, place: int, given: Given, memory: Memory) -> Any:  # noqa: ANN401, ARG001
    nothing = lambda watcher, t, place, given, memory: None  # noqa: E731, ARG005
    return _verb(watcher, "economy") or nothing


@overload(end, jit_options=OPTIONS, strict=False)
def _end(watcher: Any, t: int, given: Given, memory: Memory) -> Any:  # noqa: ANN401, ARG001
    return _verb(watcher, "end") or (lambda watcher, t, given, memory: True)  # noqa: ARG005


@overload(told, jit_options=OPTIONS, strict=False)
def _told(watcher: Any, place: Any, term: int, value: float) -> Any:  # noqa: ANN401, ARG001
    plain = lambda watcher, place, term, value: value  # noqa: E731, ARG005
    return _verb(watcher, "told") or plain


def _always(watcher: Nobody, t: int) -> bool:  # noqa: ARG001
    return watcher.bill


watching(Nobody, wants_bill=_always)
