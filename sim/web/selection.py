"""The scenario selected on the page, and the scenario file it amounts to.

A view of the page is a scenario that ships (or one that was uploaded), policies laid over it, and
moves. All of it is written down as one scenario file, and that file is what is run: what *save as
scenario* downloads gives the same numbers because it is the same text.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from sim.errors import MissingFile, SchemaError, nearest
from sim.scenario import Resolved, load, load_text
from sim.scenario.layers import find, layer_of, read_policy, shipped_names
from sim.scenario.quantity import Frozen, Number
from sim.scenario.schema import MONTH, CompleteFile, PolicyFile
from sim.scenario.yaml_lines import Raw, parse_text
from sim.scenario.yaml_write import write_yaml

MOST_MOVES = 200
MOST_POLICIES = 20
UPLOAD_BYTES = 200_000
Path = Annotated[str, Field(max_length=120, pattern=r"^[A-Za-z0-9_.-]+$")]
Selector = Annotated[str, Field(max_length=60, pattern=r"^-?[A-Za-z0-9_:. ]+$")]


class Move(Frozen):
    """One slider or switch that stands elsewhere than the scenario has it."""

    path: Path
    value: Number
    on: Annotated[str, Field(pattern=MONTH)] | None = None
    """For a lever: the first month of the new value. None: the value before any event."""
    economies: Annotated[tuple[Selector, ...], Field(max_length=20)] = ()


class Upload(Frozen):
    """A scenario file that somebody handed to the page."""

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^/\\\x00-\x1f]+$")]
    text: Annotated[str, Field(max_length=UPLOAD_BYTES)]


class Selection(Frozen):
    """A scenario as the page describes it."""

    scenario: Annotated[str, Field(max_length=100)] = "baseline"
    policies: Annotated[
        tuple[Annotated[str, Field(max_length=100)], ...], Field(max_length=MOST_POLICIES)
    ] = ()
    moves: Annotated[tuple[Move, ...], Field(max_length=MOST_MOVES)] = ()
    upload: Upload | None = None
    """Takes the place of ``scenario``."""


class View(Frozen):
    """What of a run the page shows."""

    group: Annotated[str, Field(max_length=60)] = "world:World"
    segment: Annotated[str, Field(max_length=60)] = "all"
    measure: Literal["share", "people", "spend"] = "share"


def resolve(selection: Selection) -> Resolved:
    """The scenario that is selected. Raises the subclasses of InputError."""
    file = "scenario" if selection.upload is None else selection.upload.name
    if not selection.moves and not selection.policies:
        if selection.upload is not None:
            return load_text(selection.upload.text, file)
        return load(_known(selection.scenario))
    return load_text(as_file(selection), file)


def as_file(selection: Selection) -> str:
    """The smallest scenario file that says what is selected, as YAML text."""
    if selection.upload is not None:
        content = _uploaded(selection.upload)
    else:
        content = {
            "schema_version": 1,
            "name": f"{_known(selection.scenario)}-changed",
            "extends": selection.scenario,
        }
    for name in dict.fromkeys(selection.policies):
        _lay_policy(content, name)
    for move in selection.moves:
        _add_move(content, move)
    return write_yaml(content)


def _known(name: str) -> str:
    """``name`` if it ships; a request can name no file. Raises MissingFile."""
    if name not in shipped_names():
        raise MissingFile(
            f"there is no shipped scenario '{name}'", hint=nearest(name, shipped_names())
        )
    return name


def _uploaded(upload: Upload) -> dict[str, Raw]:
    layer = layer_of(parse_text(upload.text, upload.name))
    if isinstance(layer.file, CompleteFile):
        hint = "Let it extend baseline, or run it as it is"
        raise SchemaError("a complete scenario cannot be moved here", file=upload.name, hint=hint)
    load_text(upload.text, upload.name)  # its own errors, with its own lines
    # a block whose entries are all commented out counts as absent
    return {key: value for key, value in layer.doc.value.items() if value is not None}


def _lay_policy(content: dict[str, Raw], name: str) -> None:
    """Write the changes of a policy into the file; a change said twice differently is refused."""
    find(_known(name))
    file = read_policy(name).file
    assert isinstance(file, PolicyFile)
    said = file.model_dump(mode="json", exclude_defaults=True)
    for key in ("sources", "set", "paths"):
        for path, value in said.get(key, {}).items():
            _agree(content.setdefault(key, {}), path, value, name)
    for iso3, values in said.get("countries", {}).items():
        for column, value in values.items():
            _agree(content.setdefault("countries", {}).setdefault(iso3, {}), column, value, name)
    for key in ("events", "drop_events"):
        for item in said.get(key, ()):
            there: list[Any] = content.setdefault(key, [])
            if item not in there:
                there.append(item)


def _agree(block: dict[str, Raw], path: str, value: Raw, policy: str) -> None:
    if path in block and block[path] != value:
        message = f"policy '{policy}' sets {path} to something else than another part does"
        raise SchemaError(message, hint="Leave out one of them")
    block[path] = value


def _add_move(content: dict[str, Raw], move: Move) -> None:
    if move.on is None:
        old = content.setdefault("set", {}).get(move.path)
        part = {**old, "value": move.value} if isinstance(old, dict) else move.value
        content["set"][move.path] = part
        return
    event: dict[str, Raw] = {"on": move.on, "lever": move.path, "to": move.value}
    if move.economies:
        event["economies"] = list(move.economies)
    event["confidence"] = "assumed"
    events = content.setdefault("events", [])
    same = ("on", "lever", "economies")
    events[:] = [e for e in events if any(e.get(key) != event.get(key) for key in same)]
    events.append(event)
