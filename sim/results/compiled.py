"""The decorator of the reductions' kernels: compiled, cached, and without reference counts.

Numba counts references to arrays with atomic additions. The reductions pass tuples of some sixty
arrays down to small functions, which made that counting most of their time. `_nrt=False` leaves it
out; a function so marked may read and write arrays and slice them, but not allocate one (Numba
refuses to compile it).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numba

import sim.equations.jit  # noqa: F401 - sets the cache folder before anything is compiled


def borrowing[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Mark a compiled loop that only borrows its arrays."""
    options: dict[str, Any] = {"error_model": "numpy", "nogil": True, "cache": True, "_nrt": False}
    return cast("Callable[P, R]", numba.njit(**options)(function))
