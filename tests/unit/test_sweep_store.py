"""Places for the files of a sweep: whole files only, one writer, the same on a folder and a URL."""

from __future__ import annotations

import pytest

from sim.errors import FolderConflict
from sim.sweep.store import LocalStore, open_store


@pytest.fixture(params=["folder", "file", "memory"])
def store(request, tmp_path):
    if request.param == "folder":
        return open_store(str(tmp_path / "here"))
    pytest.importorskip("fsspec", reason="the extra 'cluster' is not installed")
    if request.param == "file":
        return open_store(f"file://{tmp_path}/there")
    return open_store(f"memory://{tmp_path.name}")


def test_what_is_written_is_read(store):
    assert store.names() == []
    store.write("results/points/point=000001.json", b"one")
    store.write("results/points/point=000000.json", b"zero")
    store.write("plan.json", b"plan")
    assert store.names("results") == [
        "results/points/point=000000.json", "results/points/point=000001.json",
    ]  # fmt: skip
    assert store.read("plan.json") == b"plan"
    assert store.read("nothing.json") is None


def test_a_file_is_replaced_and_removed(store):
    store.write("plan.json", b"old")
    store.write("plan.json", b"new")
    assert store.read("plan.json") == b"new"
    store.remove("plan.json")
    store.remove("plan.json")
    assert store.names() == []


def test_one_sweep_at_a_time(store):
    with store.locked():
        store.write("plan.json", b"plan")
        with pytest.raises(FolderConflict, match="another process"), store.locked():
            pass
        assert store.names() == ["plan.json"]
    with store.locked():
        store.clear(store.names())
    assert store.names() == []


def test_half_written_files_do_not_count(tmp_path):
    store = LocalStore(tmp_path)
    (tmp_path / ".plan.json.host-1-1.part").write_bytes(b"ha")
    assert store.names() == []
    store.sweep_up()
    assert not list(tmp_path.iterdir())


def test_a_write_that_fails_leaves_nothing(tmp_path):
    store = LocalStore(tmp_path)
    with pytest.raises(TypeError):
        store.write("plan.json", "text, not bytes")
    assert not list(tmp_path.iterdir())


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "letter").write_text("dear", "utf-8")
    with pytest.raises(FolderConflict), open_store(str(tmp_path / "letter")).locked():
        pass


def test_of_two_that_start_together_one_gives_way(tmp_path, monkeypatch):
    pytest.importorskip("fsspec", reason="the extra 'cluster' is not installed")
    store = open_store(f"memory://{tmp_path.name}")
    seen = store.files.exists
    with store.locked():
        answers = iter([False])  # looked too early
        monkeypatch.setattr(
            store.files,
            "exists",
            lambda path: next(answers) if answers.__length_hint__() else seen(path),
        )
        with pytest.raises(FolderConflict, match="another process"), store.locked():
            pass


def test_what_is_not_named_is_not_cleared(store):
    store.write("plan.json", b"plan")
    store.write("results/points/notes.txt", b"mine")
    store.clear(["plan.json", "results/points/point=000000.json"])
    assert store.names() == ["results/points/notes.txt"]
