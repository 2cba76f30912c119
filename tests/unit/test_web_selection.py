"""What the page selects, as the scenario that it names."""

import pytest

from sim.errors import SchemaError
from sim.scenario import load
from sim.scenario.layers import shipped_names
from sim.web.selection import Move, Selection, Upload, resolve

HEAD = "schema_version: 1\nname: mine\nextends: baseline\n"


def upload(text):
    return Upload(name="mine.yaml", text=HEAD + text)


def test_an_empty_block_of_an_upload_counts_as_absent():
    moves = (
        Move(path="segments.consumers.churn", value=0.2),
        Move(path="rivalry", value=0.9, on="2027-01"),
    )
    resolved = resolve(Selection(upload=upload("set:\nevents:\npaths:\n"), moves=moves))
    assert resolved.quantities["segments.consumers.churn"].value == 0.2
    assert [event.to for event in resolved.events if event.lever == "rivalry"][-1] == 0.9


def test_paths_and_patterns_of_an_upload_stay_beside_moves():
    text = "paths: {economies.IND.online: {2026-01: 0.7}}\nset: {segments.*.churn: 0.3}\n"
    move = Move(path="segments.government.churn", value=0.1)
    resolved = resolve(Selection(upload=upload(text), moves=(move,)))
    assert resolved.paths == {"economies.IND.online": {"2026-01": 0.7}}
    churn = {
        name: resolved.quantities[f"segments.{name}.churn"].value for name in resolved.segments
    }
    assert churn == dict.fromkeys(resolved.segments, 0.3) | {"government": 0.1}


def test_paths_of_a_policy_are_laid_over_the_selection(tmp_path, monkeypatch):
    policy = tmp_path / "online.yaml"
    head = "schema_version: 1\nkind: policy\nname: online\n"
    policy.write_text(head + "paths: {economies.IND.online: {2026-01: 0.7}}\n", encoding="utf-8")
    base = {name: path for name, path in shipped_names().items() if name == "baseline"}
    for where in ("sim.web.selection", "sim.scenario.layers"):
        monkeypatch.setattr(f"{where}.shipped_names", lambda: {**base, "online": policy})
    moved = resolve(Selection(policies=("online",)))
    assert moved.paths == load("baseline", ["online"]).paths
    other = "paths: {economies.IND.online: {2026-01: 0.6}}\n"
    with pytest.raises(SchemaError, match=r"policy 'online' sets economies\.IND\.online"):
        resolve(Selection(upload=upload(other), policies=("online",)))
