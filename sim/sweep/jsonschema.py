"""The JSON Schema of sweep files, generated from the models that read them."""

from __future__ import annotations

import json

from sim.sweep.schema import SweepFile


def schema_text() -> str:
    """The schema as text, for editors (`spheres schema --sweep`)."""
    schema = SweepFile.model_json_schema()
    found = {
        **schema,
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Spheres sweep",
    }
    return json.dumps(found, indent=1, sort_keys=True) + "\n"
