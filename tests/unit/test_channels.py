"""World channels against sums by hand, in a world of four economies."""

from pathlib import Path

import numpy as np
import pytest

from sim.draws.setting import make_setting
from sim.ensemble.block import Block, prepare
from sim.record.channels import channel_names, channel_series, make_instruments
from sim.scenario import load
from sim.world.build import build_world

FIXTURES = Path(__file__).parent.parent / "fixtures"

FOUR = ("CHN", "FRA", "KEN", "USA")


@pytest.fixture(scope="module")
def month():
    made = build_world(load("baseline", (), ["horizon.end=2023-06"]), order=FOUR)
    block = Block(prepare(made), make_setting(made, 1, tuple(range(8))))
    for _ in range(6):
        block.step()
    return made, block


def series(month, **changed):
    made, block = month
    seen = make_instruments(made)
    p = block.setting.numbers.params.replaced(**changed)
    lanes = block.lanes
    o = block.setting.numbers.offerings
    used = lanes.share, lanes.adoption, lanes.tokens
    found = channel_series(seen, *used, block.supply, p, o)
    return dict(zip(channel_names(made.resolved), found, strict=True))


def users(month, segment, economies=FOUR, tokens=False):
    """[O, L] users of a segment in some economies, or the tokens that they ask for."""
    made, block = month
    rows = [made.iso3.index(code) for code in economies]
    people = made.economies.people[rows][:, None, None]
    adoption = block.lanes.adoption[rows, segment][:, None]
    used = people * adoption * block.lanes.share[rows, segment]
    return (used * (block.lanes.tokens[rows, segment] if tokens else 1.0)).sum(axis=0)


def test_web_visits_leave_china_out_and_weigh_visits(month):
    made, _ = month
    use = users(month, 0, ("FRA", "KEN", "USA"))
    app = list(made.resolved.offerings).index("cn_service")
    plain = use[app] / use.sum(axis=0)
    ones = np.ones(8)
    found = series(month, observe_visits_per_user=ones)["web_visits.cn_share"]
    np.testing.assert_allclose(found, plain, rtol=1e-12)
    half = series(month, observe_visits_per_user=0.5 * ones)["web_visits.cn_share"]
    np.testing.assert_allclose(half, 0.5 * plain / (0.5 * plain + 1.0 - plain), rtol=1e-12)


def test_aggregator_multiplies_odds_of_open_models(month):
    one = series(month, observe_aggregator_selection=np.ones(8))["aggregator.open_token_share"]
    four = series(month, observe_aggregator_selection=np.full(8, 4.0))
    odds = one / (1.0 - one)
    found = four["aggregator.open_token_share"]
    np.testing.assert_allclose(found / (1.0 - found), 4.0 * odds, rtol=1e-10)
    np.testing.assert_allclose(four["aggregator.closed_token_share"], 1.0 - found, rtol=1e-12)


def test_developers_count_the_whole_world_and_a_hub_part_of_china(month):
    made, _ = month
    hub = made.fixed.observe_downloads_china
    assert 0.0 < hub < 1.0
    use = users(month, 1, ("FRA", "KEN", "USA")) + hub * users(month, 1, ("CHN",))
    offerings = made.resolved.offerings
    weights = np.array([float(o.access == "weights") for o in offerings.values()])
    cn = np.array([o.from_bloc("cn") for o in offerings.values()])
    found, asked = series(month), users(month, 1, tokens=True)
    np.testing.assert_allclose(
        found["developers.open_token_share"], weights @ asked / asked.sum(axis=0), rtol=1e-12
    )
    kept = use * weights[:, None]
    np.testing.assert_allclose(
        found["weights_downloads.cn_share"], cn @ kept / kept.sum(axis=0), rtol=1e-12
    )


def test_shares_are_fractions_and_closed_spend_exceeds_closed_tokens(month):
    found = series(month)
    for name, values in found.items():
        assert ((values >= 0.0) & (values <= 1.0)).all(), name
    assert (
        found["aggregator.closed_spend_share"] > found["aggregator.closed_token_share"]
    ).all()  # closed models cost more a token


def test_a_channel_without_its_segment_is_absent():
    small = load(FIXTURES / "scenarios" / "small.yaml")
    names = channel_names(small)
    assert set(small.segments) == {"consumers", "government"}
    assert "enterprise.open_share" not in names
    assert "aggregator.open_token_share" not in names
    assert "web_visits.cn_share" in names
