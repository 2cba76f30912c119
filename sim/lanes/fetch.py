# mypy: disable-error-code="no-untyped-call"
"""Asking for memory before it is needed: what lies far arrives while something else is worked out.

A block's state and the results it changes are larger than the processor's own caches. A request
costs one instruction and waits for nothing; spread over a loop of arithmetic it is free, many in a
row hold up each other.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from sim.lanes.packs import WIDTH, check_index, place_of

LINE = 64  #: bytes of memory that come together
_NEAR, _DATA = 3, 1  # into the nearest cache; not instructions


def _ask(builder: Any, where: Any, change: int) -> None:  # noqa: ANN401
    """Request the line at a byte pointer, to read it (0) or to change it (1)."""
    whole = ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [where.type, whole, whole, whole])
    name = "llvm.prefetch.p0i8"
    asked = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
    builder.call(asked, [where, *(ir.Constant(whole, n) for n in (change, _NEAR, _DATA))])


@intrinsic
def _fetch(typing_context: Any, array: Any, index: Any) -> Any:  # noqa: ANN401, ARG001
    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401
        values = context.make_array(sig.args[0])(context, builder, args[0])
        where = builder.gep(values.data, [args[1]])
        _ask(builder, builder.bitcast(where, ir.IntType(8).as_pointer()), 1)
        return context.get_dummy_value()

    return types.void(array, types.int64), lower


@intrinsic
def _fetch_pack(typing_context: Any, array: Any, index: Any) -> Any:  # noqa: ANN401, ARG001
    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401
        pack = place_of(context, builder, sig, args)
        first = builder.bitcast(pack, ir.IntType(8).as_pointer())
        for byte in range(0, 8 * WIDTH, LINE):
            _ask(builder, builder.gep(first, [ir.Constant(ir.IntType(64), byte)]), 0)
        return context.get_dummy_value()

    check_index(array, index)
    return types.void(array, index), lower


#: fetch(array, i): have number i of an array in C order near, to change it
fetch: Any = _fetch
fetch_pack: Any = _fetch_pack  #: fetch_pack(array, index): have a pack near; index as in `load`
