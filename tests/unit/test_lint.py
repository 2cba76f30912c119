"""Lint: a change that can move nothing is named, one that acts is not."""

import pytest
from small_worlds import tables

from sim.explain.lint import lint
from sim.explain.lint_deep import complete_file, lint_by_running
from sim.scenario import load
from sim.world.build import build_world

HEAD = "schema_version: 1\nname: mine\nextends: baseline\n"
TIGHT = "us.chip_controls.tightness"
LEAK = "us.chip_controls.leakage"


@pytest.fixture
def found(tmp_path):
    """Findings about a scenario that extends the baseline, as {what: message}."""

    def look(text, sets=()):
        path = tmp_path / "mine.yaml"
        path.write_text(HEAD + text, encoding="utf-8")
        resolved = load(path, sets=sets)
        findings = lint(build_world(resolved, tables()), tables())
        return {finding.what: finding.message for finding in findings}

    return look


def events(*rows):
    lines = ["  - {" + row + ", confidence: assumed}\n" for row in rows]
    return "events:\n" + "".join(lines)


def test_a_change_that_acts_is_not_named(found):
    text = events(
        f"on: 2027-01, lever: {TIGHT}, to: 0.9",
        "on: 2027-01, lever: ban.cn.consumers, to: 1, economies: [KEN]",
        "on: 2027-01, lever: cloud.cn, to: 1, economies: [KEN]",
    )
    assert found(text + "countries:\n  KEN: {sovereignty_preference: 0.9}\n") == {}


def test_changes_of_what_is_there_and_of_some_economies_act_too(found):
    text = events(
        "on: 2025-06, lever: price.us_closed, times: 0.5",
        "on: 2027-01, lever: price.us_closed, times: 0.5, economies: ['income:Low']",
        "on: 2027-01, lever: ban.cn_open_hosted.government, to: 1, economies: ['group:eu']",
    )
    assert found(text) == {}
    once = events("on: 2027-01, lever: price.us_closed, times: 1, economies: [KEN]")
    assert list(found(once)) == ["2027-01 price.us_closed x 1"]


@pytest.mark.parametrize(
    ("rows", "sets", "says"),
    [
        ([f"on: 2026-12, lever: {LEAK}, to: 0.2"], [], "0.2 already"),
        (
            [
                "on: 2026-12, lever: us.openness, to: 0.4",
                "on: 2027-12, lever: us.openness, to: 0.4",
            ],
            [],
            "0.4 already",
        ),
        (["on: 2035-10, lever: us.openness, to: 0.4"], [], "only 3 months"),
        (["on: 2024-01, lever: cn.openness, to: 0.4, until: 2025-01"], [], "are dated"),
        (["on: 2027-01, lever: standards.reach, to: 0.4"], ["standards.gain"], "standards.gain"),
        (
            [f"on: 2026-12, lever: {TIGHT}, to: 0", f"on: 2026-12, lever: {LEAK}, to: 0.9"],
            [],
            "binds nobody",
        ),
        (
            ["on: 2027-01, lever: ban.us.consumers, to: 1, economies: [PRK]"],
            [],
            "cannot be reached anyway",
        ),
        (
            ["on: 2027-01, lever: access.openai, to: 0, economies: [PRK, BRA]"],
            [],
            "lists say the same in PRK; it acts in 1",
        ),
        (
            ["on: 2027-01, lever: partnership.signed, to: 0.5, economies: [IRN]"],
            [],
            "cannot act",
        ),
    ],
)
def test_a_change_that_cannot_act_is_named(found, rows, sets, says):
    fixed = [f"{path}={{value: 0, fix: true}}" for path in sets]
    messages = found(events(*rows), fixed).values()
    assert any(says in message for message in messages), messages


def test_a_release_of_a_bloc_whose_releases_are_drawn(found):
    text = events("on: 2025-03, lever: released.cn_open, to: 170")
    assert found(text) == {}
    messages = found(text, ["structure.dated_releases=[us]"]).values()
    assert any("not dated: not read" in message for message in messages), messages


def test_an_event_that_later_ones_hide(tmp_path):
    ban = "lever: ban.cn.consumers, confidence: assumed"
    mine, policy = tmp_path / "mine.yaml", tmp_path / "policy.yaml"
    mine.write_text(
        f"{HEAD}events:\n  - {{on: 2027-01, {ban}, to: 0.4, economies: [KEN]}}\n", "utf-8"
    )
    policy.write_text(
        "schema_version: 1\nkind: policy\nname: policy\n"
        f"events:\n  - {{on: 2027-01, {ban}, to: 0.5}}\n",
        "utf-8",
    )
    alone = lint(build_world(load(mine), tables()), tables())
    both = lint(build_world(load(mine, [str(policy)]), tables()), tables())
    assert alone == []
    assert [finding.message for finding in both] == [
        "later events hide it in every month: nothing changes"
    ]


@pytest.mark.parametrize(
    ("key", "value", "path"),
    [
        ("structure.feedbacks", "false", "feedback.data_gain"),
        ("structure.network", "none", "segments.developers.imitation"),
        ("structure.choice", "logit", "choice.similarity"),
    ],
)
def test_a_parameter_that_the_structure_switches_off(found, key, value, path):
    text = f"set:\n  {path}: 0.5\n"
    assert found(text) == {}
    assert "structure." in found(text, [f"{key}={value}"])[path]


def test_a_value_that_was_there_is_a_warning_of_loading():
    value = load("baseline").quantities["frontier.cn.catch_up"].value
    same = load("baseline", sets=[f"frontier.cn.catch_up={value}"])
    assert same.hash == load("baseline").hash
    assert any("already: nothing changes" in warning for warning in same.warnings)
    assert not load("baseline", sets=[f"frontier.cn.catch_up={0.9 * value}"]).warnings


def test_a_column_that_the_table_has_already(found):
    text = "countries:\n  KEN: {bri: 1, nato: 1}\n"
    assert list(found(text)) == ["countries.KEN.bri"]


def test_the_complete_file_is_looked_at_on_request():
    """Licensing in China binds nobody while vendors refuse to serve it; the ledger says so."""
    world = build_world(load("baseline"), tables())
    assert lint(world, tables()) == []
    named = {finding.what for finding in lint(world, tables(), everything=True)}
    assert named == {f"2023-08 ban.us.{s} = 1" for s in world.resolved.segments}


def test_running_finds_what_no_array_shows():
    """What only another rule of choice reads moves nothing; a ban does."""
    sets = ["horizon.end=2027-06", "choice.entry=0.5"]
    resolved = load("baseline", ["us-cutoff-brazil"], sets)
    found = lint_by_running(resolved, complete_file("baseline+us-price-war"), tables())
    idle = {finding.what: finding.message for finding in found}
    assert "moves no named outcome" in idle["choice.entry"]
    assert not [what for what in idle if "access.openai" in what]
