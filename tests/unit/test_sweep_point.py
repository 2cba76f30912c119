"""One point: fixed values, common luck, stopping, failures that stay where they are."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import polars as pl
import pytest
from sweep_case import SWEEPS

from sim.ensemble import runner
from sim.ensemble.runner import run_ensemble
from sim.errors import Cancelled, OutOfRange
from sim.record.ensemble import Failure
from sim.runs.tables import tables
from sim.scenario import load
from sim.sweep.groups import groups
from sim.sweep.point import GROUPS, OUTCOMES, POINTS, part_name, run_point, with_values
from sim.sweep.schema import SweepFile
from sim.world.build import build_world

CATCH_UP = "frontier.cn.catch_up"


@pytest.fixture(scope="module")
def short():
    return load(SWEEPS / "short.yaml")


def settings(**parts):
    return SweepFile.model_validate(
        {"schema_version": 1, "scenarios": ["baseline"], "replicates": 8, **parts}
    )


def table(part, folder):
    return pl.read_parquet(io.BytesIO(part.files[part_name(folder, 0)]))


def record(part):
    return json.loads(part.files[part_name(POINTS, 0)])


@pytest.mark.parametrize(
    "path",
    [CATCH_UP, "us.price_cut", "segments.consumers.churn", "offerings.us_closed.control",
     "offerings.us_closed.constant.consumers"],
)  # fmt: skip
def test_every_kind_of_quantity_can_be_fixed(short, path):
    low, high = short.quantities[path].range
    value = low + 0.25 * (high - low)
    moved = with_values(short, {path: value})
    assert moved.quantities[path].value == value
    assert moved.quantities[path].fix
    assert moved.quantities[path].draw is None
    same = load(SWEEPS / "short.yaml", sets=[f"{path}={{value: {value!r}, fix: true}}"])
    assert moved.hash == same.hash
    rest = {k: q for k, q in moved.quantities.items() if k != path}
    assert rest == {k: q for k, q in short.quantities.items() if k != path}


def test_values_outside_the_range_are_refused(short):
    with pytest.raises(OutOfRange):
        with_values(short, {CATCH_UP: 2.0})


def test_a_point_is_an_ordinary_run(short):
    part = run_point(short, 0, {CATCH_UP: 0.06}, settings())
    world = build_world(with_values(short, {CATCH_UP: 0.06}))
    plain = tables(run_ensemble(world, 8, 1, with_economies=False, with_flows=False).totals)
    assert table(part, OUTCOMES).drop("point").equals(plain["outcomes"])
    december = pl.col("period").dt.month() == 12
    small = plain["world"].filter(december & pl.col("variable").is_in(["share", "adoption"]))
    assert table(part, GROUPS).drop("point").equals(small)


def test_points_share_their_luck(short):
    """Setting a price cut to what it is changes no replicate."""
    plain = run_point(short, 0, {}, settings())
    same = run_point(short, 0, {"us.price_cut": 0.0}, settings())
    cut = run_point(short, 0, {"us.price_cut": 0.5}, settings())
    assert table(plain, OUTCOMES).equals(table(same, OUTCOMES))
    assert not table(plain, OUTCOMES).equals(table(cut, OUTCOMES))


def test_a_point_does_not_depend_on_the_one_before_it(short):
    """Each takes over from the world before what they have in common."""
    values = [{}, {"us.price_cut": 0.5}, {"world.home_share": 0.5}, {CATCH_UP: 0.06}]
    one_after_the_other = [run_point(short, 0, some, settings()) for some in values]
    for some, found in zip(values, one_after_the_other, strict=True):
        with ThreadPoolExecutor(1) as elsewhere:  # a thread that ran no point yet
            alone = elsewhere.submit(run_point, short, 0, some, settings()).result()
        assert alone == found


def test_only_named_outcomes_are_kept(short):
    part = run_point(short, 0, {}, settings(outcomes=["world.adoption"]))
    assert table(part, OUTCOMES)["outcome"].unique().to_list() == ["world.adoption"]


@pytest.mark.parametrize(("half_width", "count"), [(10.0, 8), (1e-9, 24)])
def test_stops_at_the_first_narrow_interval(short, half_width, count):
    stop = {"outcome": "world.adoption@2023-12", "half_width": half_width, "at": [16, 24]}
    part = run_point(short, 0, {}, settings(stop=stop, outcomes=["world.spend.us"]))
    assert part.replicates == record(part)["replicates"] == count
    assert (record(part)["half_width"] <= half_width) == (count == 8)
    kept = table(part, OUTCOMES)
    assert sorted(kept["outcome"].unique()) == ["world.adoption", "world.spend.us"]
    assert kept["replicate"].n_unique() == count


def test_the_first_replicates_do_not_depend_on_how_many_follow(short):
    few = table(run_point(short, 0, {}, settings()), OUTCOMES)
    many = table(run_point(short, 0, {}, settings(replicates=24)), OUTCOMES)
    assert many.filter(pl.col("replicate") < 8).equals(few)


def test_a_replicate_that_fails_is_a_row_and_the_others_stay(short, monkeypatch):
    def one_dies(world, replicates, seed, **options):
        found = run_ensemble(world, replicates, seed, **options)
        found.totals.live[3] = False
        found.failures.append(Failure(3, "KEN", "2023-05", "adoption"))
        return found

    monkeypatch.setattr(runner, "run_ensemble", one_dies)
    part = run_point(short, 0, {}, settings())
    (row,) = part.failures
    assert (row["kind"], row["replicate"], row["economy"]) == ("not finite", 3, "KEN")
    assert (row["month"], row["equation"]) == ("2023-05", "adoption")
    assert record(part)["live"] == 7
    assert 3 not in table(part, OUTCOMES)["replicate"].to_list()


def test_a_crash_is_a_traceback_without_tables(short, monkeypatch):
    def crash(*_, **__):
        raise ZeroDivisionError("no reason")

    monkeypatch.setattr(runner, "run_ensemble", crash)
    part = run_point(short, 0, {}, settings())
    assert list(part.files) == [part_name(POINTS, 0)]
    assert part.failures[0]["kind"] == "crashed"
    assert "ZeroDivisionError: no reason" in part.failures[0]["error"]


def test_only_being_told_to_stop_is_raised(short, monkeypatch):
    def told(*_, **__):
        raise Cancelled

    monkeypatch.setattr(runner, "run_ensemble", told)
    with pytest.raises(Cancelled):
        run_point(short, 0, {}, settings())


def test_group_table_of_a_horizon_without_december_is_its_last_month():
    few = load(SWEEPS / "short.yaml", sets=["horizon.end=2023-06"])
    found = run_ensemble(build_world(few), 8, 1, with_economies=False, with_flows=False)
    assert groups(found.totals)["period"].unique().to_list() == [date(2023, 6, 1)]
