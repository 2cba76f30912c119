"""Scores against closed forms, and against each other on planted forecasts."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm, spearmanr

from sim.evidence import scores


def _draws(count, seed=3):
    return np.random.Generator(np.random.Philox(seed)).standard_normal(count)


def test_crps_of_a_normal_is_the_integral_of_the_squared_gap():
    mean, sd, seen = -1.5, 0.4, -1.1
    below, _ = quad(lambda x: norm.cdf(x, mean, sd) ** 2, -8.0, seen)
    above, _ = quad(lambda x: norm.sf(x, mean, sd) ** 2, seen, 5.0)
    found = scores.crps_normal(np.array([mean]), np.array([sd]), np.array([seen]))
    assert found == pytest.approx([below + above], rel=1e-7)


def test_crps_of_a_normal_at_its_mean():
    found = scores.crps_normal(np.zeros(1), np.ones(1), np.zeros(1))
    assert found == pytest.approx([(np.sqrt(2.0) - 1.0) / np.sqrt(np.pi)])


def test_log_scores():
    zero, one = np.zeros(1), np.ones(1)
    assert scores.log_score_normal(zero, one, zero) == pytest.approx([0.5 * np.log(2 * np.pi)])


def test_rank_correlation_is_spearmans_and_undefined_for_constants():
    a, b = np.array([1.0, 2.0, 2.0, 5.0, 3.0]), np.array([2.0, 1.0, 4.0, 9.0, 3.0])
    assert scores.rank_correlation(a, b) == pytest.approx(spearmanr(a, b).statistic)
    assert np.isnan(scores.rank_correlation(np.ones(5), b))


def test_errors_of_logs():
    found, seen = np.log([0.1, 0.2, 0.4]), np.log([0.2, 0.2, 0.2])
    assert scores.median_error(found, seen) == pytest.approx(np.log(2.0))
    assert scores.rms_error(found, seen) == pytest.approx(np.log(2.0) * np.sqrt(2.0 / 3.0))


def test_bands_of_a_right_normal_cover_what_they_say():
    seen = _draws(20_000)
    for level, width in ((0.5, 1.349), (0.9, 3.290)):
        band = scores.band_normal(np.zeros(20_000), np.ones(20_000), level)
        found = scores.coverage(band, seen, level)
        assert found.share == pytest.approx(level, abs=0.01)
        assert found.width == pytest.approx(width, abs=1e-3)


def test_ranked_probability_score_by_hand():
    chances = np.array([[0.2, 0.5, 0.3], [0.0, 0.0, 1.0], [0.0, 0.0, 1.0]])
    number = np.array([1, 2, 0])
    assert scores.rps(chances, number) == pytest.approx([0.2**2 + 0.3**2, 0.0, 2.0])
    assert scores.log_score_classes(chances, number)[:2] == pytest.approx([-np.log(0.5), 0.0])
    assert np.isfinite(scores.log_score_classes(chances, number)).all()


def test_nearer_classes_score_better_than_far_ones():
    seen = np.array([0])
    near, far = np.array([[0.0, 1.0, 0.0]]), np.array([[0.0, 0.0, 1.0]])
    assert scores.rps(near, seen) < scores.rps(far, seen)


def test_central_set_of_classes():
    chances = np.array([[0.03, 0.2, 0.5, 0.24, 0.03]])
    wide = scores.class_coverage(chances, np.array([1]), 0.9)
    assert (wide.share, wide.width) == (1.0, 3.0)
    narrow = scores.class_coverage(chances, np.array([1]), 0.5)
    assert (narrow.share, narrow.width) == (0.0, 2.0)  # from the quarter to the three quarters


def test_chance_that_a_band_through_classes_covers():
    chances = np.array([[0.4, 0.6], [0.4, 0.6], [1.0, 0.0]])
    found = scores.class_chance_covered(chances, np.array([0, 1, 1]), 0.5)
    assert found[:2] == pytest.approx([0.15 / 0.4, 0.35 / 0.6])
    assert found[2] == 0.0
    right = chances[0] @ scores.class_chance_covered(
        chances[:2], np.array([0, 1]), 0.5
    )  # on average what it says, if the chances are right
    assert right == pytest.approx(0.5)


def test_paired_bootstrap_sees_a_steady_gain_and_no_luck():
    noise = _draws(60)
    assert scores.beats(noise, noise + 0.1, seed=1) == 1.0
    assert scores.beats(noise + 0.1, noise, seed=1) == 0.0
    assert scores.beats(noise, noise, seed=1) == 0.5


def test_paired_bootstrap_is_near_the_normal_chance_and_keyed():
    gain = _draws(200) + 0.1
    zero = np.zeros(200)
    expected = norm.cdf(gain.mean() / (gain.std() / np.sqrt(200)))
    found = scores.beats(zero, gain, seed=1)
    assert found == pytest.approx(expected, abs=0.02)
    assert scores.beats(zero, gain, seed=1) == found
    assert scores.beats(zero, gain, seed=2) != found


def test_the_truth_beats_biased_and_blurred_forecasts():
    seen = _draws(400)
    mean, sd = np.zeros(400), np.ones(400)
    right = scores.score_shares(mean, sd, seen)
    for other in (
        scores.score_shares(mean + 0.5, sd, seen),
        scores.score_shares(mean, 3.0 * sd, seen),
        scores.score_shares(mean, 0.3 * sd, seen),
    ):
        assert right.crps < other.crps
        assert right.log_score < other.log_score


def test_scores_of_classes_together():
    chances = np.eye(6)[[0, 2, 5]] * 0.94 + 0.01
    number = np.array([0, 2, 5])
    found = scores.score_classes(chances, number, np.array([0.03, 0.13, 0.4]))
    assert found.rank == pytest.approx(1.0)
    assert found.log_score == pytest.approx(-np.log(0.95))
    assert (found.most.share, found.half.share) == (1.0, 1.0)
