"""The JSON Schema of scenario files, generated from the models that read them."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from sim.scenario.quantity import DRAW_KINDS, Lever, Quantity
from sim.scenario.schema import (
    CHANGES,
    MONTH,
    CompleteFile,
    Offering,
    OverrideFile,
    PolicyFile,
    QuantityPart,
    Task,
)

_Schema = dict[str, Any]
_MODELS: tuple[type[BaseModel], ...] = (
    CompleteFile,
    OverrideFile,
    PolicyFile,
    Offering,
    Task,
    Quantity,
    Lever,
    QuantityPart,
)


def schema_text() -> str:
    """The schema as the text of ``scenarios/schema.json``."""
    return json.dumps(scenario_schema(), indent=1, sort_keys=True) + "\n"


def scenario_schema() -> _Schema:
    """A complete file, an override or a policy, told apart by ``extends`` and ``kind``."""
    defs: dict[str, _Schema] = {}
    for model in _MODELS:
        schema = model.model_json_schema(ref_template="#/$defs/{model}")
        defs |= schema.pop("$defs", {})
        defs[model.__name__] = schema
    defs["Draw"] = _draw()
    defs["QuantityPart"]["properties"]["draw"] = _ref("Draw")
    _add_nested(defs)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Spheres scenario",
        "if": {"required": ["extends"]},
        "then": _ref("OverrideFile"),
        "else": {
            "if": {"required": ["kind"]},
            "then": _ref("PolicyFile"),
            "else": _ref("CompleteFile"),
        },
        "$defs": defs,
    }


def _ref(name: str) -> _Schema:
    return {"$ref": f"#/$defs/{name}"}


def _map_of(value: _Schema) -> _Schema:
    return {"type": "object", "additionalProperties": value}


def _draw() -> _Schema:
    """A draw as files write it: one kind and its scale."""
    scale = {"type": "number", "exclusiveMinimum": 0}
    return {
        "type": "object",
        "properties": dict.fromkeys(DRAW_KINDS, scale),
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _tree(leaf: str) -> _Schema:
    """A group of groups with ``leaf`` at the ends, told by what only a leaf holds."""
    inner = {"if": {"required": ["confidence"]}, "then": _ref(leaf), "else": _ref(f"{leaf}Tree")}
    return _map_of(inner)


def _add_nested(defs: dict[str, _Schema]) -> None:
    """The parts whose keys are names that the file itself chooses."""
    defs["QuantityTree"], defs["LeverTree"] = _tree("Quantity"), _tree("Lever")
    offering = defs["Offering"]
    offering["properties"]["constant"] = _map_of(_ref("Quantity"))
    offering["required"] = [*offering["required"], "constant"]
    offering["additionalProperties"] = _ref("Quantity")
    label = {"type": "string", "minLength": 1}
    defs["Segment"] = {
        **_map_of(_ref("Quantity")),
        "properties": {"label": label},
        "required": ["label"],
    }
    selectors = {"type": "object", "minProperties": 1, "maxProperties": 1}
    selectors["additionalProperties"] = {"type": "string"}
    defs["Event"]["properties"]["economies"]["anyOf"].append(selectors)
    defs["Event"]["oneOf"] = [{"required": [name]} for name in CHANGES]
    points = _map_of({"type": "number"}) | {"propertyNames": {"pattern": MONTH}}
    points["minProperties"] = 1
    defs["CompleteFile"]["properties"]["paths"] = _map_of(points)
    for name in ("OverrideFile", "PolicyFile"):
        defs[name]["properties"]["paths"] = _map_of({"anyOf": [points, {"type": "null"}]})
    complete = defs["CompleteFile"]["properties"]
    complete["parameters"], complete["levers"] = _ref("QuantityTree"), _ref("LeverTree")
    task = defs["Task"]
    task["properties"]["size"] = _map_of(_ref("Quantity"))
    task["required"] = [*task["required"], "size"]
    task["additionalProperties"] = _ref("Quantity")
    change = {"anyOf": [{"type": ["number", "string", "boolean"]}, _ref("QuantityPart")]}
    for name in ("OverrideFile", "PolicyFile"):
        defs[name]["properties"]["set"] = _map_of(change)
    override = defs["OverrideFile"]["properties"]
    for block, model in (("offerings", "Offering"), ("segments", "Segment"), ("tasks", "Task")):
        part = f"{model}Part"
        defs[part] = _part(defs[model], change, part)
        copy = {"allOf": [{"required": ["like"]}, _ref(part)]}
        complete[block] = _map_of({"if": {"required": ["like"]}, "then": copy, "else": _ref(model)})
        override[block] = _map_of({"anyOf": [_ref(part), {"type": "null"}]})
    for name in ("OverrideFile", "PolicyFile"):
        _allow_empty_blocks(defs[name])


def _part(whole: _Schema, change: _Schema, title: str) -> _Schema:
    """A block of which anything may be left as it is, or as in the one that it is like."""
    part = {key: value for key, value in whole.items() if key != "required"}
    like = {"type": "string", "minLength": 1, "description": "Name of the block that it copies."}
    nested = {name: _map_of(change) for name in ("constant", "size") if name in whole["properties"]}
    part["properties"] = {**whole["properties"], **nested, "like": like}
    return {**part, "additionalProperties": change, "title": title}


def _allow_empty_blocks(file: _Schema) -> None:
    """A block whose entries are all commented out is read as absent."""
    for key, schema in file["properties"].items():
        if key not in file["required"]:
            file["properties"][key] = {"anyOf": [schema, {"type": "null"}]}
