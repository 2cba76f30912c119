"""A package that is a verb as well: calling it calls the function of its name."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


def let_call(package: str, module: str) -> None:
    """Let a package, such as ``sim.sweep``, be called as the function ``sweep`` of ``module``.

    The module is imported at the first call.
    """
    name = package.rpartition(".")[2]

    class Verb(ModuleType):
        def __call__(self, *words: Any, **options: Any) -> Any:  # noqa: ANN401 - handed through
            return getattr(import_module(module), name)(*words, **options)

    sys.modules[package].__class__ = Verb
