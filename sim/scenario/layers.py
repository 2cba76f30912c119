"""Finds scenario files and follows ``extends`` down to the complete file at the bottom."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sim.errors import CyclicExtends, InputError, MissingFile, SchemaError, nearest
from sim.files import display, scenarios_dir
from sim.scenario.check import check, expect_mapping
from sim.scenario.schema import CompleteFile, OverrideFile, PolicyFile
from sim.scenario.yaml_lines import Document, parse_text, parse_yaml, read_yaml

File = CompleteFile | OverrideFile | PolicyFile
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, eq=False)
class Layer:
    """One file: what it says, and the lines where it says it. Equal to itself only."""

    doc: Document
    file: File


def shipped_names() -> dict[str, Path]:
    """Every scenario and policy that ships: name -> file. Top folder first."""
    try:
        root = scenarios_dir()
    except MissingFile:
        return {}
    found = [*sorted(root.glob("*.yaml")), *sorted(root.glob("*/**/*.yaml"))]
    names: dict[str, Path] = {}
    for path in found:
        names.setdefault(path.stem, path)
    return names


def find(name: str, near: Path | None = None) -> Path:
    """The file of a shipped name, or of a path (relative to the folder ``near``).

    Raises MissingFile with the nearest shipped name.
    """
    if "/" in name or "\\" in name or name.endswith(SUFFIXES):
        return _regular(Path(name) if near is None else near / name)
    names = shipped_names()
    if name in names:
        return names[name]
    if name and (Path() if near is None else near).joinpath(name).is_dir():
        raise _directory(name)
    hint = nearest(name, names) or "A path ends in .yaml; a bare name is a shipped scenario"
    raise MissingFile(f"there is no shipped scenario '{name}'", hint=hint)


def _regular(path: Path) -> Path:
    """``path`` if it is a file that can be reached. Raises MissingFile."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise MissingFile("no such scenario file", file=display(path)) from None
    except (OSError, ValueError, RuntimeError) as error:
        # the path is shown as given: a circle of links cannot be resolved
        reason = getattr(error, "strerror", None) or error
        raise MissingFile(f"cannot be read ({reason})", file=path) from None
    if stat.S_ISDIR(mode):
        raise _directory(display(path))
    if not stat.S_ISREG(mode):
        raise MissingFile("is not a regular file", file=display(path))
    return path


def _directory(name: str) -> MissingFile:
    hint = "Name a scenario file in it"
    return MissingFile("is a directory, not a scenario file", file=name, hint=hint)


def read_layer(path: Path) -> Layer:
    """One file, checked for its own form only. A block with nothing in it counts as absent."""
    if path.parent in _shipped_folders():
        facts = path.stat()
        return _shipped_layer(path, facts.st_mtime_ns, facts.st_size)
    return layer_of(read_yaml(path))


@lru_cache(maxsize=64)
def _shipped_layer(path: Path, _changed: int, _size: int) -> Layer:
    """Reading the baseline takes longer than all that is done with it: once is enough."""
    return layer_of(read_yaml(path))


def _shipped_folders() -> tuple[Path, ...]:
    try:
        root = scenarios_dir()
    except MissingFile:
        return ()
    return (root, root / "policies")


def layer_of(doc: Document) -> Layer:
    """A document as the kind of file it is. Raises the subclasses of InputError."""
    raw = expect_mapping(doc.value, doc, ())
    model: type[File] = OverrideFile
    if "kind" in raw:
        model = PolicyFile
    elif "extends" not in raw and {"parameters", "levers", "structure"} & set(raw):
        model = CompleteFile
    said = {k: v for k, v in raw.items() if v is not None or k not in model.model_fields}
    return Layer(doc, check(model, said, doc, ()))


def text_chain(text: str, file: str) -> list[Layer]:
    """The layers of a scenario given as text, the complete file first; ``file`` names it.

    It may extend shipped scenarios only: text that comes from elsewhere opens no other file.
    """
    layer = layer_of(parse_text(text, file))
    if isinstance(layer.file, PolicyFile):
        raise _is_policy([layer])
    if not isinstance(layer.file, OverrideFile):
        return [layer]
    name = layer.file.extends
    if name not in shipped_names():
        hint = nearest(name, shipped_names()) or "Extend baseline"
        message = f"there is no shipped scenario '{name}', and this text may extend no other"
        raise layer.doc.error(MissingFile, message, ("extends",), hint)
    path = shipped_names()[name]
    return _follow([layer, read_layer(path)], path)


def read_chain(name: str) -> list[Layer]:
    """The layers of a scenario, the complete file first. Raises CyclicExtends and others."""
    path = find(name)
    return _follow([read_layer(path)], path)


def _follow(layers: list[Layer], path: Path) -> list[Layer]:
    """``layers``, the topmost first, and below them all that the last one (at ``path``) extends."""
    seen = [path.resolve()]
    while isinstance(file := layers[-1].file, OverrideFile):
        doc = layers[-1].doc
        try:
            path = find(file.extends, path.parent)
        except MissingFile as error:
            message = error.message if error.file is None else f"{error.file}: {error.message}"
            raise doc.error(MissingFile, message, ("extends",), error.hint) from None
        if path.resolve() in seen:
            names = " -> ".join(p.stem for p in [*seen, path])
            hint = "Let one of them extend baseline"
            raise doc.error(CyclicExtends, f"files extend each other: {names}", ("extends",), hint)
        seen.append(path.resolve())
        layers.append(read_layer(path))
    if isinstance(layers[-1].file, PolicyFile):
        raise _is_policy(layers)
    return layers[::-1]


def _is_policy(layers: list[Layer]) -> InputError:
    doc = layers[-1].doc
    if len(layers) > 1:
        hint = "Extend a scenario and add the policy with --policy"
        return layers[-2].doc.error(SchemaError, "a policy cannot be extended", ("extends",), hint)
    name = layers[-1].file.name
    hint = f"Lay it over one: baseline --policy {name}"
    return doc.error(SchemaError, "a policy is not a scenario", ("kind",), hint)


def read_policy(name: str) -> Layer:
    """The one layer of a policy. Raises SchemaError for anything else."""
    layer = read_layer(find(name))
    if not isinstance(layer.file, PolicyFile):
        hint = "A policy has the key kind: policy"
        raise layer.doc.error(SchemaError, f"'{name}' is a scenario, not a policy", (), hint)
    return layer


def read_set(text: str) -> Layer:
    """A layer of one override given as ``path=value`` (value in YAML)."""
    path, equals, value = text.partition("=")
    if not equals or not path.strip() or not value.strip():
        hint = "Write --set frontier.cn.catch_up=0.04"
        raise SchemaError("expected path=value", file=f"--set {text}", hint=hint)
    inner = parse_yaml(value, f"--set {text}")
    block = {path.strip(): inner.value}
    doc = Document({"set": block}, {}, f"--set {text}", numbered=False)
    raw = {"schema_version": 1, "kind": "policy", "name": "set", "set": block}
    return Layer(doc, check(PolicyFile, raw, doc, ()))
