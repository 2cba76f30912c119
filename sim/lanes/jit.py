"""How an equation is compiled: one typed decorator, two further faces, one safe cache.

An equation is a plain function of floats. `@equation` turns it into a Numba function that is
inlined wherever another compiled function calls it (the ensemble kernel) and that stays callable
from Python (tests, notebooks). `rows(equation)` is the same function as a NumPy ufunc, which the
Mesa model uses on a country's segments x offerings. There is no second text of any formula.

The cache folder is named by the content of every module that machine code is made from
(`sim.lanes.sources`): an edited equation, constant or named tuple is always compiled anew.
"""

from __future__ import annotations

import functools
import inspect
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numba
import numpy as np
from numpy.typing import NDArray

from sim.lanes.sources import source_fingerprint

Floats = NDArray[np.float64]


def cache_folder(package: Path) -> Path:
    """Folder for machine code of exactly this source; a temporary one if none can be written."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "spheres"
    versions = f"{numba.__version__} {np.__version__} {sys.version_info[:3]}"
    folder = base / source_fingerprint(package, versions)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="spheres-cache-"))
    return folder


def first_use() -> bool:
    """True while nothing has been compiled for exactly this source on this machine."""
    return not any(Path(str(numba.config.CACHE_DIR)).rglob("*.nbi"))  # type: ignore[attr-defined]


numba.config.CACHE_DIR = str(cache_folder(Path(__file__).resolve().parent.parent))  # type: ignore[attr-defined]


#: Numba's own annotations lack the options that keep compilation short.
_njit = cast("Callable[..., Callable[[Any], Any]]", numba.njit)


def equation[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Mark a scalar formula: compiled, inlined into every compiled caller, NaN kept."""
    compiled = _njit(forceinline=True, error_model="numpy", nogil=True, _nrt=False)(function)
    return cast("Callable[P, R]", compiled)


def borrowing[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Mark a compiled loop that only borrows its arrays: it may not allocate one.

    Numba counts references to arrays with atomic additions; passing tuples of many arrays down to
    small functions would make that counting most of the time. `_nrt=False` leaves it out.
    """
    compiled = _njit(error_model="numpy", nogil=True, cache=True, _nrt=False)(function)
    return cast("Callable[P, R]", compiled)


def inner[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Mark a compiled loop that only compiled code calls: no wrapper for Python is built for it.

    A wrapper that unpacks tuples of many arrays takes the compiler longer than the loop itself.
    """
    compiled = _njit(
        error_model="numpy",
        nogil=True,
        cache=True,
        _nrt=False,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
    )(function)
    return cast("Callable[P, R]", compiled)


def part[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Mark a piece of a compiled loop that is laid into its caller.

    A call with tuples of many arrays would cost more than most pieces do.
    """
    compiled = _njit(forceinline=True, error_model="numpy", nogil=True, _nrt=False)(function)
    return cast("Callable[P, R]", compiled)


@functools.cache
def rows(function: Callable[..., float]) -> Callable[..., Floats]:
    """The equation as a NumPy ufunc: arrays of any one broadcast shape in, float64 array out."""
    plain = cast(Any, function).py_func
    count = len(inspect.signature(plain).parameters)
    signature = f"float64({', '.join(['float64'] * count)})"
    vectorize = cast(Any, numba.vectorize)
    return cast("Callable[..., Floats]", vectorize([signature], cache=True)(plain))
