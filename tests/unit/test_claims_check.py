"""Claims are run, every one has a way to be answered, and the answer is what the numbers say."""

import json

import numpy as np
import pytest

from sim.claims.check import Checked, Verdict, check_claims, level_of
from sim.claims.claim import Contrast
from sim.claims.ledger import load_claims
from sim.claims.names import outcome_names
from sim.claims.report import as_json, as_markdown, row, summary
from sim.claims.structure import CHECKS, check_structure
from sim.claims.worlds import Runs, altered, worlds
from sim.errors import SpheresError, UnknownKey
from sim.scenario import lever_paths, load

LEDGER = load_claims()
SOME = ("D000-04", "D001-12", "D002-10", "D003-05", "D000-07")


@pytest.fixture(scope="module")
def base():
    return load("baseline", sets=["horizon.end=2025-12"])


@pytest.fixture(scope="module")
def checked(base):
    return check_claims(LEDGER, base, 8, ids=SOME)


def test_every_claim_can_be_answered():
    """Paired and level claims by named outcomes, structural ones by a check of their own."""
    names = set(outcome_names(load("baseline"))) | {"spend"}
    for claim in LEDGER.claims.values():
        if claim.direction == "structure":
            assert claim.id in CHECKS
        else:
            wanted = [claim.outcome]
            if claim.level is not None:
                bound = (claim.level.above, claim.level.below)
                wanted += [name for name in bound if isinstance(name, str)]
            assert all({name, f"world.{name}"} & names for name in wanted), claim.id
    structural = {c.id for c in LEDGER.claims.values() if c.direction == "structure"}
    assert set(CHECKS) == structural


def test_a_structural_claim_without_a_check_is_an_error(base):
    claim = LEDGER.get("D001-12").model_copy(update={"id": "D001-99"})
    with pytest.raises(SpheresError, match="D001-99"):
        check_structure(claim, base, Runs(base, 2, 1))


def test_both_worlds_of_every_claim_can_be_made():
    base = load("baseline")
    for claim in LEDGER.claims.values():
        if claim.lever is not None:
            on, off = worlds(claim.lever, base)
            assert on.hash != off.hash, claim.id


def test_a_lever_holds_its_value_from_its_start_whatever_happens_later():
    base = load("baseline")
    lever = "us.chip_controls.tightness"
    contrast = Contrast(on={lever: 0.33}, start="2024-03")
    path = lever_paths(altered(base, contrast.on, contrast), ["USA"])[lever]
    before = lever_paths(base, ["USA"])[lever]
    start = 14
    assert (path[start:] == 0.33).all()
    assert np.array_equal(path[:start], before[:start])
    assert len(set(before[start:])) > 1


def test_a_setting_loses_its_draw_and_an_offering_can_be_left_out():
    base = load("baseline")
    off = {"segments.*.lock_in": 0, "offerings.cn_open_local": False, "structure.feedbacks": False}
    made = altered(base, off, Contrast(off=off))
    found = [q for p, q in made.quantities.items() if p.endswith(".lock_in")]
    assert [(q.value, q.draw) for q in found] == [(0.0, None)] * len(base.segments)
    assert set(base.offerings) - set(made.offerings) == {"cn_open_local"}
    assert made.structure.feedbacks is False


def test_answers_are_in_the_order_asked_and_complete(checked):
    assert [one.id for one in checked.verdicts] == list(SOME)
    for one in checked.verdicts:
        assert one.text
        assert row(one)[0] == one.id


def test_a_level_is_the_distance_from_its_bound(base, checked):
    one = next(v for v in checked.verdicts if v.id == "D002-10")
    runs = Runs(base, 8, 1)
    runs.add([base])
    gap = level_of(base, "lag_us_open", "2025-12", runs) - level_of(
        base, "lag_cn_open", "2025-12", runs
    )
    assert one.value == pytest.approx(gap.mean())
    assert (one.answer == "agrees") == (gap.mean() > 0)


@pytest.mark.parametrize("claim_id", ["D000-07", "D003-05"])
def test_an_answer_is_what_the_interval_says(checked, claim_id):
    one = next(v for v in checked.verdicts if v.id == claim_id)
    sign = 1.0 if one.direction == "increase" else -1.0
    assert one.low <= one.value <= one.high
    if one.low <= 0.0 <= one.high:
        assert one.answer == "no clear effect"
    else:
        assert one.answer == ("agrees" if sign * one.value > 0 else "contradicts")
        assert one.holds_in > 0.5 or one.answer == "contradicts"


def test_a_report_passes_no_judgement(checked):
    one = checked.verdicts[0]
    assert (one.id, one.answer) == ("D000-04", "reported")
    assert one.low < one.value < one.high


def test_json_and_markdown_hold_every_verdict(checked):
    body = json.loads(as_json(checked))
    assert [one["id"] for one in body["verdicts"]] == list(SOME)
    assert sum(body["counts"].values()) == len(SOME)
    text = as_markdown(checked)
    assert all(f"| {claim_id} |" in text for claim_id in SOME)
    assert summary(checked).startswith(f"{len(SOME)} claims")


@pytest.mark.parametrize(
    ("answer", "heading"),
    [("contradicts", "### Contradicted by the model"), ("no clear effect", "### No clear effect")],
)
def test_what_does_not_agree_is_listed(answer, heading):
    one = Verdict(
        id="D000-01",
        claim="It is so.",
        direction="increase",
        label="emergent",
        outcome="x",
        at=None,
        answer=answer,
        text="−1 (−2 to 0)",
    )
    text = as_markdown(Checked((one,), "s", "h" * 8, 2, 1, ()))
    assert "It is so." in text.partition(heading)[2].partition("###")[0]


def test_an_unknown_claim_is_refused(base):
    with pytest.raises(UnknownKey, match="D009-01"):
        check_claims(LEDGER, base, 2, ids=["D009-01"])
