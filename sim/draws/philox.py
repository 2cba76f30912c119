"""Counter-based random numbers: Philox4x32-10 (Salmon et al. 2011, SC'11).

A number depends on its key and counter alone, so any worker can redo any draw, in any order, and an
economy that is added or removed changes nobody else's. Tested against the published vectors.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import ArrayLike, NDArray

Words = NDArray[np.uint64]
Floats = NDArray[np.float64]


def philox(
    counter: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike], key: tuple[int, int]
) -> tuple[Words, Words, Words, Words]:
    """Four 32-bit words (held in uint64) for each counter; counters broadcast, words < 2**32."""
    from sim.draws.rounds import word

    c, k = _words(counter, key)
    w0, w1, w2, w3 = (np.asarray(word(*c, *k, np.uint64(which))) for which in range(4))
    return w0, w1, w2, w3


def _words(
    counter: tuple[ArrayLike, ...], key: tuple[int, int]
) -> tuple[list[Words], list[np.uint64]]:
    return [np.asarray(c, dtype=np.uint64) for c in counter], [np.uint64(k) for k in key]


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
    from sim.draws.rounds import bits

    c, k = _words((replicate, month, entity, part), stream_key(seed, stream))
    found: Floats = (np.asarray(bits(*c, *k), dtype=np.float64) + 0.5) / 9007199254740992.0
    return found


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
