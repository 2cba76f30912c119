"""`spheres claims check` as a user runs it (in this process)."""

import json

import pytest


def test_claims_are_checked_by_id_and_written_as_json(spheres, tmp_path):
    path = tmp_path / "answers.json"
    arguments = ("check", "d001-12", "D002-11", "-n", 2, "--format", "json", "-o", path)
    code, out, err = spheres("claims", *arguments)
    assert code == 0
    told = json.loads(out)
    assert told == json.loads(path.read_text(encoding="utf-8"))
    assert [one["id"] for one in told["verdicts"]] == ["D001-12", "D002-11"]
    assert "2 claims" in err


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("check", "D009-99", "-n", "2"), 3, "D009-99"),
        (("D000-01", "D000-02"), 2, "one claim at a time"),
        (("check", "-n", "1"), 2, "2"),
    ],
)
def test_what_cannot_be_checked_is_said(spheres, arguments, code, text):
    found, _, err = spheres("claims", *arguments)
    assert found == code
    assert text in err
