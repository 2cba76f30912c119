"""The script of Vega: kept after the first time, made anew when what is kept is damaged."""

from __future__ import annotations

import pytest
import vl_convert

from sim.charts.vega import vega_script


@pytest.fixture
def made(monkeypatch):
    """A stand-in for the slow bundling, which counts how often it is asked."""
    asked = []

    def bundle():
        asked.append(1)
        return "window.vegaEmbed = 1;"

    monkeypatch.setattr(vl_convert, "javascript_bundle", bundle)
    return asked


def test_made_once_and_kept(tmp_path, made):
    first = vega_script(tmp_path / "new")
    assert vega_script(tmp_path / "new") == first == "window.vegaEmbed = 1;"
    assert len(made) == 1
    assert [path.suffix for path in (tmp_path / "new").iterdir()] == [".js"]


def test_a_damaged_file_is_made_anew(tmp_path, made):
    vega_script(tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_text("alert('no')", encoding="utf-8")
    assert vega_script(tmp_path) == "window.vegaEmbed = 1;"
    assert len(made) == 2


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path, made):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert vega_script(tmp_path / "file" / "cache").startswith("window")
