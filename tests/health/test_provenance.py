"""Every number of the baseline says what it is, how far it may go, and where it comes from."""

from pathlib import Path

import pytest

from sim.errors import SchemaError
from sim.files import scenarios_dir
from sim.scenario import load
from sim.scenario.yaml_lines import read_yaml

PROVENANCE = {"value", "unit", "range", "source", "confidence", "evidence"}
CONFIDENCE = {"measured", "estimated", "assumed"}
EVIDENCE = {"fitted", "bracketed", "prior only"}
#: Sources that are no measurement: nothing may be called measured on their word.
OWN_WORD = {"judgement", "design", "fit"}
BLOCKS = ("segments", "tasks", "offerings", "parameters", "levers")


@pytest.fixture(scope="module")
def document():
    return read_yaml(scenarios_dir() / "baseline.yaml")


def leaves(raw, key):
    """(key path, number or quantity) of everything below ``raw`` that holds a number."""
    if isinstance(raw, dict) and "value" not in raw:
        for name, inner in raw.items():
            if (key[0], name) not in (("offerings", "origin"), ("offerings", "vendors")):
                yield from leaves(inner, (*key, name))
    elif isinstance(raw, dict) or (isinstance(raw, (int, float)) and not isinstance(raw, bool)):
        yield key, raw


@pytest.fixture(scope="module")
def quantities(document):
    return [found for block in BLOCKS for found in leaves(document.value[block], (block,))]


def test_the_walk_finds_every_quantity_that_is_loaded(quantities):
    loaded = load("baseline").quantities
    found = {".".join(key[key[0] in ("parameters", "levers") :]) for key, _ in quantities}
    assert len(found) == len(quantities)
    assert found <= set(loaded)
    undeclared = set(loaded) - found  # bans that every offering and segment has
    assert all(path.startswith("ban.") and loaded[path].value == 0.0 for path in undeclared)


def test_every_number_has_its_provenance(quantities, document):
    poor = []
    for key, raw in quantities:
        lacking = PROVENANCE - set(raw) if isinstance(raw, dict) else PROVENANCE
        if lacking:
            poor.append(f"{document.where(key)}: {'.'.join(key)} lacks {sorted(lacking)}")
    assert poor == []


def test_provenance_means_something(quantities, document):
    sources = document.value["sources"]
    for key, raw in quantities:
        where = f"{document.where(key)}: {'.'.join(key)}"
        low, high = raw["range"]
        assert low < high, where
        assert low <= raw["value"] <= high, where
        assert raw["unit"].strip(), where
        assert raw["source"] in sources, where
        assert raw["confidence"] in CONFIDENCE, where
        assert raw["evidence"] in EVIDENCE, where


def test_nothing_is_measured_on_our_own_word(quantities):
    assert [key for key, raw in quantities if raw["confidence"] == "measured"
            and raw["source"] in OWN_WORD] == []  # fmt: skip


def test_every_event_has_a_source_or_says_it_is_assumed(document):
    sources = document.value["sources"]
    for i, event in enumerate(document.value["events"]):
        where = document.where(("events", i))
        assert event["confidence"] in CONFIDENCE, where
        assert event.get("source") in sources or event["confidence"] == "assumed", where


def test_every_source_says_what_it_is(document):
    for name, source in document.value["sources"].items():
        assert source["title"].strip(), name
        assert source["licence"].strip(), name


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (", source: bloom-2020", "", "'source' is missing"),
        ("source: bloom-2020", "source: blom-2020", "Did you mean 'bloom-2020'"),
        (", unit: exponent, range: [0, 1]", ", range: [0, 1]", "'unit' is missing"),
    ],
)
def test_planted_number_without_provenance_is_refused(tmp_path, old, new, text):
    path = tmp_path / "baseline.yaml"
    shipped = Path(scenarios_dir() / "baseline.yaml").read_text(encoding="utf-8")
    assert old in shipped
    path.write_text(shipped.replace(old, new, 1), encoding="utf-8")
    line = shipped[: shipped.index(old)].count("\n") + 1
    with pytest.raises(SchemaError, match=text) as caught:
        load(path)
    assert (caught.value.file, caught.value.line) == (str(path), line)
