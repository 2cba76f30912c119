"""Designs, execution, storage and resumption of runs.

The package is also the verb ``sim.sweep``: calling it runs a sweep file (`sim.sweep.verb.sweep`).
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Verb(ModuleType):
    """A package that can be called, since the verb and the folder share a name."""

    def __call__(self, *words: Any, **options: Any) -> Any:  # noqa: ANN401 - handed through
        from sim.sweep.verb import sweep

        return sweep(*words, **options)


sys.modules[__name__].__class__ = _Verb
