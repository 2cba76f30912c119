"""Counter-based random numbers: Philox4x32-10 (Salmon et al. 2011, SC'11), on NumPy arrays.

A number depends on its key and counter alone, so any worker can redo any draw, in any order, and an
economy that is added or removed changes nobody else's. Tested against the published vectors.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import ArrayLike, NDArray

Words = NDArray[np.uint64]
Floats = NDArray[np.float64]

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_ROUNDS = 10


def philox(
    counter: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike], key: tuple[int, int]
) -> tuple[Words, Words, Words, Words]:
    """Four 32-bit words (held in uint64) for each counter; counters broadcast, words < 2**32."""
    c0, c1, c2, c3 = np.broadcast_arrays(*(np.asarray(c, dtype=np.uint64) for c in counter))
    k0, k1 = np.uint64(key[0]), np.uint64(key[1])
    for _ in range(_ROUNDS):
        p0, p1 = _M0 * c0, _M1 * c2
        c0, c1, c2, c3 = (
            (p1 >> _SHIFT) ^ c1 ^ k0,
            p1 & _LOW,
            (p0 >> _SHIFT) ^ c3 ^ k1,
            p0 & _LOW,
        )
        k0, k1 = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW
    return c0, c1, c2, c3


def stream_key(seed: int, stream: str) -> tuple[int, int]:
    """Key of a named stream under a seed (any non-negative integer)."""
    digest = hashlib.blake2b(f"{seed}/{stream}".encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


def entity_word(name: str) -> int:
    """32-bit word of an entity's name; its own, whatever other entities exist."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "little")


def uniforms(
    seed: int,
    stream: str,
    replicate: ArrayLike,
    month: ArrayLike,
    entity: ArrayLike,
    part: ArrayLike = 0,
) -> Floats:
    """Uniform numbers in (0, 1), 53 bits; all arguments after the stream broadcast."""
    w0, w1, _, _ = philox((replicate, month, entity, part), stream_key(seed, stream))
    bits = ((w0 >> np.uint64(5)) << np.uint64(26)) | (w1 >> np.uint64(6))
    return (bits.astype(np.float64) + 0.5) / 9007199254740992.0


def normals(
    seed: int,
    stream: str,
    replicate: ArrayLike,
    month: ArrayLike,
    entity: ArrayLike,
    part: ArrayLike = 0,
) -> Floats:
    """Standard normal numbers by inversion, so that equal uniforms give equal normals."""
    from scipy.special import ndtri

    return np.asarray(ndtri(uniforms(seed, stream, replicate, month, entity, part)))
