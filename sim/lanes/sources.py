"""Which files machine code is made from: the cache is named by their content.

Numba's own cache does not notice an edit in *another* file, and freezes what it reads there:
functions it inlines, constants, the order of the fields of a named tuple. So every module that
compiles something is hashed, and every module it takes a name from, and so on. A plain class is
not followed, unless it lists fields: nothing of it can reach compiled code. Imports are read from
the text, which costs hundredths of a second, since a command waits for this before it can begin.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

#: Decorators of `sim.lanes.jit`; a module that imports one of them compiles something.
DECORATORS = frozenset({"equation", "borrowing", "inner", "part"})
#: What a watcher does is compiled where it is called.
WATCHING = "sim.model.watch.watching"
_JIT = b"sim.lanes.jit"
_IMPORT = re.compile(rb"^[ \t]*from (sim[\w.]*) import (?:\(([^)]*)\)|(.*))", re.MULTILINE)
_NUMBA = re.compile(rb"^(?:import|from) numba\b", re.MULTILINE)
_COMMENT = re.compile(rb"#.*")
_NAME = re.compile(rb"(\w+)(?: as \w+)?")


def source_fingerprint(package: Path, versions: str = "") -> str:
    """Hex digest of every module that compiled code is made from.

    package: folder of the import package `sim`; versions: of the compiler and what it builds on.
    """
    digest = hashlib.sha256(versions.encode())
    texts = read_package(package)
    for name in compiled_sources(texts):
        digest.update(f"\n{name} {len(texts[name])}\n".encode())
        digest.update(texts[name])
    return digest.hexdigest()[:20]


def compiled_sources(texts: Mapping[str, bytes]) -> list[str]:
    """Names of the modules that compile something, and of all that they take names from, sorted.

    texts: dotted name of a module -> its source, of a whole package `sim`.
    """
    found: set[str] = set()
    open_ = [name for name, text in texts.items() if _compiles(text)]
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += _followed(name, texts)
    return sorted(found)


def read_package(package: Path) -> dict[str, bytes]:
    """Dotted name -> source of every module. package: folder of the import package `sim`."""
    texts = {}
    for path in package.rglob("*.py"):
        parts = path.relative_to(package.parent).with_suffix("").parts
        texts[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_bytes()
    return texts


def _compiles(text: bytes) -> bool:
    if b"numba" in text and _NUMBA.search(text):
        return True
    marks = {f"{_JIT.decode()}.{name}" for name in DECORATORS} | {WATCHING}
    return any(f"{module}.{name}" in marks for module, name in _imports(text))


def _imports(text: bytes) -> Iterator[tuple[str, str]]:
    for module, listed, line in _IMPORT.findall(text):
        for name in _NAME.findall(_COMMENT.sub(b"", listed or line)):
            yield module.decode(), name.decode()


def _followed(name: str, texts: Mapping[str, bytes]) -> Iterator[str]:
    for module, taken in _imports(texts[name]):
        if f"{module}.{taken}" in texts:
            yield f"{module}.{taken}"
        elif module in texts and not _is_plain_class(taken, texts[module]):
            yield module


def _is_plain_class(name: str, text: bytes) -> bool:
    found = re.search(rf"^class {name}\b.*$".encode(), text, re.MULTILINE)
    return found is not None and not re.search(rb"NamedTuple|Fields", found[0])
