"""The compiled rounds of Philox4x32-10, as NumPy ufuncs; `sim.draws.philox` says what they are for.

A module of its own because it needs the compiler, which not every command does.
"""

from __future__ import annotations

from typing import Any, cast

import numba
import numpy as np

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_ROUNDS = 10
_KIND = numba.uint64
#: Numba ships no types for its decorators.
_jit, _ufunc = cast(Any, numba.njit), cast(Any, numba.vectorize)


@_jit(inline="always")
def rounds(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:  # noqa: ANN401
    """Four 32-bit words, held in uint64, of a counter under a key."""
    for _ in range(_ROUNDS):
        p0, p1 = _M0 * c0, _M1 * c2
        c0, c1 = (p1 >> _HALF) ^ c1 ^ k0, p1 & _LOW
        c2, c3 = (p0 >> _HALF) ^ c3 ^ k1, p0 & _LOW
        k0, k1 = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@_ufunc([_KIND(*[_KIND] * 7)], cache=True)
def word(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any, which: Any) -> Any:  # noqa: ANN401
    """One of the four words: 0, 1, 2 or 3."""
    w0, w1, w2, w3 = rounds(c0, c1, c2, c3, k0, k1)
    if which == 0:
        return w0
    if which == 1:
        return w1
    return w2 if which == 2 else w3


@_ufunc([_KIND(*[_KIND] * 6)], cache=True)
def bits(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:  # noqa: ANN401
    """53 random bits: 27 of the first word, 26 of the second."""
    w0, w1, _, _ = rounds(c0, c1, c2, c3, k0, k1)
    return ((w0 >> np.uint64(5)) << np.uint64(26)) | (w1 >> np.uint64(6))
