# mypy: disable-error-code="no-untyped-call"
"""`Fields` in compiled code: arrays under names, and numbers that are loaded where they are named.

Compiled code sees the array under a name, or, through `at`, the number itself: with

    here = at(state, (c, segment))

`here.adoption` is loaded where it is written, and `here.adoption = level` is stored. What is loaded
follows from the buffer: where the last axis is one pack of runs (`sim.lanes.packs`) it is a pack,
and where there is no such axis it is a float. So one text serves many runs and one.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_getattr_generic, lower_setattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, intrinsic, models, register_model, typeof_impl, unbox

from sim.lanes.fields import Fields
from sim.lanes.packs import WIDTH, pack, spread


class FieldsType(types.Type):
    """Numba's name for `Fields`: their names and the kind of their buffer."""

    def __init__(self, instance_class: type[Fields], buffer: types.Array) -> None:
        self.instance_class, self.names, self.buffer = instance_class, instance_class.names, buffer
        super().__init__(name=f"{instance_class.__name__}({len(self.names)}, {buffer})")

    @property
    def key(self) -> Any:  # noqa: ANN401
        """What makes two of them one kind."""
        return self.name, self.names


@typeof_impl.register(Fields)
def _typeof(value: Fields, context: Any) -> FieldsType:  # noqa: ANN401
    return FieldsType(type(value), typeof_impl(value.array, context))


@register_model(FieldsType)
class _FieldsModel(models.StructModel):
    def __init__(self, manager: Any, kind: FieldsType) -> None:  # noqa: ANN401
        super().__init__(manager, kind, [("buffer", kind.buffer)])


@unbox(FieldsType)
def _unbox(kind: FieldsType, value: Any, c: Any) -> NativeValue:  # noqa: ANN401
    held = c.pyapi.object_getattr_string(value, "array")
    native = c.unbox(kind.buffer, held)
    c.pyapi.decref(held)
    made = cgutils.create_struct_proxy(kind)(c.context, c.builder)
    made.buffer = native.value
    return NativeValue(made._getvalue(), is_error=native.is_error, cleanup=native.cleanup)


@infer_getattr
class _Names(AttributeTemplate):
    key = FieldsType

    def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]  # noqa: ANN401
        if name not in kind.names:
            return None
        return types.Array(types.float64, kind.buffer.ndim - 1, "C")


@lower_getattr_generic(FieldsType)
def _array_of(context: Any, builder: Any, kind: FieldsType, value: Any, name: str) -> Any:  # noqa: ANN401
    """The array under a name: a view of the buffer."""
    held = cgutils.create_struct_proxy(kind)(context, builder, value=value)
    whole = context.make_array(kind.buffer)(context, builder, held.buffer)
    sizes = cgutils.unpack_tuple(builder, whole.shape, kind.buffer.ndim)
    strides = cgutils.unpack_tuple(builder, whole.strides, kind.buffer.ndim)
    number = ir.Constant(ir.IntType(64), kind.names.index(name))
    byte = builder.bitcast(whole.data, ir.IntType(8).as_pointer())
    data = builder.gep(byte, [builder.mul(number, strides[0])])
    part = types.Array(types.float64, kind.buffer.ndim - 1, "C")
    found = context.make_array(part)(context, builder)
    items = ir.Constant(ir.IntType(64), 1)
    for size in sizes[1:]:
        items = builder.mul(items, size)
    found.data = builder.bitcast(data, found.data.type)
    if sizes[1:]:
        found.shape = cgutils.pack_array(builder, sizes[1:])
        found.strides = cgutils.pack_array(builder, strides[1:])
    found.nitems = items
    found.itemsize = ir.Constant(ir.IntType(64), 8)
    found.meminfo = ir.Constant(found.meminfo.type, None)
    found.parent = ir.Constant(found.parent.type, None)
    return found._getvalue()


class HereType(types.Type):
    """One place of `Fields`: the numbers under all names there."""

    def __init__(self, fields: FieldsType, number: Any) -> None:  # noqa: ANN401
        self.names, self.number = fields.names, number
        super().__init__(name=f"Here({fields.name}, {number})")

    @property
    def key(self) -> Any:  # noqa: ANN401
        """What makes two of them one kind."""
        return self.name, self.names


@register_model(HereType)
class _HereModel(models.StructModel):
    def __init__(self, manager: Any, kind: HereType) -> None:  # noqa: ANN401
        members = [("first", types.CPointer(types.float64)), ("step", types.int64)]
        super().__init__(manager, kind, members)


@intrinsic
def _at(typing_context: Any, fields: Any, index: Any) -> Any:  # noqa: ANN401, ARG001
    if not isinstance(fields, FieldsType):
        raise TypeError("`at` takes Fields and an index")
    axes = fields.buffer.ndim - 1
    if index.count not in (axes, axes - 1):
        raise TypeError(f"{fields.name} has {axes} axes, the index {index.count}")
    packed = index.count == axes - 1
    here = HereType(fields, pack if packed else types.float64)

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401
        held = cgutils.create_struct_proxy(sig.args[0])(context, builder, value=args[0])
        whole = context.make_array(sig.args[0].buffer)(context, builder, held.buffer)
        sizes = cgutils.unpack_tuple(builder, whole.shape, axes + 1)
        one = ir.Constant(ir.IntType(64), WIDTH if packed else 1)
        where = ir.Constant(ir.IntType(64), 0)
        step = one
        for axis, place in enumerate(cgutils.unpack_tuple(builder, args[1], index.count)):
            size = sizes[axis + 1]
            where = place if axis == 0 else builder.add(builder.mul(where, size), place)
            step = builder.mul(step, size)
        made = cgutils.create_struct_proxy(here)(context, builder)
        made.first = builder.gep(whole.data, [builder.mul(where, one)])
        made.step = step
        return made._getvalue()

    return here(fields, index), lower


#: at(fields, index): the numbers under all names at one place; the index leaves out the runs
at: Any = _at


@infer_getattr
class _Numbers(AttributeTemplate):
    key = HereType

    def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]  # noqa: ANN401
        return kind.number if name in kind.names else None


def _place(context: Any, builder: Any, kind: HereType, value: Any, name: str) -> Any:  # noqa: ANN401
    """Pointer to the number under a name."""
    here = cgutils.create_struct_proxy(kind)(context, builder, value=value)
    number = ir.Constant(ir.IntType(64), kind.names.index(name))
    where = builder.gep(here.first, [builder.mul(number, here.step)])
    if kind.number == pack:
        return builder.bitcast(where, ir.VectorType(ir.DoubleType(), WIDTH).as_pointer())
    return where


@lower_getattr_generic(HereType)
def _get(context: Any, builder: Any, kind: HereType, value: Any, name: str) -> Any:  # noqa: ANN401
    return builder.load(_place(context, builder, kind, value, name), align=8)


@lower_setattr_generic(HereType)
def _set(context: Any, builder: Any, sig: Any, args: Any, name: str) -> Any:  # noqa: ANN401
    kind, value = sig.args[0], args[1]
    if kind.number == pack:
        value = spread(builder, value)
    builder.store(value, _place(context, builder, kind, args[0], name), align=8)
    return context.get_dummy_value()
