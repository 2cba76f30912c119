"""What is the same wherever points run: their parts are written, counted, and kept on a break."""

from __future__ import annotations

from collections.abc import Callable

from sim.sweep.point import Part
from sim.sweep.record import files_of
from sim.sweep.store import Store

#: Called after each point with its number and the runs it took.
Progress = Callable[[int, int], None]
INTERRUPTED = "interrupted; finished points are kept. Go on with --resume"


def write_part(store: Store, part: Part) -> None:
    """Write a point's files; its record comes last and says that the point is complete.

    What an earlier try left under the point's other names is deleted.
    """
    for name in files_of(part.number):
        if name not in part.files:
            store.remove(name)
    for name, content in part.files.items():
        store.write(name, content)
