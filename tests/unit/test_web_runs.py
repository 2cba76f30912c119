"""What the page shows is what the command line would write."""

import threading
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from sim.draws.setting import make_setting
from sim.ensemble.block import Block, prepare
from sim.errors import Busy, Cancelled, InputError, UnknownEconomy, UnknownKey
from sim.runs.run import run
from sim.scenario import load
from sim.web import ensembles as ensembles_module
from sim.web import view_data
from sim.web.block_runs import make_plan, runs_of, watcher_of
from sim.web.ensembles import Ensembles, Limits
from sim.web.scenario_runs import ScenarioRuns
from sim.web.selection import Move, Selection, Upload, View, as_file, resolve

SHORT = "schema_version: 1\nname: short\nextends: baseline\nhorizon: {end: 2023-06}\n"
SELECTION = Selection(upload=Upload(name="short.yaml", text=SHORT))


@pytest.fixture(scope="module")
def ensembles():
    found = Ensembles(Limits(replicates=24))
    yield found
    found.close()


@pytest.fixture(scope="module")
def runs(ensembles):
    found = ensembles.runs_of(resolve(SELECTION))
    assert list(ensembles.stages(found, threading.Event(), lambda n: None)) == [16, 24]
    return found


def test_headline_numbers_are_the_named_outcomes_of_a_run(runs):
    table = run(runs.world.resolved, 24, 1).tables["outcomes"]
    said = view_data.headline(runs)
    last = table.filter(pl.col("period").cast(pl.String).str.starts_with(said["month"]))
    for name, values in said["runs"].items():
        wanted = last.filter(outcome=name).sort("replicate")["value"].to_numpy()
        assert len(wanted) == 24, name
        np.testing.assert_allclose(values, wanted, rtol=2e-6)


def test_bands_are_quantiles_of_the_cumulative_share(runs):
    said = view_data.bands(runs, View())
    values = np.array(said["values"])
    assert values.shape == (len(said["months"]), len(said["order"]), 5)
    assert np.all(np.diff(values, axis=2) >= 0)
    assert np.all(np.diff(values, axis=1) >= 0), "cumulative"
    np.testing.assert_allclose(values[:, -1], 1.0, atol=1e-5)
    offerings = list(runs.plan.layout.offerings)
    use = runs.gather("users")[-1, 0].astype(float)
    share = use / use.sum(axis=0)
    first = share[offerings.index(said["order"][0])] + share[offerings.index(said["order"][1])]
    np.testing.assert_allclose(values[-1, 1, 2], np.median(first), atol=1e-5)


@pytest.mark.parametrize(
    "view",
    [
        View(group="region:Africa"),
        View(segment="developers"),
        View(measure="people"),
        View(measure="spend"),
    ],
)
def test_other_views_have_bands_too(runs, view):
    values = np.array(view_data.bands(runs, view)["values"], dtype=float)
    assert np.all((values >= 0) & (values <= 1.00001))


@pytest.mark.parametrize(
    "view",
    [
        View(group="region:Afrika"),
        View(segment="farmers"),
        View(group="region:Africa", measure="spend"),
        View(segment="developers", measure="spend"),
    ],
)
def test_a_view_there_is_not_is_refused(runs, view):
    with pytest.raises(UnknownKey):
        view_data.bands(runs, view)


def test_groups_add_up_to_the_world(runs):
    users = runs.gather("users").astype(float)
    regions = [g for g, (kind, _) in enumerate(runs.plan.layout.groups) if kind == "region"]
    np.testing.assert_allclose(users[:, regions].sum(axis=1), users[:, 0], rtol=1e-5)
    np.testing.assert_allclose(users[:, -3:].sum(axis=1), users[:, 0], rtol=1e-5)
    np.testing.assert_allclose(runs.gather("segments").sum(axis=1), users[:, 0], rtol=1e-5)


def test_one_economy(runs):
    said = view_data.economy(runs, "KEN")
    assert said["name"] == "Kenya"
    np.testing.assert_allclose(np.array(said["values"])[:, -1], 1.0, atol=1e-5)
    with pytest.raises(UnknownEconomy):
        view_data.economy(runs, "KEX")


def test_the_map_has_every_economy_and_month(runs):
    import base64

    said = view_data.world_map(runs)
    cells = len(said["iso3"]) * len(said["months"])
    for name, text in said["fields"].items():
        assert len(base64.b64decode(text)) == cells, name


def moved(value, on="2023-04"):
    move = Move(path="us.price_cut", value=value, on=on)
    return resolve(SELECTION.model_copy(update={"moves": (move,)}))


def first_numbers(ensembles, resolved):
    found = ensembles.runs_of(resolved)
    next(ensembles.stages(found, threading.Event(), lambda n: None))
    return found


def test_a_move_goes_on_from_the_one_before_it(ensembles, runs):
    dates = [(0.2, "2023-04"), (0.3, "2023-04"), (0.3, "2023-05"), (0.1, "2023-02")]
    for value, on in dates:
        quick = first_numbers(ensembles, moved(value, on))
        fresh = Ensembles(Limits(replicates=24))
        whole = first_numbers(fresh, moved(value, on))
        fresh.close()
        assert view_data.stage(quick, View()) == view_data.stage(whole, View())
        assert view_data.world_map(quick) == view_data.world_map(whole)
    assert quick.snapshot is not None
    assert quick.snapshot.months == 1, "kept where it parted from the move before"


def test_moving_a_parameter_does_not_end_it():
    own = Ensembles(Limits(replicates=16))
    months = []
    for catch_up, cut in [(0.03, 0.1), (0.03, 0.2), (0.04, 0.2), (0.04, 0.3), (0.04, 0.1)]:
        moves = (
            Move(path="frontier.cn.catch_up", value=catch_up),
            Move(path="us.price_cut", value=cut, on="2023-04"),
        )
        found = first_numbers(own, resolve(SELECTION.model_copy(update={"moves": moves})))
        months.append(found.snapshot.months)
    own.close()
    assert months == [0, 3, 0, 3, 3]


def test_a_run_that_is_stopped_keeps_nothing_half_done(ensembles):
    move = Move(path="frontier.cn.catch_up", value=0.04)
    found = ensembles.runs_of(resolve(SELECTION.model_copy(update={"moves": (move,)})))
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        list(ensembles.stages(found, stop, lambda n: None))
    assert found.done == 0
    assert list(ensembles.stages(found, threading.Event(), lambda n: None)) == [16, 24]


def test_a_stopped_run_does_not_wait_for_its_place_in_line(runs):
    """Its blocks stand behind those of somebody else; it must end all the same."""
    other = Ensembles(Limits(replicates=24, workers=1))
    release, stop = threading.Event(), threading.Event()
    other.pool.submit(release.wait)
    try:
        stages = other.stages(other.runs_of(runs.world.resolved), stop, lambda n: None)
        assert next(stages) == 16
        threading.Timer(0.3, stop.set).start()
        with pytest.raises(Cancelled):
            next(stages)
        assert other.running == 0
    finally:
        release.set()
        other.close()


def test_no_more_ensembles_at_once_than_the_limit(ensembles, runs):
    full = Ensembles(Limits(ensembles=0))
    try:
        with pytest.raises(Busy):
            list(full.stages(runs, threading.Event(), lambda n: None))
    finally:
        full.close()


def test_the_sums_of_blocks_are_those_of_all_runs(runs):
    """What was shown meanwhile is not changed by what comes later."""
    other = ScenarioRuns(runs.world, runs.plan)
    blocks = [first_blocks(runs.world, range(16)), first_blocks(runs.world, range(16, 24))]
    other.add(blocks[0])
    early = other.so_far()
    other.add(blocks[1])
    assert (early.done, other.done) == (16, 24)
    np.testing.assert_array_equal(early.share_sum, blocks[0].share_sum)
    np.testing.assert_array_equal(other.share_sum, runs.share_sum)


def first_blocks(world, replicates):
    plan, setting = make_plan(world), make_setting(world, 1, tuple(replicates))
    block = Block(prepare(world), setting)
    watcher = watcher_of(plan, np.ones(len(replicates), dtype=bool), True)
    block.advance(world.shape[0], watcher)
    return runs_of(watcher, plan, setting.numbers)


def test_a_run_that_breaks_is_nowhere_on_the_page(runs, monkeypatch):
    plain = ensembles_module.kept_setting

    def poisoned(*args):
        setting = plain(*args)
        shock = setting.numbers.supply.shock.copy()
        shock[3:, :, 2] = np.nan
        supply = setting.numbers.supply._replace(shock=shock)
        return replace(setting, numbers=setting.numbers._replace(supply=supply))

    monkeypatch.setattr(ensembles_module, "kept_setting", poisoned)
    own = Ensembles(Limits(replicates=16))
    found = first_numbers(own, resolve(SELECTION))
    again = first_numbers(own, moved(0.2))
    own.close()
    for one in (found, again):
        assert (one.done, one.live) == (16, 15)
        assert one.share_sum.sum(axis=2).max() < 15.001
        assert one.leading.sum(axis=2).max() == 15
    others = [k for k in range(16) if k != 2]
    np.testing.assert_array_equal(found.gather("users"), runs.gather("users")[..., others])
    said = view_data.headline(found)["runs"]["world.adoption"]
    assert [k for k, value in enumerate(said) if value is None] == [2]


def test_moves_become_the_smallest_file_and_it_runs_to_the_same_scenario(tmp_path):
    selection = Selection(
        policies=("us-price-war",),
        moves=(
            Move(path="frontier.cn.catch_up", value=0.04),
            Move(path="us.chip_controls.tightness", value=0.9, on="2026-07"),
            Move(path="ban.cn.consumers", value=1, on="2026-07", economies=("group:eu",)),
        ),
    )
    file = tmp_path / "saved.yaml"
    file.write_text(as_file(selection), encoding="utf-8")
    assert load(str(file)).hash == resolve(selection).hash != load("baseline").hash
    assert len(file.read_text(encoding="utf-8").splitlines()) < 40


def test_nothing_moved_is_the_scenario_itself():
    assert resolve(Selection(scenario="two-camps")).hash == load("two-camps").hash
    assert resolve(Selection(policies=("us-price-war",))).hash == load("baseline+us-price-war").hash


def test_moves_are_added_to_an_uploaded_file():
    text = SHORT + "set: {frontier.cn.catch_up: {value: 0.05, fix: true}}\n"
    moved = Selection(
        upload=Upload(name="mine.yaml", text=text),
        moves=(Move(path="frontier.cn.catch_up", value=0.04),),
    )
    quantity = resolve(moved).parameters["frontier.cn.catch_up"]
    assert (quantity.value, quantity.draw) == (0.04, None)


@pytest.mark.parametrize(
    "name", ["../baseline", "/etc/passwd", "scenarios/baseline.yaml", "x.yaml"]
)
def test_a_request_names_no_file(name):
    with pytest.raises(InputError, match="no shipped scenario"):
        resolve(Selection(scenario=name))
    with pytest.raises(InputError, match="no shipped scenario"):
        resolve(Selection(policies=(name,)))
    text = f"schema_version: 1\nname: x\nextends: {name}\n"
    with pytest.raises(InputError, match="no shipped scenario"):
        resolve(Selection(upload=Upload(name="x.yaml", text=text)))
