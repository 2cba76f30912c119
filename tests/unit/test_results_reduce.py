"""The reductions against brute force over small random states."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from results_case import Case, frames_of, share_of_group

from sim.record.layout import BLOCS


@pytest.fixture(scope="module")
def case():
    return Case(runs=12, lanes=4, seed=3)


@pytest.fixture(scope="module")
def tables(case):
    return frames_of(case)


def cell(frame, **wanted):
    for name, value in wanted.items():
        frame = frame.filter(pl.col(name).is_null() if value is None else pl.col(name) == value)
    assert frame.height == 1, wanted
    return frame.row(0, named=True)


def test_group_shares_are_weighted_by_users(case, tables):
    for group in case.layout.groups:
        for o, offering in enumerate(case.layout.offerings):
            exact = share_of_group(case, group, o, t=7)
            row = cell(
                tables["world"],
                period=case.date(7),
                group_type=group[0],
                group=group[1],
                segment="all",
                offering=offering,
                variable="share",
            )
            if exact.size == 0:
                assert row["mean"] is None
                continue
            assert row["mean"] == pytest.approx(exact.mean(), rel=1e-12)
            assert row["p50"] == pytest.approx(np.quantile(exact, 0.5), abs=0.017)


def test_levels_of_a_group(case, tables):
    inside, t = case.members("region", "Africa"), 8
    users = case.users()[t][inside].sum(axis=0)  # [S, O, runs]
    tokens = (case.users()[t] * case.tokens[t])[inside].sum(axis=0)
    spend = (case.users()[t] * case.bill[t])[inside].sum(axis=0)
    for name, exact in (("users", users), ("tokens", tokens), ("spend", spend)):
        for s, segment in enumerate(case.layout.segments):
            row = cell(
                tables["world"],
                period=case.date(t),
                group="Africa",
                segment=segment,
                offering=None,
                variable=name,
            )
            total = exact[s].sum(axis=0)
            assert row["mean"] == pytest.approx(total.mean(), rel=1e-12)
            assert row["p25"] == pytest.approx(np.quantile(total, 0.25), rel=0.25)


def test_adoption_of_an_economy_and_of_all_segments(case, tables):
    weights = case.potential[2] / case.potential[2].sum(axis=0)
    exact = (case.adoption[5, 2] * weights).sum(axis=0)
    row = cell(
        tables["countries"],
        period=case.date(5),
        iso3=case.layout.iso3[2],
        segment="all",
        offering=None,
        variable="adoption",
    )
    assert row["mean"] == pytest.approx(exact.mean(), rel=1e-12)


def test_share_is_null_where_nobody_uses_ai(case, tables):
    idle = tables["countries"].filter(
        (pl.col("iso3") == case.layout.iso3[case.idle]) & (pl.col("variable") == "share")
    )
    assert idle.height
    assert idle["mean"].null_count() == idle.height
    numbers = tables["countries"].select(pl.col(pl.Float64).is_nan().any())
    assert not any(numbers.row(0))


def test_december_levels_of_an_economy(case, tables):
    t = 11
    exact = (case.users()[t, 1] * case.bill[t, 1]).mean(axis=-1)
    for o, offering in enumerate(case.layout.offerings):
        row = cell(
            tables["countries"],
            period=case.date(t),
            iso3=case.layout.iso3[1],
            segment="consumers",
            offering=offering,
            variable="spend",
        )
        assert row["mean"] == pytest.approx(exact[0, o], rel=1e-12)
        assert row["p50"] is None


def test_consumer_chat(case, tables):
    t, s = 5, 0
    seen = case.adoption[t, :, s] * case.observed[:, None]
    people = case.potential[:, s]
    cn = (case.share[t, :, s] * case.cn_weight[:, :, None]).sum(axis=1)
    rows = tables["channels"].filter(pl.col("period") == case.date(t))
    world = (seen * people).sum(axis=0) / people.sum(axis=0)
    row = cell(rows, iso3="WLD", variable="ai_user_share")
    assert row["mean"] == pytest.approx(world.mean(), rel=1e-12)
    weighted = (cn * seen * people).sum(axis=0) / (seen * people).sum(axis=0)
    row = cell(rows, iso3="WLD", variable="cn_service_share")
    assert row["mean"] == pytest.approx(weighted.mean(), rel=1e-12)
    row = cell(rows, iso3=case.layout.iso3[3], variable="cn_service_share")
    assert row["mean"] == pytest.approx(cn[3].mean(), rel=1e-12)


def test_economies_are_recorded_at_the_ends_of_quarters(case, tables):
    assert case.layout.recorded == (0, 2, 5, 8, 11, 13)
    dates = [case.date(t) for t in case.layout.recorded]
    shares = tables["countries"].filter(pl.col("variable") == "share")
    assert shares["period"].unique().sort().to_list() == dates
    levels = tables["world"].filter(pl.col("variable") == "spend")
    assert levels["period"].unique().sort().to_list() == dates
    shares = tables["world"].filter(pl.col("variable") == "share")
    assert shares["period"].n_unique() == case.months


def test_consumer_chat_has_means_every_month(case, tables):
    chat = tables["channels"].filter(pl.col("iso3") == case.layout.iso3[3])
    between = chat.filter(pl.col("period") == case.date(6), pl.col("variable") == "deepseek_share")
    exact = (case.share[6, 3, 0] * 0.8 * case.cn_weight[3][:, None]).sum(axis=0)
    assert between["mean"].item() == pytest.approx(exact.mean(), rel=1e-12)
    assert between["p50"].item() is None
    assert chat["mean"].null_count() == 0


def test_outcomes_by_origin_with_domestic_at_home(case, tables):
    t = 5
    users = case.users()[t].sum(axis=1)  # [C, O, runs]
    for b, bloc in enumerate(BLOCS[:2]):
        weight = np.where(
            case.origin.sum(axis=1) > 0, case.origin[:, b], (case.home[:, None] == b).astype(float)
        )
        exact = (users * weight[:, :, None]).sum(axis=(0, 1)) / users.sum(axis=(0, 1))
        found = tables["outcomes"].filter(
            (pl.col("outcome") == f"world.share.{bloc}") & (pl.col("period") == case.date(t))
        )
        np.testing.assert_allclose(found["value"].to_numpy(), exact, rtol=1e-12)


def test_indicators_and_the_closing_of_the_gap(case, tables):
    row = cell(tables["world"], period=case.date(3), variable="lag_cn")
    exact = case.indicators[3, 0]
    assert row["mean"] == pytest.approx(exact.mean(), rel=1e-12)
    assert row["p75"] == pytest.approx(np.quantile(exact, 0.75), rel=0.017)
    closed = tables["outcomes"].filter(
        (pl.col("outcome") == "world.cn_gap_closed") & (pl.col("period") == case.date(11))
    )
    behind = case.indicators[:12, 0] <= 0
    run = np.array([(behind[:-2] & behind[1:-1] & behind[2:])[:, r].any() for r in range(12)])
    assert closed["value"].to_list() == run.astype(float).tolist()


def test_one_run_is_exact():
    case = Case(runs=1, lanes=1, seed=5)
    world = frames_of(case)["world"].filter(pl.col("mean").is_not_null())
    for column in ("p05", "p50", "p95"):
        assert (world["mean"] == world[column]).all()


def test_masked_lanes_are_left_out():
    whole = Case(runs=8, lanes=4, seed=7)
    poisoned = Case(runs=8, lanes=4, seed=7)
    poisoned.fail(2)
    tables, kept = frames_of(poisoned), [r for r in range(8) if r != 2]
    assert tables["outcomes"]["replicate"].unique().sort().to_list() == kept
    exact = share_of_group(whole, whole.layout.groups[0], 0, t=4)[kept]
    row = cell(
        tables["world"],
        period=whole.date(4),
        group_type="world",
        segment="all",
        offering=whole.layout.offerings[0],
        variable="share",
    )
    assert row["mean"] == pytest.approx(exact.mean(), rel=1e-12)


def test_taking_a_block_back_leaves_no_count():
    case = Case(runs=4, lanes=4, seed=1)
    acc = case.accumulator()
    case.block(acc, 0)
    case.block(acc, 0, count=-1)
    assert not acc.book.cells.hits.any()
    assert not acc.book.cells.hist.any()


def test_rows_are_sorted_and_unique(tables):
    keys = {
        "world": ["period", "group_type", "group", "segment", "offering", "variable"],
        "countries": ["period", "iso3", "segment", "offering", "variable"],
        "channels": ["period", "iso3", "channel", "variable"],
        "outcomes": ["replicate", "outcome", "period"],
        "flows": ["period", "group", "from_offering", "to_offering"],
    }
    for name, columns in keys.items():
        frame = tables[name]
        assert frame.select(columns).equals(frame.sort(columns).select(columns)), name
        assert frame.select(columns).is_unique().all(), name


def test_switching_balances_the_change_of_users(case, tables):
    flows = tables["flows"].filter(
        (pl.col("group") == "World") & (pl.col("period") == case.date(0))
    )
    users = case.users().sum(axis=(1, 2)).mean(axis=-1)  # [T, O]
    for o, offering in enumerate(case.layout.offerings):
        gained = flows.filter(pl.col("to_offering") == offering)["users"].sum()
        lost = flows.filter(pl.col("from_offering") == offering)["users"].sum()
        assert gained - lost == pytest.approx(users[11, o] - users[0, o], rel=1e-6)
        assert lost > 0
