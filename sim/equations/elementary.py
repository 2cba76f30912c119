"""Exponential and logarithm in plain arithmetic, so that the compiler can pack them across runs.

Calls into the C library stay scalar and differ between systems in the last bit; these two inline
everywhere and give the same bits in the Mesa model and in the ensemble engine. Both are tested
against `math` over their range (error below 2 units in the last place).
"""

from __future__ import annotations

from sim.equations.bits import exponent, fma, mantissa, two_to_the
from sim.equations.jit import equation
from sim.equations.packs import choose

_LOG2_E = 1.4426950408889634
_LN2_HIGH = 0.6931471803691238  # upper bits of ln 2: products with |n| < 2**11 are exact
_LN2_LOW = 1.9082149292705877e-10
_LN2 = 0.6931471805599453
_ROUND = 6755399441055744.0  # 1.5 * 2**52: adding it leaves the rounded integer in the low bits
_SQRT2 = 1.4142135623730951
_EXP_MIN = -708.0
_EXP_MAX = 709.0
_MINUS_INFINITY, _NAN = float("-inf"), float("nan")


@equation
def exp(x: float) -> float:
    """e**x. Arguments are held to [-708, 709], the range without overflow; NaN stays NaN.

    x = n ln 2 + r with |r| <= ln(2)/2; Taylor series of degree 13 in r (error 4e-18), times 2**n.
    Terms are added in pairs, which a processor can work on at the same time.
    """
    x = choose(x < _EXP_MIN, _EXP_MIN, x)
    x = choose(x > _EXP_MAX, _EXP_MAX, x)
    shifted = fma(x, _LOG2_E, _ROUND)
    n = shifted - _ROUND
    r = fma(-n, _LN2_LOW, fma(-n, _LN2_HIGH, x))
    r2 = r * r
    r4 = r2 * r2
    a = fma(fma(r, 1.0 / 6.0, 0.5), r2, r)
    b = fma(fma(r, 1.0 / 5040.0, 1.0 / 720.0), r2, fma(r, 1.0 / 120.0, 1.0 / 24.0))
    c = fma(fma(r, 1.0 / 39916800.0, 1.0 / 3628800.0), r2, fma(r, 1.0 / 362880.0, 1.0 / 40320.0))
    d = fma(r, 1.0 / 6227020800.0, 1.0 / 479001600.0)
    return (1.0 + fma(fma(fma(d, r4, c), r4, b), r4, a)) * two_to_the(shifted)


@equation
def log(x: float) -> float:
    """Natural logarithm of a finite, normal x > 0; minus infinity at 0; otherwise NaN.

    x = 2**e m with m in [sqrt(1/2), sqrt(2)]; ln m = 2 artanh((m - 1) / (m + 1)) as a series.
    """
    m = mantissa(x)
    large = m > _SQRT2
    e = choose(large, exponent(x) + 1.0, exponent(x))
    m = choose(large, 0.5 * m, m)
    f = (m - 1.0) / (m + 1.0)
    s = f * f
    s2 = s * s
    s4 = s2 * s2
    a = fma(fma(s, 1.0 / 9.0, 1.0 / 7.0), s2, fma(s, 1.0 / 5.0, 1.0 / 3.0))
    b = fma(fma(s, 1.0 / 17.0, 1.0 / 15.0), s2, fma(s, 1.0 / 13.0, 1.0 / 11.0))
    c = fma(s, 1.0 / 21.0, 1.0 / 19.0)
    p = fma(fma(c, s4, b), s4, a)
    value = fma(e, _LN2, fma(2.0 * f, s * p, 2.0 * f)) + (x - x)
    value = choose(x == 0.0, _MINUS_INFINITY, value)
    return choose(x < 0.0, _NAN, value)


@equation
def power(base: float, exponent_: float) -> float:
    """base**exponent for base >= 0; 0**exponent = 0 for exponent > 0 (as the limit)."""
    return choose(base <= 0.0, 0.0, exp(exponent_ * log(base)))


@equation
def logistic(x: float) -> float:
    """1 / (1 + e**-x)."""
    return 1.0 / (1.0 + exp(-x))
