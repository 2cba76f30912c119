"""Segments removed and added by an override, with all that belongs to them."""

import re

import pytest

from sim.errors import OutOfRange, SchemaError, UnitMismatch, UnknownKey
from sim.scenario import load
from sim.scenario.yaml_write import write_yaml
from sim.world.build import build_world
from sim.world.pack import check_read

BASELINE = load("baseline")
FEW = ("CHN", "DEU", "KEN", "USA")
NUMBER = {
    "value": 0.5,
    "unit": "log odds",
    "range": [-20, 20],
    "source": "a guess for schools",
    "confidence": "assumed",
    "evidence": "prior only",
}
TASTE = "offerings.domestic.constant.schools"
LEAKAGE = {**NUMBER, "value": 0.1, "unit": "fraction", "range": [0, 1]}
SIZES = {name: {"size": {"schools": LEAKAGE}} for name in BASELINE.tasks}


def written(tmp_path, content, extends="baseline", name="new"):
    head = {"schema_version": 1, "name": name, "extends": str(extends)}
    path = tmp_path / f"{name}.yaml"
    path.write_text(write_yaml({**head, **content}), encoding="utf-8")
    return path


def schools(**changes):
    """A segment like public administration, by another name."""
    own = BASELINE.to_dict()["segments"]["government"] | {"label": "Schools", "leakage": LEAKAGE}
    return {"schools": own | changes}


def with_schools(**changes):
    """An override that adds schools, and all that they need."""
    return {
        "horizon": {"end": "2023-06"},
        "segments": schools(**changes),
        "offerings": {name: {"constant": {"schools": NUMBER}} for name in BASELINE.offerings},
        "tasks": SIZES,
    }


def test_a_removed_segment_takes_all_that_belongs_to_it(tmp_path):
    content = {"horizon": {"end": "2023-06"}, "segments": {"government": None}}
    resolved = load(written(tmp_path, content))
    parts = [path for path in resolved.quantities if "government" in path.split(".")]
    assert not parts
    assert not [e for e in resolved.events if e.lever.endswith(".government")]
    (warning,) = [w for w in resolved.warnings if "removed segment" in w]
    assert re.match(r".*new\.yaml:\d+: events of the removed segment 'government'", warning)
    assert "cn-licensing-government" in warning
    assert "ban.cn.government 2025-02" in warning
    assert build_world(resolved, order=FEW).shape == (6, 4, 3, 9)


def test_an_added_segment_runs(tmp_path):
    resolved = load(written(tmp_path, with_schools()))
    assert list(resolved.segments)[-1] == "schools"
    assert resolved.quantities["segments.schools.leakage"].value == 0.1
    assert resolved.sources["a guess for schools"].title == "a guess for schools"
    old = BASELINE.offerings["us_closed"]
    new = resolved.offerings["us_closed"]
    assert new.vendors == old.vendors
    added = {path for path in resolved.quantities if path.startswith("offerings.")}
    added -= set(BASELINE.quantities)
    assert added == {f"offerings.{name}.constant.schools" for name in BASELINE.offerings}
    assert build_world(resolved, order=FEW).shape == (6, 4, 5, 9)
    assert set(resolved.quantities) <= set(resolved.origin)
    again = tmp_path / "again.yaml"
    again.write_text(resolved.to_yaml(), encoding="utf-8")
    assert load(again) == resolved


def test_a_removed_segment_may_be_added_again_with_set_alone(tmp_path):
    gone = written(tmp_path, {"segments": {"government": None}}, name="gone")
    constants = {f"offerings.{name}.constant.schools": NUMBER for name in BASELINE.offerings}
    sizes = {f"tasks.{name}.size.schools": LEAKAGE for name in BASELINE.tasks}
    content = {"segments": schools(), "set": constants | sizes}
    resolved = load(written(tmp_path, content, extends=gone))
    check_read(resolved)
    assert list(resolved.segments) == ["consumers", "developers", "enterprise", "schools"]


def test_what_a_new_segment_lacks_is_asked_for_at_its_line(tmp_path):
    content = with_schools()
    del content["offerings"]["domestic"]
    message = r"new\.yaml:\d+: segments\.schools: 'schools' is missing in offerings\.domestic"
    with pytest.raises(SchemaError, match=message):
        load(written(tmp_path, content))
    content = with_schools()
    del content["segments"]["schools"]["leakage"]
    message = r"new\.yaml:\d+: segments\.schools\.leakage: 'leakage' is missing"
    with pytest.raises(SchemaError, match=message):
        load(written(tmp_path, content))


def test_the_path_that_leakage_had_is_refused_with_the_new_one(tmp_path):
    message = (
        r": unknown path 'access\.leakage\.consumers'\. It is segments\.consumers\.leakage now"
    )
    with pytest.raises(UnknownKey, match=message) as refused:
        load("baseline", sets=["access.leakage.consumers=0.2"])
    assert refused.value.exit_code == 3
    with pytest.raises(UnknownKey, match=r"new\.yaml:\d+: set\.access\.leakage.*" + message):
        load(written(tmp_path, {"set": {"access.leakage.consumers": {"fix": True}}}))
    whole = BASELINE.to_dict()
    whole["parameters"]["access"]["leakage"] = {"consumers": LEAKAGE}
    path = tmp_path / "whole.yaml"
    path.write_text(write_yaml(whole), encoding="utf-8")
    with pytest.raises(UnknownKey, match=r"whole\.yaml:\d+: parameters\.access.*" + message):
        load(path)


@pytest.mark.parametrize(
    ("path", "raw", "kind", "message"),
    [
        (TASTE, 0.1, SchemaError, "expected a quantity, found '0.1'"),
        (TASTE, {"value": 0.1}, SchemaError, "'unit' is missing"),
        (TASTE, {**NUMBER, "value": 30}, OutOfRange, r"-20 to 20 \(log odds\)"),
        ("offerings.domestic.constant.clubs", NUMBER, UnknownKey, "unknown path"),
        ("segments.schools.new", NUMBER, UnknownKey, "unknown path"),
        ("frontier.us.new", LEAKAGE, UnknownKey, "unknown path"),
    ],
)
def test_only_what_a_new_segment_needs_can_be_added_and_only_whole(
    tmp_path, path, raw, kind, message
):
    content = with_schools()
    del content["offerings"]["domestic"]
    with pytest.raises(kind, match=message):
        load(written(tmp_path, {**content, "set": {path: raw}}))


def test_no_segment_left(tmp_path):
    content = {"segments": dict.fromkeys(BASELINE.segments)}
    with pytest.raises(SchemaError, match=r"new\.yaml:4: segments: no segment is left"):
        load(written(tmp_path, content))


@pytest.mark.parametrize(
    ("label", "message"), [("", r"\.label: .* at least 1 character"), (3, "missing or not text")]
)
def test_a_label_that_is_no_text_is_refused(tmp_path, label, message):
    with pytest.raises(SchemaError, match=r"new\.yaml:\d+: segments\.schools" + ".*" + message):
        load(written(tmp_path, {"segments": schools(label=label)}))


def test_a_name_that_flat_paths_cannot_hold(tmp_path):
    content = {"segments": {"a.b": schools()["schools"]}}
    with pytest.raises(SchemaError, match="this name cannot be used"):
        load(written(tmp_path, content))


def test_an_offering_may_be_said_in_part(tmp_path):
    block = {"control": 0.2, "licence": "other", "constant": {"consumers": {"value": 0.3}}}
    resolved = load(written(tmp_path, {"offerings": {"us_open": block}}))
    old, new = BASELINE.quantities, resolved.quantities
    control, taste = "offerings.us_open.control", "offerings.us_open.constant.consumers"
    assert (new[control].value, resolved.offerings["us_open"].licence) == (0.2, "other")
    assert new[taste].value == 0.3
    assert new[taste].draw == old[taste].draw
    assert new | {path: old[path] for path in (control, taste)} == old
    assert "new.yaml" in resolved.origin["offerings.us_open.control"]
    assert "baseline.yaml" in resolved.origin["offerings.us_open.risk"]


@pytest.mark.parametrize(
    ("block", "kind", "message"),
    [
        ({"controll": 0.2}, UnknownKey, "Did you mean 'control'"),
        ({"control": {"value": 0.2, "unit": "percent"}}, UnitMismatch, "'percent'"),
        ({"constant": {"schools": NUMBER}}, UnknownKey, "unknown key 'schools'"),
        ({"access": "web"}, SchemaError, "'service', 'weights' or 'partnership'"),
    ],
)
def test_bad_parts_of_an_offering(tmp_path, block, kind, message):
    with pytest.raises(kind, match=message):
        load(written(tmp_path, {"offerings": {"us_open": block}}))
