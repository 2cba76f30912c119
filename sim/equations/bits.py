"""The bits of a float64 as an integer and back, and the fused multiply-add."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


@intrinsic
def _double_of(typing_context: Any, bits: Any) -> Any:  # noqa: ANN401, ARG001
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401, ARG001
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.int64), generate


@intrinsic
def _bits_of(typing_context: Any, value: Any) -> Any:  # noqa: ANN401, ARG001
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401, ARG001
        return builder.bitcast(args[0], ir.IntType(64))

    return types.int64(types.float64), generate


@intrinsic
def _fma(typing_context: Any, a: Any, b: Any, c: Any) -> Any:  # noqa: ANN401, ARG001
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401, ARG001
        return builder.fma(*args)

    kind = types.float64
    return kind(kind, kind, kind), generate


double_of = cast("Callable[[int], float]", _double_of)
bits_of = cast("Callable[[float], int]", _bits_of)
#: a * b + c rounded once: the same bits on every processor, and one instruction on most
fma = cast("Callable[[float, float, float], float]", _fma)
