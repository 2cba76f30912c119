"""The Mesa model on the whole world and on small ones: bounds, access, invariants."""

import numpy as np
import pytest
from small_worlds import EIGHT, event, run, scenario, tables, with_events, with_values, world

from sim.draws.setting import draw_values, make_setting
from sim.model.invariants import InvariantError
from sim.model.mesa import Spheres
from sim.scenario import load
from sim.world.axes import CN, US
from sim.world.build import build_world

OFFERINGS, SEGMENTS = list(scenario().offerings), list(scenario().segments)
US_CLOSED = OFFERINGS.index("us_closed")
BUSINESS = [SEGMENTS.index("enterprise"), SEGMENTS.index("government")]


@pytest.fixture(scope="module")
def whole():
    """(world, path) of all 198 economies to the middle of 2026, with drawn parameters."""
    found = build_world(load("baseline", sets=["horizon.end=2026-06"]), tables())
    return found, run(found, spread=True)


def test_shares_and_levels_of_the_whole_world_are_in_bounds(whole):
    world_, path = whole
    assert path.share.shape == (42, 198, 4, 9)
    total = path.share.sum(axis=3)
    assert ((np.abs(total - 1.0) < 1e-9) | (total == 0.0)).all()
    assert path.share.min() >= 0.0
    assert path.share.max() <= 1.0
    assert path.adoption.min() >= 0.0
    most = make_setting(world_, 1, (0,)).numbers.segments.ceiling[:, 0]
    exponent = world_.resolved.quantities["adoption.online_exponent"].value
    ceiling = np.maximum(world_.online, 1e-3)[:, :, None] ** exponent * most
    assert (path.adoption <= ceiling + 1e-12).all()
    assert path.adoption.max() <= 1.0
    for amounts in (path.bill, path.tokens):
        assert np.isfinite(amounts).all()
        assert amounts.min() >= 0.0


@pytest.mark.parametrize("code", ["CHN", "PRK"])
def test_us_closed_models_hold_nothing_in_china_and_north_korea(whole, code):
    world_, path = whole
    assert (path.share[:, world_.iso3.index(code), :, US_CLOSED] == 0.0).all()
    there = (world_.available * world_.launched[:, :, None])[:, world_.iso3.index(code)] > 0.0
    there[..., US_CLOSED] = False
    used = path.share[:, world_.iso3.index(code)].sum(axis=2)
    assert (used[there.any(axis=2)] > 0.999).all()
    assert there.any(axis=2)[4:].all()


def test_us_closed_models_hold_nothing_in_business_where_every_vendor_refuses(whole):
    world_, path = whole
    refused = world_.available[:, :, BUSINESS, US_CLOSED] == 0.0
    assert refused[:, world_.iso3.index("IRN")].all()
    assert refused.any(axis=(0, 2)).sum() >= 5
    assert (path.share[:, :, BUSINESS, US_CLOSED][refused] == 0.0).all()
    assert (path.share[:, :, BUSINESS, US_CLOSED][~refused] > 0.0).all()


def test_consumers_are_reached_past_a_refusal_by_leakage_only(whole):
    world_, path = whole
    iran = path.share[-1, world_.iso3.index("IRN"), SEGMENTS.index("consumers"), US_CLOSED]
    assert 0.0 < iran < 0.9


def test_access_withdrawn_is_no_share_that_very_month():
    refusals = [
        event(f"access.{vendor}", "2023-07", 0.0, economies=("KEN",))
        for vendor in ("openai", "google", "anthropic")
    ]
    sealed = scenario().model_copy(update={"countries": {"KEN": {"leakage_factor": 0.0}}})
    path = run(with_events(sealed, *refusals))
    kenya = path.share[:, EIGHT.index("KEN"), :, US_CLOSED]
    assert (kenya[:6] > 0.0).all()
    assert (kenya[6:] == 0.0).all()
    assert path.share[:, EIGHT.index("KEN")].sum(axis=2) == pytest.approx(1.0, abs=1e-9)


def test_a_full_ban_leaves_downloaded_weights():
    segments = [event(f"ban.cn.{s}", "2023-07", 1.0, economies=("KEN",)) for s in SEGMENTS]
    sealed = scenario().model_copy(update={"countries": {"KEN": {"leakage_factor": 0.0}}})
    kenya = run(with_events(sealed, *segments)).share[:, EIGHT.index("KEN")]
    assert (kenya[6:, :, OFFERINGS.index("cn_service")] == 0.0).all()
    assert (kenya[6:, :, OFFERINGS.index("cn_open_local")] > 0.0).all()


def test_steady_lag_of_the_model_is_the_closed_form():
    """No releases, no shocks, no spillover beyond catching up: latent gap as in the formula."""
    still = {
        "frontier.shock_sd": 0.0,
        "frontier.openness_spillover": 0.0,
        "frontier.cn.induced_efficiency": 0.0,
        "frontier.cn.domestic_chips": 0.0,
        "frontier.cn.chip_demand": 11.8 / 77.6,
        "frontier.other.compute": 0.01,
        "us.chip_controls.tightness": 0.0,
    }
    base = scenario("2053-12", "structure.dated_releases=[]", "structure.feedbacks=false")
    kept = tuple(e for e in base.events if e.lever.startswith("price."))
    model = Spheres(
        make_setting(
            world(with_values(base, still).model_copy(update={"events": kept}), ("CHN", "USA")),
            1,
            (0,),
            spread=False,
        )
    )
    for _ in range(360):
        model.step()
    gap = model.supply.bloc.latent[US] - model.supply.bloc.latent[CN]
    assert gap == pytest.approx((1.0 - (11.8 / 77.6) ** 0.23) / 0.05, abs=1e-6)


def test_a_broken_invariant_says_what_where_and_when():
    def spoil(model):
        if model.month == 2:
            model.countries[EIGHT.index("KEN")].adoption[:] = 1e9

    slow = with_values(scenario(), {"adoption.fall": 0.001})
    with pytest.raises(InvariantError, match=r"adoption of consumers in KEN .* 2023-04"):
        run(slow, each=spoil)


def test_parameters_of_a_setting_are_the_drawn_ones():
    setting = make_setting(world(scenario()), 3, (5,), spread=True)
    values = draw_values(scenario(), 3, (5,))
    assert setting.numbers.params.frontier_elasticity[0] == values("frontier.elasticity")[0]
    churn = setting.numbers.segments.price_sensitivity[:, 0].tolist()
    assert churn == [values(f"segments.{s}.price_sensitivity")[0] for s in SEGMENTS]
