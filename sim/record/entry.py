"""One row of the code list."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """One name of the code list."""

    name: str
    unit: str
    definition: str
    frequency: str
    resolution: str
