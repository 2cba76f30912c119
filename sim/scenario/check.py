"""Turns what pydantic finds wrong into one error with file, line and a way out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.errors import InputError, OutOfRange, SchemaError, UnknownKey, nearest
from sim.scenario.quantity import CLAIM_ID, Quantity
from sim.scenario.schema import MONTH
from sim.scenario.yaml_lines import Document, Key, Raw

M = TypeVar("M", bound=BaseModel)

_EXPECTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "string_type": "text",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
}
#: Where a segment's leakage stood before it became an attribute like the others.
_OLD_LEAKAGE = re.compile(r"access\.leakage\.([^.]+)")
_NEW_LEAKAGE = re.compile(r"segments\.(\w+)\.leakage")
_PATTERNS = {CLAIM_ID: "a claim id such as D000-03", MONTH: "a month such as 2026-07"}


def check[M: BaseModel](model: type[M], raw: Raw, doc: Document, key: Key) -> M:
    """``raw`` as ``model``. Raises the error that explains most, placed at its line."""
    try:
        return model.model_validate(raw)
    except ValidationError as failure:
        details = failure.errors()
        worst = min(details, key=lambda d: d["type"] != "extra_forbidden")
        raise _explain(worst, model, raw, doc, key) from None


def expect_mapping(raw: Raw, doc: Document, key: Key) -> dict[str, Any]:
    """``raw`` if it is a mapping; an absent block counts as empty. Raises SchemaError."""
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise doc.error(SchemaError, f"expected keys with values, found {show(raw)}", key)
    return raw


def unknown(name: str, legal: Iterable[str], doc: Document, key: Key, what: str) -> InputError:
    """UnknownKey for ``name``, with its new name, the nearest legal name or the list of all."""
    names = sorted(legal)
    hint = renamed(name) or nearest(name, names)
    if hint is None and len(names) <= 12:
        hint = f"Legal: {', '.join(names)}"
    return doc.error(UnknownKey, f"unknown {what} '{name}'", key, hint)


def renamed(path: str) -> str | None:
    """A hint that names the path that has taken the place of ``path``, or None."""
    old = _OLD_LEAKAGE.fullmatch(path)
    return f"It is segments.{old[1]}.leakage now" if old else None


def former_path(path: str) -> str:
    """The first name of a path; draws are keyed by it, so that a new name changes no result."""
    new = _NEW_LEAKAGE.fullmatch(path)
    return f"access.leakage.{new[1]}" if new else path


def check_range(
    value: float, quantity: Quantity, doc: Document, key: Key, of: str | None = None
) -> None:
    """Raise OutOfRange for a value of a quantity (``of``: its path) outside its range."""
    low, high = quantity.range
    if not low <= value <= high:
        message = f"{value:g} is outside the range" + (f" of {of}" if of else "")
        raise doc.error(OutOfRange, message, key, quantity.allowed())


def show(raw: Raw) -> str:
    """A value as a message shows it."""
    if raw is None:
        return "nothing"
    if isinstance(raw, dict):
        return "keys with values"
    if isinstance(raw, list):
        return "a list"
    if isinstance(raw, bool):
        return str(raw).lower()
    return f"'{raw}'"[:60]


def _explain(
    detail: ErrorDetails, model: type[BaseModel], raw: Raw, doc: Document, key: Key
) -> InputError:
    kind = detail["type"]
    loc = tuple(part for part in detail["loc"] if part != "[key]")
    where = (*key, *loc)
    name = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        return unknown(name, _fields_at(model, loc[:-1]), doc, where, "key")
    if kind == "missing":
        odd = _keys_at(raw, loc[:-1]) - _fields_at(model, loc[:-1])
        hint = nearest(name, odd) or "Add it"
        return doc.error(SchemaError, f"the key '{name}' is missing", where, hint)
    context = detail.get("ctx") or {}
    if kind == "out_of_range":
        return doc.error(OutOfRange, detail["msg"], (*where, "value"), context.get("hint"))
    return doc.error(SchemaError, _sentence(detail), where, context.get("hint"))


def _sentence(detail: ErrorDetails) -> str:
    kind, found = detail["type"], show(detail["input"])
    if kind in _EXPECTED:
        return f"expected {_EXPECTED[kind]}, found {found}"
    context = detail.get("ctx") or {}
    if kind == "literal_error":
        return f"expected {context['expected']}, found {found}"
    if kind == "string_pattern_mismatch":
        wanted = _PATTERNS.get(context["pattern"], "letters, digits, '-' and '_'")
        return f"expected {wanted}, found {found}"
    return detail["msg"].replace("Input should", "should") + (
        "" if kind in ("value_error", "missing") or "hint" in context else f" (found {found})"
    )


def _fields_at(model: type[BaseModel], loc: tuple[Any, ...]) -> set[str]:
    """Legal keys of the model that ``loc`` leads to inside ``model``."""
    current: Any = model
    for part in loc:
        if isinstance(current, type) and issubclass(current, BaseModel):
            field = current.model_fields.get(str(part))
            current = _inner_model(field.annotation) if field else current
    if isinstance(current, type) and issubclass(current, BaseModel):
        return set(current.model_fields)
    return set()


def _inner_model(annotation: Raw) -> Raw:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for a in get_args(annotation) if (m := _inner_model(a)) is not None), None)


def _keys_at(raw: Raw, loc: tuple[Any, ...]) -> set[str]:
    for part in loc:
        try:
            raw = raw[part]
        except (KeyError, IndexError, TypeError):
            return set()
    return set(raw) if isinstance(raw, dict) else set()
