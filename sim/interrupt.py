"""Ctrl-C ends a command within two seconds, whatever its threads are at.

Python raises KeyboardInterrupt only between two steps of the main thread. That may take long: a
library that is loaded later (Polars is one) can let waits for threads go on after a signal, and a
call into compiled code, LLVM's above all, comes back when it is done. So a thread stands by while a
command runs. The signal reaches it at once, through a pipe; it then

1. lets `asked` say so, which work on threads looks at,
2. wakes the main thread out of its wait with a second, harmless signal until it has raised
   KeyboardInterrupt,
3. ends the process after `GRACE_S` where all of that was not enough.

Output is written beside its name and moved there, so none is left by halves; what lies beside is
deleted even at a hard end, if `cleared_up` names it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from sim.errors import Cancelled

CODE: Final = 130
GRACE_S: Final = 1.4
"""Seconds from the signal to the hard end: two less what a busy machine takes to end a process."""
_NUDGE_S = 0.05
_COMPILER = ("numba.", "llvmlite.")
_CLEARING = frozenset({"__del__", "_remove", "cb"})  # cb: of the import system
_SHOW_CURSOR = b"\x1b[?25h"  # a progress bar hides it


@dataclass
class _State:
    """Of this process: there is one Ctrl-C."""

    asked: threading.Event = field(default_factory=threading.Event)
    raised: bool = False
    holding: int = 0
    ending: threading.Lock = field(default_factory=threading.Lock)
    words: str = "interrupted"
    unfinished: list[Path] = field(default_factory=list)


_state = _State()


def asked() -> bool:
    """True once somebody pressed Ctrl-C while a command ran."""
    return _state.asked.is_set()


def raise_if_asked() -> None:
    """For work on threads, at least every tenth of a second. Raises Cancelled."""
    if _state.asked.is_set():
        raise Cancelled(_state.words)


@contextlib.contextmanager
def cleared_up(*paths: Path) -> Iterator[None]:
    """Files and folders to be moved to their names in the block: one that was not is deleted at its
    end, be it by an error, by Ctrl-C, or hard.
    """
    _state.unfinished.extend(paths)
    try:
        yield
    finally:
        for path in paths:
            _delete(path)
            _state.unfinished.remove(path)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        path.unlink()


def call_it(words: str) -> None:
    """What the line of an interrupted command says from now on, without a full stop."""
    _state.words = words


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Few renames that belong together: Ctrl-C waits for their end. For the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _state.holding += 1
    try:
        yield
    finally:
        _state.holding -= 1
    if _state.asked.is_set() and not _state.raised and not _state.holding:
        _raise()


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """Ctrl-C is looked after while the block runs, and until the process ends if it was pressed.

    Changes nothing where SIGINT is ignored or somebody else's, or off the main thread.
    """
    theirs = signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    if theirs or threading.current_thread() is not threading.main_thread():
        yield
        return
    heard, told = os.pipe()
    os.set_blocking(told, False)
    before = signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    signal.signal(signal.SIGINT, _on_signal)
    if hasattr(signal, "SIGURG"):
        signal.signal(signal.SIGURG, _on_signal)
    standby = threading.Thread(target=_stand_by, args=(heard,), name="ctrl-c", daemon=True)
    standby.start()
    try:
        yield
    finally:
        if not _state.asked.is_set():
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.set_wakeup_fd(before)
            os.write(told, b"\0")
            standby.join(1.0)
            os.close(told)
            os.close(heard)


def end() -> NoReturn:
    """The end of a command that cleared up after Ctrl-C: its one line on stderr, and the code.

    The process ends here; taking modules and threads down would only add to the wait. Where the
    block of `watched` was not interrupted by the signal itself, SystemExit is raised instead.
    """
    _end_alone()
    with contextlib.suppress(OSError, ValueError):  # nobody may be left to read
        sys.stdout.flush()
    sys.stderr.write(f"spheres: {_state.words}\n")
    sys.stderr.flush()
    if _state.asked.is_set():
        os._exit(CODE)
    _state.ending.release()
    sys.exit(CODE)


def _on_signal(number: int, frame: FrameType | None) -> None:
    """A second one finds the first at its clearing up and must not end that."""
    if number == signal.SIGINT:
        _state.asked.set()
    ready = _state.asked.is_set() and not _state.raised and not _state.holding
    if ready and not _would_be_lost(frame):
        _raise()


def _would_be_lost(frame: FrameType | None) -> bool:
    """True where Python was called from C that cannot hand an exception on: it would print a
    traceback and forget it. The compiler does so, and whatever clears up after an object.
    """
    while frame is not None:
        code = frame.f_code
        if code.co_name in _CLEARING or frame.f_globals.get("__name__", "").startswith(_COMPILER):
            return True
        frame = frame.f_back
    return False


def _raise() -> None:
    _state.raised = True
    raise KeyboardInterrupt


def _stand_by(heard: int) -> None:
    while numbers := os.read(heard, 64):
        if signal.SIGINT in numbers:
            break
        if 0 in numbers:
            return
    _state.asked.set()
    deadline = time.monotonic() + GRACE_S
    main = threading.main_thread()
    while time.monotonic() < deadline or (_state.holding and time.monotonic() < deadline + 1.0):
        if not _state.raised and hasattr(signal, "SIGURG") and main.ident is not None:
            signal.pthread_kill(main.ident, signal.SIGURG)
        time.sleep(_NUDGE_S)
    _end_hard()


def _end_alone() -> None:
    """Two threads may want to end the process: one of them says so."""
    if not _state.ending.acquire(timeout=0.5):
        os._exit(CODE)


def _end_hard() -> None:
    _end_alone()
    for path in list(_state.unfinished):
        _delete(path)
    line = f"spheres: {_state.words}\n".encode()
    if os.isatty(2):
        line = _SHOW_CURSOR + line
    with contextlib.suppress(OSError):
        os.write(2, line)
    os._exit(CODE)
