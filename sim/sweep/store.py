"""Where a sweep's files are: a folder here, or any place fsspec knows (object stores).

A file appears whole or not at all: it is written beside its name and moved there. Names are
relative to the folder and use ``/``.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from sim.errors import FolderConflict, SpheresError
from sim.files import beside, display, remove_own, unfinished, write_whole

LOCK = ".lock"
_GONE = (
    "{place} was moved or deleted while the sweep was running; what was finished is where it went. "
    "Move it back and go on with --resume."
)
_BUSY = "another process is working in {place}. Wait for it to end, or choose another folder."


class Store(Protocol):
    """What a sweep needs of the place its files are in."""

    place: str

    def read(self, name: str) -> bytes | None:
        """Content of a file, None if it is not there."""

    def write(self, name: str, content: bytes) -> None:
        """Put a whole file there in one step, replacing what has the name."""

    def names(self, folder: str = "") -> list[str]:
        """Names of all files below a folder, sorted, hidden ones left out."""

    def remove(self, name: str) -> None:
        """Delete a file if it is there."""

    def clear(self, own: Collection[str]) -> None:
        """Delete these files, and folders that are empty then; everything else stays."""

    def sweep_up(self) -> None:
        """Delete what a killed process left half written."""

    def locked(self) -> Any:  # noqa: ANN401 - a context manager
        """Context in which no other sweep may write here. Raises FolderConflict."""


def open_store(place: str) -> Store:
    """A folder, or a URL such as ``s3://bucket/sweep`` (needs the extra ``cluster``)."""
    return RemoteStore(place) if "://" in place else LocalStore(Path(place))


def _beside(name: str) -> str:
    """A hidden name in the same folder that no other writer uses."""
    folder, _, leaf = name.rpartition("/")
    return f"{folder}/{beside(leaf)}".lstrip("/")


def _hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


class LocalStore:
    """A folder of this machine, or one that all machines see."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.place = str(root.absolute())
        self._lock: int | None = None

    def read(self, name: str) -> bytes | None:
        """Content of a file, None if it is not there."""
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Write beside and move. Raises FolderConflict if the folder is gone."""
        self._check_there()
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, bytes(content))  # refuses text

    def names(self, folder: str = "") -> list[str]:
        """Names of all files below a folder, sorted, hidden ones left out."""
        top = self.root / folder
        found = [p.relative_to(self.root).as_posix() for p in top.rglob("*") if p.is_file()]
        return sorted(name for name in found if not _hidden(name))

    def remove(self, name: str) -> None:
        """Delete a file if it is there."""
        (self.root / name).unlink(missing_ok=True)

    def clear(self, own: Collection[str]) -> None:
        """Delete these files, and folders that are empty then; everything else stays."""
        remove_own(self.root, own)
        self.sweep_up()

    def sweep_up(self) -> None:
        """Delete what a killed process left half written."""
        for path in self.root.rglob(".*.part"):
            if unfinished(path.name) and path.is_file():
                path.unlink(missing_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder's lock, which ends with the process, however it ends."""
        import fcntl

        if self.root.exists() and not self.root.is_dir():
            raise FolderConflict(f"{display(self.root)} is a file, not a folder.")
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / LOCK).open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise FolderConflict(_BUSY.format(place=display(self.root))) from None
            self._lock = file.fileno()
            try:
                yield
            finally:
                self._lock = None

    def _check_there(self) -> None:
        """While the lock is held, the folder must be the one that was locked."""
        if self._lock is None:
            return
        try:
            same = os.path.samestat(os.fstat(self._lock), (self.root / LOCK).stat())
        except FileNotFoundError:
            same = False
        if not same:
            raise FolderConflict(_GONE.format(place=display(self.root)))


class RemoteStore:
    """Any file system of fsspec. An object appears whole once it is stored, so none is renamed."""

    def __init__(self, url: str) -> None:
        try:
            import fsspec
        except ImportError:
            hint = "Install the extra: pip install 'spheres[cluster]'"
            raise SpheresError(f"{url} needs fsspec. {hint}.") from None
        self.place = url.rstrip("/")
        self.files, root = fsspec.core.url_to_fs(self.place)
        self.root = str(root).rstrip("/")
        self.renames = url.startswith(("file://", "sftp://", "ssh://", "hdfs://", "smb://"))

    def read(self, name: str) -> bytes | None:
        """Content of a file, None if it is not there."""
        try:
            return bytes(self.files.cat_file(f"{self.root}/{name}"))
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Store an object whole; on a file system write beside and move."""
        target = f"{self.root}/{name}"
        self.files.makedirs(target.rpartition("/")[0], exist_ok=True)
        if self.renames:
            part = f"{self.root}/{_beside(name)}"
            self.files.pipe_file(part, content)
            self.files.mv(part, target)
        else:
            self.files.pipe_file(target, content)

    def names(self, folder: str = "") -> list[str]:
        """Names of all files below a folder, sorted, hidden ones left out."""
        self.files.invalidate_cache()
        found = self.files.find(f"{self.root}/{folder}".rstrip("/"))
        names = (str(path).removeprefix(self.root).lstrip("/") for path in found)
        return sorted(name for name in names if not _hidden(name))

    def remove(self, name: str) -> None:
        """Delete a file if it is there."""
        if self.files.exists(f"{self.root}/{name}"):
            self.files.rm_file(f"{self.root}/{name}")

    def clear(self, own: Collection[str]) -> None:
        """Delete these files; everything else stays."""
        for name in own:
            self.remove(name)
        self.sweep_up()

    def sweep_up(self) -> None:
        """Delete what a killed process left half written."""
        for path in self.files.find(self.root):
            if unfinished(str(path).rpartition("/")[2]):
                self.files.rm_file(path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Leave a lock object; one that a killed process left must be deleted by hand.

        It is created only where none is, as stores promise that know conditional writes; whoever
        then reads another's name in it gives way.
        """
        lock = f"{self.root}/{LOCK}"
        who = socket.gethostname(), os.getpid(), threading.get_ident()
        name = (" ".join(map(str, who)) + "\n").encode()
        note = f" If none is running any more, delete {self.place}/{LOCK}."
        busy = FolderConflict(_BUSY.format(place=self.place) + note)
        self.files.invalidate_cache()
        if self.files.exists(lock):
            raise busy
        self.files.makedirs(self.root, exist_ok=True)
        try:
            self.files.pipe_file(lock, name, mode="create")
        except FileExistsError:
            raise busy from None
        self.files.invalidate_cache()
        if self.files.cat_file(lock) != name:
            raise busy
        try:
            yield
        finally:
            with suppress(FileNotFoundError):
                self.files.rm_file(lock)
