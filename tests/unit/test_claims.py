"""The claims ledger: complete, tied to names that exist, and refused with its line where not."""

import re
import shutil
from collections import Counter

import pytest

from sim.claims.ledger import check_ledger, load_claims
from sim.claims.names import checked_ledger, outcome_names, series_names
from sim.errors import (
    DuplicateKey,
    InputError,
    MissingFile,
    OutOfRange,
    OutsideHorizon,
    SchemaError,
    UnknownEconomy,
    UnknownKey,
)
from sim.scenario import load
from sim.scenario.claim_ids import claim_ids, claims_dir
from sim.scenario.pattern import expand

CLAIMS_BY_DOCUMENT = {"000": 12, "001": 14, "002": 18, "003": 13, "004": 16}


@pytest.fixture(scope="module")
def baseline():
    return load("baseline")


@pytest.fixture(scope="module")
def names(baseline):
    """(every output name, the outcomes kept per replicate)."""
    outcomes = outcome_names(baseline)
    return [*outcomes, *series_names()], outcomes


@pytest.fixture
def planted(tmp_path, baseline, names):
    """Check a copy of the ledger in which one text of a file is replaced; gives the error."""

    def plant(document, old, new):
        folder = shutil.copytree(claims_dir(), tmp_path / "claims")
        (path,) = folder.glob(f"{document}-*.yaml")
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(InputError) as caught:
            check_ledger(load_claims(folder), baseline, *names)
        line = text[: text.index(old)].count("\n") + 1
        return caught.value, path, line

    return plant


def test_every_claim_is_present_exactly_once():
    wanted = [f"D{d}-{i:02d}" for d, n in CLAIMS_BY_DOCUMENT.items() for i in range(1, n + 1)]
    assert list(load_claims().claims) == wanted
    assert len(wanted) == 73
    assert claim_ids() == set(wanted)


def test_every_reference_resolves():
    assert len(checked_ledger().claims) == 73


def test_rival_claims_have_one_contrast_and_opposite_signs():
    one, other = (load_claims().get(f"D001-{n}") for n in (13, 14))
    assert (one.lever, one.outcome) == (other.lever, other.outcome)
    assert {one.direction, other.direction} == {"increase", "decrease"}


def test_labels_tell_tests_from_tautologies():
    labels = Counter(claim.label for claim in load_claims().claims.values())
    assert labels["emergent"] + labels["measured"] > labels["built-in"] > 0


def test_what_is_not_modelled_is_said():
    ledger = load_claims()
    assert "not modelled" in ledger.get("D004-07").note
    assert "never" in ledger.get("D000-04").note
    assert ledger.get("D000-04").level is None


def test_measured_claims_are_held_against_a_level():
    claims = load_claims().claims.values()
    assert all(c.level is not None for c in claims if c.label == "measured")


def test_texts_are_whole_sentences_of_their_own():
    texts = [text for c in load_claims().claims.values() for text in (c.claim, c.check)]
    assert [text for text in texts if not re.fullmatch(r"[A-Z].{20,}\.", text)] == []
    assert [text for text, n in Counter(texts).items() if n > 1] == []


def test_claims_of_events_are_in_the_ledger_and_name_the_event(baseline):
    ledger = load_claims()
    for event in baseline.events:
        for claim_id in event.claims:
            claim = ledger.get(claim_id)
            if event.id:
                assert event.id in claim.encoded_by.events, (claim_id, event.id)


def test_pattern_stands_for_one_part():
    paths = ["segments.a.churn", "segments.b.churn", "segments.a.x.churn", "churn"]
    assert expand("segments.*.churn", paths) == ["segments.a.churn", "segments.b.churn"]
    assert expand("segments.c.churn", paths) == expand("*.z", paths) == []


REFUSED = [
    ("000", "affinity.forum_gain", "affinity.forum_gian", UnknownKey, "affinity.forum_gain"),
    ("000", "levers: [forum.engagement]", "levers: [forum.engagment]", UnknownKey, "engagement'"),
    ("000", "forum-proposed", "forum-propsed", UnknownKey, "unknown event"),
    ("000", "[us_closed]", "[us_clsoed]", UnknownKey, "unknown offering"),
    ("000", "outputs: [world.share.cn]", "outputs: [world.share.cm]", UnknownKey, "share.cn'"),
    ("000", "outcome: world.share.cn", "outcome: share", UnknownKey, "unknown outcome"),
    ("000", "off: {forum.engagement: 0}", "off: {forum.engagment: 0}", UnknownKey, "unknown path"),
    ("000", "on: {forum.engagement: 0.8}", "on: {forum.engagement: 8}", OutOfRange, "-1 to 1"),
    ("000", "start: 2026-07", "start: 2036-07", OutsideHorizon, "2035-12"),
    ("001", "{off: {offerings.cn_open", "{off: {offerings.cn_opn", UnknownKey, "unknown switch"),
    ("001", "above: world.share.cn_open", "above: world.share.cm_open", UnknownKey, "output"),
    ("003", "economies: [CHN]", "economies: [CHI]", UnknownEconomy, "CHI"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "old", "new", "kind", "text"), REFUSED)
def test_unknown_name_is_refused_at_its_line(planted, document, old, new, kind, text):
    error, path, line = planted(document, old, new)
    assert type(error) is kind
    assert str(error).startswith(f"{path}:{line}: claims["), str(error)
    assert text in str(error)


def test_claim_tied_to_nothing_is_refused(planted):
    old = "encoded_by:\n      levers: [cn.economy_drag]\n      outputs: [world.lag_cn]"
    error, path, line = planted("000", old, "encoded_by: {}")
    assert type(error) is SchemaError
    assert "D000-11 is tied to nothing" in str(error)
    claim_line = line - 2
    assert str(error).startswith(f"{path}:{claim_line}: ")


@pytest.mark.parametrize(
    ("old", "new", "kind", "text"),
    [
        ("- id: D000-02", "- id: D000-01", DuplicateKey, "D000-01 is also at"),
        ("- id: D000-02", "- id: D001-02", SchemaError, "not of document 000"),
        ("direction: increase", "direction: up", SchemaError, "expected 'increase'"),
        ("label: built-in", "lable: built-in", UnknownKey, "Did you mean 'label'"),
        ("off: {forum.engagement: 0}", "off: {forum.engagement: 0.8}", SchemaError, "same world"),
        ("{at: 2023-12, above: 0}", "{at: 2023-12}", SchemaError, "exactly one"),
    ],
)
def test_malformed_entry_is_refused(planted, old, new, kind, text):
    error, path, _ = planted("000", old, new)
    assert type(error) is kind
    assert text in str(error)
    assert str(error).startswith(f"{path}:")


def test_absent_ledger_is_named(tmp_path):
    with pytest.raises(MissingFile, match="ledger is absent"):
        load_claims(tmp_path)


SCENARIO = "schema_version: 1\nname: new\nextends: baseline\n"
EVENT = "{on: 2026-07, lever: rivalry, to: 0.5, confidence: assumed, claims: [D002-99]}"


@pytest.mark.parametrize(
    ("text", "line", "path"),
    [
        ("claims: [D000-03, D002-99]\n", 4, "claims[1]"),
        (f"events:\n  - {EVENT}\n", 5, "events[0].claims[0]"),
        ("set:\n  cost.decline: {claims: [D002-99]}\n", 5, "set.cost.decline.claims[0]"),
    ],
)
def test_scenario_citing_an_unknown_claim_is_refused(tmp_path, text, line, path):
    file = tmp_path / "new.yaml"
    file.write_text(SCENARIO + text, encoding="utf-8")
    with pytest.raises(UnknownKey, match="unknown claim 'D002-99'") as caught:
        load(file)
    assert str(caught.value).startswith(f"{file}:{line}: {path}: ")
    assert "Did you mean" in str(caught.value)


def test_single_setting_citing_an_unknown_claim_is_refused():
    with pytest.raises(UnknownKey, match="unknown claim"):
        load("baseline", sets=["cost.decline={claims: [D009-01]}"])
