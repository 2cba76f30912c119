"""A named outcome is one row of the registry: everything else reads it from there."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from results_case import Case
from source_tree import PACKAGE

MEASURE = """
def _largest(month: Month, g: int, k: int, j: int) -> float:
    most = 0.0
    for o in range(month.offering.shape[0]):
        most = max(most, month.offering[o, j])
    return float(most / month.users[0, j])


OUTCOMES: tuple[Named, ...] = (
    Named("largest", "fraction", _largest, "Use of the largest offering", PERCENT,
          "Largest world share of an offering."),
    Named("lead", "months", _series, "Lead of the best US model", NUMBER, "Mirror of lag_cn.",
          groups={"region": WHOLE}, reads="lag_cn"),
"""
PROGRAM = """
import json, sys
from results_case import Case, frames_of
from sim.claims.names import outcome_names, series_names
from sim.compare.words import change, label, unit
from sim.record.codelist import as_markdown
from sim.scenario import load

case = Case(runs=4, lanes=4, months=6)
tables = frames_of(case)
names = ("world.largest", "region.Africa.lead")
found = {name: tables["outcomes"].filter(outcome=name)["value"].to_list() for name in names}
world = tables["world"].filter(variable="largest")["mean"].to_list()
words = [[label(name), unit(name), change(name, 0.25)] for name in names]
listed = [line for line in as_markdown().splitlines() if line.startswith("| largest |")]
claimed = [name in (*outcome_names(load("baseline")), *series_names()) for name in names]
print(json.dumps([found, world, words, listed, claimed]))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What tables, comparisons and the code list say of two outcomes added to the registry."""
    folder = tmp_path_factory.mktemp("added")
    shutil.copytree(PACKAGE, folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    for shipped in ("seeds", "scenarios"):
        (folder / shipped).symlink_to(PACKAGE.parent / shipped)
    registry = folder / "sim" / "record" / "outcomes.py"
    head, tail = registry.read_text(encoding="utf-8").split("OUTCOMES: tuple[Named, ...] = (\n")
    registry.write_text(head + MEASURE + tail, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=folder,
        env={
            "PYTHONPATH": f"{folder}:{Path(__file__).parent.parent}",
            "XDG_CACHE_HOME": str(folder / "cache"),
            "PATH": "",
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_is_in_the_tables(said):
    case, (found, world, *_) = Case(runs=4, lanes=4, months=6), said
    use = case.users()[5].sum(axis=(0, 1))  # [O, runs]
    assert found["world.largest"] == pytest.approx(list(use.max(axis=0) / use.sum(axis=0)))
    lag = case.indicators[5, case.layout.indicators.index("lag_cn")]
    assert found["region.Africa.lead"] == pytest.approx(list(lag))
    assert world == pytest.approx([sum(found["world.largest"]) / 4])


def test_comparisons_and_claims_know_its_words(said):
    _, _, words, _, claimed = said
    assert words[0] == ["Use of the largest offering", "percentage points", "+25 percentage points"]
    assert words[1] == ["Africa: lead of the best US model", "months", "+0.25 months"]
    assert claimed == [True, True]


def test_it_is_in_the_code_list(said):
    line = "largest | fraction | Largest world share of an offering. | June and December"
    assert said[3] == [f"| {line} | exact, from every replicate |"]
