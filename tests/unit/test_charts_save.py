"""Chart files: complete, with a footer, the same bytes twice, nothing global touched."""

from __future__ import annotations

import json

import matplotlib as mpl
import pytest
import synthetic_run as run

from sim.charts.footer import Footer, from_manifest
from sim.charts.registry import CHARTS, draw
from sim.charts.save import save_all, standard
from sim.charts.tables import RunTables
from sim.errors import MissingFile, SchemaError, UnknownKey

SAID = Footer("invented", "0123456789abcdef", 1, 7, "0.0.0")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return run.write_run(tmp_path_factory.mktemp("run") / "invented", n=24)


def test_save_all_writes_the_standard_charts_twice_with_the_same_bytes(folder):
    first = save_all(folder)
    bytes_of = {path: path.read_bytes() for path in first}
    assert [path.name for path in first] == [
        f"{chart.file}.{kind}" for chart in map(CHARTS.get, standard()) for kind in ("png", "svg")
    ]
    assert all(path.parent == folder / "figures" for path in first)
    assert {path: path.read_bytes() for path in save_all(folder)} == bytes_of


def test_files_carry_no_date_and_no_software_version(folder):
    for path in save_all(folder, names=["lag"]):
        content = path.read_bytes()
        assert b"<dc:date>" not in content
        assert b"matplotlib.org" not in content.lower()
        assert b"tEXt" not in content


def test_every_chart_is_the_same_bytes_twice(folder):
    first = {path: path.read_bytes() for path in save_all(folder, names=CHARTS)}
    assert len(first) == 2 * len(CHARTS)
    assert {path: path.read_bytes() for path in save_all(folder, names=CHARTS)} == first


def test_every_chart_shows_the_footer(folder):
    for name in CHARTS:
        figure = draw(name, RunTables(folder), SAID)
        assert SAID.text in [text.get_text() for text in figure.texts]


def test_footer_says_what_made_the_chart():
    assert SAID.text == "scenario invented (01234567) · n = 1 run · seed 7 · Spheres 0.0.0"


def test_footer_comes_from_the_manifest(folder):
    assert from_manifest(folder) == Footer("invented", "0123456789abcdef", 64, 1, "0.0.0")


def test_a_manifest_without_a_key_is_refused_by_name(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"scenario": "x"}), encoding="utf-8")
    with pytest.raises(SchemaError, match="scenario_hash"):
        from_manifest(tmp_path)


def test_an_unfinished_run_is_refused(tmp_path):
    with pytest.raises(MissingFile, match="manifest"):
        save_all(tmp_path)


def test_an_unknown_chart_gets_the_nearest_name(folder):
    with pytest.raises(UnknownKey, match="world-shares"):
        save_all(folder, names=["world-share"])


def test_drawing_leaves_matplotlib_settings_alone(folder):
    before = dict(mpl.rcParams)
    draw("lag", RunTables(folder), SAID)
    assert dict(mpl.rcParams) == before
