"""The map of the world: complete for the model's economies, closed shapes, in the right places."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from matplotlib.path import Path as Outline

from sim.charts.geometry import decode, read_geometry, read_topology
from sim.errors import MissingFile, SchemaError
from sim.files import seeds_dir

MOST_BYTES = 300_000


@pytest.fixture(scope="module")
def geometry():
    return read_geometry()


@pytest.fixture(scope="module")
def countries():
    return pl.read_csv(seeds_dir() / "countries.csv", null_values=[""])


def signed_area(ring) -> float:
    """Square degrees; positive where corners run counterclockwise."""
    x, y = ring.T
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def inside(geometry, iso3: str, longitude: float, latitude: float) -> bool:
    """Even-odd rule over all rings, so that a hole is outside."""
    hits = [Outline(ring).contains_point((longitude, latitude)) for ring in geometry.shapes[iso3]]
    return sum(hits) % 2 == 1


def test_every_economy_has_a_shape_or_a_point(geometry, countries):
    assert geometry.codes == countries["iso3"].to_list()


def test_rings_are_closed_and_on_the_globe(geometry):
    for code, rings in {**geometry.shapes, **geometry.other}.items():
        for ring in rings:
            assert len(ring) >= 4, code
            np.testing.assert_array_equal(ring[0], ring[-1], err_msg=code)
            assert np.abs(ring[:, 1]).max() <= 90, code
            assert np.abs(np.diff(ring[:, 0])).max() < 180, f"{code} jumps across the map"
    assert all(abs(x) <= 180 and abs(y) <= 90 for x, y in geometry.points.values())


def test_the_largest_ring_of_a_shape_is_an_outer_one(geometry):
    for code, rings in geometry.shapes.items():
        areas = [signed_area(ring) for ring in rings]
        assert max(areas, key=abs) < 0, f"{code} runs counterclockwise"


@pytest.mark.parametrize(
    ("iso3", "longitude", "latitude"),
    [
        ("KEN", 36.8, -1.3),
        ("BRA", -47.9, -15.8),
        ("CHN", 104.1, 30.7),
        ("SOM", 44.1, 9.6),  # a part that the source draws apart
        ("FRA", 2.4, 47.1),
        ("NAM", 17.1, -22.6),
    ],
)
def test_cities_lie_in_their_economies_and_in_no_other(geometry, iso3, longitude, latitude):
    found = [code for code in geometry.shapes if inside(geometry, code, longitude, latitude)]
    assert found == [iso3]


def test_land_on_both_sides_of_the_180th_meridian_lies_at_both_edges(geometry):
    for code in ("RUS", "FJI"):
        reach = [(ring[:, 0].min(), ring[:, 0].max()) for ring in geometry.shapes[code]]
        assert any(low < 180 < high for low, high in reach), code
        assert any(low < -180 < high for low, high in reach), code
    assert inside(geometry, "RUS", 179.5, 67.5)
    assert inside(geometry, "RUS", -179.5, 67.5)
    assert not inside(geometry, "RUS", -100.0, 67.5)


def test_lesotho_is_a_hole_in_south_africa(geometry):
    assert inside(geometry, "LSO", 28.2, -29.5)
    assert not inside(geometry, "ZAF", 28.2, -29.5)


def test_small_states_are_points_near_their_tabled_centre(geometry, countries):
    assert {"SGP", "MLT", "BHR", "MDV", "LUX", "HKG", "XKX"} <= set(geometry.points)
    assert {"KEN", "DEU", "ISR"}.isdisjoint(geometry.points)
    centre = {row["iso3"]: (row["longitude"], row["latitude"]) for row in countries.to_dicts()}
    for code, point in geometry.points.items():
        apart = (np.array(point) - centre[code] + 180) % 360 - 180
        assert np.hypot(*apart) < 8, code  # island states span that much


def test_the_file_is_small_and_what_a_page_reads_is_the_file():
    file = seeds_dir() / "geometry" / "world.topojson"
    assert file.stat().st_size < MOST_BYTES
    assert read_topology() == json.loads(file.read_text(encoding="utf-8"))


def test_arcs_run_backwards_where_the_number_says_so():
    square = {
        "transform": {"scale": [0.5, 2], "translate": [10, -4]},
        "arcs": [[[0, 0], [2, 0], [0, 2]], [[0, 0], [0, 2], [2, 0]]],
        "objects": {
            "economies": {"geometries": [{"type": "Polygon", "id": "SQR", "arcs": [[1, -1]]}]},
            "other": {"geometries": []},
            "small": {"geometries": [{"type": "Point", "id": "DOT", "coordinates": [4, 3]}]},
        },
    }
    made = decode(square)
    np.testing.assert_allclose(
        made.shapes["SQR"][0], [[10, -4], [10, 0], [11, 0], [11, -4], [10, -4]]
    )
    assert made.points["DOT"] == (12.0, 2.0)


def test_what_is_no_polygon_is_refused():
    topology = read_topology()
    topology["objects"]["other"]["geometries"][0]["type"] = "LineString"
    with pytest.raises(SchemaError, match="LineString"):
        decode(topology)


def test_a_missing_map_is_named(tmp_path):
    with pytest.raises(MissingFile, match=r"world\.topojson"):
        read_geometry(tmp_path)
