"""The strict reader: what is a number, what is text, and what is refused."""

import pytest

from sim.errors import DuplicateKey, MalformedYaml, MissingFile
from sim.scenario.yaml_lines import dotted, parse_yaml, read_yaml


def value(text):
    return parse_yaml(text, "test").value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("True", "True"),
        ("true", True),
        ("false", False),
        ("1e-3", 0.001),
        ("-.5", -0.5),
        ("12", 12),
        ("007", 7),
        ("'12'", "12"),
        ("2026-07", "2026-07"),
        ("2026-07-01", "2026-07-01"),
        ("12:30", "12:30"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        (".nan", ".nan"),
        ("null", None),
        ("~", None),
        ("", None),
        ('"null"', "null"),
    ],
)
def test_scalars(text, expected):
    found = value(f"key: {text}\n")["key"]
    assert found == expected
    assert type(found) is type(expected)


def test_norway_is_a_key_and_a_code():
    assert value("NO: {codes: [NO, SE]}\n") == {"NO": {"codes": ["NO", "SE"]}}


def test_lines_of_keys_and_items():
    doc = parse_yaml("a:\n  b: 1\n  c:\n    - x\n    - {d: 2}\n", "test")
    assert [doc.line(key) for key in [("a",), ("a", "b"), ("a", "c", 1), ("a", "c", 1, "d")]] == [
        1, 2, 5, 5,
    ]  # fmt: skip
    assert doc.line(("a", "absent", "deeper")) == 1
    assert dotted(("a", "c", 1, "d")) == "a.c[1].d"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &x 1\nb: *x\n", "1: anchors and aliases"),
        ("a: !!python/name:os.system x\n", "1: tags are not read"),
        ("a: !local 3\n", "1: tags are not read"),
        ("a: 1\n---\nb: 2\n", "more than one document"),
        ("[" * 30 + "]" * 30, "nested deeper than 20"),
        ("[" * 100_000, "nested deeper than 20"),
        ("a: 1e999\n", "1: the number 1e999 is too large"),
        ("? [a, b]\n: 1\n", "a key must be a word"),
        ("a: [1, 2\nb: 3\n", "2: "),
        ("\ta: 1\n", "1: "),
        ("a: \x07\n", "1: holds a character"),
        ("[" + "1," * 200_001 + "]", "more than 200,000 values"),
    ],
)
def test_refused(text, message):
    with pytest.raises(MalformedYaml) as caught:
        value(text)
    assert message in str(caught.value)


def test_duplicate_key_names_both_lines():
    with pytest.raises(DuplicateKey, match=r"test:3: a\.b: .*first in line 2"):
        value("a:\n  b: 1\n  b: 2\n")


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(MissingFile, match="no such file"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(MissingFile, match="cannot be read"):
        read_yaml(tmp_path)
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"a: 1\nb: \xe9\n")
    with pytest.raises(MalformedYaml, match=r"latin\.yaml:2: not UTF-8"):
        read_yaml(latin)
    big = tmp_path / "big.yaml"
    big.write_bytes(b"#" * 1_000_001)
    with pytest.raises(MalformedYaml, match="larger than"):
        read_yaml(big)
