"""Settings whose paths hold ``*`` for one part: ``segments.*.churn``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sim.errors import DuplicateKey
from sim.scenario.check import unknown
from sim.scenario.pattern import expand
from sim.scenario.yaml_lines import Document, Raw


class Setting(NamedTuple):
    """What is said of one path, and the path or pattern that says it."""

    path: str
    raw: Raw
    said: str


def settings(said: Mapping[str, Raw], paths: Iterable[str], doc: Document) -> list[Setting]:
    """Every path that a ``set`` block moves. A path written out counts before a pattern that names
    it too. Raises UnknownKey for a pattern that names none, DuplicateKey for two that disagree.
    """
    known = list(paths)
    found: dict[str, Setting] = {}
    for pattern in (name for name in said if "*" in name):
        named = expand(pattern, known)
        if not named:
            raise unknown(pattern, _patterns(pattern, known), doc, ("set", pattern), "path")
        for path in (path for path in named if path not in said):
            other = found.get(path)
            if other is not None and other.raw != said[pattern]:
                message = f"{path} is also set by {other.said}, and not to the same"
                hint = f"Say {path} by itself"
                raise doc.error(DuplicateKey, message, ("set", pattern), hint)
            found[path] = Setting(path, said[pattern], pattern)
    return [*found.values(), *(Setting(p, raw, p) for p, raw in said.items() if "*" not in p)]


def _patterns(like: str, paths: Iterable[str]) -> set[str]:
    """Patterns with stars where ``like`` has them that name something."""
    stars = [part == "*" for part in like.split(".")]
    split = (path.split(".") for path in paths)
    return {
        ".".join("*" if star else part for star, part in zip(stars, parts, strict=True))
        for parts in split
        if len(parts) == len(stars)
    }
