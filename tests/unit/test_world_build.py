"""World arrays: axes, network rows, availability over time, and parameters that nothing reads."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from small_worlds import EIGHT, event, scenario, tables, with_events, world

from sim.errors import UnknownKey
from sim.scenario import load
from sim.scenario.alter import without_offering
from sim.scenario.yaml_lines import parse_yaml
from sim.world.build import build_world
from sim.world.network import dense_rows, exposure_weights, sparse_rows
from sim.world.pack import check_read, field_paths
from sim.world.parameters import OfferingParams, Params, SegmentParams, TaskParams, WorldParams

BASELINE = load("baseline")


@pytest.fixture(scope="module")
def whole():
    return build_world(BASELINE, tables())


def planted(tmp_path, near, line):
    """The shipped baseline with one line more; (path, number of the planted line)."""
    from sim.files import scenarios_dir

    lines = (scenarios_dir() / "baseline.yaml").read_text(encoding="utf-8").splitlines()
    place = next(k for k, text in enumerate(lines) if text.startswith(near)) + 1
    path = tmp_path / "planted.yaml"
    path.write_text("\n".join([*lines[:place], line, *lines[place:]]), encoding="utf-8")
    return path, place + 1


UNUSED = (
    "{value: 1.0, unit: factor, range: [0, 2], source: judgement, confidence: assumed, "
    "evidence: prior only}"
)


def test_the_baseline_is_read_to_the_last_quantity():
    check_read(BASELINE)
    assert set(field_paths(BASELINE)) == set(BASELINE.quantities)


@pytest.mark.parametrize(
    ("near", "text", "path", "nearest"),
    [
        ("parameters:", f"  planted: {UNUSED}", "planted", None),
        ("  attention:", f"    half_lives: {UNUSED}", "attention.half_lives", "half_life"),
    ],
)
def test_a_planted_unused_parameter_is_refused_with_file_and_line(
    tmp_path, near, text, path, nearest
):
    file, line = planted(tmp_path, near, text)
    assert parse_yaml(file.read_text(encoding="utf-8"), str(file)) is not None
    with pytest.raises(UnknownKey) as caught:
        check_read(load(file))
    assert caught.value.path == path
    assert caught.value.line == line
    assert str(caught.value.file).endswith("planted.yaml")
    assert f"planted.yaml:{line}" in str(caught.value)
    assert nearest is None or nearest in str(caught.value.hint)


def test_a_missing_parameter_is_named():
    rest = {k: q for k, q in BASELINE.quantities.items() if k != "frontier.elasticity"}
    with pytest.raises(UnknownKey, match="frontier_elasticity"):
        check_read(BASELINE.model_copy(update={"quantities": rest}))


def test_every_field_has_one_path():
    fields = len(Params.names) + len(WorldParams._fields)
    segments, offerings = len(BASELINE.segments), len(BASELINE.offerings)
    fields += segments * len(SegmentParams.names) + offerings * len(OfferingParams.names)
    fields += segments * offerings
    fields += len(BASELINE.tasks) * (len(TaskParams.names) + segments)  # sizes
    assert len(set(field_paths(BASELINE)) - set(BASELINE.levers)) == fields


def test_a_draw_on_what_shapes_the_world_is_refused():
    drawn = load("baseline", sets=["world.home_share={draw: {normal: 0.1}}"])
    with pytest.raises(UnknownKey, match="before any draw"):
        build_world(drawn, tables(), order=EIGHT)


def test_a_scenario_without_a_us_service_can_be_built():
    """No offering is the one that all others are measured against."""
    found = build_world(without_offering(BASELINE, "us_closed"), tables(), order=EIGHT)
    assert "us_closed" not in found.resolved.offerings


def test_axes_of_the_whole_world(whole):
    assert whole.shape == (156, 198, 4, 9)
    assert list(whole.iso3) == sorted(whole.iso3)
    assert whole.refresh[0].all()


@pytest.mark.parametrize("kind", ["trade", "language_distance"])
def test_network_rows_sum_to_one_and_nobody_is_its_own_partner(kind):
    found = dense_rows(build_world(load("baseline", sets=[f"structure.network={kind}"])).partners)
    assert found.shape == (198, 198)
    assert np.abs(found.sum(axis=1) - 1.0).max() < 1e-12
    assert (np.diag(found) == 0.0).all()
    assert found.min() >= 0.0


def test_without_a_network_there_are_no_partners():
    found = world(scenario("2023-12", "structure.network=none"))
    assert len(found.partners.weight) == 0


def test_network_is_what_is_imported_from_whom():
    imports = np.array([[0.0, 3.0, 1.0], [2.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    weights, missing = exposure_weights(imports, ["A", "A", "A"])
    assert weights[0].tolist() == [0.0, 0.75, 0.25]
    assert weights[1].tolist() == [1.0, 0.0, 0.0]
    assert missing == (2,)
    assert weights[2].sum() == pytest.approx(1.0)
    assert weights[2, 2] == 0.0


def test_an_economy_alone_in_its_region_without_trade_sees_all():
    imports = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    weights, _ = exposure_weights(imports, ["A", "A", "B"])
    assert weights[2].tolist() == [0.5, 0.5, 0.0]
    assert exposure_weights(np.zeros((2, 2)), ["A", "B"])[0].tolist() == [[0, 0], [0, 0]]


def test_small_partners_are_dropped_and_the_rest_scaled_up():
    rows = sparse_rows(np.array([[0.0, 0.7, 0.2, 0.1]]), 0.85)
    assert rows.partner.tolist() == [1, 2]
    assert rows.weight == pytest.approx([7 / 9, 2 / 9])


def test_import_shares_are_shares(whole):
    assert np.abs(whole.import_share.sum(axis=1) - 1.0).max() < 1e-12
    assert whole.import_share.min() >= 0.0
    home = whole.import_share[whole.iso3.index("USA")]
    assert home[0] == whole.fixed.world_home_share


def test_availability_is_a_fraction_everywhere(whole):
    assert whole.available.min() >= 0.0
    assert whole.available.max() <= 1.0
    assert set(np.unique(whole.offerings.leaks)) <= {0.0, 1.0}


def test_lists_of_providers_and_dated_events_agree_on_italy(whole):
    italy, service = whole.iso3.index("ITA"), list(BASELINE.offerings).index("us_closed")
    reached = whole.available[:, italy, 0, service]
    assert reached[2] == pytest.approx(1.0)
    assert reached[3] == pytest.approx(0.15)
    assert reached[4] == pytest.approx(1.0)


def test_a_ban_holds_for_its_segment_from_its_month():
    found = world(
        with_events(scenario(), event("ban.cn.government", "2023-09", 0.7, economies=("KEN",)))
    )
    offerings, segments = list(BASELINE.offerings), list(BASELINE.segments)
    kenya = found.banned[:, EIGHT.index("KEN")]
    stopped = kenya[:, segments.index("government"), offerings.index("cn_service")]
    assert stopped.tolist() == [0.0] * 8 + [0.7] * 4
    assert kenya[:, segments.index("consumers")].max() == 0.0
    assert kenya[:, :, offerings.index("cn_open_local")].max() == 0.0
    assert found.refresh[8, EIGHT.index("KEN")]
    assert not found.refresh[9, EIGHT.index("KEN")]


def test_domestic_services_do_not_exist_in_the_two_home_markets(whole):
    domestic = list(BASELINE.offerings).index("domestic")
    for code in ("CHN", "USA"):
        assert whole.available[:, whole.iso3.index(code), :, domestic].max() == 0.0
    assert whole.available[:, whole.iso3.index("KEN"), :, domestic].min() == 1.0


def test_a_bloc_of_weight_zero_says_nothing():
    ban = event("ban.us.consumers", "2023-02", 1.0)
    short = with_events(scenario("2023-04"), ban)
    service = short.offerings["us_closed"]
    longer = service.model_copy(update={"origin": {"us": 1.0, "cn": 0.0}})
    also = short.model_copy(update={"offerings": short.offerings | {"us_closed": longer}})
    one, other = world(short), world(also)
    assert one.banned.max() == 1.0
    assert np.array_equal(one.banned, other.banned)
    assert np.array_equal(one.refused, other.refused)
    assert np.array_equal(one.offerings.one_bloc, other.offerings.one_bloc)


def test_a_table_value_can_be_overridden_for_one_economy():
    changed = scenario().model_copy(update={"countries": {"KEN": {"internet_pct": 80.0}}})
    one, other = world(changed).economies, world(scenario()).economies
    kenya = EIGHT.index("KEN")
    assert one.online[kenya] == pytest.approx(0.8)
    assert np.delete(one.online, kenya).tobytes() == np.delete(other.online, kenya).tobytes()


def test_capped_incomes_and_estimates_are_listed_facts(whole):
    facts = " ".join(whole.facts)
    assert "filled by rule" in facts
    assert "CUB" in facts.partition("capped by purchasing power")[2]


def test_an_economy_without_trade_rows_is_a_listed_fact():
    seeds = tables()
    cut = replace(seeds, trade=seeds.trade.filter(pl.col("importer_iso3") != "KEN"))
    assert any("KEN" in fact for fact in world(scenario(), EIGHT, cut).facts)
