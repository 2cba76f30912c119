"""Writes YAML that the strict reader reads back to the same values."""

from __future__ import annotations

from typing import Any

import yaml

from sim.scenario.yaml_lines import Raw, plain_text

_BASE = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_BASE):  # type: ignore[misc, valid-type]
    def ignore_aliases(self, _data: Raw) -> bool:
        """No anchors: what is said twice is written twice."""
        return True


def _text(dumper: Raw, value: str) -> Raw:
    style = None if plain_text(value) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def write_yaml(content: dict[str, Any]) -> str:
    """``content`` in its own key order; innermost blocks on one line."""
    text: str = yaml.dump(
        content,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=100,
    )
    return text
