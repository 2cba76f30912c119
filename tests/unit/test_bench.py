"""`spheres bench`: the equality gate, what is reported, and the shape of the floor. Never time."""

import json

import numpy as np
import pytest
from oracle.world import Oracle
from typer.testing import CliRunner

from sim.cli import bench as cli
from sim.cli import checkout
from sim.cli.app import app
from sim.draws.setting import make_setting
from sim.ensemble.runner import run_ensemble
from sim.errors import NeedsCheckout
from sim.model.mesa import Spheres
from sim.scenario import load
from sim.world.build import build_world


def speed(module):
    """A module of experiments/00_speed."""
    return checkout.experiment("00_speed", module, "the benchmark")


bench, gate, numpy_batch = speed("measure"), speed("gate"), speed("numpy_batch")
numpy_costs = speed("numpy_costs")
mesa_runs, machine, Floor = speed("mesa_runs"), speed("machine"), speed("floor").Floor
reading = speed("reading")
TOLERANCE, ReadingsDifferError = gate.TOLERANCE, gate.ReadingsDifferError
compare, hold_equal, compared = gate.compare, gate.hold_equal, gate.compared

PROMISED = {
    "mesa_us",
    "mesa_compiled_us",
    "numpy_us",
    "engine_us",
    "engine_written_us",
    "floor_us",
    "speedup_vs_mesa",
    "speedup_vs_mesa_compiled",
    "engine_over_floor",
}


@pytest.fixture(scope="module")
def world():
    """All economies for three months."""
    return build_world(load("baseline", (), ["horizon.end=2023-09"]))


@pytest.fixture(scope="module")
def found(world):
    """A small measurement."""
    said = []
    settings = bench.Settings(rounds=2, replicates=8)
    result = bench.measure(world, settings, blas="as it is", say=said.append)
    return result, said


def test_readings_are_equal(world):
    worst = hold_equal(world, 3, 8)
    assert set(worst) == {"mesa", "mesa_compiled", "numpy", "engine"}
    assert max(worst.values()) <= TOLERANCE


class Beside(Oracle):
    """An oracle that shows other shares than it reckons with."""

    def month_arrays(self):
        share, *others = super().month_arrays()
        return share * 1.001, *others


def test_every_reading_is_held_against_the_oracle(world, monkeypatch):
    monkeypatch.setattr(gate, "Oracle", Beside)
    with pytest.raises(ReadingsDifferError, match=r"^mesa differs from the oracle: share in "):
        hold_equal(world, 1, 8)


class Hasty(Spheres):
    """The shipped model with shares of one economy that are a little off."""

    def step(self):
        super().step()
        self.memory.state.offering.share[7] *= 1.000001


@pytest.mark.parametrize("equation", ["reach", "speed"])
def test_an_altered_agent_closes_the_gate(world, monkeypatch, equation):
    """Each of the two Mesa models is judged by itself, whatever the others say."""
    if equation == "reach":
        look = mesa_runs.Keeping.look_around

        def overlook(self):
            look(self)
            self.appraisal = self.appraisal._replace(reach=self.appraisal.reach * 0.999999)

        monkeypatch.setattr(mesa_runs.Keeping, "look_around", overlook)
        name = "mesa"
    else:
        monkeypatch.setattr(gate, "Spheres", Hasty)
        name = "mesa_compiled"
    with pytest.raises(ReadingsDifferError, match=rf"^{name} differs .* in [A-Z]{{3}} in 2023-0"):
        hold_equal(world, 1, 8)


def test_economies_are_appraised_in_the_months_in_which_something_moved(world, monkeypatch):
    looked = []
    right = mesa_runs.Economy.look_around
    monkeypatch.setattr(
        mesa_runs.Economy,
        "look_around",
        lambda self: (looked.append((self.model.month, self.index)), right(self)),
    )
    model = mesa_runs.Written(make_setting(world, 1, (0,)))
    for _ in range(world.shape[0]):
        model.step()
    assert looked == [tuple(at) for at in np.argwhere(world.refresh)]
    assert 0 < len(looked) < world.refresh.size


@pytest.mark.parametrize("equation", ["attraction_rows", "target_rows"])
def test_an_altered_equation_closes_the_gate(world, monkeypatch, equation):
    right = getattr(numpy_batch, equation)
    monkeypatch.setattr(numpy_batch, equation, lambda *args: right(*args) * 1.000001)
    with pytest.raises(ReadingsDifferError, match=r"^numpy differs .* in [A-Z]{3} in 2023-0[12]"):
        hold_equal(world, 1, 8)


def test_an_undefined_number_closes_the_gate(world):
    model = Oracle(make_setting(world, 1, (0,)))
    model.step()
    right = compared(reading.of_oracle(model))
    assert compare("a reading", right, compared(reading.of_oracle(model)), model) == 0.0
    wrong = {**right, "adoption": right["adoption"].copy()}
    wrong["adoption"][5, 2] = np.nan
    with pytest.raises(ReadingsDifferError, match=f"adoption in {world.iso3[5]} in 2023-01"):
        compare("a reading", right, wrong, model)


def test_nothing_is_timed_past_a_closed_gate(world, monkeypatch):
    right = numpy_costs.burden_rows
    monkeypatch.setattr(numpy_costs, "burden_rows", lambda *args: 2.0 * right(*args))
    monkeypatch.setattr(bench, "in_rounds", lambda *_: pytest.fail("timed"))
    with pytest.raises(ReadingsDifferError) as error:
        bench.measure(world, bench.Settings(), blas="", say=lambda _: None)
    assert error.value.exit_code == 1


def test_all_figures_are_reported(found):
    result, said = found
    assert set(result) >= PROMISED
    assert all(result[key] > 0.0 for key in PROMISED)
    assert result["speedup_vs_mesa"] == result["mesa_us"] / result["engine_us"]
    assert result["speedup_vs_mesa_compiled"] == result["mesa_compiled_us"] / result["engine_us"]
    assert result["engine_over_floor"] == result["engine_us"] / result["floor_us"]
    assert {len(one["rounds"]) for one in result["spread"].values()} == {2}
    assert json.loads(json.dumps(result)) == result
    assert {"cpu", "python", "mesa", "numpy", "numba", "blas"} <= set(result["machine"])
    assert sum(line.startswith("round") for line in said) == 2


def test_table_and_json(found, monkeypatch):
    result, _ = found
    monkeypatch.setattr(bench, "measure", lambda *args, **more: result)
    monkeypatch.setattr(cli, "limit_blas", lambda: "one thread")
    table = CliRunner().invoke(app, ["bench"])
    assert table.exit_code == 0
    assert all(what in table.stdout for _, what, _ in cli.TABLE)
    for model, key in (("in NumPy", ""), ("on compiled text", "_compiled")):
        ratio = f"{result[f'speedup_vs_mesa{key}']:.{1 if key else 0}f}"
        assert f"engine is {ratio} x Mesa with agents {model}" in table.stdout
    printed = CliRunner().invoke(app, ["bench", "--json"])
    assert json.loads(printed.stdout) == result


def test_less_than_five_rounds_is_refused():
    assert CliRunner().invoke(app, ["bench", "--rounds", "4"]).exit_code == 2


def test_rounds_are_interleaved():
    order = []
    jobs = {name: bench.Job(lambda name=name: order.append(name), 1) for name in "ab"}
    found = bench.in_rounds(jobs, 2, lambda _: None)
    assert order == ["a", "b"] * 3
    assert {name: len(values) for name, values in found.items()} == {"a": 2, "b": 2}


@pytest.mark.parametrize("run", ["run_written", "run_compiled"])
def test_mesa_reduces_every_month_once(world, run):
    reducer = reading.Reducer(world, 2)
    for seed in (1, 2):
        getattr(mesa_runs, run)(world, reducer, seed)
    assert (reducer.acc.runs == 2).all()


def test_both_mesa_models_and_the_engine_reduce_to_the_same(world):
    """One run each: what the engine's recorders count of it, the collectors count too."""
    found = [run_ensemble(world, 1, 4).totals.finish()]
    for run in (mesa_runs.run_written, mesa_runs.run_compiled):
        reducer = reading.Reducer(world, 1)
        run(world, reducer, 4)
        found.append(reducer.acc)
    for name in ("low", "high", "hits"):
        engine, written, compiled = (getattr(acc.book.cells, name) for acc in found)
        np.testing.assert_allclose(written, engine, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(compiled, engine, rtol=1e-9, atol=1e-9)


def test_floor_does_the_least_work_of_a_month(world):
    floor = Floor(world, 8)
    floor.month()
    _, c, s, o = world.shape
    n, f, q = world.offerings.n_nests, world.offerings.n_families, len(world.resolved.tasks)
    assert floor.share.shape == (s, 8, c, o)
    assert floor.exposure.shape == (c, o * 8)
    assert floor.pull.size == c * s * o * 8  # attraction
    assert floor.exps.size == c * (s * (n + 1) + o) * 8  # nests, adoption; thrift
    assert floor.logs.size == c * (s * (o + n + q) + f + o) * 8  # price, nests, tasks
    assert (floor.pull == np.exp(floor.utility)).all()
    assert (floor.exps == np.exp(floor.exp_of)).all()
    assert (floor.logs == np.log(floor.log_of)).all()
    over_tasks = np.einsum("slco,sloq->slcq", floor.pull, floor.worth)
    mixed = np.einsum("slcq,slqo->slco", over_tasks, floor.by_offering)
    np.testing.assert_allclose(floor.share, mixed, rtol=1e-12)
    assert floor.exposure == pytest.approx(np.full(floor.exposure.shape, 1.0 / o))


def test_without_a_checkout_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(checkout, "_EXPERIMENTS", tmp_path)
    for words in (["bench"], ["bench", "--json"], ["serve", "--benchmark", "3"]):
        with pytest.raises(NeedsCheckout, match="ships with the checkout") as caught:
            CliRunner().invoke(app, words, catch_exceptions=False)
        assert caught.value.exit_code == 2


def test_mesas_batch_runner_is_used_nowhere(root):
    files = [p for room in ("sim", "experiments", ".ci") for p in (root / room).rglob("*.py")]
    assert len(files) > 200
    word = "batch" + "_run"
    assert not [
        p
        for p in files
        if f"{word}(" in p.read_text("utf-8") or "batchrunner" in p.read_text("utf-8")
    ]


def test_processor_is_named(tmp_path):
    listing = tmp_path / "cpuinfo"
    listing.write_text("processor\t: 0\nmodel name\t: A Chip 1.0 GHz\n", encoding="utf-8")
    assert machine.processor(listing) == "A Chip 1.0 GHz"
    assert machine.processor(tmp_path / "none")
