"""One way to write: whole or not at all, onto one's own files alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim import files
from sim.errors import FolderConflict
from sim.files import beside, refuse_foreign, staged, write_whole


def fill(folder: Path, names: dict[str, str]) -> None:
    for name, text in names.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def texts(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in found}


def test_a_write_that_breaks_off_leaves_the_old_file(tmp_path, monkeypatch):
    file = tmp_path / "report.html"
    file.write_text("old", "utf-8")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(file, "new")
    assert texts(tmp_path) == {"report.html": "old"}


def test_links_are_followed_and_modes_kept(tmp_path):
    (tmp_path / "real").write_text("old", "utf-8")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text("utf-8") == "new"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o640
    write_whole(Path(os.devnull), "nothing")


def test_only_ones_own_files_are_replaced(tmp_path):
    fill(tmp_path, {"a": "1", "deep/b": "1", "deep/c": "1", "notes.md": "mine", "manifest": "1"})
    own = {"a", "deep/b", "deep/c", "manifest", "../outside"}
    (tmp_path.parent / "outside").write_text("far", "utf-8")
    with staged(tmp_path, own, "manifest") as part:
        fill(part, {"a": "2", "more/d": "2", "manifest": "2"})
    assert texts(tmp_path) == {"a": "2", "more/d": "2", "notes.md": "mine", "manifest": "2"}
    assert not (tmp_path / "deep").exists()
    assert (tmp_path.parent / "outside").read_text("utf-8") == "far"


def test_a_name_that_somebody_took_is_refused_and_all_stays(tmp_path):
    fill(tmp_path, {"a": "1", "manifest": "1", "summary": "mine", "more": "a file of mine"})
    before = texts(tmp_path)
    with (
        pytest.raises(FolderConflict, match="more, summary is there"),
        staged(tmp_path, {"a", "manifest"}, "manifest") as part,
    ):
        fill(part, {"a": "2", "summary": "2", "more/d": "2", "manifest": "2"})
    assert texts(tmp_path) == before


def test_work_that_fails_changes_nothing(tmp_path):
    fill(tmp_path / "there", {"a": "1", "manifest": "1"})
    for name in ("there", "new"):
        with pytest.raises(TypeError), staged(tmp_path / name, {"a"}, "manifest") as part:
            fill(part, {"a": "2", "b": None})
    assert texts(tmp_path) == {"there/a": "1", "there/manifest": "1"}
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_what_a_killed_process_left_is_cleared_and_no_content(tmp_path):
    host = beside("x").split(".")[2].rsplit("-", 2)[0]
    dead = tmp_path / f".{tmp_path.name}.{host}-4194999-1.part"
    fill(dead, {"a": "half"})
    assert files.held(tmp_path) == []
    with staged(tmp_path, (), "manifest") as part:
        fill(part, {"manifest": "1"})
    assert texts(tmp_path) == {"manifest": "1"}


def test_a_file_of_another_kind_is_refused(tmp_path):
    file = tmp_path / "thesis.html"
    refuse_foreign(file, files.is_report, "report", force=False)
    file.write_text("", "utf-8")
    refuse_foreign(file, files.is_report, "report", force=False)
    file.write_text("<title>My thesis</title>", "utf-8")
    with pytest.raises(FolderConflict, match="left alone"):
        refuse_foreign(file, files.is_report, "report", force=False)
    refuse_foreign(file, files.is_report, "report", force=True)
