"""The first use of the model on a machine: it is compiled, once, and whoever waits is told so."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sim.cli.output import say

if TYPE_CHECKING:
    from sim.runs.run import EngineName

_SMALLEST = ("horizon.end=2023-01",)


def compile_once(engine: EngineName = "ensemble") -> float:
    """Compile the model where nothing of it is compiled yet; the seconds that took, else 0.

    The smallest run compiles what any run needs; the machine code stays in the user's cache.
    """
    from sim.lanes.jit import first_use

    if not first_use():
        return 0.0
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from sim.runs.run import run

    say("compiling the model for this machine: happens once, takes some minutes")
    begun, console = time.perf_counter(), Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("compiling"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as line:
        line.add_task("compiling", total=None)
        run("baseline", 1, engine=engine, sets=_SMALLEST)
    return time.perf_counter() - begun
