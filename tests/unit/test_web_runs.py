"""What the page shows is what the command line would write."""

import threading

import numpy as np
import polars as pl
import pytest

from sim.errors import Busy, Cancelled, InputError, UnknownEconomy, UnknownKey
from sim.runs.run import run
from sim.scenario import load
from sim.web import shown
from sim.web.asked import Asked, Move, Upload, View, as_file, resolve
from sim.web.ensembles import Ensembles, Limits

SHORT = "schema_version: 1\nname: short\nextends: baseline\nhorizon: {end: 2023-06}\n"
ASKED = Asked(upload=Upload(name="short.yaml", text=SHORT))


@pytest.fixture(scope="module")
def ensembles():
    found = Ensembles(Limits(replicates=24))
    yield found
    found.close()


@pytest.fixture(scope="module")
def history(ensembles):
    found = ensembles.history(resolve(ASKED))
    assert list(ensembles.stages(found, threading.Event(), lambda h, n: None)) == [16, 24]
    return found


def test_headline_numbers_are_the_named_outcomes_of_a_run(history):
    table = run(history.world.resolved, 24, 1).tables["outcomes"]
    said = shown.headline(history)
    last = table.filter(pl.col("period").cast(pl.String).str.starts_with(said["month"]))
    for name, runs in said["runs"].items():
        wanted = last.filter(outcome=name).sort("replicate")["value"].to_numpy()
        assert len(wanted) == 24, name
        np.testing.assert_allclose(runs, wanted, rtol=2e-6)


def test_bands_are_quantiles_of_the_cumulative_share(history):
    said = shown.bands(history, View())
    values = np.array(said["values"])
    assert values.shape == (len(said["months"]), len(said["order"]), 5)
    assert np.all(np.diff(values, axis=2) >= 0)
    assert np.all(np.diff(values, axis=1) >= 0), "cumulative"
    np.testing.assert_allclose(values[:, -1], 1.0, atol=1e-5)
    offerings = list(history.plan.layout.offerings)
    use = history.gather("users")[-1, 0].astype(float)
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
def test_other_views_have_bands_too(history, view):
    values = np.array(shown.bands(history, view)["values"], dtype=float)
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
def test_a_view_there_is_not_is_refused(history, view):
    with pytest.raises(UnknownKey):
        shown.bands(history, view)


def test_groups_add_up_to_the_world(history):
    users = history.gather("users").astype(float)
    regions = [g for g, (kind, _) in enumerate(history.plan.layout.groups) if kind == "region"]
    np.testing.assert_allclose(users[:, regions].sum(axis=1), users[:, 0], rtol=1e-5)
    np.testing.assert_allclose(users[:, -3:].sum(axis=1), users[:, 0], rtol=1e-5)
    np.testing.assert_allclose(history.gather("segments").sum(axis=1), users[:, 0], rtol=1e-5)


def test_one_economy(history):
    said = shown.economy(history, "KEN")
    assert said["name"] == "Kenya"
    np.testing.assert_allclose(np.array(said["values"])[:, -1], 1.0, atol=1e-5)
    with pytest.raises(UnknownEconomy):
        shown.economy(history, "KEX")


def test_the_map_has_every_economy_and_month(history):
    import base64

    said = shown.world_map(history)
    cells = len(said["iso3"]) * len(said["months"])
    for name, text in said["fields"].items():
        assert len(base64.b64decode(text)) == cells, name


def moved(value, on="2023-04"):
    move = Move(path="us.price_cut", value=value, on=on)
    return resolve(ASKED.model_copy(update={"moves": (move,)}))


def first_numbers(ensembles, resolved):
    found = ensembles.history(resolved)
    next(ensembles.stages(found, threading.Event(), lambda h, n: None))
    return found


def test_a_move_goes_on_from_the_one_before_it(ensembles, history):
    dates = [(0.2, "2023-04"), (0.3, "2023-04"), (0.3, "2023-05"), (0.1, "2023-02")]
    for value, on in dates:
        quick = first_numbers(ensembles, moved(value, on))
        fresh = Ensembles(Limits(replicates=24))
        whole = first_numbers(fresh, moved(value, on))
        fresh.close()
        assert shown.stage(quick, View()) == shown.stage(whole, View())
        assert shown.world_map(quick) == shown.world_map(whole)
    assert quick.kept is not None
    assert quick.kept.months == 1, "kept where it parted from the move before"


def test_moving_a_parameter_does_not_end_it():
    own = Ensembles(Limits(replicates=16))
    months = []
    for catch_up, cut in [(0.03, 0.1), (0.03, 0.2), (0.04, 0.2), (0.04, 0.3), (0.04, 0.1)]:
        moves = (
            Move(path="frontier.cn.catch_up", value=catch_up),
            Move(path="us.price_cut", value=cut, on="2023-04"),
        )
        found = first_numbers(own, resolve(ASKED.model_copy(update={"moves": moves})))
        months.append(found.kept.months)
    own.close()
    assert months == [0, 3, 0, 3, 3]


def test_a_run_that_is_stopped_keeps_nothing_half_done(ensembles):
    move = Move(path="frontier.cn.catch_up", value=0.04)
    found = ensembles.history(resolve(ASKED.model_copy(update={"moves": (move,)})))
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        list(ensembles.stages(found, stop, lambda h, n: None))
    assert found.asked == 0
    assert list(ensembles.stages(found, threading.Event(), lambda h, n: None)) == [16, 24]


def test_a_stopped_run_does_not_wait_for_its_place_in_line(history):
    """Its blocks stand behind those of somebody else; it must end all the same."""
    other = Ensembles(Limits(replicates=24, workers=1))
    release, stop = threading.Event(), threading.Event()
    other.pool.submit(release.wait)
    try:
        stages = other.stages(other.history(history.world.resolved), stop, lambda h, n: None)
        assert next(stages) == 16
        threading.Timer(0.3, stop.set).start()
        with pytest.raises(Cancelled):
            next(stages)
        assert other.running == 0
    finally:
        release.set()
        other.close()


def test_no_more_ensembles_at_once_than_the_limit(ensembles, history):
    full = Ensembles(Limits(ensembles=0))
    try:
        with pytest.raises(Busy):
            list(full.stages(history, threading.Event(), lambda h, n: None))
    finally:
        full.close()


def test_blocks_that_come_early_wait_for_those_before_them(ensembles, history):
    from sim.web.history import History

    class Caught(History):
        def add(self, first, reading):
            found.append(reading)

    found = []
    for first, count in ((0, 16), (16, 8)):
        caught = Caught(history.world, history.plan)
        ensembles._block(caught, first, count, threading.Event(), urgent=False)
    other = History(history.world, history.plan)
    one, two = found
    other.add(16, two)
    assert other.asked == 0
    other.add(0, one)
    assert other.asked == 24
    np.testing.assert_array_equal(other.share_sum, history.share_sum)


def test_moves_become_the_smallest_file_and_it_runs_to_the_same_scenario(tmp_path):
    asked = Asked(
        policies=("us-price-war",),
        moves=(
            Move(path="frontier.cn.catch_up", value=0.04),
            Move(path="us.chip_controls.tightness", value=0.9, on="2026-07"),
            Move(path="ban.cn.consumers", value=1, on="2026-07", economies=("group:eu",)),
        ),
    )
    file = tmp_path / "saved.yaml"
    file.write_text(as_file(asked), encoding="utf-8")
    assert load(str(file)).hash == resolve(asked).hash != load("baseline").hash
    assert len(file.read_text(encoding="utf-8").splitlines()) < 40


def test_nothing_moved_is_the_scenario_itself():
    assert resolve(Asked(scenario="two-camps")).hash == load("two-camps").hash
    assert resolve(Asked(policies=("us-price-war",))).hash == load("baseline+us-price-war").hash


def test_moves_are_added_to_an_uploaded_file():
    text = SHORT + "set: {frontier.cn.catch_up: {value: 0.05, fix: true}}\n"
    moved = Asked(
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
        resolve(Asked(scenario=name))
    with pytest.raises(InputError, match="no shipped scenario"):
        resolve(Asked(policies=(name,)))
    text = f"schema_version: 1\nname: x\nextends: {name}\n"
    with pytest.raises(InputError, match="no shipped scenario"):
        resolve(Asked(upload=Upload(name="x.yaml", text=text)))
