"""Layers: overrides, policies, single settings, economies, and what is written back."""

import pickle
from pathlib import Path

import pytest

from sim.errors import (
    CyclicExtends,
    DuplicateKey,
    MissingFile,
    OutOfRange,
    SchemaError,
    UnknownEconomy,
    UnknownKey,
)
from sim.scenario import load
from sim.scenario.alter import with_values, without_offering
from sim.scenario.diff import differences
from sim.scenario.economies import read_economies

FOLDER = Path(__file__).parents[1] / "fixtures" / "scenarios"
SMALL, TIGHTER = FOLDER / "small.yaml", FOLDER / "tighter.yaml"
TIGHT, LOOSE, DEALS = (str(FOLDER / f"{n}_policy.yaml") for n in ("tight", "loose", "deals"))


def written(tmp_path, text, name="new.yaml"):
    path = tmp_path / name
    path.write_text(f"schema_version: 1\nname: new\nextends: {SMALL}\n{text}", encoding="utf-8")
    return path


def test_bare_value_moves_the_centre_only():
    old, new = (load(p).parameters["frontier.cn.catch_up"] for p in (SMALL, TIGHTER))
    assert new == old.model_copy(update={"value": 0.04})


def test_fix_takes_the_draw_and_inline_source_is_kept():
    resolved = load(TIGHTER)
    pace = resolved.parameters["frontier.us.pace"]
    assert (pace.value, pace.draw, pace.fix, pace.source) == (1.1, None, True, "a memo")
    assert resolved.sources["a memo"].title == "a memo"


def test_origin_names_the_last_layer():
    resolved = load(TIGHTER)
    assert resolved.origin["frontier.cn.catch_up"].endswith("tighter.yaml:7")
    assert resolved.origin["us.chip_controls.tightness"].endswith("small.yaml:68")
    assert set(resolved.quantities) <= set(resolved.origin)


def test_every_source_is_among_the_sources():
    resolved = load(TIGHTER, [TIGHT])
    assert {q.source for q in resolved.quantities.values()} <= set(resolved.sources)
    assert {e.source for e in resolved.events if e.source} <= set(resolved.sources)


def test_unknown_source_in_a_complete_file(tmp_path):
    path = tmp_path / "complete.yaml"
    text = SMALL.read_text(encoding="utf-8").replace("source: survey", "source: survy", 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match="Did you mean 'survey'"):
        load(path)


def test_name_and_extends_alone_change_nothing(tmp_path):
    small, new = load(SMALL), load(written(tmp_path, ""))
    assert new.hash == small.hash
    assert not differences(small, new)
    assert new.narrative == small.narrative


def test_removed_segment_takes_its_constants(tmp_path):
    resolved = load(written(tmp_path, "segments: {government: null}\n"))
    assert list(resolved.segments) == ["consumers"]
    tastes = [path for path in resolved.quantities if ".constant." in path]
    assert tastes == [f"offerings.{name}.constant.consumers" for name in resolved.offerings]


def test_removed_offering(tmp_path):
    assert list(load(written(tmp_path, "offerings: {domestic: null}\n")).offerings) == ["us_closed"]
    with pytest.raises(UnknownKey, match="Did you mean 'domestic'"):
        load(written(tmp_path, "offerings: {domestik: null}\n"))


def test_cycle_of_two(tmp_path):
    for one, other in (("a", "b"), ("b", "a")):
        text = f"schema_version: 1\nname: {one}\nextends: ./{other}.yaml\n"
        (tmp_path / f"{one}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CyclicExtends, match="a -> b -> a"):
        load(tmp_path / "a.yaml")


def test_shipped_names_from_any_folder(tmp_path, monkeypatch):
    (tmp_path / "policies").mkdir()
    (tmp_path / "small.yaml").write_bytes(SMALL.read_bytes())
    (tmp_path / "policies" / "tight.yaml").write_bytes(Path(TIGHT).read_bytes())
    monkeypatch.setattr("sim.scenario.layers.scenarios_dir", lambda: tmp_path)
    assert load("small+tight") == load("small", ["tight"]) == load("small", ["none", "tight"])
    assert load("small+tight").name == "small+tight"
    with pytest.raises(MissingFile, match="Did you mean 'small'"):
        load("smal")
    with pytest.raises(SchemaError, match="a policy is not a scenario"):
        load("tight")
    with pytest.raises(SchemaError, match="is a scenario, not a policy"):
        load("small", ["small"])


def test_policies_in_any_order():
    one, other = load(SMALL, [LOOSE, DEALS]), load(SMALL, [DEALS, LOOSE])
    assert one == other
    assert one.parameters["frontier.us.pace"].value == 0.9
    assert one.parameters["frontier.us.pace"].draw is None


def test_policies_that_disagree_name_both_places():
    with pytest.raises(DuplicateKey, match=r"loose_policy.yaml:5: .*tight_policy.yaml:5"):
        load(SMALL, [TIGHT, LOOSE])


def test_policies_whose_events_disagree(tmp_path):
    texts = [Path(p).read_text(encoding="utf-8") for p in (TIGHT, LOOSE)]
    paths = []
    for i, text in enumerate(texts):
        paths.append(tmp_path / f"p{i}.yaml")
        paths[i].write_text("\n".join(x for x in text.splitlines() if "pace" not in x), "utf-8")
    with pytest.raises(DuplicateKey, match=r"p1.yaml:6: .*p0.yaml:6"):
        load(SMALL, [str(p) for p in paths])


def test_policy_outside_the_horizon_only_warns():
    resolved = load(SMALL, [TIGHT])
    assert any("2030-01 is outside the horizon" in warning for warning in resolved.warnings)
    assert all(event.on != "2030-01" for event in resolved.events)


def test_single_settings_come_last():
    sets = ["frontier.us.pace=1.3", "structure.network=none", "horizon.end=2024-06"]
    resolved = load(SMALL, [TIGHT], sets)
    assert resolved.parameters["frontier.us.pace"].value == 1.3
    assert resolved.structure.network == "none"
    assert resolved.horizon.n_months == 18
    assert load(SMALL, sets=["frontier.us.pace={fix: true}"]).parameters["frontier.us.pace"].fix


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("frontier.us.pace", SchemaError, "expected path=value"),
        ("frontier.us.pace=", SchemaError, "expected path=value"),
        ("frontier.us.pace=9", OutOfRange, "Allowed: 0.2 to 3"),
        ("frontier.us.pace=true", SchemaError, "expected a number"),
        ("structure.network=web", SchemaError, "'trade', 'language_distance' or 'none'"),
        ("structure.netwrk=none", UnknownKey, "Did you mean 'network'"),
        ("horizon.end=2020-01", SchemaError, "the end 2020-01 is before 2023-01"),
    ],
)
def test_bad_settings(text, kind, message):
    with pytest.raises(kind, match=message):
        load(SMALL, sets=[text])


def test_settings_that_disagree():
    with pytest.raises(DuplicateKey, match=r"--set frontier\.us\.pace=1"):
        load(SMALL, sets=["frontier.us.pace=1", "frontier.us.pace=2"])


def test_selectors():
    economies = read_economies()
    africa = economies.select(["region:Africa"])
    assert economies.select(["region:Africa", "-KEN"]) == africa - {"KEN"}
    assert economies.select(["-KEN"]) == set(economies.rows) - {"KEN"}
    assert {"DEU", "FRA"} <= economies.select(["group:eu"])
    assert economies.select(["income:Low", "KEN"]) >= {"KEN", "AFG"}
    assert economies.select(["tier:3"]) >= {"CHN", "PRK"}


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("eu", "group:eu"),
        ("Kenya", "Kenya is KEN"),
        ("group:population", "unknown group"),
        ("continent:Africa", "unknown selector"),
        ("region:Afrika", "Did you mean 'Africa'"),
    ],
)
def test_bad_selectors(selector, message):
    with pytest.raises(UnknownEconomy) as caught:
        read_economies().select([selector])
    assert message in str(caught.value)


def test_selection_of_nobody():
    with pytest.raises(UnknownEconomy, match="selects no economy"):
        read_economies().select(["KEN", "-region:Africa"])


def test_differences_name_path_sides_and_place():
    found = {d.path: d for d in differences(load(SMALL), load(TIGHTER))}
    assert (found["frontier.cn.catch_up"].a, found["frontier.cn.catch_up"].b) == ("0.05", "0.04")
    assert found["frontier.cn.catch_up"].set_at.endswith("tighter.yaml:7")
    assert "countries.KEN.sovereignty_preference" in found
    assert "segments.government.churn" not in found


def test_misspelt_source_id_is_not_taken_for_text(tmp_path):
    text = "set: {frontier.us.pace: {value: 1, source: survy}}\n"
    with pytest.raises(SchemaError, match=r"new\.yaml:4: .*Did you mean 'survey'"):
        load(written(tmp_path, text))


def test_new_segment_and_offerings_read_back(tmp_path):
    number = "{value: 0.5, unit: u, range: [0, 1], source: a talk in May, confidence: assumed,"
    number += " evidence: prior only}"
    taste = f"constant: {{consumers: {number}, government: {number}, schools: {number}}}"
    facts = "label: L, origin: {cn: 1}, access: weights, nest: n, track: t, price_track: t,"
    facts += " licence: open, hosting: local"
    block = f"{{{facts}, control: {number}, {taste}}}"
    text = f"segments:\n  schools: {{label: Schools, churn: {number}}}\n"
    text += f"offerings: {{us_closed: null, domestic: null, new: {block}, newer: {block}}}\n"
    resolved = load(written(tmp_path, text))
    assert list(resolved.segments) == ["consumers", "government", "schools"]
    assert list(resolved.offerings) == ["new", "newer"]
    assert resolved.quantities["offerings.new.constant.schools"].value == 0.5
    assert not [path for path in resolved.origin if "domestic" in path]
    again = tmp_path / "again.yaml"
    again.write_text(resolved.to_yaml(), encoding="utf-8")
    assert load(again) == resolved


def test_new_segment_needs_its_constants(tmp_path):
    number = "{value: 0.5, unit: u, range: [0, 1], source: survey, confidence: assumed,"
    text = f"segments: {{schools: {{label: S, churn: {number} evidence: prior only}}}}}}\n"
    with pytest.raises(SchemaError, match="'schools' is missing in offerings"):
        load(written(tmp_path, text))


def test_country_values(tmp_path):
    resolved = load(written(tmp_path, "countries: {NOR: {internet_pct: 98}}\n"))
    assert resolved.countries == {
        "KEN": {"sovereignty_preference": 0.7},
        "NOR": {"internet_pct": 98},
    }
    with pytest.raises(UnknownKey, match="unknown column 'subregion'"):
        load(written(tmp_path, "countries: {NOR: {subregion: 1}}\n"))
    with pytest.raises(OutOfRange, match="Allowed: 0 to 1"):
        load(written(tmp_path, "countries: {NOR: {sovereignty_preference: 2}}\n"))


def test_copies_have_their_own_hash():
    small = load(SMALL)
    assert small.model_copy().hash == small.hash
    assert small.model_copy(update={"events": ()}).hash != small.hash
    assert pickle.loads(pickle.dumps(small)) == small


def test_views_are_of_the_one_store_and_follow_it():
    small, lever = load(SMALL), "us.chip_controls.tightness"
    owned = {path for path in small.quantities if path.startswith(("segments.", "offerings."))}
    assert set(small.parameters) | set(small.levers) | owned == set(small.quantities)
    assert not set(small.parameters) & set(small.levers)
    before = small.levers[lever].value
    moved = with_values(small, {lever: 1.0 - before})
    assert (moved.levers[lever].value, small.levers[lever].value) == (1.0 - before, before)
    assert moved.hash != small.hash
    assert small.across("segments", "churn") == [
        small.quantities[f"segments.{name}.churn"].value for name in ("consumers", "government")
    ]


def test_an_offering_goes_with_its_quantities_and_nothing_else():
    small = load(SMALL)
    rest = without_offering(small, "domestic")
    gone = set(small.quantities) - set(rest.quantities)
    owned = ("offerings.domestic.", "ban.domestic.")
    assert gone == {path for path in small.quantities if path.startswith(owned)}
    assert {path.split(".")[0] for path in gone} == {"offerings", "ban"}
    assert list(rest.offerings) == ["us_closed"]


def test_shipped_baseline_is_sound_and_writes_back(tmp_path):
    baseline = load("baseline")
    assert not baseline.warnings
    path = tmp_path / "again.yaml"
    path.write_text(baseline.to_yaml(), encoding="utf-8")
    assert load(path) == baseline
    assert {q.source for q in baseline.quantities.values()} <= set(baseline.sources)
