"""Equations of plain arithmetic on arrays: their own text, run by Python, with nothing to load.

Machine code of an equation takes longer to load than an explanation takes to use it. Equations that
call others (`log`, `choose`) need it: `sim.lanes.jit.rows`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def plain(equation: Callable[..., float]) -> Callable[..., Floats]:
    """The text of an equation that adds, multiplies and divides only, for arrays."""
    return cast("Callable[..., Floats]", cast(Any, equation).py_func)
