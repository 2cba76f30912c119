"""Where shipped files are found, how a file is named in messages, and the one way to write.

Everything is written beside its place and moved there whole. A file is replaced only if Spheres
wrote it; what anybody else put into a folder stays.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import socket
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from sim.errors import FolderConflict, MissingFile
from sim.interrupt import cleared_up, undisturbed

_PACKAGE = Path(__file__).resolve().parent
#: What file managers, file systems and Git leave in folders that are empty for everybody else.
_DROPPINGS = {".DS_Store", "Thumbs.db", "desktop.ini", "lost+found", ".gitkeep"}
_UNFINISHED = re.compile(r"\..+\.(?P<host>[^/]+)-(?P<process>\d+)-\d+\.part")


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


def display(path: Path) -> str:
    """``path`` as messages show it: relative to here or to the checkout where that is shorter."""
    resolved = path.resolve()
    for base in (Path.cwd(), _PACKAGE.parent):
        if resolved.is_relative_to(base.resolve()):
            return resolved.relative_to(base.resolve()).as_posix()
    return str(path)


def beside(name: str) -> str:
    """A hidden name that no other writer uses, for what is to become ``name``."""
    return f".{name}.{socket.gethostname()}-{os.getpid()}-{threading.get_ident()}.part"


def unfinished(name: str) -> bool:
    """Whether a file or folder name is one of `beside`: left by a process that was killed."""
    return _UNFINISHED.fullmatch(name) is not None


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file beside its place, flush it to the disk, and move it there in one step.

    A link is followed and a mode kept. A device or a pipe is written to. Raises OSError.
    """
    raw = content.encode() if isinstance(content, str) else content
    target = path.resolve() if path.is_symlink() else path
    if target.exists() and not target.is_file():
        with target.open("wb") as file:
            file.write(raw)
        return
    part = target.with_name(beside(target.name))
    with cleared_up(part):
        with part.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, part)
        _move(part, target)


def _move(part: Path, target: Path) -> None:
    try:
        part.replace(target)
    except OSError as error:
        if error.errno not in (errno.EBUSY, errno.EXDEV):
            raise
        shutil.copyfile(part, target)  # a mount point takes bytes, but no other file's name


def refuse_foreign(path: Path, ours: Callable[[str], bool], what: str, *, force: bool) -> None:
    """Refuse to write over a file that is no ``what`` of ours; call before any work.

    ours: whether a file with this text is one. Raises FolderConflict.
    """
    if force or not path.is_file() or not path.stat().st_size:
        return
    if not ours(path.read_text(encoding="utf-8", errors="replace")):
        raise FolderConflict(
            f"{display(path)} is no {what} that Spheres wrote; it is left alone. Choose another "
            "file with -o, or replace it with --force."
        )


def same_kind(text: str) -> Callable[[str], bool]:
    """A test of whether another text is a JSON object with the keys of this one."""
    keys = json.loads(text).keys()

    def ours(other: str) -> bool:
        try:
            found = json.loads(other)
        except ValueError:
            return False
        return isinstance(found, dict) and found.keys() == keys

    return ours


def held(folder: Path) -> list[str]:
    """Names in a folder, without what killed processes and file managers leave there."""
    names = (path.name for path in folder.iterdir())
    return sorted(name for name in names if name not in _DROPPINGS and not unfinished(name))


@contextmanager
def staged(folder: Path, own: Collection[str], last: str) -> Iterator[Path]:
    """A hidden folder to fill, whose files then take their places in ``folder``, ``last`` last.

    A folder that was not there appears in one step. One that is there is written into, so it may
    be a mount point: of the files in ``own`` (names an earlier run wrote) those that were not
    written again are deleted, everything else stays. While files move, the old ``last`` is kept
    under `before`. Raises FolderConflict if a file of somebody else has a name that is needed.
    """
    fresh = not folder.exists()
    home = folder.parent if fresh else folder
    home.mkdir(parents=True, exist_ok=True)
    name = folder.resolve().name
    _clear_unfinished(home, name)
    stage = home / beside(name)
    with cleared_up(stage):
        stage.mkdir()
        yield stage
        with undisturbed():
            if fresh and not folder.exists():
                stage.rename(folder)
            else:
                _merge(stage, folder, own, last)


def before(last: str) -> str:
    """Name of the old ``last`` while a folder is being written into."""
    return f".{last}.before"


def _merge(stage: Path, folder: Path, own: Collection[str], last: str) -> None:
    files = [path.relative_to(stage) for path in sorted(stage.rglob("*")) if path.is_file()]
    names = [path.as_posix() for path in files]
    taken = [name for name in names if name not in own and os.path.lexists(folder / name)]
    parents = {folder / parent for path in files for parent in path.parents}
    taken += [path.name for path in parents if path.exists() and not path.is_dir()]
    if taken:
        raise FolderConflict(
            f"{display(folder)}: {', '.join(sorted(taken))} is there and no run wrote it; it is "
            "left alone. Choose another folder with -o, or move it away."
        )
    if (folder / last).exists():
        (folder / last).replace(folder / before(last))
    for name in names:
        if name != last:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            _move(stage / name, folder / name)
    remove_own(folder, set(own) - {*names, last})
    if last in names:
        _move(stage / last, folder / last)
    (folder / before(last)).unlink(missing_ok=True)


def remove_own(folder: Path, own: Collection[str]) -> None:
    """Delete files by name (relative to the folder, never outside it), then folders left empty."""
    for name in own:
        path = folder / name
        if Path(name).is_absolute() or ".." in Path(name).parts:
            continue
        with suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()
        for parent in Path(name).parents[:-1]:
            with suppress(OSError):  # not empty, or not there
                (folder / parent).rmdir()


def _clear_unfinished(home: Path, name: str) -> None:
    """Delete what processes of this machine that are dead left of ``name``."""
    for path in home.glob(".*.part"):
        found = _UNFINISHED.fullmatch(path.name)
        if found is None or not path.name.startswith(f".{name}."):
            continue
        if found["host"] == socket.gethostname() and not _alive(int(found["process"])):
            shutil.rmtree(path, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


REPORT = "report.html"


def is_report(text: str) -> bool:
    """Whether an HTML text is a report that `spheres report` wrote."""
    return "<title>Spheres report: " in text[:4096]


def check_writable(folder: Path) -> None:
    """Refuse a folder that cannot be written or made, before any work. Raises FolderConflict."""
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    if not place.is_dir() or not os.access(place, os.W_OK):
        raise FolderConflict(
            f"{display(folder)} cannot be written: {display(place)} is not a writable folder. "
            "Choose another place with -o."
        )


def listed(names: Collection[str], most: int = 12) -> str:
    """File names for a message, the first dozen of them."""
    shown = list(names)
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return ", ".join(shown[:most]) + more
