"""The record of a point: what it was made from, what came of it, and digests of its files.

A point is complete when its record stands and everything in it agrees: the record's own digest,
the digest of what the point is made from, size and digest of every file it names. So a record of
another sweep, a flipped bit or a file cut short is seen without the manifest.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

POINTS, OUTCOMES, GROUPS = "results/points", "results/outcomes", "results/groups"
FOLDERS = (POINTS, OUTCOMES, GROUPS)
_NAME = re.compile(
    r"results/(?:points/point=\d{6,}\.json|(?:outcomes|groups)/point=\d{6,}\.parquet)"
)


class Standing(NamedTuple):
    """A point as its folder shows it: complete or not, crashed or not, files that are at fault."""

    complete: bool
    crashed: bool
    wrong: tuple[str, ...]


def part_name(folder: str, number: int) -> str:
    """``results/outcomes/point=000012.parquet``; records are JSON."""
    suffix = "json" if folder == POINTS else "parquet"
    return f"{folder}/point={number:06d}.{suffix}"


def files_of(number: int) -> tuple[str, ...]:
    """Every name that a point may write, its record first."""
    return tuple(part_name(folder, number) for folder in FOLDERS)


def is_part(name: str) -> bool:
    """Whether a name is one that some point writes."""
    return _NAME.fullmatch(name) is not None


def record_bytes(content: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """A record as it is written. files: the parts of the point by name."""
    listed = {name: {"bytes": len(raw), "sha256": _sha256(raw)} for name, raw in files.items()}
    return _sealed({**content, "files": listed})


def standing(
    number: int, inputs: str, read: Callable[[str], bytes | None], names: Collection[str]
) -> Standing:
    """What a folder holds of a point.

    inputs: digest of what the point is made from (`fingerprint.point_digest`). read: content of a
    file, None where there is none. names: all files of the folder.
    """
    record, *parts = files_of(number)
    raw = read(record)
    if raw is None:
        return Standing(complete=False, crashed=False, wrong=())
    found = _opened(raw)
    if found is None or found.get("point") != number or found.get("inputs") != inputs:
        return Standing(complete=False, crashed=False, wrong=(record,))
    listed = found["files"]
    wrong = [name for name, told in listed.items() if not _agrees(read(name), told)]
    wrong += [name for name in parts if name in names and name not in listed]
    crashed = any(failure["kind"] == "crashed" for failure in found["failures"])
    return Standing(complete=not wrong, crashed=crashed, wrong=tuple(sorted(wrong)))


def _agrees(raw: bytes | None, told: Mapping[str, Any]) -> bool:
    return raw is not None and (len(raw), _sha256(raw)) == (told["bytes"], told["sha256"])


def _sealed(content: Mapping[str, Any]) -> bytes:
    """The record with a digest of itself at its end."""
    digest = _sha256(_text(content))
    return _text({**content, "digest": digest})


def _opened(raw: bytes) -> dict[str, Any] | None:
    """Content of a record, None unless it is byte for byte what was written."""
    try:
        found = json.loads(raw)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    content = {key: value for key, value in found.items() if key != "digest"}
    return content if _sealed(content) == raw else None


def _text(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
