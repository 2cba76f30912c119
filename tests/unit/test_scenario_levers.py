"""Events over time: what holds in which month, where."""

from pathlib import Path

import numpy as np
import pytest

from sim.scenario import lever_paths, load
from sim.scenario.schema import month_index

FOLDER = Path(__file__).parents[1] / "fixtures" / "scenarios"
SMALL = FOLDER / "small.yaml"
CHIPS = "us.chip_controls.tightness"


def with_events(tmp_path, events, more=""):
    path = tmp_path / "new.yaml"
    head = f"schema_version: 1\nname: new\nextends: {SMALL}\n{more}events:\n"
    lines = [f"  - {{{event}, confidence: assumed}}\n" for event in events]
    path.write_text(head + "".join(lines), encoding="utf-8")
    return load(path)


def at(resolved, month, lever=CHIPS, economies=("DEU", "KEN", "SAU")):
    t = month_index(month) - resolved.horizon.start
    return lever_paths(resolved, list(economies))[lever][t]


def test_shapes_and_types():
    paths = lever_paths(load(SMALL), ["DEU", "KEN"])
    assert paths[CHIPS].shape == (24,)
    assert paths["sovereign_deal"].shape == (24, 2)
    assert all(path.dtype == np.float64 for path in paths.values())


def test_before_during_and_after_a_bounded_event():
    resolved = load(SMALL)
    months = ("2023-09", "2023-10", "2024-02", "2024-03", "2024-05", "2024-06")
    assert [at(resolved, month) for month in months] == [0.2, 0.6, 0.6, 0.4, 0.4, 0.6]


def test_group_of_economies():
    resolved = load(SMALL)
    assert at(resolved, "2024-04", "sovereign_deal").tolist() == [0, 0, 0]
    assert at(resolved, "2024-05", "sovereign_deal").tolist() == [0, 0, 1]


def test_later_layer_wins_at_one_month(tmp_path):
    resolved = with_events(tmp_path, [f"on: 2023-10, lever: {CHIPS}, to: 0.9"])
    assert at(resolved, "2023-10") == 0.9
    assert sum(event.lever == CHIPS for event in resolved.events) == 2


def test_later_layer_wins_where_economies_overlap(tmp_path):
    events = ["on: 2024-05, lever: sovereign_deal, to: 0.5, economies: [SAU, DEU]"]
    resolved = with_events(tmp_path, events)
    assert at(resolved, "2024-05", "sovereign_deal").tolist() == [0.5, 0, 0.5]
    again = tmp_path / "again.yaml"
    again.write_text(resolved.to_yaml(), encoding="utf-8")
    assert load(again) == resolved
    assert at(load(again), "2024-05", "sovereign_deal").tolist() == [0.5, 0, 0.5]


def test_bounded_event_of_a_later_layer_returns_to_the_earlier(tmp_path):
    resolved = with_events(tmp_path, [f"on: 2023-10, until: 2023-12, lever: {CHIPS}, to: 1"])
    assert [at(resolved, m) for m in ("2023-09", "2023-11", "2023-12")] == [0.2, 1, 0.6]


def test_same_id_replaces(tmp_path):
    event = f"id: tighten, on: 2024-01, lever: {CHIPS}, to: 0.7"
    resolved = with_events(tmp_path, [event])
    assert [at(resolved, m) for m in ("2023-12", "2024-01")] == [0.2, 0.7]


def test_shorter_horizon_keeps_the_state_it_starts_in(tmp_path):
    event = f"on: 2024-04, lever: {CHIPS}, to: 1"
    resolved = with_events(tmp_path, [event], "horizon: {start: 2024-01, end: 2024-04}\n")
    assert lever_paths(resolved, ["KEN"])[CHIPS].tolist() == [0.6, 0.6, 0.4, 1]
    assert resolved.warnings == ("1 events have no month in 2024-01 to 2024-04: left out",)
    again = tmp_path / "again.yaml"
    again.write_text(resolved.to_yaml(), encoding="utf-8")
    assert load(again) == resolved


def test_nothing_differs_before_an_event(tmp_path):
    base, later = load(SMALL), with_events(tmp_path, [f"on: 2024-08, lever: {CHIPS}, to: 1"])
    t = month_index("2024-08") - base.horizon.start
    one, other = (lever_paths(r, ["KEN"])[CHIPS] for r in (base, later))
    assert (one[:t] == other[:t]).all()
    assert (one[t:] != other[t:]).all()


def test_setting_a_lever_moves_the_state_before_events():
    resolved = load(SMALL, sets=[f"{CHIPS}=0.3"])
    assert at(resolved, "2023-01") == pytest.approx(0.3)
    assert at(resolved, "2023-10") == 0.6
