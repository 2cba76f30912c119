"""A strict reader of plain YAML that remembers the line of every key.

Only ``true`` and ``false`` are booleans (``NO`` stays Norway), ``1e-3`` is a number, dates stay
text. Duplicate keys, tags, anchors, aliases and several documents in one file are refused; size,
nesting and number of nodes are bounded. Scalars in quotes are always text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sim.errors import DuplicateKey, InputError, MalformedYaml, MissingFile
from sim.files import display

Key = tuple[str | int, ...]
#: Whatever YAML may hold, before it has been checked.
type Raw = Any

MAX_BYTES = 1_000_000
MAX_NESTING = 20
MAX_NODES = 200_000
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, eq=False)
class Document:
    """What a file says (``value``) and where it says it (``lines``: key path -> line from 1).

    Equal to itself only: what was found out about one can be kept for it.
    """

    value: Raw
    lines: dict[Key, int]
    file: str
    source: Path | None = None
    numbered: bool = True

    def line(self, key: Key) -> int:
        """Line of ``key``, or of the nearest enclosing key that has one."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)

    def error(
        self, kind: type[InputError], message: str, key: Key, hint: str | None = None
    ) -> InputError:
        """An error of ``kind`` that points at ``key`` in this file."""
        line = self.line(key) if self.numbered else None
        return kind(message, file=self.file, line=line, path=dotted(key), hint=hint)

    def where(self, key: Key) -> str:
        """``FILE:LINE`` of ``key``."""
        return f"{self.file}:{self.line(key)}" if self.numbered else self.file


def dotted(key: Key) -> str:
    """A key path as text: ``events[2].lever``."""
    text = ""
    for part in key:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def plain_text(text: str) -> bool:
    """Whether ``text`` without quotes is read back as text."""
    known = text in ("", "~", "null", "true", "false")
    return not (known or _INT.fullmatch(text) or _FLOAT.fullmatch(text))


def read_yaml(path: Path) -> Document:
    """Read one file. Raises MissingFile, MalformedYaml, DuplicateKey."""
    name = display(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise MissingFile("no such file", file=name) from None
    except OSError as error:
        raise MissingFile(f"cannot be read ({error.strerror})", file=name) from None
    _bounded(len(raw), name)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise MalformedYaml("not UTF-8 text", file=name, line=line) from None
    return parse_yaml(text, name, path)


def parse_text(text: str, file: str) -> Document:
    """Read text that somebody sent, bounded as a file is; ``file`` names it in messages."""
    _bounded(len(text.encode("utf-8", "replace")), file)
    return parse_yaml(text, file)


def _bounded(size: int, file: str) -> None:
    if size > MAX_BYTES:
        raise MalformedYaml(f"larger than {MAX_BYTES:,} bytes", file=file)


def parse_yaml(text: str, file: str, source: Path | None = None) -> Document:
    """Read YAML from text; ``file`` names it in messages."""
    reader = _Reader(file)
    try:
        value = reader.document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        problem = error.problem or error.context or "cannot be read as YAML"
        hint = "Check indentation, quotes and brackets just above"
        raise MalformedYaml(problem, file=file, line=line, hint=hint) from None
    except yaml.YAMLError as error:
        position = getattr(error, "position", None)
        line = None if position is None else text[:position].count("\n") + 1
        reason = "holds a character that YAML does not allow"
        raise MalformedYaml(reason, file=file, line=line) from None
    return Document(value, reader.lines, file, source)


@dataclass
class _Reader:
    """Builds plain values from parser events, one pass, never recursing past MAX_NESTING."""

    file: str
    lines: dict[Key, int] = field(default_factory=dict)
    nodes: int = 0

    def refuse(self, message: str, event: Raw, hint: str | None = None) -> MalformedYaml:
        return MalformedYaml(message, file=self.file, line=_line(event), hint=hint)

    def document(self, events: Iterator[Any]) -> Raw:
        value: Raw = None
        seen = False
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if seen:
                    raise self.refuse("more than one document in a file", event)
                seen = True
                value = self.node(next(events), events, ())
        return value

    def node(self, event: Raw, events: Iterator[Any], key: Key) -> Raw:
        self.guard(event, key)
        self.lines.setdefault(key, _line(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(events, key)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(events, key)
        return self.scalar(event)

    def guard(self, event: Raw, key: Key) -> None:
        self.nodes += 1
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self.refuse("anchors and aliases are not read", event, "Write the value out")
        if event.tag is not None and event.tag != "!":
            raise self.refuse("tags are not read", event, "Write a plain value")
        if len(key) > MAX_NESTING:
            raise self.refuse(f"nested deeper than {MAX_NESTING} levels", event)
        if self.nodes > MAX_NODES:
            raise self.refuse(f"more than {MAX_NODES:,} values", event)

    def mapping(self, events: Iterator[Any], key: Key) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                return result
            self.guard(event, key)
            if not isinstance(event, yaml.ScalarEvent) or not event.value:
                raise self.refuse("a key must be a word", event)
            name: str = event.value
            here = (*key, name)
            line = _line(event)
            if name in result:
                raise DuplicateKey(
                    f"key '{name}' appears twice (first in line {self.lines[here]})",
                    file=self.file,
                    line=line,
                    path=dotted(here),
                    hint="Keep one of them",
                )
            self.lines[here] = line
            result[name] = self.node(next(events), events, here)
        return result

    def sequence(self, events: Iterator[Any], key: Key) -> list[Any]:
        result: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            result.append(self.node(event, events, (*key, len(result))))
        return result

    def scalar(self, event: Raw) -> Raw:
        text: str = event.value
        if not event.implicit[0]:
            return text
        if text in ("", "~", "null"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if _INT.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            number = float(text)
            if not math.isfinite(number):
                raise self.refuse(f"the number {text[:40]} is too large", event)
            return number
        return text


def _line(event: Raw) -> int:
    """Line of a parser event, from 1."""
    return int(event.start_mark.line) + 1
