"""Directions that must hold for all numbers: prices, controls, reach, sovereignty, shares."""

import numpy as np
from choice_assembly import nested_logit, renewal
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small_worlds import plain
from strategies import amounts, fractions, utilities

from sim.equations import access, adoption, cost, frontier, network, sovereignty

many = settings(max_examples=120, deadline=None)
prices = st.floats(0.0, 1e4)
menus = st.integers(2, 9).flatmap(
    lambda n: st.tuples(
        st.lists(utilities, min_size=n, max_size=n),
        st.lists(st.integers(0, 2), min_size=n, max_size=n),
        st.lists(st.booleans(), min_size=n, max_size=n),
    )
)


@many
@given(menu=menus, similarity=st.floats(0.05, 1.0))
def test_shares_are_conserved(menu, similarity):
    values, nests, mask = menu
    found = nested_logit(values, nests, similarity, mask)
    assert found.min() >= 0.0
    assert abs(found.sum() - float(any(mask))) < 1e-9
    assert (found[~np.array(mask)] == 0.0).all()
    assert (found[np.array(mask)] > 0.0).all()


@many
@given(menu=menus, similarity=st.floats(0.05, 1.0), better=st.floats(0.0, 10.0))
def test_a_better_offering_never_loses_share(menu, similarity, better):
    values, nests, mask = menu
    improved = [values[0] + better, *values[1:]]
    before, after = (nested_logit(v, nests, similarity, mask) for v in (values, improved))
    assert after[0] >= before[0] * (1.0 - 1e-12)
    assert (after[1:] <= before[1:] * (1.0 + 1e-12)).all()


@many
@given(
    kept=st.lists(st.just(0.0) | st.floats(1e-12, 1.0), min_size=2, max_size=9),
    churn=fractions,
    mask=st.lists(st.booleans(), min_size=9, max_size=9),
)
def test_renewal_conserves_shares(kept, churn, mask):
    held = np.array(kept) * np.array(mask[: len(kept)])
    chosen = np.full(len(kept), 1.0 / len(kept))
    found = renewal(held, chosen, churn)
    assert abs(found.sum() - 1.0) < 1e-9
    assert found.min() >= 0.0


@many
@given(price=prices, more=prices, budget=st.floats(1e-5, 1.0), income=st.floats(10.0, 2e4))
def test_a_dearer_offering_is_never_a_lighter_burden(price, more, budget, income):
    def burden(price, budget, income):
        return plain(cost.burden)(price, plain(cost.per_budget)(budget, income))

    assert burden(price + more, budget, income) >= burden(price, budget, income) >= 0.0
    assert burden(price, budget, 2 * income) <= burden(price, budget, income)


@many
@given(
    tightness=fractions,
    tighter=fractions,
    leakage=fractions,
    capped=st.sampled_from([0.0, 1.0]),
    cap=fractions,
    premium=st.floats(0.0, 10.0),
    scarcity=st.floats(1.0, 50.0),
)
def test_tighter_controls_never_lower_the_cost_of_hosting(
    tightness, tighter, leakage, capped, cap, premium, scarcity
):
    low, high = sorted((tightness, tighter))
    chips = [plain(access.chip_access)(capped, cap, t, leakage) for t in (low, high)]
    assert 0.0 <= chips[1] <= chips[0] <= 1.0
    costs = [
        plain(cost.local_cost)(2.7, 1.0 + premium * (1.0 - c), scarcity, 0.1, 10, 0.25, 6e3, 2e4)
        for c in chips
    ]
    assert costs[1] >= costs[0]


@many
@given(demand=amounts, more=amounts, capacity=amounts, steepness=st.floats(0.0, 5.0))
def test_scarcity_never_falls_with_demand(demand, more, capacity, steepness):
    scarcity = plain(cost.scarcity)
    less = scarcity(demand, capacity, steepness)
    assert scarcity(demand + more, capacity, steepness) >= less * (1.0 - 1e-12)
    assert less >= 1.0


@many
@given(leakage=fractions, available=fractions, banned=fractions, more=fractions)
def test_reach_is_a_fraction_that_falls_with_bans_and_rises_with_supply(
    leakage, available, banned, more
):
    reach = plain(access.reach)
    assert 0.0 <= reach(leakage, available, banned) <= 1.0
    assert reach(leakage, available, max(banned, more)) <= reach(leakage, available, banned)
    assert reach(leakage, max(available, more), banned) >= reach(leakage, available, banned)


@many
@given(
    weight=st.floats(0.0, 20.0),
    more=st.floats(0.0, 20.0),
    preference=fractions,
    risk=st.floats(0.0, 5.0),
    own=st.tuples(fractions, fractions),
    foreign=st.tuples(fractions, fractions),
)
def test_more_sovereignty_weight_never_favours_what_can_be_revoked(
    weight, more, preference, risk, own, foreign
):
    lost = [plain(sovereignty.control_lost)(*offering) for offering in (own, foreign)]
    assume(lost[1] >= lost[0])
    gaps = []
    for w in (weight, weight + more):
        held, given_up = (
            plain(sovereignty.sovereignty_cost)(w, preference, part, risk) for part in lost
        )
        gaps.append(given_up - held)
    assert gaps[1] >= gaps[0] - 1e-12 >= -1e-12


@many
@given(level=fractions, speed=fractions, online=fractions, index=utilities)
def test_adoption_stays_a_fraction_of_people(level, speed, online, index):
    target = plain(adoption.adoption_target)(online, index, 1.0)
    assert 0.0 <= target <= online
    assert 0.0 <= plain(adoption.adopted)(level, target, speed, 1.0) <= 1.0


@many
@given(
    level=utilities,
    pace=st.floats(0, 5),
    factor=st.floats(0, 5),
    shock=st.floats(-9, 9),
    gap=amounts,
)
def test_capability_never_falls(level, pace, factor, shock, gap):
    step = plain(frontier.advance)(level, pace, factor, 0.05 * gap, shock)
    assert step >= level
    assert plain(frontier.released)(level, level - gap, 1.0) == level


@many
@given(known=fractions, buzz=st.floats(0, 10), per=st.floats(0, 5), word=st.floats(0, 2))
def test_awareness_is_a_fraction_that_never_falls(known, buzz, per, word):
    grown = plain(frontier.awareness)(known, buzz, per, word)
    assert known <= grown <= 1.0


@many
@given(
    weights=st.lists(st.floats(0.01, 1.0), min_size=3, max_size=3),
    shares_=st.lists(fractions, min_size=3, max_size=3),
    scale=st.floats(0.0, 10.0),
)
def test_exposure_is_a_mean_of_partners(weights, shares_, scale):
    w = np.array(weights) / sum(weights)
    through = float(w @ np.array(shares_))
    found = plain(network.partner_exposure)(through, w[0], shares_[0], scale)
    assert min(shares_) - 1e-9 <= found <= max(shares_) + 1e-9
