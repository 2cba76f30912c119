# ruff: noqa: N818 - the names say what is wrong; "Error" at the end would say nothing more
"""The one tree of errors. Each carries the exit code the command line ends with.

An input error says what is wrong, where (file, line, dotted path) and what would be right.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class SpheresError(Exception):
    """Anything Spheres refuses or cannot do. Exit code 1."""

    exit_code = 1


class InputError(SpheresError):
    """Something a person wrote is wrong or missing. Exit code 3.

    Attributes: ``message`` (what), ``file``, ``line`` (from 1), ``path`` (dotted key path),
    ``hint`` (what would be right). Text: ``FILE:LINE: PATH: message. hint``.
    """

    exit_code = 3

    def __init__(
        self,
        message: str,
        *,
        file: str | Path | None = None,
        line: int | None = None,
        path: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = None if file is None else str(file)
        self.line = line
        self.path = path
        self.hint = hint

    def __str__(self) -> str:
        parts = []
        if self.file is not None:
            parts.append(self.file if self.line is None else f"{self.file}:{self.line}")
        if self.path:
            parts.append(self.path)
        parts.append(self.message.rstrip("."))
        text = ": ".join(parts) + "."
        if self.hint:
            text += f" {self.hint}" if self.hint[-1] in ".?!" else f" {self.hint}."
        return " ".join(text.split())


class MissingFile(InputError):
    """A file or a shipped name that does not exist."""


class MalformedYaml(InputError):
    """Text that is not the plain YAML this project reads."""


class UnknownKey(InputError):
    """A key or path that means nothing here."""


class OutOfRange(InputError):
    """A number outside the range its quantity allows."""


class UnitMismatch(InputError):
    """A value given in another unit than the quantity has."""


class UnknownEconomy(InputError):
    """An ISO3 code or a group that the country table does not have."""


class CyclicExtends(InputError):
    """Scenario files that extend each other in a circle."""


class OutsideHorizon(InputError):
    """An event dated outside the months that are simulated."""


class DuplicateKey(InputError):
    """One thing said twice, and not the same way."""


class SchemaError(InputError):
    """A value of the wrong kind, or something required that is absent."""


class NothingRecorded(SchemaError):
    """A run whose tables hold nothing of what is to be shown."""


class SeedError(InputError):
    """A seed table that breaks its own description."""


class NeedsCheckout(SpheresError):
    """Something that ships beside the package, asked of an installed one."""

    exit_code = 2


class FolderConflict(SpheresError):
    """An output folder or file that already holds something else."""

    exit_code = 3


class SomeRunsFailed(SpheresError):
    """Some runs of a sweep failed; the others are complete."""

    exit_code = 4


class VerificationMismatch(SpheresError):
    """A file differs from the checksum in its manifest."""

    exit_code = 5


def nearest(word: str, legal: Iterable[str]) -> str | None:
    """A hint that names the legal word closest to ``word``, or None if none is close."""
    found = get_close_matches(word, sorted(legal), n=1, cutoff=0.5)
    return f"Did you mean '{found[0]}'?" if found else None


class Cancelled(SpheresError):
    """A run was told to stop; nothing of it is kept."""

    exit_code = 130


class Busy(SpheresError):
    """More is asked for at once than one page runs."""


class PortTaken(SpheresError):
    """Something else listens on this address already."""
