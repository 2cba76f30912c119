"""What files may say of tasks, launches, places, copies, bans and changes; and that it is kept."""

import numpy as np
import pytest
from said import BASELINE, event, kept, said
from small_worlds import EIGHT

from sim.errors import InputError, OutOfRange, SchemaError
from sim.scenario import load
from sim.scenario.diff import differences
from sim.scenario.levers import lever_paths, local_paths
from sim.world.build import build_world
from sim.world.pack import check_read, pack_levers
from sim.world.reach import launched
from sim.world.tables import load_tables

LAUNCHES = load_tables().launches
BLOCKS = list(BASELINE.offerings)


def test_a_new_task_takes_its_place_by_its_threshold():
    quantity = "unit: months, range: [-10, 300], source: judgement, confidence: assumed"
    number = f"{{value: NUMBER, {quantity}, evidence: prior only}}"
    size = "".join(f"      {s}: {number.replace('NUMBER', '0.1')}\n" for s in BASELINE.segments)
    text = "tasks:\n  teaching:\n    label: Teaching\n"
    for name, value in (("threshold", 60), ("width", 9), ("tokens", 20)):
        text += f"    {name}: {number.replace('NUMBER', str(value))}\n"
    resolved = kept(said(f"{text}    size:\n{size}"))
    order = list(resolved.tasks)
    place = order.index("teaching")
    thresholds = [resolved.quantities[f"tasks.{t}.threshold"].value for t in order]
    assert thresholds == sorted(thresholds)
    assert 0 < place < len(order) - 1
    assert [t for t in order if t != "teaching"] == list(BASELINE.tasks)


def test_a_task_may_be_said_in_part():
    resolved = kept(said("tasks: {coding: {threshold: 37, size: {developers: 0.3}}}\n"))
    assert resolved.quantities["tasks.coding.threshold"].value == 37
    assert resolved.quantities["tasks.coding.size.developers"].value == 0.3
    assert resolved.tasks == BASELINE.tasks
    paths = [difference.path for difference in differences(BASELINE, resolved)]
    assert paths == ["tasks.coding.size.developers", "tasks.coding.threshold"]


@pytest.mark.parametrize("month", ["2024-05", '"2024-05"', '{everywhere: "2024-05"}'])
def test_a_launch_everywhere(month):
    resolved = kept(said(f"offerings: {{domestic: {{from: {month}}}}}\n"))
    there = launched(resolved, LAUNCHES, EIGHT)[:, :, BLOCKS.index("domestic")]
    first = 16  # months since January 2023
    assert (there[:first] == 0.0).all()
    assert (there[first:] == 1.0).all()


def test_the_launch_that_names_fewest_economies_counts_in_any_order():
    says = ['"region:Africa": 2024-03', "everywhere: 2025-01", "KEN: 2023-04"]
    texts = [f"offerings: {{domestic: {{from: {{{', '.join(s)}}}}}}}\n" for s in (says, says[::-1])]
    one, other = (said(text) for text in texts)
    assert one == other
    kept(one)
    for resolved in (one, other):
        there = launched(resolved, LAUNCHES, ("DEU", "KEN", "NGA"))[:, :, BLOCKS.index("domestic")]
        assert there.argmax(axis=0).tolist() == [24, 3, 14]


def test_economies_that_no_launch_names_never_have_it():
    resolved = said("offerings: {domestic: {from: {KEN: 2023-04}}}\n")
    there = launched(resolved, LAUNCHES, ("DEU", "KEN"))[:, :, BLOCKS.index("domestic")]
    assert there[:, 0].max() == 0.0
    assert there[3:, 1].min() == 1.0


def test_a_launch_that_never_comes():
    never = said("offerings: {us_open: {from: {everywhere: 2023-02, KEN: never}}}\n")
    there = launched(kept(never), LAUNCHES, ("DEU", "KEN"))[:, :, BLOCKS.index("us_open")]
    assert there.max(axis=0).tolist() == [1.0, 0.0]


def test_offerings_exist_only_in_or_not_in_groups():
    only = said("offerings: {other_open: {only_in: ['group:eu', -HUN]}}\n")
    never = said("offerings: {other_open: {not_in: ['group:eu']}}\n")
    tables, order = load_tables(), ("DEU", "FRA", "HUN", "KEN")
    where = BLOCKS.index("other_open")
    for resolved, wanted in ((only, [1, 1, 0, 0]), (never, [0, 0, 0, 1])):
        kept(resolved)
        there = build_world(resolved, tables, order).available[..., where]
        assert there.min(axis=(0, 2)).tolist() == there.max(axis=(0, 2)).tolist() == wanted


def test_a_copy_of_an_offering_differs_where_it_says_so():
    resolved = said(
        "offerings:\n"
        "  eu_sovereign: {like: domestic, origin: {other: 1.0}, only_in: ['group:eu'],\n"
        "    from: 2027-06, track: other_open, control: 0.95, constant: {government: -1}}\n"
    )
    kept(resolved)
    assert list(resolved.offerings) == [*BLOCKS, "eu_sovereign"]
    new, old = resolved.offerings["eu_sovereign"], resolved.offerings["domestic"]
    assert (new.not_in, new.only_in, new.nest) == ((), ("group:eu",), old.nest)
    assert new.label == "National services (eu_sovereign)"
    moved = {"control": 0.95, "constant.government": -1}
    for path, quantity in BASELINE.quantities.items():
        if path.startswith("offerings.domestic."):
            leaf = path.removeprefix("offerings.domestic.")
            value = resolved.quantities[f"offerings.eu_sovereign.{leaf}"].value
            assert value == moved.get(leaf, quantity.value)
    assert set(resolved.quantities) <= set(resolved.origin)
    assert resolved.origin["offerings.eu_sovereign.risk"] == "new.yaml:5"


def test_a_copy_is_launched_when_what_it_copies_is_unless_it_says_so():
    text = "offerings:\n  first: {like: cn_service}\n  second: {like: first}\n"
    resolved = kept(said(text + "  third: {like: first, from: 2027-01}\n"))
    there = launched(resolved, LAUNCHES, ("CHN", "DEU"))
    old = there[:, :, BLOCKS.index("cn_service")]
    assert 0.0 < old.mean() < 1.0
    assert np.array_equal(there[:, :, -3], old)
    assert np.array_equal(there[:, :, -2], old)
    assert there[:, :, -1].argmax(axis=0).tolist() == [48, 48]


def test_copies_follow_what_they_copy_in_any_order():
    ahead = (
        "offerings:\n  second: {like: first, risk: 0.7}\n  first: {like: domestic, control: 0.2}\n"
    )
    resolved = kept(said(ahead))
    assert list(resolved.offerings) == [*BLOCKS, "second", "first"]
    values = {n: resolved.quantities[f"offerings.{n}.control"].value for n in ("second", "first")}
    assert values == {"second": 0.2, "first": 0.2}
    assert resolved.quantities["offerings.first.risk"].value != 0.7


def test_a_copy_of_a_segment_takes_what_others_say_of_it():
    resolved = kept(said("segments: {schools: {like: government, label: Schools, churn: 0.1}}\n"))
    assert list(resolved.segments) == [*BASELINE.segments, "schools"]
    for owner, block in ((o, "constant") for o in BLOCKS):
        path = f"offerings.{owner}.{block}"
        assert resolved.quantities[f"{path}.schools"] == resolved.quantities[f"{path}.government"]
    for task in BASELINE.tasks:
        path = f"tasks.{task}.size"
        assert resolved.quantities[f"{path}.schools"] == resolved.quantities[f"{path}.government"]
    assert resolved.quantities["segments.schools.churn"].value == 0.1
    assert not [e for e in resolved.events if e.lever.endswith(".schools")]


def test_every_segment_and_offering_has_its_ban_without_a_word():
    text = "segments: {schools: {like: government, label: Schools}}\n"
    text += "offerings: {second: {like: cn_open_hosted}, hybrid: null}\nevents:\n"
    text += event("ban.second.schools", "to: 0.7", ", economies: [DEU]")
    text += event("ban.cn.schools", "to: 0.5", ", economies: [KEN]")
    resolved = kept(said(text))
    bans = [path for path in resolved.levers if path.startswith("ban.")]
    names = ("us", "cn", "other", *resolved.offerings)
    assert sorted(bans) == sorted(f"ban.{n}.{s}" for n in names for s in resolved.segments)
    world = build_world(resolved, load_tables(), ("DEU", "KEN", "USA"))
    now = world.banned[60, :, list(resolved.segments).index("schools")]
    offerings = list(resolved.offerings)
    assert now[:, offerings.index("second")].tolist() == [0.7, 0.0, 0.0]
    assert now[:, offerings.index("cn_service")].tolist() == [0.0, 0.5, 0.0]
    assert now[:, offerings.index("cn_open_hosted")].max() == 0.0


def test_the_wider_of_two_bans_counts():
    text = "events:\n" + event("ban.cn_service.consumers", "to: 0.3", ", economies: [DEU, KEN]")
    text += event("ban.cn.consumers", "to: 0.8", ", economies: [KEN]")
    world = build_world(said(text), load_tables(), ("DEU", "KEN"))
    assert world.banned[60, :, 0, BLOCKS.index("cn_service")].tolist() == [0.3, 0.8]


def test_a_removed_offering_takes_its_bans_and_their_events(tmp_path):
    text = "events:\n" + event("ban.hybrid.consumers", "to: 1").replace("}", ", id: stop}")
    (tmp_path / "one.yaml").write_text(
        "schema_version: 1\nname: one\nextends: baseline\n" + text, encoding="utf-8"
    )
    (tmp_path / "two.yaml").write_text(
        "schema_version: 1\nname: two\nextends: ./one.yaml\nofferings: {hybrid: null}\n",
        encoding="utf-8",
    )
    resolved = load(tmp_path / "two.yaml")
    check_read(resolved)
    assert not [path for path in resolved.quantities if "hybrid" in path]
    assert [w for w in resolved.warnings if "removed offering 'hybrid' go too: stop" in w]


def price(resolved, month=48):
    return lever_paths(resolved, ["KEN"])["price.us_closed"][month]


def test_changes_stack_on_what_the_lever_would_otherwise_be():
    usual = price(BASELINE)
    half = "events:\n" + event("price.us_closed", "times: 0.5")
    assert price(said(half)) == 0.5 * usual
    assert price(said(half + event("price.us_closed", "to: 10"))) == 5.0
    assert price(said(half + event("price.us_closed", "add: 2"))) == 0.5 * usual + 2.0
    early = "events:\n  - {on: 2023-06, lever: price.us_closed, times: 0.5, confidence: assumed}\n"
    path = lever_paths(said(early), ["KEN"])["price.us_closed"]
    before = lever_paths(BASELINE, ["KEN"])["price.us_closed"]
    assert np.array_equal(path[:5], before[:5])
    assert np.array_equal(path[5:], 0.5 * before[5:])  # later list prices are halved too


def test_factors_of_two_policies_multiply_in_any_order(tmp_path):
    for name, factor in (("one", 0.5), ("two", 0.8)):
        text = f"schema_version: 1\nkind: policy\nname: {name}\nevents:\n"
        text += event("price.us_closed", f"times: {factor}")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    files = [str(tmp_path / "one.yaml"), str(tmp_path / "two.yaml")]
    both, back = load("baseline", files), load("baseline", files[::-1])
    assert price(both) == pytest.approx(0.4 * price(BASELINE))
    assert price(back) == pytest.approx(price(both))
    assert both == back
    kept(both)


def test_a_factor_on_access_is_one_on_what_vendors_lists_say():
    text = "events:\n" + event("access.openai", "times: 0.5", ", economies: [KEN, RUS]")
    tables, order = load_tables(), ("KEN", "RUS", "USA")
    then, now = (build_world(r, tables, order).available for r in (BASELINE, said(text)))
    closed = BLOCKS.index("us_partnership")  # openai alone, where a partnership is signed
    us = BLOCKS.index("us_closed")
    assert np.array_equal(then[:48], now[:48])
    assert np.array_equal(then[48:, 2, :, closed], now[48:, 2, :, closed])
    served = then[48:, 0, :, us] - now[48:, 0, :, us]
    assert served.min() == pytest.approx(0.5 * 0.85)
    assert (now <= then).all()


def test_world_levers_act_on_the_economies_that_an_event_names():
    text = "events:\n" + event("price.us_closed", "times: 0.5", ", economies: ['income:Low']")
    resolved = kept(said(text))
    local = local_paths(resolved, ["UGA", "DEU"])["price.us_closed"]
    world = lever_paths(resolved, ["UGA", "DEU"])["price.us_closed"]
    assert np.array_equal(local[:, 1], world)
    assert np.array_equal(local[48:, 0], 0.5 * world[48:])
    built = build_world(resolved, load_tables(), ("UGA", "DEU"))
    assert set(built.levers.local) == {"price.us_closed"}
    assert built.price_factor[48:, 1, BLOCKS.index("us_closed")].max() == 0.5


def test_a_change_out_of_range_is_refused_where_it_holds():
    text = "events:\n" + event("partnership.signed", "add: 0.9", ", economies: [ARE]")
    message = r"new\.yaml:5: events\[0\]\.add: the change \+ 0\.9 makes 1\.4 of partnership.signed"
    with pytest.raises(OutOfRange, match=message):
        said(text)
    said(text.replace("ARE", "FRA"))
    with pytest.raises(InputError):
        pack_levers(said(text.replace("ARE", "all")), ("DEU",))


def test_a_launch_is_shown_by_diff():
    (found,) = [
        d
        for d in differences(BASELINE, said("offerings: {domestic: {from: 2024-05}}\n"))
        if d.path.startswith("offerings.domestic")
    ]
    assert (found.path, found.b, found.set_at) == (
        "offerings.domestic.from",
        "2024-05",
        "new.yaml:4",
    )


def test_a_name_is_needed_to_copy():
    with pytest.raises(SchemaError, match="expected the name of one of the offerings"):
        said("offerings: {second: {like: [domestic]}}\n")
