"""`spheres explain` as a user runs it (in this process)."""

import json

import pytest

SHORT = ("--set", "horizon.end=2023-12")


def test_table_names_every_term_and_offering(spheres):
    code, out, err = spheres("explain", "baseline", "KEN", "2023-03", *SHORT)
    assert code == 0
    assert all(line.startswith("warning: ") for line in err.splitlines())
    assert out.startswith("Kenya (KEN), 2023-03   scenario ")
    rows = {line[:20].strip() for line in out.splitlines()}
    assert {"sovereignty", "price", "lock-in", "ecosystem", "goodwill"} <= rows
    assert {"reach", "awareness", "nest", "tasks", "own hardware", "sum", "known to"} <= rows
    assert "goes to AI" in out
    assert all(f"({name})" in out for name in ("consumers", "developers", "government"))
    assert "runner-up" in out
    assert "target" in out


def test_json_holds_the_same_numbers(spheres):
    options = ("--segment", "consumers", "--format", "json", "--seed", "2", *SHORT)
    code, out, _ = spheres("explain", "baseline", "deu", "2023-03", *options)
    assert code == 0
    told = json.loads(out)
    assert (told["iso3"], told["seed"], told["month"]) == ("DEU", 2, "2023-03")
    (segment,) = told["segments"]
    assert segment["name"] == "consumers"
    for view in segment["offerings"]:
        assert sum(view["terms"].values()) == pytest.approx(view["attraction"], abs=1e-9)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("KENY", "2031-06"), "'KEN'"),
        (("Kenya", "2031-06"), "The ISO3 code of Kenya is KEN"),
        (("KEN", "2036-01"), "The horizon is 2023-01 to 2035-12"),
        (("KEN", "June"), "Write YYYY-MM"),
        (("KEN", "2031-06", "--segment", "consumer"), "'consumers'"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_what_does_not_exist_is_one_line_and_exit_3(spheres, arguments, hint):
    code, out, err = spheres("explain", "baseline", *arguments)
    assert (code, out) == (3, "")
    assert err.startswith("spheres: ")
    assert err.count("\n") == 1
    assert hint in err


def test_near_indifferent_economies_are_listed_with_what_flips_them(spheres):
    wide = ("--indifferent", "5", "--segment", "developers", "--format", "json", *SHORT)
    code, out, err = spheres("explain", "baseline", "all", "2023-12", *wide)
    assert code == 0
    rows = json.loads(out)
    assert rows
    gaps = [abs(row["gap"]) for row in rows]
    assert gaps == sorted(gaps)
    assert f"{len(rows)} segments" in err
    one = rows[0]["iso3"]
    alone = spheres("explain", "baseline", one, "2023-12", *wide)[1]
    assert json.loads(alone) == rows[:1]


def test_a_table_says_what_would_flip_the_leader(spheres):
    options = ("--segment", "government", *SHORT)
    out = spheres("explain", "baseline", "CAN", "2023-03", *options)[1]
    assert "put another in front" in out or "No single change" in out
