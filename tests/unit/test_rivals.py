"""Folds and naive rivals: nothing held out leaks, and a rival that is right wins."""

from dataclasses import replace

import numpy as np
import pytest

from sim.errors import InputError
from sim.evidence import scores
from sim.evidence.folds import folds, held
from sim.evidence.likelihood import class_chances, logit
from sim.evidence.rivals import interval_regression, refusal, rival_classes, rival_users
from sim.evidence.targets import CLASS_EDGES, load_targets
from sim.scenario import load
from sim.world.build import build_world

FOLDS = 5


@pytest.fixture(scope="module")
def world():
    return build_world(load("baseline", (), ["horizon.end=2026-01"]))


@pytest.fixture(scope="module")
def targets(world):
    return load_targets(world.iso3)


@pytest.fixture(scope="module")
def fold_of(world, targets):
    return folds(targets, world.iso3, FOLDS, seed=1)


def _normals(shape, seed=5):
    return np.random.Generator(np.random.Philox(seed)).standard_normal(shape)


def _users(targets, share):
    return replace(targets, users=replace(targets.users, share=share))


def _classes(targets, share):
    number = np.searchsorted(CLASS_EDGES, share, side="right") - 1
    point = np.full(len(share), np.nan)
    return replace(targets, classes=replace(targets.classes, bin=number, point=point, middle=share))


def _by_name(forecasts):
    return {forecast.name: forecast for forecast in forecasts}


def test_every_observation_is_held_out_once_and_folds_are_balanced(targets, fold_of):
    masks = [held(targets, fold_of, k) for k in range(FOLDS)]
    for kind in range(2):
        counts = np.array([mask[kind].sum() for mask in masks])
        assert (np.sum([mask[kind] for mask in masks], axis=0) == 1).all()
        assert counts.max() - counts.min() <= 2
    assert np.bincount(fold_of).min() > 0.8 * len(fold_of) / FOLDS


def test_pools_stay_together(targets, fold_of):
    for rows in targets.users.members:
        assert len(set(fold_of[list(rows)])) == 1


def test_a_pool_on_both_sides_is_refused(targets, fold_of):
    pool = next(rows for rows in targets.users.members if len(rows) > 1)
    torn = fold_of.copy()
    torn[pool[0]] = (torn[pool[0]] + 1) % FOLDS
    with pytest.raises(ValueError, match="pool-"):
        held(targets, torn, 0)


def test_folds_do_not_depend_on_the_order_of_economies(world, targets, fold_of):
    order = np.random.Generator(np.random.Philox(2)).permutation(len(world.iso3))
    iso3 = [world.iso3[row] for row in order]
    found = folds(load_targets(iso3), iso3, FOLDS, seed=1)
    assert (found == fold_of[order]).all()


def test_another_seed_deals_otherwise(world, targets, fold_of):
    assert (folds(targets, world.iso3, FOLDS, seed=2) != fold_of).any()


@pytest.mark.parametrize("count", [1, 500])
def test_impossible_folds_are_refused(world, targets, count):
    with pytest.raises(InputError, match="folds cannot be made"):
        folds(targets, world.iso3, count, seed=1)


def test_refused_economies_are_those_without_the_service(world, targets):
    refused = refusal(world, targets)
    assert refused[world.iso3.index("IRN")] == 1.0
    assert refused[world.iso3.index("DEU")] == 0.0


def test_a_horizon_without_the_observed_months_is_refused(targets):
    short = build_world(load("baseline", (), ["horizon.end=2024-12"]))
    with pytest.raises(InputError, match="months that were observed"):
        refusal(short, targets)


def test_rivals_forecast_everything(world, targets, fold_of):
    for forecast in rival_users(world, targets, fold_of):
        first = 1 if forecast.name in ("persistence", "common growth") else 0
        assert np.isnan(forecast.mean_log[:, :first]).all()
        assert np.isfinite(forecast.mean_log[:, first:]).all()
        assert (forecast.sd_log[:, first:] > 0.0).all()
    for forecast in rival_classes(world, targets, fold_of):
        assert forecast.chances.sum(axis=1) == pytest.approx(np.ones(len(targets.classes.bin)))
        assert (forecast.chances >= 0.0).all()


def test_a_held_out_share_does_not_move_its_own_fold(world, targets, fold_of):
    before = _by_name(rival_users(world, targets, fold_of))
    out = held(targets, fold_of, 2)[0]
    share = targets.users.share.copy()
    share[out] = 0.5 * share[out][:, ::-1]
    after = _by_name(rival_users(world, _users(targets, share), fold_of))
    for name in before:
        same = (before[name].mean_log[out, 1] == after[name].mean_log[out, 1]).all()
        assert same == (name not in ("persistence", "common growth")), name
        assert (before[name].sd_log[out, 1] == after[name].sd_log[out, 1]).all()
        if name != "persistence":  # the others do learn from it
            assert (before[name].mean_log[~out, 1] != after[name].mean_log[~out, 1]).any()


def test_a_second_half_held_out_moves_no_forecast_of_its_own(world, targets, fold_of):
    before = rival_users(world, targets, fold_of)
    out = held(targets, fold_of, 0)[0]
    share = targets.users.share.copy()
    share[out, 1] *= 0.3
    for old, new in zip(before, rival_users(world, _users(targets, share), fold_of), strict=True):
        np.testing.assert_array_equal(old.mean_log[out], new.mean_log[out])
        np.testing.assert_array_equal(old.sd_log[out], new.sd_log[out])


def test_a_held_out_class_does_not_move_its_own_fold(world, targets, fold_of):
    before = rival_classes(world, _classes(targets, targets.classes.middle), fold_of)
    out = held(targets, fold_of, 1)[1]
    middle = np.where(out, 0.4, targets.classes.middle)
    after = rival_classes(world, _classes(targets, middle), fold_of)
    for old, new in zip(before, after, strict=True):
        np.testing.assert_array_equal(old.chances[out], new.chances[out])
        assert (old.chances[~out] != new.chances[~out]).any()


def test_income_wins_where_income_is_all(world, targets, fold_of):
    income = np.log(world.economies.income_month)
    people = world.economies.people
    level = np.array(
        [np.average(income[list(r)], weights=people[list(r)]) for r in targets.users.members]
    )
    noise = 0.1 * _normals(len(level))
    share = np.exp(-4.0 + 0.4 * (level - level.mean()) + noise)[:, None] * [1.0, 1.1]
    planted = _users(targets, share)
    found = _by_name(rival_users(world, planted, fold_of))
    best, rest = found["income only"], (found["gravity only"], found["marginal shares"])
    seen = np.log(share[:, 0])
    own = scores.score_shares(best.mean_log[:, 0], best.sd_log[:, 0], seen)
    assert own.rms_error == pytest.approx(0.1, rel=0.3)
    assert own.most.share == pytest.approx(0.9, abs=0.08)
    for other in rest:
        assert own.crps < scores.score_shares(other.mean_log[:, 0], other.sd_log[:, 0], seen).crps


def test_common_growth_wins_where_growth_is_common(world, targets, fold_of):
    first = targets.users.share[:, 0]
    growth = 0.2 + 0.01 * _normals(len(first))
    planted = _users(targets, np.stack([first, first * np.exp(growth)], axis=1))
    found = _by_name(rival_users(world, planted, fold_of))
    seen = np.log(planted.users.share[:, 1])
    error = {n: scores.rms_error(f.mean_log[:, 1], seen) for n, f in found.items()}
    assert min(error, key=error.get) == "common growth"
    assert error["persistence"] == pytest.approx(0.2, abs=0.01)
    assert found["common growth"].sd_log[:, 1].max() < 0.02


def test_gravity_wins_where_trade_tells(world, targets, fold_of):
    rows = targets.classes.rows
    china = np.log(np.maximum(world.import_share[rows, 1], 1e-4))
    z = (china - china.mean()) / china.std()
    planted = _classes(targets, 1.0 / (1.0 + np.exp(2.2 - 1.0 * z - 0.1 * _normals(len(z)))))
    _wins("gravity only", world, planted, fold_of)


def test_access_wins_where_refusal_tells(world, targets, fold_of):
    rows = targets.classes.rows
    income = np.log(world.economies.income_month)[rows]
    z = -3.0 - 0.4 * (income - income.mean()) + 2.5 * refusal(world, targets)[rows]
    planted = _classes(targets, 1.0 / (1.0 + np.exp(-z - 0.1 * _normals(len(z)))))
    _wins("access denial + income", world, planted, fold_of)


def _wins(name, world, planted, fold_of):
    number = planted.classes.bin
    found = _by_name(rival_classes(world, planted, fold_of))
    loss = {n: scores.log_score_classes(f.chances, number).mean() for n, f in found.items()}
    assert min(loss, key=loss.get) == name
    order = {n: scores.rps(f.chances, number).mean() for n, f in found.items()}
    assert min(order, key=order.get) == name


def test_interval_regression_finds_what_was_planted():
    count = 4000
    z, noise = _normals((2, count))
    odds = -2.3 + 0.6 * z + 0.4 * noise
    number = np.searchsorted(logit(np.clip(CLASS_EDGES, 1e-12, 1 - 1e-12)), odds) - 1
    slopes, spread, slip = interval_regression(np.stack([np.ones(count), z], axis=1), number)
    assert slopes == pytest.approx([-2.3, 0.6], abs=0.04)
    assert spread == pytest.approx(0.4, abs=0.04)
    assert slip < 0.02
    chances = class_chances(np.array([-2.3]), spread, slip)
    assert chances.sum() == pytest.approx(1.0)
