"""Rules that a review asked for: bans, leakage, the first month, and what force may replace."""

import numpy as np
import pytest
from small_worlds import EIGHT, event, scenario, with_events

from sim.equations import access, cost, frontier
from sim.errors import FolderConflict, OutsideHorizon
from sim.runs.folder import check_folder
from sim.runs.manifest import Identity
from sim.scenario import load
from sim.world.build import build_world
from sim.world.economies import usable_income

END = "2023-06"


def world_with_ban():
    ban = event("ban.cn.consumers", "2023-04", 1.0, economies=("DEU",))
    return build_world(with_events(scenario(END), ban), order=EIGHT)


def test_a_ban_stops_services_of_the_bloc_its_part_of_mixtures_and_nothing_else():
    world = world_with_ban()
    offerings = list(world.resolved.offerings)
    row = world.iso3.index("DEU")
    stopped = world.banned[4, row, 0]
    assert stopped[offerings.index("cn_service")] == 1.0
    mixture = world.resolved.offerings["hybrid"]
    assert stopped[offerings.index("hybrid")] == mixture.from_bloc("cn") == 0.5
    others = [k for k, name in enumerate(offerings) if name not in ("cn_service", "hybrid")]
    assert not stopped[others].any()
    assert not world.banned[1].any()


def test_a_banned_service_leaks_as_a_refused_one_does():
    world = world_with_ban()
    k = list(world.resolved.offerings).index("cn_service")
    row = world.iso3.index("DEU")
    leakage = world.resolved.quantities["segments.consumers.leakage"].value
    reach = access.reach(leakage * world.offerings.leaks[k], 1.0, world.banned[4, row, 0, k], 1.0)
    assert reach == pytest.approx(leakage)


def test_what_does_not_exist_does_not_leak():
    world = build_world(scenario(END), order=EIGHT)
    k = list(world.resolved.offerings).index("domestic")
    assert world.offerings.leaks[k] == 0.0
    assert not world.available[:, world.iso3.index("CHN"), :, k].any()


@pytest.mark.parametrize("start", ["2022-12", "2023-02"])
def test_another_first_month_is_refused(start):
    resolved = load("baseline", sets=[f"horizon.start={start}"])
    with pytest.raises(OutsideHorizon, match="2023-01"):
        build_world(resolved, order=EIGHT)


def test_withdrawals_of_service_raise_perceived_risk_from_their_month():
    world = build_world(scenario("2024-12"), order=EIGHT)
    assert world.refused[18, 0] == pytest.approx(world.refused[17, 0] + 0.05)
    assert world.refresh[18].all()


def test_list_prices_of_the_dated_past_are_not_marked_up_twice():
    felt = cost.share_felt(0.4, 0.6, 0.0)
    assert cost.markup(1.0, felt, 0.6, 0.5, 0.0) == pytest.approx(1.0)
    later = cost.share_felt(0.4, 0.6, 1.0)
    assert cost.markup(1.0, later, 0.6, 0.5, 0.0) < 1.0


def test_a_release_is_never_better_than_the_lab():
    assert frontier.offered(10.0, 1.0, 2.0, 5.0) == 10.0
    assert frontier.offered(10.0, 1.0, 2.0, 0.0) == 9.0
    assert frontier.release_happens(0.2, 4.0) == 1.0
    assert frontier.release_happens(0.3, 4.0) == 0.0


def test_force_leaves_foreign_files_alone(tmp_path):
    (tmp_path / "keep.txt").write_text("mine")
    same = Identity("a", seed=1, replicates=1, engine="ensemble")
    with pytest.raises(FolderConflict, match="left alone"):
        check_folder(tmp_path, same, force=True)
    assert (tmp_path / "keep.txt").read_text() == "mine"


def test_a_place_below_a_file_is_refused_before_anything_runs(tmp_path):
    (tmp_path / "file").write_text("")
    same = Identity("a", seed=1, replicates=1, engine="ensemble")
    with pytest.raises(FolderConflict, match="writable"):
        check_folder(tmp_path / "file" / "run", same)


def test_shares_follow_a_ban_in_its_month():
    world = world_with_ban()
    assert np.array_equal(world.refresh[3], np.array([code == "DEU" for code in EIGHT]))


def test_usable_income_is_capped_by_purchasing_power_where_rates_mislead():
    market, ppp = np.array([9000.0, 4000.0, 50000.0]), np.array([10000.0, 10000.0, 60000.0])
    income, held = usable_income(market, ppp, 0.6, 30000.0)
    assert income.tolist() == [6000.0, 4000.0, 50000.0]
    assert held.tolist() == [True, False, False]
