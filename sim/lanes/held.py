# mypy: disable-error-code="no-untyped-call"
"""A named tuple of arrays that compiled code takes by its address.

Numba passes a named tuple member by member: with many arrays that is a thousand arguments a call,
and most of the time of a compilation. `held` writes the description of every array once into a
block of memory; compiled functions take its address, and load what they name where they name it.
Nothing in it changes while it is held, so that the compiler may keep what it has loaded.

Parts of a tuple may be arrays, `Fields`, floats, integers, truth values, and named tuples of these.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, models, register_model, typeof_impl, unbox

from sim.lanes.fields import Fields
from sim.lanes.views import FieldsType

_WORD = ir.IntType(64)
_HEAD = 5  # words of an array's description before its shape and strides


class HeldType(types.Type):
    """Numba's name for a held tuple: its class, and the names and kinds of its parts."""

    def __init__(self, instance_class: type, parts: tuple[tuple[str, Any], ...]) -> None:
        self.instance_class, self.parts = instance_class, parts
        self.places: dict[str, tuple[int, Any]] = {}
        at = 0
        for name, kind in parts:
            self.places[name] = (at, kind)
            at += _words(kind)
        self.words = at
        super().__init__(name=f"Held({instance_class.__name__}, {hash_of(parts)})")

    @property
    def key(self) -> Any:  # noqa: ANN401
        """What makes two of them one kind."""
        return self.instance_class, self.parts


def hash_of(parts: tuple[tuple[str, Any], ...]) -> str:
    """A short name for the parts, the same in every process."""
    from hashlib import sha256

    return sha256(repr([(name, str(kind)) for name, kind in parts]).encode()).hexdigest()[:12]


def _words(kind: Any) -> int:  # noqa: ANN401
    if isinstance(kind, HeldType):
        return kind.words
    if isinstance(kind, FieldsType):
        return _words(kind.buffer)
    return _HEAD + 2 * int(kind.ndim) if isinstance(kind, types.Array) else 1


class Held[T]:
    """A named tuple with its description; parts are read as those of the tuple."""

    def __init__(self, value: T) -> None:
        """value: a named tuple. Its arrays may change, what they are may not."""
        self._value = value
        self.kind, words = _describe(value)
        self.words = np.array(words, dtype=np.int64)
        self.address = int(self.words.ctypes.data)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._value, name)

    @property
    def _numba_type_(self) -> Any:  # noqa: ANN401
        return self.kind


def held[T](value: T) -> T:
    """A named tuple as compiled code takes it; ordinary code reads its parts as before.

    Raises TypeError for parts that it cannot hold.
    """
    return cast("T", Held(value))


def _describe(value: Any) -> tuple[Any, list[int]]:  # noqa: ANN401
    """(kind, words) of a part."""
    if isinstance(value, Held):
        return value.kind, value.words.tolist()
    if hasattr(value, "_fields"):
        parts = [(name, *_describe(part)) for name, part in value._asdict().items()]
        kind = HeldType(type(value), tuple((name, kind) for name, kind, _ in parts))
        return kind, [word for _, _, words in parts for word in words]
    if isinstance(value, Fields):
        return typeof_impl(value, None), _array(value.array)
    if isinstance(value, np.ndarray):
        return typeof_impl(value, None), _array(value)
    if isinstance(value, bool | int | np.integer):
        return types.int64, [int(value)]
    if isinstance(value, float | np.floating):
        return types.float64, [int(np.float64(value).view(np.int64))]
    raise TypeError(f"{type(value).__name__} cannot be held for compiled code")


def _array(value: np.ndarray[Any, Any]) -> list[int]:
    return [0, 0, value.size, value.itemsize, value.ctypes.data, *value.shape, *value.strides]


@typeof_impl.register(Held)
def _typeof(value: Held[Any], context: Any) -> HeldType:  # noqa: ANN401, ARG001
    return value.kind  # type: ignore[no-any-return]


@register_model(HeldType)
class _HeldModel(models.PointerModel):
    def __init__(self, manager: Any, kind: HeldType) -> None:  # noqa: ANN401
        models.PrimitiveModel.__init__(self, manager, kind, _WORD.as_pointer())


@unbox(HeldType)
def _unbox(kind: HeldType, value: Any, c: Any) -> NativeValue:  # noqa: ANN401, ARG001
    number = c.pyapi.object_getattr_string(value, "address")
    address = c.pyapi.long_as_longlong(number)
    c.pyapi.decref(number)
    return NativeValue(c.builder.inttoptr(address, _WORD.as_pointer()))


@infer_getattr
class _Parts(AttributeTemplate):
    key = HeldType

    def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]  # noqa: ANN401
        return kind.places[name][1] if name in kind.places else None


@lower_getattr_generic(HeldType)
def _part(context: Any, builder: Any, kind: HeldType, value: Any, name: str) -> Any:  # noqa: ANN401
    place, part = kind.places[name]

    def word(number: int, like: Any = _WORD) -> Any:  # noqa: ANN401
        at = builder.gep(value, [ir.Constant(_WORD, place + number)], inbounds=True)
        found = builder.load(builder.bitcast(at, like.as_pointer()), align=8)
        found.set_metadata("invariant.load", builder.module.add_metadata([]))
        return found

    if isinstance(part, HeldType):
        return builder.gep(value, [ir.Constant(_WORD, place)], inbounds=True)
    if part == types.int64:
        return word(0)
    if part == types.float64:
        return word(0, ir.DoubleType())
    array = part.buffer if isinstance(part, FieldsType) else part
    made = context.make_array(array)(context, builder)
    made.meminfo = ir.Constant(made.meminfo.type, None)
    made.parent = ir.Constant(made.parent.type, None)
    made.nitems = word(2)
    made.itemsize = word(3)
    made.data = word(4, made.data.type)
    if array.ndim:
        sizes = [word(_HEAD + axis) for axis in range(array.ndim)]
        steps = [word(_HEAD + array.ndim + axis) for axis in range(array.ndim)]
        made.shape = cgutils.pack_array(builder, sizes)
        made.strides = cgutils.pack_array(builder, steps)
    if not isinstance(part, FieldsType):
        return made._getvalue()
    fields = cgutils.create_struct_proxy(part)(context, builder)
    fields.buffer = made._getvalue()
    return fields._getvalue()
