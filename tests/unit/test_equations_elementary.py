"""exp, log, power and logistic against the C library, over the range that they promise."""

import math

import numpy as np
import pytest

from sim.lanes import elementary
from sim.lanes.jit import rows

exp, log = rows(elementary.exp), rows(elementary.log)
power, logistic = rows(elementary.power), rows(elementary.logistic)


def ulps(found, wanted):
    """Distance in units of the last place of what is wanted."""
    return np.abs(found - wanted) / np.spacing(np.abs(wanted))


def test_exp_is_within_two_units_of_the_last_place():
    x = np.concatenate([np.linspace(-708, 709, 60_001), np.linspace(-2, 2, 20_001)])
    wanted = np.array([math.exp(v) for v in x])
    assert ulps(exp(x), wanted).max() <= 2.0


@pytest.mark.parametrize(
    ("low", "high"), [(-307.0, 307.0), (-1.0, 1.0), (-1e-6, 1e-6), (-0.16, -0.14)]
)
def test_log_is_within_two_units_of_the_last_place(low, high):
    x = 10.0 ** np.linspace(low, high, 40_001)
    x = x[x != 1.0]
    wanted = np.array([math.log(v) for v in x])
    assert ulps(log(x), wanted).max() <= 2.0


def test_exact_values():
    assert exp(np.zeros(1))[0] == 1.0
    assert log(np.ones(1))[0] == 0.0
    assert logistic(np.zeros(1))[0] == 0.5
    assert power(np.ones(1), np.array([7.5]))[0] == 1.0
    assert power(np.array([3.0]), np.zeros(1))[0] == 1.0


def test_power_error_grows_only_with_its_exponent():
    base = np.repeat(10.0 ** np.linspace(-12, 12, 401), 41)
    exponent = np.tile(np.linspace(-10, 10, 41), 401)
    wanted = np.array([math.pow(b, e) for b, e in zip(base, exponent, strict=True)])
    relative = np.abs(power(base, exponent) / wanted - 1.0)
    assert (relative <= 1e-15 * (1.0 + np.abs(exponent * np.log(base)))).all()


def test_power_of_nothing_is_nothing():
    assert power(np.zeros(3), np.array([0.5, 1.0, 3.0])).tolist() == [0.0, 0.0, 0.0]


def test_logistic_is_relative_to_the_last_digits():
    x = np.linspace(-700, 700, 20_001)
    wanted = np.array([1.0 / (1.0 + math.exp(-v)) for v in x])
    assert np.abs(logistic(x) / wanted - 1.0).max() <= 1e-15


def test_logistic_stays_between_0_and_1_far_out():
    found = logistic(np.array([-1e6, 1e6]))
    assert found[0] >= 0.0
    assert found[1] == 1.0


def test_exp_is_held_to_the_range_without_overflow():
    low, high = exp(np.array([-1e5, 1e5]))
    assert ulps(low, math.exp(-708.0)) <= 2.0
    assert ulps(high, math.exp(709.0)) <= 2.0
    assert math.isfinite(high)


def test_functions_never_go_the_wrong_way():
    x = np.linspace(-30, 30, 200_001)
    assert (np.diff(exp(x)) >= 0).all()
    assert (np.diff(log(exp(x))) >= 0).all()
    assert (np.diff(logistic(x)) >= 0).all()


@pytest.mark.parametrize("name", ["exp", "log", "logistic"])
def test_nan_stays_nan(name):
    assert math.isnan(getattr(elementary, name)(math.nan))


def test_nan_stays_nan_in_a_power():
    assert math.isnan(elementary.power(math.nan, 2.0))
    assert math.isnan(elementary.power(2.0, math.nan))


def test_log_at_and_below_zero():
    assert elementary.log(0.0) == -math.inf
    assert math.isnan(elementary.log(-1.0))


def test_rows_and_compiled_scalar_give_the_same_bits():
    x = np.linspace(-20, 20, 401)
    scalar = np.array([elementary.exp(v) for v in x])
    assert scalar.tobytes() == exp(x).tobytes()
    positive = np.linspace(1e-6, 50, 401)
    scalar = np.array([elementary.log(v) for v in positive])
    assert scalar.tobytes() == log(positive).tobytes()
