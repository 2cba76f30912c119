"""The report: complete in itself, the same bytes twice, right numbers, nothing unescaped."""

from __future__ import annotations

import json
import re

import numpy as np
import polars as pl
import pytest
import report_case

from sim.errors import MissingFile
from sim.report.backcast import backcast
from sim.report.gather import gather, paired
from sim.report.headline import changes, headlines, written
from sim.report.ledger import ledger, support
from sim.report.markdown import as_html
from sim.report.numbers import datasets, packed
from sim.report.words import sentences
from sim.report.write import write_report

TIGHT = "us.chip_controls.tightness=0.95"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return report_case.write_run(tmp_path_factory.mktemp("report") / "base")


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    place = tmp_path_factory.mktemp("report") / "tight"
    return report_case.write_run(place, sets=(TIGHT,), name="tight", shift=0.05)


@pytest.fixture(scope="module")
def page(folder):
    return write_report([folder]).read_text(encoding="utf-8")


def text_of(page: str) -> str:
    """What a reader sees of the page, scripts and marks left out."""
    without = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", without))


def test_written_twice_it_is_the_same_bytes(folder, other, tmp_path):
    first = write_report([folder, other], tmp_path / "a.html").read_bytes()
    assert write_report([folder, other], tmp_path / "b.html").read_bytes() == first


def test_nothing_is_fetched_from_anywhere(page):
    assert "default-src 'none'" in page
    own = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.findall(r"(?:src|href)=[\"'](?!#)", own)
    assert not re.findall(r"url\(|@import|\bhttps?://", own)
    script = (write_report.__globals__["_HERE"] / "page.js").read_text(encoding="utf-8")
    assert not re.findall(r"fetch\(|XMLHttpRequest|https?:|import\(", script)


def test_it_holds_every_part(page):
    shown = text_of(page)
    for part in (
        "Headline numbers", "What the scenario changes", "Economies", "Kenya", "Assumptions",
        "frontier.cn.catch_up", "There are no hindcast scores", "Limits", "no forecast",
        "spheres run baseline -n 8", "scenario.resolved.yaml -n 8 --seed 1", "Manifest of baseline",
    ):  # fmt: skip
        assert part in shown, part
    ids = re.findall(r'href="#([^"]+)"', page)
    assert ids
    assert all(f'id="{name}"' in page for name in ids)


def test_what_comes_from_files_is_escaped(page):
    assert "a fact &lt;b&gt;listed&lt;/b&gt; by the run" in page
    assert "<b>listed" not in page


def test_numbers_in_the_page_are_json_and_close_no_script(page):
    for name in ("numbers", "specs"):
        body = re.search(rf'id="{name}">(.*?)</script>', page, flags=re.DOTALL)
        assert body is not None
        assert json.loads(body[1])


def test_headlines_are_mean_and_quantiles_of_the_replicates(folder):
    (run,) = gather([folder])
    lines = {(line.what, line.period): line for line in headlines(run)}
    values = run.tables.outcomes.filter(outcome="world.share.cn")
    values = values.filter(pl.col("period") == values["period"].max())["value"].to_numpy()
    line = lines["Use of Chinese origin", "December 2024"]
    assert line.mean == written(values.mean(), "percent")
    assert line.low == written(np.quantile(values, 0.05), "percent")


def test_runs_of_one_seed_are_compared_replicate_by_replicate(folder, other):
    base, run = gather([folder, other])
    assert paired(base, run)
    change = next(c for c in changes(base, run) if c.what == "Use of Chinese origin")
    assert change.difference == change.low == change.high == "+5.0 points"
    assert (change.higher, change.clear) == ("100 %", True)


def test_runs_of_unlike_luck_are_not_compared(folder, tmp_path):
    elsewhere = report_case.write_run(tmp_path / "else", seed=2, name="elsewhere")
    base, run = gather([folder, elsewhere])
    assert changes(base, run) == []
    page = write_report([folder, elsewhere], tmp_path / "r.html").read_text(encoding="utf-8")
    assert "do not share their luck" in text_of(page)


def test_two_runs_of_one_scenario_are_told_apart_by_their_folders(folder, tmp_path):
    again = report_case.write_run(tmp_path / "again")
    assert [run.title for run in gather([folder, again])] == ["baseline (base)", "baseline (again)"]


def test_changes_are_said_in_words_with_month_value_and_what_it_was():
    base = report_case.scenario()
    lever = base.levers["us.chip_controls.tightness"].value
    (line,) = sentences(base, report_case.scenario(TIGHT))
    assert f" is 0.95 fraction instead of {lever:g}." in line
    assert "[us.chip_controls.tightness]" in line
    assert sentences(base, base) == []
    event = base.events[-1].model_copy(update={"on": "2027-02", "to": 0.25})
    dated = base.model_copy(update={"events": (*base.events, event)})
    (line,) = sentences(base, dated)
    assert line.startswith("From February 2027 on, ")
    assert "is 0.25" in line
    assert sentences(dated, base)[0].startswith("Dropped: from February 2027")


def test_a_long_list_of_changes_ends_with_a_count():
    base = report_case.scenario()
    paths = [p for p, q in base.quantities.items() if q.range[0] <= q.value * 0.999][:80]
    other = base.model_copy(
        update={
            "quantities": base.quantities
            | {
                path: q.model_copy(update={"value": q.value * 0.999})
                for path, q in base.parameters.items()
            }
        }
    )
    lines = sentences(base, other)
    assert paths
    assert len(lines) == 61
    assert lines[-1].startswith("And ")


def test_the_ledger_lists_every_quantity_with_its_source():
    base = report_case.scenario()
    rows = ledger(base)
    assert [row.path for row in rows] == sorted(base.quantities)
    row = next(row for row in rows if row.path == "frontier.cn.catch_up")
    quantity = base.quantities["frontier.cn.catch_up"]
    assert row.source == base.sources[quantity.source].title
    assert support(rows).startswith(f"{len(rows)} numbers: ")


def test_columns_of_words_are_stored_once_and_come_back():
    table = pl.DataFrame({"a": ["x", "y", None, "x"], "b": [0.123456, None, 12345.678, 1.0]})
    made = packed(table)
    assert made["a"] == {"w": ["x", "y"], "i": [0, 1, -1, 0]}
    assert made["b"] == [0.1235, None, 12350.0, 1.0]


def test_datasets_hold_every_run(folder, other):
    made = datasets(gather([folder, other]))
    assert made["shares"]["run"]["w"] == ["baseline", "tight"]
    length = {len(c["i"] if isinstance(c, dict) else c) for c in made["leaders"].values()}
    assert len(length) == 1


def test_hindcast_scores_of_the_folder_are_shown(tmp_path):
    folder = report_case.write_run(tmp_path / "scored")
    table = pl.DataFrame(
        {"channel": ["chat", "chat"], "period": ["2025-06"] * 2, "iso3": ["KEN", "DEU"],
         "target_lo": [0.1, 0.5], "target_hi": [0.2, 0.6], "p05": [0.1] * 2, "p25": [0.1] * 2,
         "p50": [0.2] * 2, "p75": [0.2] * 2, "p95": [0.3] * 2}
    )  # fmt: skip
    table.write_csv(folder / "hindcast.csv")
    (run,) = gather([folder])
    found = backcast(run)
    assert found is not None
    assert [tuple(score) for score in found.scores] == [("chat", 2, 1, "50 %")]
    shown = text_of(write_report([folder]).read_text(encoding="utf-8"))
    assert "Targets met by channel" in shown


def test_headings_of_markdown_go_below_those_of_the_page():
    made = as_html("# Title\n\n## Part\n\n<script>x</script> [a](https://example.org)")
    assert "<h3>Title</h3>" in made
    assert "<h4>Part</h4>" in made
    assert "<script>" not in made
    assert "<a " not in made


def test_what_is_no_run_folder_is_refused(tmp_path):
    with pytest.raises(MissingFile, match="no such run folder"):
        gather([tmp_path / "nowhere"])
    with pytest.raises(MissingFile, match="manifest"):
        gather([tmp_path])


@pytest.mark.parametrize(
    ("value", "form", "signed", "text"),
    [
        (0.1234, "percent", False, "12.3 %"),
        (-0.0123, "percent", True, "-1.2 points"),
        (3.5e9, "usd", False, "3.5 bn USD"),
        (12.0, "count", True, "+12.0"),
        (float("nan"), "index", False, "undefined"),
    ],
)
def test_numbers_are_written_with_their_unit(value, form, signed, text):
    assert written(value, form, signed=signed) == text
