"""Exponential and logarithm in plain arithmetic, so that the compiler can pack them across runs.

Calls into the C library stay scalar and differ between systems in the last bit; these two inline
everywhere and give the same bits in the Mesa model and in the ensemble engine. Both are tested
against `math` over their range (error of two units in the last place at most, but for a few
hundredths).
"""

from __future__ import annotations

from sim.lanes.bits import exponent, fma, mantissa, positive, two_to_the
from sim.lanes.jit import equation
from sim.lanes.packs import choose

_LOG2_E = 1.4426950408889634
_LN2_HIGH = 0.6931471803691238  # upper bits of ln 2: products with |n| < 2**11 are exact
_LN2_LOW = 1.9082149292705877e-10
_LN2 = 0.6931471805599453
_ROUND = 6755399441055744.0  # 1.5 * 2**52: adding it leaves the rounded integer in the low bits
_EXP_MIN = -708.0
_EXP_MAX = 709.0
_MINUS_INFINITY, _NAN = float("-inf"), float("nan")

#: Coefficients of P in `exp`, close to 1/2!, 1/3!, ...
_E2 = 0.5000000000000011
_E3 = 0.16666666666666413
_E4 = 0.041666666666530267
_E5 = 0.008333333333494335
_E6 = 0.0013888888943597453
_E7 = 0.00019841269506771963
_E8 = 2.480149313639628e-05
_E9 = 2.7557586275192302e-06
_E10 = 2.7630233859230633e-07
_E11 = 2.5000069044822063e-08
#: Coefficients of P in `log`, close to 1/3, 1/5, ...
_L1 = 0.3333333333333367
_L2 = 0.1999999999970734
_L3 = 0.14285714371193556
_L4 = 0.11111099286625636
_L5 = 0.0909178216104658
_L6 = 0.07657025333042615
_L7 = 0.07397974237627815


@equation
def exp(x: float) -> float:
    """e**x. Arguments are held to [-708, 709], the range without overflow; NaN stays NaN.

    x = n ln 2 + r with |r| <= ln(2)/2; 1 + r + r**2 P(r), times 2**n. P of degree 9 has the
    smallest largest error there (4e-18 of e**r; Remez's exchange, weighted by r**2 / e**r). Terms
    are added in pairs, which a processor can work on at the same time.
    """
    x = choose(x < _EXP_MIN, _EXP_MIN, x)
    x = choose(x > _EXP_MAX, _EXP_MAX, x)
    shifted = fma(x, _LOG2_E, _ROUND)
    n = shifted - _ROUND
    r = fma(-n, _LN2_LOW, fma(-n, _LN2_HIGH, x))
    r2 = r * r
    r4 = r2 * r2
    a = fma(fma(r, _E3, _E2), r2, r)
    b = fma(fma(r, _E7, _E6), r2, fma(r, _E5, _E4))
    c = fma(fma(r, _E11, _E10), r2, fma(r, _E9, _E8))
    return (1.0 + fma(fma(c, r4, b), r4, a)) * two_to_the(shifted)


@equation
def log(x: float) -> float:
    """Natural logarithm of a finite, normal x > 0; minus infinity at 0; NaN below 0, at infinity
    and of NaN. Numbers below 2.3e-308 are none that it promises anything of.

    x = 2**e m with m in [sqrt(1/2), sqrt(2)]; ln m = 2 artanh f with f = (m - 1) / (m + 1), that is
    2 f (1 + s P(s)) with s = f**2. P of degree 6 has the smallest largest error (1e-18; Remez).
    """
    m = mantissa(x)
    f = (m - 1.0) / (m + 1.0)
    s = f * f
    s2 = s * s
    a = fma(fma(s, _L4, _L3), s2, fma(s, _L2, _L1))
    b = fma(_L7, s2, fma(s, _L6, _L5))
    p = fma(b, s2 * s2, a)
    value = fma(exponent(x), _LN2, fma(2.0 * f, s * p, 2.0 * f))
    return choose(positive(x), value, choose(x == 0.0, _MINUS_INFINITY, _NAN))


@equation
def larger(a: float, b: float) -> float:
    """The larger of two numbers; `a` where they are equal or cannot be compared."""
    return choose(b > a, b, a)


@equation
def power(base: float, exponent_: float) -> float:
    """base**exponent for base >= 0; 0**exponent = 0 for exponent > 0 (as the limit)."""
    return choose(base <= 0.0, 0.0, exp(exponent_ * log(base)))


@equation
def logistic(x: float) -> float:
    """1 / (1 + e**-x)."""
    return 1.0 / (1.0 + exp(-x))
