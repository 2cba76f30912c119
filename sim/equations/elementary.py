"""Exponential and logarithm in plain arithmetic, so that the compiler can pack them across runs.

Calls into the C library stay scalar and differ between systems in the last bit; these two inline
everywhere and give the same bits in the Mesa model and in the ensemble engine. Both are tested
against `math` over their range (error below 2 units in the last place).
"""

from __future__ import annotations

from sim.equations.bits import bits_of, double_of, fma
from sim.equations.jit import equation

_LOG2_E = 1.4426950408889634
_LN2_HIGH = 0.6931471803691238  # upper bits of ln 2: products with |n| < 2**11 are exact
_LN2_LOW = 1.9082149292705877e-10
_LN2 = 0.6931471805599453
_ROUND = 6755399441055744.0  # 1.5 * 2**52: adding it leaves the rounded integer in the low bits
_SQRT2 = 1.4142135623730951
_EXP_MIN = -708.0
_EXP_MAX = 709.0


@equation
def exp(x: float) -> float:
    """e**x. Arguments are held to [-708, 709], the range without overflow; NaN stays NaN.

    x = n ln 2 + r with |r| <= ln(2)/2; Taylor series of degree 13 in r (error 4e-18), times 2**n.
    """
    x = _EXP_MIN if x < _EXP_MIN else x
    x = _EXP_MAX if x > _EXP_MAX else x
    shifted = fma(x, _LOG2_E, _ROUND)
    n = shifted - _ROUND
    r = fma(-n, _LN2_LOW, fma(-n, _LN2_HIGH, x))
    p = 1.0 / 6227020800.0
    p = fma(p, r, 1.0 / 479001600.0)
    p = fma(p, r, 1.0 / 39916800.0)
    p = fma(p, r, 1.0 / 3628800.0)
    p = fma(p, r, 1.0 / 362880.0)
    p = fma(p, r, 1.0 / 40320.0)
    p = fma(p, r, 1.0 / 5040.0)
    p = fma(p, r, 1.0 / 720.0)
    p = fma(p, r, 1.0 / 120.0)
    p = fma(p, r, 1.0 / 24.0)
    p = fma(p, r, 1.0 / 6.0)
    p = fma(p, r, 0.5)
    p = fma(p, r, 1.0)
    p = fma(p, r, 1.0)
    return p * double_of((bits_of(shifted) + 1023) << 52)


@equation
def log(x: float) -> float:
    """Natural logarithm of a finite, normal x > 0; minus infinity at 0; otherwise NaN.

    x = 2**e m with m in [sqrt(1/2), sqrt(2)]; ln m = 2 artanh((m - 1) / (m + 1)) as a series.
    """
    bits = bits_of(x)
    e = float((bits >> 52) - 1023)
    m = double_of((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000)
    large = m > _SQRT2
    m = 0.5 * m if large else m
    e = e + 1.0 if large else e
    f = (m - 1.0) / (m + 1.0)
    s = f * f
    p = 1.0 / 21.0
    p = fma(p, s, 1.0 / 19.0)
    p = fma(p, s, 1.0 / 17.0)
    p = fma(p, s, 1.0 / 15.0)
    p = fma(p, s, 1.0 / 13.0)
    p = fma(p, s, 1.0 / 11.0)
    p = fma(p, s, 1.0 / 9.0)
    p = fma(p, s, 1.0 / 7.0)
    p = fma(p, s, 1.0 / 5.0)
    p = fma(p, s, 1.0 / 3.0)
    value = fma(e, _LN2, fma(2.0 * f, s * p, 2.0 * f)) + (x - x)
    value = float("-inf") if x == 0.0 else value
    return float("nan") if x < 0.0 else value


@equation
def power(base: float, exponent: float) -> float:
    """base**exponent for base >= 0; 0**exponent = 0 for exponent > 0 (as the limit)."""
    return 0.0 if base <= 0.0 else exp(exponent * log(base))


@equation
def logistic(x: float) -> float:
    """1 / (1 + e**-x)."""
    return 1.0 / (1.0 + exp(-x))
