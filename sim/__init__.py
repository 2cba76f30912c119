"""Spheres: which AI systems the world's economies come to rely on, and what would change it.

Importing this package loads nothing heavy. The verbs (``sim.load`` and so on) are imported from
their own package at first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

#: Public verb -> module that holds it. A new verb needs one line here.
_VERBS = {
    "load": "sim.scenario",
    "Resolved": "sim.scenario",
}

__all__ = ["__version__", *_VERBS]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a verb can have any type
    """Import a verb from its package the first time it is asked for."""
    if name not in _VERBS:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    value = getattr(import_module(_VERBS[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_VERBS})
