"""Paired runs: what changes nothing differs by exactly 0; intervals and sums are what they say."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from small_worlds import EIGHT, event, with_events, with_values

from sim.compare import block as paired_block
from sim.compare import kernel as paired_kernel
from sim.compare import tables as paired_tables
from sim.compare.cells import Cells
from sim.compare.intervals import clear_from, intervals, of_runs, variance_reduction
from sim.compare.paired import pair
from sim.ensemble.job import Control
from sim.ensemble.runner import run_ensemble
from sim.errors import SchemaError
from sim.runs.tables import outcomes
from sim.scenario import load
from sim.scenario.alter import without_offering
from sim.world.build import build_world

END = "2024-06"
LEVER = "us.chip_controls.tightness"


def scenario(*sets: str, end: str = END):
    return load("baseline", sets=[f"horizon.end={end}", *sets])


def arms(*others, base=None, n=9, **options):
    """Paired runs on a few economies, in two blocks."""
    names = [f"arm {k}" for k in range(len(others) + 1)]
    return pair(base or scenario(), others, n, 3, names=names, order=EIGHT, **options)


def tables(paired) -> list[pl.DataFrame]:
    return [
        paired_tables.differences(paired),
        paired_tables.paths(paired),
        paired_tables.economies(paired),
    ]


def all_zero(table: pl.DataFrame) -> bool:
    """Differences and their intervals are +0.0 in every bit, or undefined."""
    columns = table.select("difference", "low", "high").drop_nulls()
    return len(columns) > 0 and not np.any(columns.to_numpy().view(np.int64))


def test_nothing_changed_differs_by_nothing():
    base = scenario()
    own = base.quantities[LEVER].value
    late = with_events(base, event("us.price_cut", "2024-06", 0.5))
    paired = arms(base, scenario(f"{LEVER}={own!r}"), late)
    for table in tables(paired):
        assert all_zero(table.filter(pl.col("arm") != "arm 3"))
        before = pl.col("period").cast(pl.String) < "2024-06-01"
        assert all_zero(table.filter((pl.col("arm") == "arm 3") & before))
        assert table.filter(pl.col("arm") != "arm 3")["clear_from"].null_count() > 0
    moved = paired_tables.switching(paired).filter(pl.col("arm") != "arm 3")
    assert moved.filter(pl.col("base_offering") != pl.col("offering"))["users"].max() == 0.0


def test_a_policy_shows_from_its_month_and_not_before():
    dated = with_events(scenario(), event("us.price_cut", "2023-10", 0.6))
    for table in tables(arms(dated)):
        before = pl.col("period").cast(pl.String) < "2023-10-01"
        assert all_zero(table.filter(before))
        assert not all_zero(table.filter(~before))


def test_outcomes_are_those_of_a_run_of_each_arm():
    other = with_values(scenario(), {LEVER: 0.9})
    paired = arms(other)
    for k, resolved in enumerate((scenario(), other)):
        alone = run_ensemble(build_world(resolved, order=EIGHT), 9, 3, with_economies=False)
        mine = paired_tables.runs(paired).filter(arm=f"arm {k}").drop("arm")
        theirs = outcomes(alone.totals).sort("replicate", "outcome", "period")
        assert mine.equals(theirs.select(mine.columns))


def test_paths_are_the_differences_of_the_runs():
    paired = arms(with_values(scenario(), {LEVER: 0.9}))
    path = paired_tables.paths(paired).filter(
        group="World", segment="all", offering="us_closed", variable="share"
    )
    named = paired_tables.differences(paired).filter(outcome="world.share.us_closed")
    both = named.join(path, on="period", suffix="_path")
    assert len(both) == len(named) == 3
    for name in ("base", "alternative", "difference", "low", "high", "p_up", "n"):
        assert both[name].to_numpy() == pytest.approx(both[f"{name}_path"].to_numpy(), rel=1e-9)


def test_workers_and_paths_do_not_change_bytes():
    other = with_values(scenario(end="2023-06"), {LEVER: 0.9})
    one, two = (arms(other, base=scenario(end="2023-06"), n=20, control=Control(k)) for k in (1, 2))
    assert all(a.equals(b) for a, b in zip(tables(one), tables(two), strict=True))
    bare = arms(other, base=scenario(end="2023-06"), n=20, paths=False)
    assert bare.outcomes.tobytes() == one.outcomes.tobytes()
    assert bare.cells == ()


def test_switching_keeps_everyone():
    moved = paired_tables.switching(
        arms(with_values(scenario(), {LEVER: 0.9, "us.price_cut": 0.5}))
    )
    world = moved.filter(pl.col("group") == "World")
    by_month = world.group_by("period").agg(pl.col("users").sum())
    people = build_world(scenario(), order=EIGHT)
    potential = sum(people.resolved.across("segments", "potential")) * float(
        people.economies.people.sum()
    )
    assert by_month["users"].to_numpy() == pytest.approx(potential, rel=1e-9)
    regions = moved.filter(pl.col("group") != "World")["users"].sum()
    assert regions == pytest.approx(world["users"].sum(), rel=1e-9)
    assert world.filter(pl.col("base_offering") != pl.col("offering"))["users"].sum() > 0


def test_a_shorter_arm_is_compared_in_the_months_both_have():
    paired = arms(scenario(end="2024-03"))
    assert paired.axes.months == 15
    assert any("months after 2024-03" in fact for fact in paired.facts)
    assert all(all_zero(table) for table in tables(paired))


def test_an_offering_that_an_arm_lacks_has_no_users_there():
    base = scenario()
    paired = arms(without_offering(base, "other_open"))
    assert any("has no other_open" in fact for fact in paired.facts)
    row = paired_tables.paths(paired).filter(group="World", segment="all", offering="other_open")
    assert row["alternative"].max() == 0.0
    launched = build_world(base, order=EIGHT).launched[
        :, :, list(base.offerings).index("other_open")
    ]
    there = launched.any(axis=1)
    gap = row.sort("period")["difference"].to_numpy()
    assert 0 < there.sum() < len(there)
    assert (gap[~there] == 0.0).all()
    assert (gap[there] < 0.0).all()


def test_an_empty_comparison_is_refused():
    with pytest.raises(SchemaError, match="at least one alternative"):
        pair(scenario(), [], 4, 1)


def test_a_replicate_that_fails_is_left_out_of_all_arms(monkeypatch):
    plain = paired_block.make_setting

    def poisoned(world, seed, lanes):
        setting = plain(world, seed, lanes)
        if lanes[3] == 3 and world.resolved.hash != scenario().hash:
            setting.numbers.supply.shock[2, :, 3] = np.nan
        return setting

    monkeypatch.setattr(paired_block, "make_setting", poisoned)
    paired = arms(with_values(scenario(), {LEVER: 0.9}))
    assert list(np.flatnonzero(~paired.live)) == [3]
    assert [(name, f.replicate) for name, f in paired.failures] == [("arm 1", 3)]
    assert set(paired_tables.differences(paired)["n"]) == {0, 8}  # 0: nobody uses AI yet
    assert 3 not in set(paired_tables.runs(paired)["replicate"])


def test_a_block_in_which_all_fail_leaves_the_others(monkeypatch):
    plain = paired_block.make_setting

    def poisoned(world, seed, lanes):
        setting = plain(world, seed, lanes)
        if min(lanes) < 16 and world.resolved.hash != scenario().hash:
            setting.numbers.supply.shock[2] = np.nan
        return setting

    monkeypatch.setattr(paired_block, "make_setting", poisoned)
    other = with_values(scenario(), {LEVER: 0.9})
    paired = arms(other, with_values(scenario(), {LEVER: 0.8}), n=19)
    assert list(np.flatnonzero(paired.live)) == [16, 17, 18]
    assert len(paired.failures) == 16
    assert set(paired_tables.differences(paired)["n"]) == {0, 3}
    assert np.isnan(paired.outcomes[..., :16]).all()


def test_merged_blocks_are_one_set():
    rng = np.random.default_rng(5)
    base, other = rng.normal(3, 1, (4, 24)), rng.normal(3.1, 1, (4, 24))
    base[2, 5] = np.nan
    found = []
    for part in (slice(0, 8), slice(8, 24), slice(0, 24)):
        cells = np.zeros((4, paired_kernel.COLUMNS))
        a, b = np.ascontiguousarray(base[:, part]), np.ascontiguousarray(other[:, part])
        paired_kernel.tally(a, b, np.arange(a.shape[1]), cells)
        found.append(Cells(cells, np.zeros((0, 7)), np.zeros((0, 7)), np.zeros(0)))
    whole = found.pop().group
    found[0].absorb(found[1])
    assert found[0].group == pytest.approx(whole, rel=1e-12)
    assert of_runs(base, other) == pytest.approx(whole, rel=1e-12)


def test_intervals_against_a_known_sample():
    cells = of_runs(np.zeros((1, 4)), np.array([[1.0, 2.0, 3.0, 4.0]]))
    found = {name: float(column[0]) for name, column in intervals(cells).items()}
    half = 3.182446305284263 * np.sqrt(5 / 3 / 4)  # Student's 97.5 % point, three degrees
    assert found["low"] == pytest.approx(2.5 - half)
    assert found["high"] == pytest.approx(2.5 + half)
    assert (found["p_up"], found["p_down"], found["n"]) == (1.0, 0.0, 4)
    one = intervals(of_runs(np.zeros((1, 1)), np.ones((1, 1))))
    assert np.isnan(one["low"]).all()


def test_clear_from_means_clear_and_staying_clear():
    low = np.array([[0.1, -1, 0.1], [-0.1, -1, 0.2], [0.1, -2, 0.3], [0.2, -1, 0.1]])
    high = np.array([[1, 1, -0.1], [1, -0.1, 1], [1, -1, 1], [1, 0.0, 1]], dtype=float)
    found = clear_from({"low": low, "high": high})
    assert list(found) == [2, -1, 0]


def test_variance_reduction_is_what_pairing_saves():
    rng = np.random.default_rng(2)
    shared, own = rng.normal(0, 1, 4000), rng.normal(0, 0.1, 4000)
    assert variance_reduction(shared[None], (shared + own)[None])[0] == pytest.approx(200, rel=0.1)
    whole = np.arange(8.0)[None]
    assert np.isinf(variance_reduction(whole, whole + 1.0)[0])
    assert np.isnan(variance_reduction(whole * 0, whole * 0)[0])
