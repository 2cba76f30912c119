"""What is the same wherever points run: their parts are written, counted, and kept on a break."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.sweep.point import Part
from sim.sweep.record import files_of
from sim.sweep.store import Store

#: Called after each point with its number and the runs it took.
Progress = Callable[[int, int], None]
INTERRUPTED = "interrupted; finished points are kept. Go on with --resume"


def _nothing(*_: object) -> None:
    """What nobody listens to."""


@dataclass(frozen=True)
class Listener:
    """Who is told how a sweep goes.

    damaged: names of files that were not what the sweep had written, before they are made again;
    started: how many points there are to run; progress: see `Progress`.
    """

    damaged: Callable[[Sequence[str]], None] = _nothing
    started: Callable[[int], None] = _nothing
    progress: Progress = _nothing


SILENT = Listener()


def write_part(store: Store, part: Part) -> None:
    """Write a point's files; its record comes last and says that the point is complete.

    What an earlier try left under the point's other names is deleted.
    """
    for name in files_of(part.number):
        if name not in part.files:
            store.remove(name)
    for name, content in part.files.items():
        store.write(name, content)
