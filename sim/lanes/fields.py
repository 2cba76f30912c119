"""Numbers of one shape under names: one buffer, in which a name is a place on the first axis.

A subclass of `Fields` lists its names as annotations. Ordinary code sees an array under each name;
what compiled code sees is in `sim.lanes.views`. This file loads no compiler.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Fields:
    """Arrays of one shape under the names that a subclass annotates, in one buffer."""

    names: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        """The annotations of the class itself are its names, in their order."""
        cls.names = tuple(inspect.get_annotations(cls))

    def __init__(self, array: Floats) -> None:
        """Array [name, ...], float64 in C order. Raises ValueError for another one."""
        if len(array) != len(self.names) or not array.flags.c_contiguous:
            raise ValueError(f"{type(self).__name__} has {len(self.names)} names in C order")
        self._show(array)

    def _show(self, array: Floats) -> None:
        self.array = array
        for number, name in enumerate(self.names):
            setattr(self, name, array[number, ...])

    @classmethod
    def empty(cls, *shape: int) -> Self:
        """Zeros of a shape under every name, placed for the widest loads."""
        from sim.lanes.packs import aligned

        return cls(aligned(len(cls.names), *shape))

    @classmethod
    def of(cls, **values: Floats) -> Self:
        """From an array under every name, of shapes that broadcast. Raises TypeError for a name
        that is missing or unknown.
        """
        if missing := set(cls.names) ^ set(values):
            raise TypeError(f"{cls.__name__}: {', '.join(sorted(missing))} missing or unknown")
        return cls(np.stack(np.broadcast_arrays(*(values[name] for name in cls.names))))

    def each(self, change: Any) -> Self:  # noqa: ANN401 - any function of an array
        """A function applied to the array under every name."""
        return type(self)(np.stack([change(values) for values in self]))

    def view(self, of: Any) -> Self:  # noqa: ANN401 - any index of an array
        """The buffer indexed, names kept: for ordinary code only."""
        found = object.__new__(type(self))
        found._show(self.array[of])
        return found

    def replaced(self, **values: Floats) -> Self:
        """A copy with other arrays under some names."""
        return self.of(**{name: values.get(name, self[name]) for name in self.names})

    def __getitem__(self, name: str) -> Floats:
        return np.asarray(self.array[self.names.index(name)])

    def __iter__(self) -> Iterator[Floats]:
        return iter(self.array)
