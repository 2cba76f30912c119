"""The JSON Schema of scenario files, generated from the models that read them."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from sim.scenario.quantity import DRAW_KINDS, Lever, Quantity
from sim.scenario.schema import (
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
    complete = defs["CompleteFile"]["properties"]
    complete["parameters"], complete["levers"] = _ref("QuantityTree"), _ref("LeverTree")
    task = defs["Task"]
    task["properties"]["size"] = _map_of(_ref("Quantity"))
    task["required"] = [*task["required"], "size"]
    task["additionalProperties"] = _ref("Quantity")
    for part, model in (("offerings", "Offering"), ("segments", "Segment"), ("tasks", "Task")):
        complete[part] = _map_of(_ref(model))
    change = {"anyOf": [{"type": ["number", "string", "boolean"]}, _ref("QuantityPart")]}
    for name in ("OverrideFile", "PolicyFile"):
        defs[name]["properties"]["set"] = _map_of(change)
    override = defs["OverrideFile"]["properties"]
    defs["OfferingPart"] = _offering_part(defs["Offering"], change)
    for part, model in (
        ("offerings", "OfferingPart"),
        ("segments", "Segment"),
        ("tasks", "Task"),
    ):
        override[part] = _map_of({"anyOf": [_ref(model), {"type": "null"}]})
    for name in ("OverrideFile", "PolicyFile"):
        _allow_empty_blocks(defs[name])


def _offering_part(offering: _Schema, change: _Schema) -> _Schema:
    """An offering of which anything may be left as it is."""
    part = {key: value for key, value in offering.items() if key != "required"}
    part["properties"] = {**offering["properties"], "constant": _map_of(change)}
    return {**part, "additionalProperties": change, "title": "OfferingPart"}


def _allow_empty_blocks(file: _Schema) -> None:
    """A block whose entries are all commented out is read as absent."""
    for key, schema in file["properties"].items():
        if key not in file["required"]:
            file["properties"][key] = {"anyOf": [schema, {"type": "null"}]}
