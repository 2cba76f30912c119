"""The shipped seed tables: sound, spot-checked, filled by rule, the same in any order of rows."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from sim.files import seeds_dir
from sim.world.checks import check_seeds
from sim.world.columns import read_columns
from sim.world.tables import TABLES, SeedTables, load_tables


@pytest.fixture(scope="module")
def tables() -> SeedTables:
    return load_tables()


def test_shipped_tables_have_no_errors() -> None:
    report = check_seeds()
    assert [str(error) for error in report.errors] == []
    text = "\n".join(report.lines())
    assert "world population" in text
    assert "world GDP" in text
    assert "goods trade of 2023" in text
    assert "ETH income_group = Low" in text
    assert "notice: gdp_pc_ppp: CUB grows as the median of Americas" in text
    assert "notice: sovereignty preference: median of the region in AFG" in text


def test_the_world_is_198_economies_in_iso_order(tables: SeedTables) -> None:
    codes = tables.countries["iso3"].to_list()
    assert len(codes) == 198
    assert codes == sorted(codes)
    assert tables.countries["un_member"].sum() == 193
    assert tables.countries.row(by_predicate=pl.col("iso3") == "NAM", named=True)["iso2"] == "NA"


def test_world_sums_are_the_published_ones(tables: SeedTables) -> None:
    assert tables.countries["population"].sum() == pytest.approx(8.12e9, rel=0.002)
    assert tables.countries["gdp_usd"].sum() == pytest.approx(110.6e12, rel=0.001)


def test_every_column_has_unit_source_and_licence() -> None:
    described = read_columns(seeds_dir())
    assert set(described) == set(TABLES)
    assert all(c.unit and c.sources and c.licence for t in described.values() for c in t)


def test_columns_with_a_rule_are_complete_and_every_gap_is_marked(tables: SeedTables) -> None:
    raw = pl.read_csv(seeds_dir() / "countries.csv", infer_schema=False)
    ruled = [c.name for c in read_columns(seeds_dir())["countries"] if c.fill_rule]
    marked = Counter(estimate.column for estimate in tables.estimates)
    for name in ruled:
        assert tables.countries[name].null_count() == 0
        assert marked[name] == raw[name].null_count()
    assert sum(marked.values()) == len(tables.estimates)
    assert len({(e.iso3, e.column) for e in tables.estimates}) == len(tables.estimates)


def test_estimates_stand_in_the_table_and_name_their_rule(tables: SeedTables) -> None:
    rows = {row["iso3"]: row for row in tables.countries.iter_rows(named=True)}
    rules = {c.name: c.fill_rule for c in read_columns(seeds_dir())["countries"]}
    for estimate in tables.estimates:
        assert rows[estimate.iso3][estimate.column] == estimate.value
        assert estimate.rule.startswith(f"{rules[estimate.column]}: ")


def test_fill_rules_by_hand(tables: SeedTables) -> None:
    found = {(e.iso3, e.column): e.value for e in tables.estimates}
    assert found["VEN", "income_group"] == "Lower middle"
    assert found["XKX", "income_group"] == "Upper middle"
    assert found["HKG", "un_agree_chn"] == 1.0
    assert found["MAC", "defence_pact_chn"] == 1
    assert found["PSE", "defence_pact_rus"] == 0
    frame = pl.read_csv(seeds_dir() / "countries.csv", infer_schema_length=None)
    asia = frame.filter((pl.col("region") == "Asia") & pl.col("working_age_pop").is_not_null())
    share = (asia["working_age_pop"] / asia["population"]).median()
    assert found["CHN", "working_age_pop"] == round(1407181209 * share)


def test_refusal_is_graded_by_vendor(tables: SeedTables) -> None:
    refused = tables.providers.filter((pl.col("channel") == "api") & (pl.col("available") == 0))
    vendors = {
        iso3: sorted(refused.filter(pl.col("iso3") == iso3)["vendor"])
        for iso3 in ("CHN", "PRK", "MMR", "NIC", "SOM", "CAF", "UKR", "KEN")
    }
    everyone = ["anthropic", "google", "openai"]
    assert vendors["CHN"] == vendors["PRK"] == everyone
    assert all(vendors[iso3] == ["anthropic"] for iso3 in ("MMR", "NIC", "SOM", "CAF"))
    assert vendors["UKR"] == vendors["KEN"] == []


def test_the_order_of_rows_does_not_matter(tables: SeedTables, tmp_path: Path) -> None:
    seeds = Path(shutil.copytree(seeds_dir(), tmp_path / "seeds"))
    for name in TABLES:
        header, *rows = (seeds / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        random.Random(3).shuffle(rows)
        (seeds / f"{name}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    shuffled = load_tables(seeds)
    assert shuffled.estimates == tables.estimates
    for name in TABLES:
        assert getattr(shuffled, name).equals(getattr(tables, name))
