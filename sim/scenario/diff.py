"""What two resolved scenarios say differently."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from pydantic import BaseModel

from sim.scenario.quantity import Quantity, plain
from sim.scenario.resolved import Resolved
from sim.scenario.schema import Event


class Difference(NamedTuple):
    """One path that differs; an empty side means it is absent there."""

    path: str
    a: str
    b: str
    set_at: str
    """``file:line`` that set it in the second scenario (or in the first, if only there)."""


def differences(a: Resolved, b: Resolved) -> list[Difference]:
    """Every difference that can matter to a run, in the order of the parts of a file."""
    left, right = _statements(a), _statements(b)
    found = []
    for path in [*left, *(path for path in right if path not in left)]:
        one, other = left.get(path), right.get(path)
        if one != other:
            where = _said_at(path, b) or _said_at(path, a)
            found.append(Difference(path, *_texts(one, other), where))
    return found + _event_differences(a, b)


def _said_at(path: str, resolved: Resolved) -> str:
    """Where a path was set last, or else the block that it stands in."""
    while path and path not in resolved.origin:
        path = path.rpartition(".")[0]
    return resolved.origin.get(path, "")


def _statements(resolved: Resolved) -> dict[str, Any]:
    """Flat path -> what is said there, events apart."""
    horizon = resolved.horizon
    found: dict[str, Any] = {
        "horizon.start": horizon.label(0),
        "horizon.end": horizon.label(horizon.n_months - 1),
    }
    found |= {f"structure.{k}": v for k, v in resolved.structure.model_dump().items()}
    found["segments"] = list(resolved.segments)
    found["offerings"] = list(resolved.offerings)
    found["tasks"] = list(resolved.tasks)
    for name, task in resolved.tasks.items():
        found |= {f"tasks.{name}.{k}": v for k, v in plain(task).items()}
    for name, offering in resolved.offerings.items():
        found |= {f"offerings.{name}.{k}": v for k, v in plain(offering).items()}
    found |= dict(sorted(resolved.quantities.items()))
    found |= {f"paths.{path}": points for path, points in sorted(resolved.paths.items())}
    for iso3, values in sorted(resolved.countries.items()):
        found |= {f"countries.{iso3}.{k}": v for k, v in sorted(values.items())}
    return found


def _texts(one: Any, other: Any) -> tuple[str, str]:  # noqa: ANN401 - any statement
    """Both sides as text; of two quantities only the parts that differ."""
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        left, right = plain(one), plain(other)
        parts = [key for key in {**left, **right} if left.get(key) != right.get(key)]
        return _parts(left, parts), _parts(right, parts)
    return _text(one), _text(other)


def _parts(block: dict[str, Any], parts: list[str]) -> str:
    if parts == ["value"]:
        return f"{block['value']:g}"
    return ", ".join(f"{key}: {_text(block[key])}" for key in parts if key in block)


def _text(value: Any) -> str:  # noqa: ANN401 - any statement
    if value is None:
        return ""
    if isinstance(value, Quantity):
        return f"{value.value:g} {value.unit}"
    if isinstance(value, BaseModel):
        value = plain(value)
    if isinstance(value, float):
        return f"{value:g}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _event_differences(a: Resolved, b: Resolved) -> list[Difference]:
    found = []
    for one, other in ((a, b), (b, a)):
        for i, event in enumerate(one.events):
            if event in other.events:
                continue
            text, where = _event_text(event), one.origin.get(f"events[{i}]", "")
            sides = (text, "") if one is a else ("", text)
            found.append((event.on, Difference(f"events.{event.lever}", *sides, where)))
    return [difference for _, difference in sorted(found)]


def _event_text(event: Event) -> str:
    until = f" until {event.until}" if event.until else ""
    where = f" in {', '.join(event.economies)}" if event.economies else ""
    return f"{event.on}{until}: {event.change.removeprefix('= ')}{where}"
