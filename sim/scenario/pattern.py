"""Names with ``*`` in place of one part of a path."""

from __future__ import annotations

import re
from collections.abc import Iterable


def expand(pattern: str, paths: Iterable[str]) -> list[str]:
    """Paths that ``pattern`` names; ``*`` stands for exactly one part. Sorted."""
    if "*" not in pattern:
        return [pattern] if pattern in set(paths) else []
    wanted = re.compile(re.escape(pattern).replace(r"\*", "[^.]+"))
    return sorted(path for path in paths if wanted.fullmatch(path))
