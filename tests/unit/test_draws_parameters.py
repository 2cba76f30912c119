"""Parameter draws: offsets around a centre, by kind of distribution."""

import numpy as np
import pytest
from small_worlds import scenario, with_values

from sim.draws.parameters import around, draw_parameters, within
from sim.draws.philox import entity_word, normals
from sim.scenario import Draw

LANES = tuple(range(4000))


@pytest.fixture(scope="module")
def drawn():
    return draw_parameters(scenario(), 1, LANES)


def z(path):
    return normals(1, "parameter", np.array(LANES, dtype=np.uint64), 0, entity_word(path))


def test_kinds_of_distribution():
    numbers = np.array([-1.0, 0.0, 1.0])
    draw = {
        kind: around(0.4, Draw.model_validate({kind: 0.5}), numbers)
        for kind in ("normal", "lognormal", "half_normal", "logit_normal")
    }
    assert draw["normal"] == pytest.approx([-0.1, 0.4, 0.9])
    assert draw["lognormal"] == pytest.approx(0.4 * np.exp([-0.5, 0.0, 0.5]))
    assert draw["half_normal"] == pytest.approx([0.9, 0.4, 0.9])
    odds = np.log(0.4 / 0.6) + np.array([-0.5, 0.0, 0.5])
    assert draw["logit_normal"] == pytest.approx(1 / (1 + np.exp(-odds)))


def test_a_quantity_without_a_draw_stays_at_its_centre(drawn):
    for path, quantity in scenario().quantities.items():
        if quantity.draw is None:
            assert (drawn(path) == quantity.value).all()


def test_every_draw_spreads_and_stays_in_its_range(drawn):
    for path, quantity in scenario().quantities.items():
        if quantity.draw is not None:
            values = drawn(path)
            assert len(np.unique(values)) > len(LANES) / 4, path
            assert values.min() >= quantity.range[0]
            assert values.max() <= quantity.range[1]


def test_without_spread_all_stay_at_their_centres():
    values = draw_parameters(scenario(), 1, (0, 1), spread=False)
    for path, quantity in scenario().quantities.items():
        assert (values(path) == quantity.value).all()


def test_moving_a_centre_keeps_the_luck(drawn):
    path = "segments.consumers.kappa"
    moved = draw_parameters(with_values(scenario(), {path: 0.5}), 1, LANES)
    shift = 0.5 - scenario().quantities[path].value
    assert moved(path) - drawn(path) == pytest.approx(shift)
    assert all(
        moved(other).tobytes() == drawn(other).tobytes()
        for other in scenario().quantities
        if other != path
    )


def test_a_fixed_quantity_does_not_vary():
    resolved = scenario("2023-12", "frontier.elasticity={fix: true}")
    assert (draw_parameters(resolved, 1, LANES)("frontier.elasticity") == 0.23).all()


def test_a_lognormal_draw_has_its_median_at_the_centre(drawn):
    assert np.median(drawn("frontier.elasticity")) == pytest.approx(0.23, rel=0.03)
    assert np.log(drawn("frontier.elasticity")).std() == pytest.approx(0.2, rel=0.05)


def test_what_a_range_holds_back_is_counted():
    quantity = scenario().quantities["frontier.elasticity"]
    values, held = within(np.array([-1.0, 0.5, 7.0]), quantity)
    assert values.tolist() == [0.0, 0.5, 1.0]
    assert held == 2


def test_paths_draw_independently():
    one, two = z("frontier.cn.catch_up"), z("frontier.us.catch_up")
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.05
