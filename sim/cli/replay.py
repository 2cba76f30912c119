"""``spheres replay``: does a point of a sweep give the same bytes again."""

from __future__ import annotations

from typing import Annotated

import typer


def command(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="Folder of a sweep.")],
    point: Annotated[int, typer.Option("--point", metavar="K", min=0, help="Number of the point.")],
) -> None:
    """Exit 0 if every byte is the same, 5 if one differs."""
    from sim.sweep.replay import replay

    done = replay(folder, point)
    for path, value in done.point.values.items():
        print(f"{path} = {value!r}")
    print(f"point {point}: {len(done.files)} files, same bytes")
