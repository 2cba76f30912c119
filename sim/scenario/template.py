"""A new scenario file: it changes nothing, and its comments show what can be said."""

from __future__ import annotations

import re
from pathlib import Path

from sim.errors import FolderConflict, MissingFile, SchemaError
from sim.files import scenarios_dir, write_whole
from sim.scenario.layers import find, shipped_names
from sim.scenario.quantity import Lever
from sim.scenario.resolve import load
from sim.scenario.resolved import Resolved

_TEMPLATE = """\
# yaml-language-server: $schema={schema}
schema_version: 1
name: {name}
extends: {extends}  # a shipped name, or a path relative to this file
narrative: ""
claims: []

# Move a number: its unit, range, source and draw stay. All paths: spheres params
set:
  # {path}: {value:g}
  # {path}: {{value: {value:g}, unit: {unit}, source: where it is from, confidence: assumed}}
  # {path}: {{fix: true}}            # no draw: the same in every replicate

# Move a lever from a month on (or until a month), in some economies or in all.
events:
  # - {{on: {month}, lever: {lever}, to: {to:g}, confidence: assumed}}
  # - {{on: {month}, until: {later}, lever: {lever}, to: {to:g}, source: a text, confidence: estimated}}
  # to: the new value; or times: a factor, or add: a number, on what it would otherwise be
  # economies: [KEN, group:eu, region:Africa, income:Low, tier:2, -HUN]

# What moves by itself: linear between dated points, flat outside.
paths:
  # economies.group:african_union.online: {{{month}: 0.5, {later}: 0.6}}

# Take away inherited events by their id.
drop_events:

# Values of single economies.
countries:
  # KEN: {{column: value}}
"""  # noqa: E501 - a comment of the file it writes


def write_template(name: str, extends: str, path: Path) -> Path:
    """Write a commented scenario that extends another; nothing is written if anything is wrong.

    Raises SchemaError (name), MissingFile (folder or scenario), FolderConflict (file is there).
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", name):
        raise SchemaError(f"'{name}' is not a name", hint="Use letters, digits, '-' and '_'")
    if path.exists():
        raise FolderConflict(f"{path}: is already there. Choose another file with -o")
    if not path.parent.is_dir():
        raise MissingFile("no such folder", file=path.parent, hint="Make it first")
    base = find(extends)
    parent = extends if extends in shipped_names() else _relative(base, path.parent)
    text = template(name, parent, load(extends), _schema(path.parent))
    write_whole(path, text)
    return path


def _relative(path: Path, folder: Path) -> str:
    """``path`` as a file in ``folder`` names it."""
    relative = path.resolve().relative_to(folder.resolve(), walk_up=True).as_posix()
    return relative if relative.startswith("../") else f"./{relative}"


def _schema(folder: Path) -> str:
    try:
        return _relative(scenarios_dir() / "schema.json", folder)
    except MissingFile:
        return "./schema.json"


def _other_end(lever: Lever) -> float:
    """The end of its range that a lever is not at, so that the example changes something."""
    low, high = lever.range
    return low if lever.value == high else high


def template(name: str, extends: str, base: Resolved, schema: str) -> str:
    """The text of the new file, with examples taken from ``base``."""
    path = next((p for p, q in sorted(base.parameters.items()) if q.draw), min(base.parameters))
    quantity = base.parameters[path]
    lever = min(base.levers, default="some.lever")
    to = _other_end(base.levers[lever]) if base.levers else 1
    return _TEMPLATE.format(
        schema=schema,
        name=name,
        extends=extends,
        path=path,
        value=quantity.value,
        unit=f'"{quantity.unit}"',
        lever=lever,
        to=to,
        month=base.horizon.label(base.horizon.n_months // 2),
        later=base.horizon.label(base.horizon.n_months // 2 + 12),
    )
