# mypy: disable-error-code="no-untyped-call"
"""Sixteen runs side by side as one compiled value: equations are packed by construction.

A `Pack` holds a float64 of sixteen runs. Compiled code loads one from an array whose last axis is
the run and `WIDTH` long (`load`), hands it to any equation in place of a float, and stores what
comes back (`store`). The machine code then holds one instruction for as many runs as a register has
room for, with temporaries in registers, and two or more independent ones in a row, which overlap:
nothing depends on what a compiler finds out about loops. Every operation is that of a float in
each run, so bits are the same. A Pack exists in compiled code only.
"""

from __future__ import annotations

import operator
from typing import Any, ClassVar

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_cast
from numba.core.typeconv.castgraph import Conversion
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.extending import (
    intrinsic,
    lower_builtin,
    models,
    register_model,
)
from numpy.typing import NDArray

#: Runs in a pack: two of the widest registers, so that one computes while the other waits.
WIDTH = 16
ALIGNMENT = 64  # bytes

_FLOATS = ir.VectorType(ir.DoubleType(), WIDTH)
_FLAGS = ir.VectorType(ir.IntType(1), WIDTH)


class PackType(types.Type):
    """Numba's name for a value of several runs: float64, or truth."""


class _FloatPack(PackType):
    """A float is as good as a pack of equal floats: a variable may start as one."""

    def __init__(self) -> None:
        super().__init__(name="Pack")

    def can_convert_from(self, typing_context: Any, other: Any) -> Conversion | None:  # noqa: ANN401, ARG002
        return Conversion.safe if other == types.float64 else None

    def unify(self, typing_context: Any, other: Any) -> Any:  # noqa: ANN401, ARG002
        return self if other == types.float64 else None


class _FlagPack(PackType):
    def __init__(self) -> None:
        super().__init__(name="PackFlags")

    def can_convert_from(self, typing_context: Any, other: Any) -> Conversion | None:  # noqa: ANN401, ARG002
        return Conversion.safe if other == types.boolean else None

    def unify(self, typing_context: Any, other: Any) -> Any:  # noqa: ANN401, ARG002
        return self if other == types.boolean else None


pack, flags = _FloatPack(), _FlagPack()


@register_model(_FloatPack)
class _FloatModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:  # noqa: ANN401
        super().__init__(manager, kind, _FLOATS)


@register_model(_FlagPack)
class _FlagModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:  # noqa: ANN401
        super().__init__(manager, kind, _FLAGS)


def spread(builder: Any, value: Any) -> Any:  # noqa: ANN401
    """The same float, or truth, in all runs; a pack stays as it is."""
    if isinstance(value.type, ir.VectorType):
        return value
    nothing = ir.Constant(ir.VectorType(value.type, WIDTH), ir.Undefined)
    one = builder.insert_element(nothing, value, ir.Constant(ir.IntType(32), 0))
    order = ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), [0] * WIDTH)
    return builder.shuffle_vector(one, nothing, order)


@lower_cast(types.boolean, flags)
@lower_cast(types.float64, pack)
def _widened(context: Any, builder: Any, kind: Any, to: Any, value: Any) -> Any:  # noqa: ANN401, ARG001
    return spread(builder, value)


_SIDES = ((pack, pack), (pack, types.float64), (types.float64, pack))


def _arithmetic(function: Any, method: str) -> None:  # noqa: ANN401
    class Template(ConcreteTemplate):
        cases: ClassVar[list[Any]] = [signature(pack, *sides) for sides in _SIDES]

    infer_global(function)(Template)

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401, ARG001
        left, right = (spread(builder, value) for value in args)
        return getattr(builder, method)(left, right)

    for sides in _SIDES:
        lower_builtin(function, *sides)(lower)


def _comparison(function: Any, symbol: str) -> None:  # noqa: ANN401
    class Template(ConcreteTemplate):
        cases: ClassVar[list[Any]] = [signature(flags, *sides) for sides in _SIDES]

    infer_global(function)(Template)

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401, ARG001
        left, right = (spread(builder, value) for value in args)
        return builder.fcmp_ordered(symbol, left, right)

    for sides in _SIDES:
        lower_builtin(function, *sides)(lower)


for _function, _method in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
    (operator.iadd, "fadd"),
    (operator.isub, "fsub"),
    (operator.imul, "fmul"),
):
    _arithmetic(_function, _method)
for _function, _symbol in (
    (operator.lt, "<"),
    (operator.le, "<="),
    (operator.gt, ">"),
    (operator.ge, ">="),
    (operator.eq, "=="),
):
    _comparison(_function, _symbol)


@infer_global(operator.neg)
class _Negation(ConcreteTemplate):
    cases: ClassVar[list[Any]] = [signature(pack, pack)]


@lower_builtin(operator.neg, pack)
def _negated(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401, ARG001
    return builder.fneg(args[0])


def choose(condition: bool, yes: float, no: float) -> float:
    """`yes` where the condition holds, else `no`: for each run of a pack, both worked out."""
    return yes if condition else no


@infer_global(choose)
class _Choice(ConcreteTemplate):
    cases: ClassVar[list[Any]] = [
        signature(types.float64, types.boolean, types.float64, types.float64),
        *(
            signature(pack, condition, *sides)
            for condition in (flags, types.boolean)
            for sides in (*_SIDES, (types.float64, types.float64))
            if condition == flags or pack in sides
        ),
    ]


def _chosen(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401, ARG001
    if sig.return_type != pack:
        return builder.select(args[0], args[1], args[2])
    return builder.select(args[0], spread(builder, args[1]), spread(builder, args[2]))


for _case in _Choice.cases:
    lower_builtin(choose, *_case.args)(_chosen)


def _number(kind: Any) -> Any:  # noqa: ANN401
    return pack if kind == pack else types.float64


def place_of(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401
    """Pointer to what an index names: a float, or a pack of an array whose last axis is one long.

    The length of the last axis is not read: an address is then one shift of the index.
    """
    kind, index = sig.args[0], sig.args[1]
    array = context.make_array(kind)(context, builder, args[0])
    sizes = cgutils.unpack_tuple(builder, array.shape, kind.ndim)
    where = ir.Constant(ir.IntType(64), 0)
    for axis, at in enumerate(cgutils.unpack_tuple(builder, args[1], index.count)):
        where = at if axis == 0 else builder.add(builder.mul(where, sizes[axis]), at)
    base = array.data
    if index.count < kind.ndim:
        base = builder.bitcast(base, _FLOATS.as_pointer())
    return builder.gep(base, [where], inbounds=True)


def check_index(array: Any, index: Any) -> Any:  # noqa: ANN401
    """What an index names: a pack, or with all indices a float. Raises TypeError for others."""
    if array.layout != "C" or index.count not in (array.ndim - 1, array.ndim):
        raise TypeError("all indices name a float, all but the last a pack, of an array in C order")
    return pack if index.count == array.ndim - 1 else types.float64


@intrinsic
def _load(typing_context: Any, array: Any, index: Any) -> Any:  # noqa: ANN401, ARG001
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401
        return builder.load(place_of(context, builder, sig, args), align=8)

    return check_index(array, index)(array, index), generate


@intrinsic
def _store(typing_context: Any, array: Any, index: Any, value: Any) -> Any:  # noqa: ANN401, ARG001
    kind = check_index(array, index)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401
        where = place_of(context, builder, sig, args)
        value = spread(builder, args[2]) if kind == pack else args[2]
        builder.store(value, where, align=8)
        return context.get_dummy_value()

    return types.void(array, index, _number(value) if kind == pack else kind), generate


@intrinsic
def _fill(typing_context: Any, value: Any) -> Any:  # noqa: ANN401, ARG001
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401, ARG001
        return spread(builder, args[0])

    return pack(types.float64), generate


fill: Any = _fill  #: fill(x): one float in all runs
load: Any = _load  #: load(array, index): a pack; the array's last axis is WIDTH long
store: Any = _store  #: store(array, index, value): a pack, or one float for all


def _halved(builder: Any, value: Any, join: Any) -> Any:  # noqa: ANN401
    """One number from a pack: its halves joined run by run, and again, until one is left."""
    width = WIDTH
    while width > 1:
        width //= 2
        nothing = ir.Constant(value.type, ir.Undefined)
        low, high = (
            ir.Constant(ir.VectorType(ir.IntType(32), width), list(range(a, a + width)))
            for a in (0, width)
        )
        left = builder.shuffle_vector(value, nothing, low)
        right = builder.shuffle_vector(value, nothing, high)
        value = join(left, right)
    return builder.extract_element(value, ir.Constant(ir.IntType(32), 0))


def _one_number(symbol: str) -> Any:  # noqa: ANN401
    """An intrinsic from a pack to a float: its sum, or its smallest or largest number. A float
    stays as it is.
    """

    @intrinsic
    def function(typing_context: Any, value: Any) -> Any:  # noqa: ANN401, ARG001
        def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401, ARG001
            if value != pack:
                return args[0]

            def join(a: Any, b: Any) -> Any:  # noqa: ANN401
                if symbol == "+":
                    return builder.fadd(a, b)
                return builder.select(builder.fcmp_ordered(symbol, a, b), a, b)

            return _halved(builder, args[0], join)

        return types.float64(value), lower

    return function


#: Sum of a pack's runs, in one fixed order: first half plus second half, and so on.
total: Any = _one_number("+")
lowest: Any = _one_number("<")  #: smallest of a pack's runs; none may be NaN
highest: Any = _one_number(">")


def aligned(*shape: int) -> NDArray[np.float64]:
    """Zeros [shape] that start where the widest loads do not straddle two lines of the cache."""
    size = int(np.prod(shape))
    raw = np.zeros(8 * size + ALIGNMENT, dtype=np.uint8)
    skip = -raw.ctypes.data % ALIGNMENT
    return raw[skip : skip + 8 * size].view(np.float64).reshape(shape)


def widened(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """[..., L] as packs [..., W]: itself if it is as wide and in C order, else zeros behind."""
    if values.shape[-1] == WIDTH:
        return np.ascontiguousarray(values)
    found = aligned(*values.shape[:-1], WIDTH)
    found[..., : values.shape[-1]] = values
    return found
