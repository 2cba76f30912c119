"""Mechanism 3: what an offering costs its user, and how heavy that is.

One price term serves the whole model: the burden B enters choice with the segment's price
sensitivity and enters adoption, for the reference offering, with the adoption sensitivity.
Claims D000-04, D001-01/05/06/09/10, D002-05/06/11, D004-09/11.
"""

from __future__ import annotations

from sim.lanes.elementary import exp, log, power
from sim.lanes.jit import equation
from sim.lanes.packs import choose

_HOURS_PER_MONTH = 730.0
_MOST_EXCESS = 1e6
_FREE = 1e-4
_MOST_HELD = 0.95


@equation
def markup(
    reference: float, own: float, own_reference: float, pass_through: float, monetisation: float
) -> float:
    """Mark-up of closed models over unit cost (1 = price is twice the cost).

    The logit-Bertrand mark-up is proportional to 1 / (1 - s) with s the share that the vendors
    themselves hold, fractions; it is written relative to a reference, and only the power
    `pass_through` of it is passed on. Monetisation pressure adds in proportion (D001-05, D004-11).
    Source: Berry (1994), RAND Journal of Economics 25(2).
    """
    held = choose(own < _MOST_HELD, own, _MOST_HELD)
    power_of = power((1.0 - own_reference) / (1.0 - held), pass_through)
    return reference * (1.0 + monetisation) * power_of


@equation
def api_price(unit_cost: float, markup_now: float, cut: float) -> float:
    """List price in USD per million tokens: cost x (1 + mark-up) x (1 - cut)."""
    return unit_cost * (1.0 + markup_now) * (1.0 - cut)


@equation
def declined(value: float, yearly_decline: float, months: float) -> float:
    """A price after `months` of decline at a constant yearly rate (0.6 = 60 % a year)."""
    return value * power(1.0 - yearly_decline, months / 12.0)


@equation
def share_felt(now: float, reference: float, undated: float) -> float:
    """Own share that vendors respond to; list prices of the dated past include it."""
    return choose(undated > 0.0, now, reference)


@equation
def scarcity(demand: float, capacity: float, steepness: float) -> float:
    """Price factor of local computing when demand exceeds capacity (same unit); 1 below it.

    Demand counts as at most a million times capacity: with no hardware at all own hosting is out of
    reach, and its price still is a number.
    """
    excess = choose(demand <= _MOST_EXCESS * capacity, demand / capacity, _MOST_EXCESS)
    return choose(demand <= capacity, 1.0, power(excess, steepness))


@equation
def served(demand: float, capacity: float) -> float:
    """Part of the tokens asked of own hardware that it can serve, in [0, 1]; the rest queues.

    0 only where there is no hardware at all.
    """
    return choose(demand <= capacity, 1.0, capacity / choose(demand > 0.0, demand, 1.0))


@equation
def local_cost(
    accelerator_hour: float,
    premium: float,
    scarcity_factor: float,
    energy_hour: float,
    tokens_hour: float,
    utilisation: float,
    staff_month: float,
    volume_month: float,
) -> float:
    """USD per million tokens on in-country hardware.

    accelerator_hour, energy_hour: USD per accelerator-hour; tokens_hour: million tokens per
    accelerator-hour at full load; staff_month: USD; volume_month: million tokens per deployment.
    """
    running = accelerator_hour * premium * scarcity_factor + energy_hour
    return running / (tokens_hour * utilisation) + staff_month / volume_month


@equation
def power_saving(saving: float, spread: float, partner: float) -> float:
    """Factor on hourly costs from low-power chips: saving x how far they spread x partner 0/1."""
    return 1.0 - saving * spread * partner


@equation
def control_premium(premium: float, access: float) -> float:
    """Price factor of accelerators where part of what is wanted is refused (access in [0, 1])."""
    return 1.0 + premium * (1.0 - access)


@equation
def aided(amount: float, discount: float, aid: float, partner: float) -> float:
    """Cost after infrastructure aid: discount at full aid x aid x partner 0/1 (D002-05)."""
    return amount * (1.0 - discount * aid * partner)


@equation
def local_capacity(
    accelerators: float, inference_share: float, tokens_hour: float, utilisation: float
) -> float:
    """Million tokens a month that the accelerators of a country can serve."""
    return accelerators * inference_share * _HOURS_PER_MONTH * tokens_hour * utilisation


@equation
def package_discount(package: float, ally: float, covered: float) -> float:
    """Discount of the full-stack export package: for allies, on what it covers (D002-01)."""
    return package * ally * covered


@equation
def unit_price(api: float, api_weight: float, local: float, local_weight: float) -> float:
    """USD per million tokens of an offering that mixes API calls and local serving."""
    return api * api_weight + local * local_weight


@equation
def seat_price(seat: float, cut: float, covered: float) -> float:
    """Subscription in USD a month after a price cut by the vendors it covers (fraction)."""
    return seat * (1.0 - cut * covered)


@equation
def monthly_price(
    seat: float, seat_weight: float, tokens: float, unit: float, discount: float
) -> float:
    """USD a month that a user faces: subscription where the segment buys seats, else tokens."""
    return (seat * seat_weight + (1.0 - seat_weight) * tokens * unit) * (1.0 - discount)


@equation
def thrift(unit: float, reference: float, log_income: float, elasticity: float) -> float:
    """Factor on tokens per user: (price / reference / relative income)**-elasticity.

    unit, reference: USD per million tokens; log_income: ln(income / reference income). Cheaper and
    richer use more (Jevons); a price below a ten-thousandth of the reference counts as that.
    """
    price = choose(unit > _FREE * reference, unit / reference, _FREE)
    return exp(elasticity * (log_income - log(price)))


@equation
def tokens_used(able: float, seat_weight: float, thrift_: float) -> float:
    """Million tokens per user-month: what a model can do, less thrift where tokens cost."""
    return able * (seat_weight + (1.0 - seat_weight) * thrift_)


@equation
def per_budget(budget_share: float, income_month: float) -> float:
    """1 / what a user can spend on AI in a month, per USD."""
    return 1.0 / (budget_share * income_month)


@equation
def burden(price_month: float, per_budget_: float) -> float:
    """B = ln(1 + price / (budget_share x income)): flat when trivial, log when heavy."""
    return log(1.0 + price_month * per_budget_)


@equation
def granted(buildout: float, aid: float, partner: float, at_full_aid: float) -> float:
    """Accelerators a month from build-outs and from aid to Belt and Road partners."""
    return buildout + aid * partner * at_full_aid


@equation
def accelerators_next(
    stock: float,
    retirement: float,
    spending_month: float,
    price_unit: float,
    access: float,
    given: float,
) -> float:
    """Accelerators in the country (H100 equivalents) after a month of purchases and grants."""
    return stock * (1.0 - retirement) + spending_month / price_unit * access + given
