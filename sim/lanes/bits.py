"""The bits of a float64: its exponent and mantissa, powers of two, the fused multiply-add.

Each takes a float or a pack of runs (`sim.lanes.packs`) and gives the same back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from sim.lanes.packs import WIDTH, flags, pack, spread

_SQRT_HALF = 0x3FE6A09E667F3BCD
_LARGEST = 0x7FEFFFFFFFFFFFFF
_BIAS = 1023


def _like(value: Any, constant: int) -> ir.Constant:  # noqa: ANN401
    """An integer constant of the shape of a value."""
    if isinstance(value.type, ir.VectorType):
        return ir.Constant(ir.VectorType(ir.IntType(64), WIDTH), [constant] * WIDTH)
    return ir.Constant(ir.IntType(64), constant)


def _integers(builder: Any, value: Any) -> Any:  # noqa: ANN401
    return builder.bitcast(value, _like(value, 0).type)


def _one_argument(generate: Callable[[Any, Any], Any]) -> Any:  # noqa: ANN401
    @intrinsic
    def function(typing_context: Any, value: Any) -> Any:  # noqa: ANN401, ARG001
        def lower(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401, ARG001
            return generate(builder, args[0])

        kind = pack if value == pack else types.float64
        return kind(kind), lower

    return function


def _octaves(builder: Any, value: Any) -> Any:  # noqa: ANN401
    """Octaves from sqrt(1/2) up to a positive, normal number, whole and rounded down."""
    above = builder.sub(_integers(builder, value), _like(value, _SQRT_HALF))
    return builder.ashr(above, _like(value, 52))


def _exponent(builder: Any, value: Any) -> Any:  # noqa: ANN401
    return builder.sitofp(_octaves(builder, value), value.type)


def _mantissa(builder: Any, value: Any) -> Any:  # noqa: ANN401
    scale = builder.shl(_octaves(builder, value), _like(value, 52))
    return builder.bitcast(builder.sub(_integers(builder, value), scale), value.type)


@intrinsic
def _positive(typing_context: Any, value: Any) -> Any:  # noqa: ANN401, ARG001
    def lower(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401, ARG001
        less = builder.sub(_integers(builder, args[0]), _like(args[0], 1))
        return builder.icmp_unsigned("<", less, _like(args[0], _LARGEST))

    return (flags(pack) if value == pack else types.boolean(types.float64)), lower


def _two_to_the(builder: Any, value: Any) -> Any:  # noqa: ANN401
    bits = builder.add(_integers(builder, value), _like(value, _BIAS))
    return builder.bitcast(builder.shl(bits, _like(value, 52)), value.type)


@intrinsic
def _store_whole(typing_context: Any, array: Any, value: Any) -> Any:  # noqa: ANN401, ARG001
    def lower(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401
        row = context.make_array(signature.args[0])(context, builder, args[0])
        whole = builder.fptosi(args[1], _like(args[1], 0).type)
        where = builder.bitcast(row.data, whole.type.as_pointer())
        builder.store(whole, where, align=8)
        return context.get_dummy_value()

    if value != pack or array.dtype != types.int64 or array.layout != "C":
        raise TypeError("the whole parts of a pack go to int64 numbers in C order")
    return types.void(array, value), lower


@intrinsic
def _fma(typing_context: Any, a: Any, b: Any, c: Any) -> Any:  # noqa: ANN401, ARG001
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401, ARG001
        if signature.return_type != pack:
            return builder.fma(*args)
        wide = [spread(builder, value) for value in args]
        kind = wide[0].type
        name, shape = f"llvm.fma.v{WIDTH}f64", ir.FunctionType(kind, [kind] * 3)
        function = builder.module.globals.get(name) or ir.Function(builder.module, shape, name)
        return builder.call(function, wide)

    kinds = [pack if x == pack else types.float64 for x in (a, b, c)]
    return (pack if pack in kinds else types.float64)(*kinds), generate


#: the whole number nearest to log2 x, of a positive, normal x
exponent = cast("Callable[[float], float]", _one_argument(_exponent))
#: x / 2**exponent(x), in [sqrt(1/2), sqrt(2))
mantissa = cast("Callable[[float], float]", _one_argument(_mantissa))
#: 2**n, from n + 1.5 * 2**52 (whose low bits hold the integer n)
two_to_the = cast("Callable[[float], float]", _one_argument(_two_to_the))
#: store_whole(array, pack): whole parts, towards 0, into int64 [W]; magnitudes below 2**63
store_whole: Any = _store_whole
#: whether x is above 0 and finite
positive = cast("Callable[[float], bool]", _positive)
#: a * b + c rounded once: the same bits on every processor, and one instruction on most
fma = cast("Callable[[float, float, float], float]", _fma)
