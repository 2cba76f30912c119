"""``spheres verify``: are the files of a run or sweep folder what its manifest says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="A run folder or sweep folder.")],
) -> None:
    """Exit 0 if every checksum agrees, 5 if one does not, 3 without a manifest.

    Files that somebody else laid there are named and no fault, tables among the results excepted.
    """
    from sim.cli.output import say
    from sim.files import listed
    from sim.runs import folder as run_folder
    from sim.sweep import folder as sweep_folder
    from sim.sweep.store import open_store

    store = open_store(folder)
    manifest = sweep_folder.read_json(store, sweep_folder.MANIFEST)
    if manifest.get("kind") == "sweep":
        found = sweep_folder.verify(store)
    else:
        found = run_folder.verify(Path(folder))
    others = run_folder.foreign(store.names(), manifest)
    if others:
        say(f"note: {folder} also holds what it did not write: {listed(others)}")
    print(f"{folder}: {len(found)} files agree with the manifest")
