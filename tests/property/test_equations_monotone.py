"""Directions that must hold for all numbers: prices, controls, reach, sovereignty, shares."""

import numpy as np
from choice_assembly import nested_logit, nested_pull, over_tasks, renewal
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small_worlds import plain
from strategies import amounts, fractions, utilities

from sim.equations import (
    access,
    adoption,
    awareness,
    cost,
    frontier,
    history,
    network,
    sovereignty,
    tasks,
)

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


works = st.tuples(
    st.lists(st.floats(-100.0, 1000.0), min_size=9, max_size=9),  # thresholds
    st.lists(fractions, min_size=9, max_size=9),  # sizes
    st.lists(st.floats(-60.0, 200.0), min_size=9, max_size=9),  # capability by offering
    st.floats(0.1, 100.0),  # width
    st.floats(0.0, 10.0),  # exponent
)


def do_work(values, nests, mask, similarity, work, scale, known=None):
    """(portfolio, value) of a menu over tasks."""
    thresholds, sizes, capability, width, exponent = work
    worth = [
        [tasks.worth(tasks.done_well(c, m, width), exponent) for c in capability[: len(values)]]
        for m in thresholds
    ]
    pull = nested_pull(values, nests, similarity, mask, known)
    return over_tasks(pull, worth, sizes, scale)


@many
@given(menu=menus, similarity=st.floats(0.05, 1.0), work=works, scale=st.floats(0.0, 100.0))
def test_portfolios_over_tasks_are_shares(menu, similarity, work, scale):
    values, nests, mask = menu
    found, value = do_work(values, nests, mask, similarity, work, scale)
    assert found.min() >= 0.0
    assert abs(found.sum() - 1.0) < 1e-9 or (found == 0.0).all()
    assert (found[~np.array(mask)] == 0.0).all()
    assert 0.0 <= value < np.inf


@many
@given(
    menu=menus,
    similarity=st.floats(0.05, 1.0),
    work=works,
    scale=st.floats(0.0, 100.0),
    better=st.floats(0.0, 10.0),
    ahead=st.floats(0.0, 60.0),
)
def test_value_never_falls_with_what_is_better_abler_or_better_known(
    menu, similarity, work, scale, better, ahead
):
    values, nests, mask = menu
    half = [0.5] * len(values)
    _, base = do_work(values, nests, mask, similarity, work, scale, half)
    abler = (*work[:2], [work[2][0] + ahead, *work[2][1:]], *work[3:])
    likeable, all_know = [values[0] + better, *values[1:]], [0.5 + better / 20.0, *half[1:]]
    for changed in (
        do_work(likeable, nests, mask, 1.0, work, scale, half)[1]
        - do_work(values, nests, mask, 1.0, work, scale, half)[1],
        do_work(values, nests, mask, similarity, abler, scale, half)[1] - base,
        do_work(values, nests, mask, 1.0, work, scale, all_know)[1]
        - do_work(values, nests, mask, 1.0, work, scale, half)[1],
    ):
        assert changed >= -1e-9 * (1.0 + base)


@many
@given(
    latent=st.lists(st.just(0.0) | st.floats(1e-12, 1.0), min_size=2, max_size=9),
    churn=fractions,
    reach=st.lists(st.just(0.0) | fractions, min_size=9, max_size=9),
)
def test_renewal_shows_shares_of_what_is_in_reach(latent, churn, reach):
    reach = np.array(reach[: len(latent)])
    total = sum(latent)
    held = np.array(latent) / (total if total > 0.0 else 1.0)
    chosen = (reach > 0.0) / max((reach > 0.0).sum(), 1)
    left, share = renewal(held, chosen, churn, reach)
    assert (left >= 0.0).all()
    assert left.sum() <= 1.0 + 1e-9
    assert (share[reach == 0.0] == 0.0).all()
    assert share.min() >= 0.0
    assert abs(share.sum() - float(left[reach > 0.0].sum() > 0.0)) < 1e-9


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
    reach, here = plain(access.reach), 1.0
    assert 0.0 <= reach(leakage, available, banned, here) <= 1.0
    least = reach(leakage, available, max(banned, more), here)
    assert least <= reach(leakage, available, banned, here)
    most = reach(leakage, max(available, more), banned, here)
    assert most >= reach(leakage, available, banned, here) - 1e-15
    assert reach(leakage, available, banned, 0.0) == 0.0


@many
@given(demand=amounts, more=amounts, capacity=st.just(0.0) | amounts, weight=st.floats(0.0, 3.0))
def test_what_is_served_is_a_fraction_that_falls_with_demand(demand, more, capacity, weight):
    parts = [plain(cost.served)(d, capacity) for d in (demand, demand + more)]
    assert 0.0 <= parts[1] <= parts[0] <= 1.0
    reached = [plain(access.served)(weight, part) for part in parts]
    assert 0.0 <= reached[1] <= reached[0] <= 1.0


@many
@given(
    unit=st.just(0.0) | st.floats(1e-9, 1e6),
    more=prices,
    reference=st.floats(0.01, 100.0),
    income=st.floats(-5.0, 5.0),
    richer=st.floats(0.0, 5.0),
    elasticity=st.floats(0.0, 2.0),
)
def test_dearer_tokens_are_never_used_more_nor_fewer_by_the_richer(
    unit, more, reference, income, richer, elasticity
):
    thrift = plain(cost.thrift)
    one = thrift(unit, reference, income, elasticity)
    assert 0.0 < one < np.inf
    assert thrift(unit + more, reference, income, elasticity) <= one * (1.0 + 1e-12)
    assert thrift(unit, reference, income + richer, elasticity) >= one * (1.0 - 1e-12)


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
@given(
    level=fractions,
    rates=st.tuples(fractions, fractions, fractions, fractions),
    partners=fractions,
    online=fractions,
    share=fractions,
    index=utilities,
)
def test_adoption_stays_within_its_ceiling(level, rates, partners, online, share, index):
    start, spread, contagion, fall = rates
    ceiling = plain(adoption.ceiling)(share, np.log(max(online, 1e-3)), 1.0)
    target = plain(adoption.target)(ceiling, index, 1.0)
    assert 0.0 <= target <= ceiling <= max(online, 1e-3) + 1e-12
    level = level * ceiling
    part = level / ceiling if ceiling > 0.0 else np.nan
    speed = plain(adoption.speed)(start, spread, part, contagion, partners)
    assert 0.0 <= speed <= 1.0
    after = plain(adoption.adopted)(level, target, speed, fall, 1.0)
    assert -1e-15 <= after <= ceiling + 1e-15
    low, high = sorted((level, target))
    assert low - 1e-15 <= after <= high + 1e-15


@many
@given(index=utilities, value=st.floats(0.0, 20.0), more=st.floats(0.0, 20.0), weight=amounts)
def test_more_value_never_lowers_the_target(index, value, more, weight):
    low, high = (
        plain(adoption.target)(
            0.9, plain(adoption.index)(index, 0.3, 1.0, min(weight, 20.0), v, 0.0), 1.0
        )
        for v in (value, value + more)
    )
    assert low <= high


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
@given(
    before=fractions,
    told=st.floats(0.0, 50.0),
    talk=st.tuples(st.floats(0.0, 3.0), st.floats(0.0, 3.0)),
    use=st.tuples(fractions, fractions),
    more=fractions,
    forgetting=fractions,
    seed=st.floats(1e-6, 1.0),
)
def test_awareness_is_a_fraction_that_rises_with_users(
    before, told, talk, use, more, forgetting, seed
):
    def after(used, launched=1.0):
        heard = plain(awareness.heard)(told, talk[0], used, talk[1], use[1])
        return plain(awareness.known)(before, heard, forgetting, seed, launched)

    assert 0.0 <= after(use[0]) <= 1.0
    assert after(max(use[0], more)) >= after(use[0])
    assert after(use[0], 0.0) == 0.0


@many
@given(
    level=fractions,
    gone=st.tuples(fractions, fractions),
    depth=st.floats(0.0, 10.0),
    rates=st.tuples(fractions, fractions),
)
def test_trust_stays_between_its_depth_and_none_lost(level, gone, depth, rates):
    fall, healing = rates
    start = -depth * level
    one, two = (plain(history.trust)(start, g, depth, fall, healing) for g in sorted(gone))
    assert two <= one + 1e-12
    assert one <= 1e-12
    if fall + healing <= 1.0:
        assert -depth - 1e-12 <= two


@many
@given(level=amounts, decay=fractions, growth=fractions, use=fractions, more=fractions)
def test_ecosystems_grow_with_use(level, decay, growth, use, more):
    grown = [plain(history.ecosystem)(level, decay, growth, u) for u in sorted((use, more))]
    assert 0.0 <= grown[0] <= grown[1]
    assert plain(history.familiarity)(grown[1], 0.1) >= plain(history.familiarity)(grown[0], 0.1)


@many
@given(
    capability=st.tuples(st.floats(-100.0, 300.0), st.floats(0.0, 100.0)),
    threshold=st.floats(-100.0, 1000.0),
    width=st.floats(0.1, 100.0),
    exponent=st.floats(0.0, 10.0),
)
def test_abler_models_do_more_of_every_task(capability, threshold, width, exponent):
    level, more = capability
    low, high = (tasks.done_well(c, threshold, width) for c in (level, level + more))
    assert 0.0 <= low <= high <= 1.0
    assert (
        0.0 <= tasks.worth(low, exponent) <= tasks.worth(high, exponent) * (1 + 1e-12) <= 1 + 1e-9
    )


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
