"""Paths over time, settings by pattern, and events of the dated past."""

import numpy as np
import pytest
from said import BASELINE, event, kept, said

from sim.errors import DuplicateKey
from sim.scenario import load
from sim.scenario.diff import differences
from sim.scenario.paths import FACTS, MOVABLE
from sim.world.build import build_world
from sim.world.rebuild import rebuild_world
from sim.world.tables import load_tables

FEW = ("DEU", "IND", "KEN")


def built(resolved):
    return build_world(resolved, load_tables(), FEW)


BEFORE = built(BASELINE)


def test_a_path_is_linear_between_its_points_and_flat_outside():
    resolved = kept(said("paths: {economies.IND.online: {2026-01: 0.6, 2028-01: 0.84}}\n"))
    world = built(resolved)
    online = world.online[:, 1]
    assert online[[0, 36, 37, 48, 60, -1]] == pytest.approx([0.6, 0.6, 0.61, 0.72, 0.84, 0.84])
    others = [0, 2]
    assert np.array_equal(world.online[:, others], BEFORE.online[:, others])


def test_incomes_grow_as_said_from_the_month_for_which_they_are_known():
    text = "paths:\n  economies.group:g20.income_growth: {2026-01: 0.02}\n"
    text += "  economies.IND.income_growth: {2026-01: 0.06}\n"
    world = built(kept(said(text)))
    known = int(world.fixed.world_reference_month)
    assert np.array_equal(world.income_log[: known + 1], BEFORE.income_log[: known + 1])
    assert np.array_equal(world.income_log[:, 2], BEFORE.income_log[:, 2])
    years = (len(world.income_log) - 1 - known) / 12.0
    grown = world.income_log[-1, :2] - world.income_log[known, :2]
    assert grown == pytest.approx([years * np.log(1.02), years * np.log(1.06)])
    assert np.log(world.income_month[-1, 1] / world.income_month[known, 1]) == pytest.approx(
        grown[1]
    )


def test_every_parameter_that_may_move_moves_the_world():
    for path in MOVABLE:
        value = BASELINE.quantities[path].value
        same = built(said(f"paths: {{{path}: {{2025-01: {value}}}}}\n"))
        moved = built(said(f"paths: {{{path}: {{2025-01: {value}, 2030-01: {2 * value}}}}}\n"))
        assert same.moving[path].tolist() == [value] * len(same.online)
        assert np.array_equal(same.online, BEFORE.online)
        assert (moved.online[60:] > BEFORE.online[60:]).all()
        assert np.array_equal(moved.online[:30], BEFORE.online[:30])
    assert not BEFORE.moving


def test_every_fact_that_may_move_has_a_path():
    for fact in FACTS:
        assert built(said(f"paths: {{economies.all.{fact}: {{2026-01: 0.3}}}}\n")) is not None


def test_a_rebuilt_world_follows_a_path():
    resolved = said("paths: {economies.IND.online: {2026-01: 0.6}}\n")
    again = rebuild_world(BEFORE, resolved, load_tables())
    assert again.online[-1, 1] == 0.6
    assert np.array_equal(again.online, built(resolved).online)


def test_a_path_is_replaced_and_taken_away(tmp_path):
    one = tmp_path / "one.yaml"
    head = "schema_version: 1\nname: {}\nextends: {}\npaths: {}\n"
    first = "{economies.IND.online: {2026-01: 0.6, 2027-01: 0.7}}"
    one.write_text(head.format("one", "baseline", first), encoding="utf-8")
    two = tmp_path / "two.yaml"
    two.write_text(head.format("two", "./one.yaml", "{economies.IND.online: {2028-01: 0.9}}"))
    assert load(two).paths == {"economies.IND.online": {"2028-01": 0.9}}
    assert load(two).origin["paths.economies.IND.online"].endswith("two.yaml:4")
    (found,) = differences(load(one), load(two))
    assert found.path == "paths.economies.IND.online"
    assert (found.a, found.b) == ('{"2026-01": 0.6, "2027-01": 0.7}', '{"2028-01": 0.9}')
    two.write_text(head.format("two", "./one.yaml", "{economies.IND.online: null}"))
    assert load(two).hash == BASELINE.hash


def test_a_setting_by_pattern_is_the_same_as_its_settings():
    text = "set: {segments.*.churn: 0.3, segments.government.churn: 0.1}\n"
    resolved = kept(said(text))
    names = dict.fromkeys(BASELINE.segments, 0.3) | {"government": 0.1}
    paths = ", ".join(f"segments.{name}.churn: {value}" for name, value in names.items())
    assert resolved == said(f"set: {{{paths}}}\n")
    assert resolved.origin["segments.consumers.churn"] == "new.yaml:4"
    single = load("baseline", sets=["tasks.*.size.consumers={fix: true}"])
    assert all(single.quantities[f"tasks.{t}.size.consumers"].fix for t in single.tasks)
    assert not any(single.quantities[f"tasks.{t}.size.developers"].fix for t in single.tasks)


def test_patterns_of_policies_must_agree_with_what_others_say(tmp_path):
    files = []
    sets = {"one": "segments.*.churn: 0.3", "two": "segments.consumers.churn: 0.2"}
    for name, text in sets.items():
        file = tmp_path / f"{name}.yaml"
        file.write_text(
            f"schema_version: 1\nkind: policy\nname: {name}\nset: {{{text}}}\n",
            encoding="utf-8",
        )
        files.append(str(file))
    with pytest.raises(DuplicateKey, match=r"two\.yaml:4: .*also set at .*one\.yaml:4"):
        load("baseline", files)
    with pytest.raises(DuplicateKey, match="one"):
        load("baseline", files[::-1])


def test_an_event_of_the_dated_past_warns():
    early = event("cn.compute.boost", "to: 2").replace("2027-01", "2024-01")
    resolved = said("events:\n" + early)
    (warning,) = resolved.warnings
    assert warning.startswith("new.yaml:5: cn.compute.boost moves what laboratories have")
    assert not said("events:\n" + event("cn.compute.boost", "to: 2")).warnings
    assert not said("structure: {dated_releases: [us]}\nevents:\n" + early).warnings
    here = event("us.chip_controls.tightness", "to: 1", ", economies: [KEN]")
    assert not said("events:\n" + here.replace("2027-01", "2024-01")).warnings
