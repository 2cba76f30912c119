"""Small worlds of any economies and seeds: conservation, and directions of whole runs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import EIGHT, event, run, scenario, with_events, with_values, world
from strategies import economies, fractions, seeds

few = settings(max_examples=12, deadline=None)
OFFERINGS, SEGMENTS = list(scenario().offerings), list(scenario().segments)
#: Up to a month in which every kind of offering has rivals in reach; the last month is judged.
FIRST = scenario("2024-06")


@few
@given(chosen=economies(), seed=seeds)
def test_shares_and_levels_stay_in_bounds(chosen, seed):
    found = run(scenario(), chosen, seed=seed, spread=True)
    total = found.share.sum(axis=3)
    assert ((np.abs(total - 1.0) < 1e-9) | (total == 0.0)).all()
    assert found.share.min() >= 0.0
    assert found.share.max() <= 1.0 + 1e-9
    assert found.adoption.min() >= 0.0
    assert found.adoption.max() <= 1.0
    assert np.isfinite(found.supply).all()
    assert (np.diff(found.supply[:, :10], axis=0) >= 0).all(), "capability never falls"


@few
@given(chosen=economies(), seed=seeds)
def test_what_is_out_of_reach_has_no_share(chosen, seed):
    resolved = scenario()
    arrays = world(resolved, chosen)
    found = run(arrays, seed=seed, spread=True)
    business = [SEGMENTS.index("enterprise"), SEGMENTS.index("government")]
    gone = (arrays.available * (1.0 - arrays.banned))[:, :, business] == 0.0
    assert gone.any()
    assert (found.share[:, :, business][gone] == 0.0).all()


@few
@given(cut=st.floats(0.01, 0.9), seed=seeds)
def test_cheaper_us_models_never_lose_share(cut, seed):
    cheaper = with_values(FIRST, {"us.price_cut": cut})
    one, two = run(FIRST, seed=seed), run(cheaper, seed=seed)
    service = OFFERINGS.index("us_closed")
    paying = [k for k, seat in enumerate(FIRST.across("segments", "seat_weight")) if seat < 1]
    gain = two.share[-1][:, paying, service] - one.share[-1][:, paying, service]
    assert gain.min() >= -1e-12
    assert gain.max() > 0.0


@few
@given(offering=st.sampled_from(OFFERINGS), seat=st.floats(0.0, 900.0), seed=seeds)
def test_a_dearer_subscription_never_gains_share(offering, seat, seed):
    path = f"offerings.{offering}.seat_usd_month"
    low, high = sorted((seat, FIRST.quantities[path].value))
    cheap, dear = (run(with_values(FIRST, {path: v}), seed=seed) for v in (low, high))
    k = OFFERINGS.index(offering)
    assert (dear.share[-1, :, :, k] <= cheap.share[-1, :, :, k] + 1e-12).all()


@few
@given(one=fractions, two=fractions)
def test_tighter_controls_never_lower_local_cost(one, two):
    low, high = sorted((one, two))
    loose, tight = (
        run(with_values(scenario("2023-06"), {"us.chip_controls.tightness": t}))
        for t in (low, high)
    )
    assert (tight.local_cost >= loose.local_cost - 1e-12).all()


@few
@given(weight=st.floats(0.0, 10.0), more=st.floats(0.1, 10.0), segment=st.sampled_from(SEGMENTS))
def test_more_sovereignty_weight_never_favours_the_revocable_foreign_service(weight, more, segment):
    path = f"segments.{segment}.sovereignty_weight"
    one, two = (run(with_values(FIRST, {path: w})) for w in (weight, weight + more))
    s = SEGMENTS.index(segment)
    abroad = [EIGHT.index(code) for code in ("ARE", "BRA", "DEU", "IND", "KEN")]
    revocable, own = OFFERINGS.index("us_closed"), OFFERINGS.index("domestic")
    less, more_ = (p.share[-1, abroad, s] for p in (one, two))
    crossed = [more_[:, revocable] * less[:, own], less[:, revocable] * more_[:, own]]
    assert (less[:, own] > 0.0).any()
    assert (crossed[0] <= crossed[1] * (1.0 + 1e-12)).all()


@few
@given(level=fractions, vendor=st.sampled_from(["openai", "google", "anthropic"]))
def test_less_access_never_raises_share(level, vendor):
    cut = event(f"access.{vendor}", "2023-01", level, economies=("KEN",))
    row, service = EIGHT.index("KEN"), OFFERINGS.index("us_closed")
    base = run(FIRST).share[-1, row, :, service]
    assert (run(with_events(FIRST, cut)).share[-1, row, :, service] <= base + 1e-12).all()


@pytest.mark.parametrize("economy", ["KEN", "DEU"])
def test_a_richer_economy_takes_up_more(economy):
    column = {"KEN": 30000.0, "DEU": 150000.0}[economy]
    changed = {"gdp_pc_usd": column, "gdp_pc_ppp_usd": column}
    richer = scenario().model_copy(update={"countries": {economy: changed}})
    row = EIGHT.index(economy)
    assert (run(richer).adoption[-1, row] > run(scenario()).adoption[-1, row]).all()
