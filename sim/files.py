"""Where the files that ship with Spheres are found, and how a file is named in messages."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from sim.errors import MissingFile
from sim.interrupt import unfinished

_PACKAGE = Path(__file__).resolve().parent


@lru_cache
def _shipped(folder: str) -> Path:
    """``folder`` beside the package in a checkout, or inside it in an installed wheel."""
    for candidate in (_PACKAGE.parent / folder, _PACKAGE / "_data" / folder):
        if candidate.is_dir():
            return candidate
    raise MissingFile(
        f"the folder '{folder}' is not there",
        file=_PACKAGE.parent / folder,
        hint="Run from a complete checkout or reinstall the package",
    )


def seeds_dir() -> Path:
    """The folder of seed tables. Raises MissingFile."""
    return _shipped("seeds")


def scenarios_dir() -> Path:
    """The folder of shipped scenarios. Raises MissingFile."""
    return _shipped("scenarios")


def write_whole(path: Path, text: str) -> None:
    """Write a text file beside its name and move it there: it appears whole or not at all.

    UTF-8, line feeds. What had the name stays where writing fails or is interrupted. A device or a
    pipe cannot be replaced and is written to. Raises OSError.
    """
    target = path.resolve()  # a link stays one
    if target.exists() and not target.is_file():
        target.write_text(text, "utf-8", newline="\n")
        return
    part = target.parent / f".{target.name}.part-{os.getpid()}"
    with unfinished(part):
        part.write_text(text, "utf-8", newline="\n")
        if target.exists():
            part.chmod(target.stat().st_mode)
        part.replace(target)


def display(path: Path) -> str:
    """``path`` as messages show it: relative to here or to the checkout where that is shorter."""
    resolved = path.resolve()
    for base in (Path.cwd(), _PACKAGE.parent):
        if resolved.is_relative_to(base.resolve()):
            return resolved.relative_to(base.resolve()).as_posix()
    return str(path)
