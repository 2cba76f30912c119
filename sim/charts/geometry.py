"""Shapes of the economies for maps: the committed TopoJSON, decoded to rings in degrees.

``seeds/geometry/world.topojson`` holds three objects: ``economies`` (shapes), ``other`` (land that
no economy of the tables stands for) and ``small`` (a point for each economy too small to be seen
as a shape). An id is an ISO 3166-1 alpha-3 code. Format: the TopoJSON specification (Bostock and
Metcalf 2013), quantised form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import MissingFile, SchemaError
from sim.files import seeds_dir

Ring = NDArray[np.float64]
"""Corners [K, 2]: longitude and latitude in degrees; the last repeats the first. Land on both sides
of the 180th meridian is there twice, reaching over either edge: a flat map clips at 180."""


@dataclass(frozen=True)
class Geometry:
    """What a map is drawn from. Rings of one shape: outer ones clockwise, holes the other way."""

    shapes: Mapping[str, tuple[Ring, ...]]
    """ISO3 -> rings."""
    other: Mapping[str, tuple[Ring, ...]]
    """Land outside the tables, by its code."""
    points: Mapping[str, tuple[float, float]]
    """ISO3 -> (longitude, latitude) of an economy that is drawn as a dot."""

    @property
    def codes(self) -> list[str]:
        """Every economy with a shape, a point, or both, sorted."""
        return sorted({*self.shapes, *self.points})


def read_topology(seeds: Path | None = None) -> dict[str, Any]:
    """The TopoJSON as it lies in the seeds, for a page that draws it. Raises MissingFile."""
    file = (seeds or seeds_dir()) / "geometry" / "world.topojson"
    if not file.is_file():
        raise MissingFile("the map of the world is not there", file=file)
    topology: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return topology


def read_geometry(seeds: Path | None = None) -> Geometry:
    """The map of the world, decoded. Raises MissingFile."""
    return decode(read_topology(seeds))


def decode(topology: Mapping[str, Any]) -> Geometry:
    """Quantised TopoJSON as rings and points. Raises SchemaError for what it does not know."""
    arcs, objects = _arcs(topology), topology["objects"]
    return Geometry(
        shapes=_shapes(objects["economies"], arcs),
        other=_shapes(objects["other"], arcs),
        points={
            item["id"]: _point(item["coordinates"], topology["transform"])
            for item in objects["small"]["geometries"]
        },
    )


def _arcs(topology: Mapping[str, Any]) -> list[Ring]:
    """Every arc [K, 2] in degrees; stored are whole steps from one corner to the next."""
    scale = np.array(topology["transform"]["scale"], dtype=np.float64)
    origin = np.array(topology["transform"]["translate"], dtype=np.float64)
    return [np.cumsum(np.array(arc), axis=0) * scale + origin for arc in topology["arcs"]]


def _point(at: list[int], transform: Mapping[str, Any]) -> tuple[float, float]:
    x, y = (
        step * scale + origin
        for step, scale, origin in zip(at, transform["scale"], transform["translate"], strict=True)
    )
    return x, y


def _shapes(collection: Mapping[str, Any], arcs: list[Ring]) -> dict[str, tuple[Ring, ...]]:
    found = {}
    for item in collection["geometries"]:
        polygons = {"Polygon": [item["arcs"]], "MultiPolygon": item["arcs"]}.get(item["type"])
        if polygons is None:
            raise SchemaError(f"a map of polygons does not hold a {item['type']}", path=item["id"])
        joined = [_ring(numbers, arcs) for polygon in polygons for numbers in polygon]
        found[item["id"]] = tuple(copy for ring in joined for copy in _flat(ring))
    return found


def _ring(numbers: list[int], arcs: list[Ring]) -> Ring:
    """Arcs joined end to end; ~i is arc i backwards. A joint is kept once."""
    parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in numbers]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def _flat(ring: Ring) -> list[Ring]:
    """The ring without a jump at the 180th meridian, and its copy at the other edge of the map."""
    jumps = np.round(np.diff(ring[:, 0]) / 360)
    east = ring[:, 0] - 360 * np.concatenate([[0.0], np.cumsum(jumps)])
    turns = [turn for turn in (-360, 0, 360) if _on_the_map(east + turn)]
    return [np.column_stack([east + turn, ring[:, 1]]) for turn in turns]


def _on_the_map(longitude: NDArray[np.float64]) -> bool:
    return bool(longitude.max() > -180 and longitude.min() < 180)
