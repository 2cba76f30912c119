"""Prior, likelihood and sampling of the calibration, on problems with known answers."""

from dataclasses import replace

import numpy as np
import pytest

from sim.errors import InputError, SeedError
from sim.evidence.calibration import Calibration, split_rhat
from sim.evidence.design import read_design
from sim.evidence.likelihood import (
    Errors,
    class_chances,
    class_residuals,
    everything,
    firms_log_errors,
    later_growth_errors,
    logit,
    residuals,
    series_residuals,
    users_log_errors,
)
from sim.evidence.prediction import Predicted, pooled
from sim.evidence.prior import Prior, prior_from
from sim.evidence.targets import load_targets
from sim.files import seeds_dir
from sim.scenario import load
from sim.world.build import build_world

ERRORS = Errors(0.3, 0.04, 0.4, 0.15, 0.3)


@pytest.fixture(scope="module")
def built():
    return build_world(load("baseline", (), ["horizon.end=2026-03"]))


@pytest.fixture(scope="module")
def targets(built):
    return load_targets(built.iso3)


def perfect(targets, economies):
    """Predictions that hit every target: pools in all members, classes in their middles."""
    users = np.full((1, 2, economies), 0.1)
    for n, rows in enumerate(targets.users.members):
        users[0][:, list(rows)] = targets.users.share[n][:, None]
    deepseek = np.full((1, economies), 0.05)
    deepseek[0, targets.classes.rows] = targets.classes.middle
    later = np.full((1, economies), 0.1)
    later[0, targets.later.rows] = targets.later.share
    asked = targets.firms
    firms = np.full((1, asked.share.shape[1], economies), 0.1)
    others = 1.0 - asked.base[:, None]
    firms[0][:, asked.rows] = ((asked.share - asked.base[:, None]) / others).T
    return Predicted(users, deepseek, targets.series.value[None].copy(), later, firms)


def test_a_perfect_prediction_leaves_nothing_but_class_width(built, targets):
    found = perfect(targets, len(built.iso3))
    people = built.economies.people
    level, growth = users_log_errors(found, targets, people)
    assert np.abs(level).max() < 1e-12
    assert np.abs(growth).max() < 1e-12
    assert np.abs(later_growth_errors(found, targets)).max() < 1e-12
    assert targets.firms.fitted.sum() > 20
    assert np.abs(firms_log_errors(found, targets)).max() < 1e-12
    assert np.abs(series_residuals(found, targets)).max() < 1e-12
    assert np.abs(class_residuals(found, targets, ERRORS)).max() < 1.2


def test_held_out_observations_enter_nowhere(built, targets):
    people, held = built.economies.people, everything(targets)
    held.users[3] = held.classes[5] = False
    found = perfect(targets, len(built.iso3))
    before = residuals(found, targets, held, ERRORS, people)
    moved = replace(found, users=found.users.copy(), deepseek=found.deepseek.copy())
    moved.users[0][:, list(targets.users.members[3])] *= 3.0
    moved.deepseek[0, targets.classes.rows[5]] *= 3.0
    after = residuals(moved, targets, held, ERRORS, people)
    assert before.tobytes() == after.tobytes()
    full = residuals(moved, targets, everything(targets), ERRORS, people)
    assert np.abs(full).max() > 2.0


def test_pools_are_means_weighted_by_people():
    users = np.array([[0.1, 0.4, 0.9]])
    found = pooled(users, [(0, 1), (2,)], np.array([3.0, 1.0, 7.0]))
    np.testing.assert_allclose(found, [[(0.3 + 0.4) / 4.0, 0.9]])


def test_class_chances_are_a_distribution_and_slips_move_neighbours():
    chances = class_chances(logit(np.array([0.02, 0.08, 0.5])), 0.3, 0.15)
    np.testing.assert_allclose(chances.sum(axis=-1), 1.0, rtol=1e-12)
    sure = class_chances(logit(np.array([0.08])), 1e-3, 0.15)[0]
    np.testing.assert_allclose(sure, [0.15, 0.7, 0.15, 0, 0, 0], atol=1e-9)


def test_prior_is_the_plausible_range_on_the_scale_of_the_draw(built):
    prior = prior_from(built.resolved, ["segments.consumers.leakage", "segments.consumers.kappa"])
    low, high = built.resolved.quantities["segments.consumers.leakage"].plausible
    assert prior.kinds == ("logit", "linear")
    assert prior.low[0] == pytest.approx(np.log(low / (1 - low)))
    assert (prior.high - prior.low) / prior.error == pytest.approx(np.array([4.0, 4.0]))
    values = prior.values(np.array([prior.low, prior.high]))
    assert values["segments.consumers.leakage"] == pytest.approx(np.array([low, high]))


@pytest.mark.parametrize("path", ["choice.nothing", "tasks.routine_anchor"])
def test_a_parameter_that_cannot_be_fitted_is_refused(built, path):
    with pytest.raises(InputError, match="a parameter to calibrate"):
        prior_from(built.resolved, [path])


class Line:
    """Stands in for the engine: one series that is exp(a), one that is exp(a + b)."""

    def __init__(self, targets, people):
        self.targets = targets
        self.people = people
        self.world = type("World", (), {"economies": type("E", (), {"people": people})})

    def __call__(self, values):
        a, b = values["a"], values["b"]
        count = len(a)
        users, surveys = np.full((count, 2, 1), 0.2), self.targets.firms.share.shape[1]
        series = np.exp(np.stack([a, a + b], axis=1))
        rest = np.full((count, 1), 0.1), np.full((count, surveys, 1), 0.1)
        return Predicted(users, np.full((count, 1), 0.1), series, *rest)


@pytest.fixture(scope="module")
def line(targets):
    """A linear problem: the posterior of (a, b) is normal and known."""
    series = replace(
        targets.series,
        names=("one", "two"), channel=("x", "x"), variable=("y", "z"),
        low=np.exp([0.6, 0.8]), value=np.exp([1.0, 1.2]), high=np.exp([1.4, 1.6]),
    )  # fmt: skip
    users = replace(targets.users, names=("A",), members=((0,),), share=np.array([[0.2, 0.2]]))
    none = np.array([], dtype=np.int64)
    classes = replace(
        targets.classes, rows=none, iso3=(), bin=none, point=np.array([]), middle=np.array([])
    )
    later = replace(targets.later, rows=none, at=none, share=np.array([]))
    firms = replace(
        targets.firms, rows=none, iso3=(), base=np.array([]), share=targets.firms.share[:0],
        fitted=np.array([], dtype=np.bool_),
    )  # fmt: skip
    short = replace(targets, users=users, classes=classes, series=series, later=later, firms=firms)
    prior = Prior(
        ("a", "b"), ("linear", "linear"), np.zeros(2), np.ones(2), np.full(2, -4.0), np.full(2, 4.0)
    )
    return Calibration(Line(short, np.array([1.0])), prior, everything(short), ERRORS)


def exact():
    design = np.array([[1.0, 0.0], [1.0, 1.0]]) / 0.2
    precision = design.T @ design + np.eye(2)
    return np.linalg.solve(precision, design.T @ (np.array([1.0, 1.2]) / 0.2)), precision


def test_search_and_sample_find_a_known_posterior(line):
    mean, precision = exact()
    fit = line.search(2, 7, rounds=0)
    np.testing.assert_allclose(fit.point, mean, atol=1e-3)
    np.testing.assert_allclose(fit.covariance, np.linalg.inv(precision), rtol=1e-2)
    sample = line.sample(fit, 400, 60, 8, 7)
    assert sample.points.shape == (3200, 2)
    assert sample.disagreement < 1.1
    np.testing.assert_allclose(sample.weights @ sample.points, mean, atol=0.015)
    gap = sample.points - mean
    found = (sample.weights[:, None] * gap).T @ gap
    np.testing.assert_allclose(found, np.linalg.inv(precision), atol=0.006)


def test_chains_correct_a_wrong_normal_approximation(line):
    """The reference is made half as wide as the posterior; accepted moves mend it."""
    mean, precision = exact()
    fit = line.search(1, 7, rounds=0)
    narrow = replace(fit, covariance=0.5 * fit.covariance)
    sample = line.sample(narrow, 400, 240, 8, 7)
    gap = sample.points - mean
    found = np.diag((sample.weights[:, None] * gap).T @ gap)
    np.testing.assert_allclose(found, np.diag(np.linalg.inv(precision)), rtol=0.25)


def test_the_same_seed_gives_the_same_vectors(line):
    fit = line.search(1, 7, rounds=0)
    one, two = (line.sample(fit, 16, 20, 2, 7) for _ in range(2))
    assert one.points.tobytes() == two.points.tobytes()
    assert line.sample(fit, 16, 20, 2, 8).points.tobytes() != one.points.tobytes()


def test_rhat_is_one_for_chains_that_agree_and_large_for_those_that_do_not():
    rng = np.random.Generator(np.random.Philox(3))
    trace = rng.standard_normal((400, 20, 1))
    assert split_rhat(trace)[0] == pytest.approx(1.0, abs=0.01)
    trace[:, :10] += 3.0
    assert split_rhat(trace)[0] > 1.5


def test_targets_and_design_are_read_strictly(tmp_path, built):
    folder = tmp_path / "targets"
    folder.mkdir()
    for file in (seeds_dir() / "targets").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    text = (folder / "ai_users.csv").read_text(encoding="utf-8")
    (folder / "ai_users.csv").write_text(text.replace("0.151", "1.51", 1), encoding="utf-8")
    with pytest.raises(SeedError, match="above 1"):
        load_targets(built.iso3, folder)
    design = tmp_path / "design.yaml"
    shipped = (seeds_dir() / "posterior" / "design.yaml").read_text(encoding="utf-8")
    design.write_text(shipped.replace("folds: 10", "folds: 1"), encoding="utf-8")
    with pytest.raises(InputError, match="greater than or equal to 2") as caught:
        read_design(design)
    assert caught.value.line == shipped[: shipped.index("folds:")].count("\n") + 1


def test_every_fitted_economy_is_one_of_the_world_or_listed(built, targets):
    assert targets.users.own.sum() == 111
    assert set(targets.users.absent) <= {"GUF"}  # not one of the 198 economies
    assert len(targets.classes.iso3) == 89
