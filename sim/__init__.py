"""Spheres: which AI systems the world's economies come to rely on, and what would change it.

Importing this package loads nothing heavy. The verbs (``sim.load`` and so on) are imported from
their own package at first use.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

# Runs are spread over threads; a linear-algebra library that starts its own would only get in
# their way. It reads these once, when NumPy is first imported. Whoever sets one decides.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

__version__ = "0.1.0"

#: Public verb -> module that holds it. A new verb needs one line here.
_VERBS = {
    "load": "sim.scenario",
    "Resolved": "sim.scenario",
    "run": "sim.runs.run",
}
#: Packages that are verbs themselves (`sim.verbs`).
_ROOMS = ("compare", "explain", "sweep")

__all__ = ["__version__", *_VERBS, *_ROOMS]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a verb can have any type
    """Import a verb from its package the first time it is asked for."""
    if name in _ROOMS:
        return import_module(f"sim.{name}")
    if name not in _VERBS:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    value = getattr(import_module(_VERBS[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_VERBS, *_ROOMS})
