"""A block that goes on from a kept one comes to what it would have come to from the start."""

import numpy as np
import pytest
from small_worlds import event, scenario, tables, with_events, with_values, world

from sim.draws.setting import kept_setting
from sim.ensemble.block import Block, prepare
from sim.model.state import arrays
from sim.scenario import load
from sim.web.page_watcher import detailed, new_page_watcher
from sim.web.snapshot import inputs, resume, same_months, take
from sim.world.rebuild import rebuild_world

END, MONTHS, PARTED = "2024-12", 24, 14
LEVERS = sorted(load("baseline").levers)


@pytest.fixture(scope="module")
def before():
    return world(scenario(END))


def start(like):
    block = Block(prepare(like), kept_setting(like, 3, tuple(range(5))))
    members = np.ones((1, len(like.iso3)))
    live, kept = np.ones(5, dtype=bool), (0, 11, 14, 23)
    return block, detailed(new_page_watcher(kept, MONTHS, members, like.shape[2], 9, live))


def bits(block, watcher):
    lasting = (block.memory.use, block.memory.supply, block.memory.state, watcher)
    return [values.tobytes() for part in lasting for values in arrays(part)]


@pytest.fixture(scope="module")
def kept(before):
    block, watcher = start(before)
    block.advance(PARTED, watcher)
    return take(block, watcher)


@pytest.mark.parametrize("lever", LEVERS)
def test_every_lever(before, kept, lever):
    low, high = before.resolved.levers[lever].range
    to = low + 0.7 * (high - low)
    resolved = with_events(before.resolved, event(lever, "2024-03", to))
    like = rebuild_world(before, resolved, tables())
    whole, again = start(like), start(like)
    whole[0].advance(MONTHS, whole[1])
    parted = resume(*again, kept)
    assert parted in (PARTED, MONTHS), "nothing moves before the event"
    assert again[0].month == PARTED - 1
    again[0].advance(MONTHS - PARTED, again[1])
    assert bits(*again) == bits(*whole)


def test_some_levers_do_move_something(before, kept):
    one = with_events(before.resolved, event("us.price_cut", "2024-03", 0.3))
    block, _ = start(rebuild_world(before, one, tables()))
    assert same_months(inputs(block), kept.inputs) == PARTED


def test_the_block_it_was_taken_of_may_go_on(before):
    block, watcher = start(before)
    block.advance(PARTED, watcher)
    held = take(block, watcher)
    block.advance(MONTHS - PARTED, watcher)
    again = start(before)
    assert resume(*again, held) == MONTHS
    again[0].advance(MONTHS - PARTED, again[1])
    assert bits(*again) == bits(block, watcher)


def test_one_with_other_runs_is_no_start(before, kept):
    """Its sums are over runs that do not all count here."""
    block, watcher = start(before)
    watcher.live[2] = 0.0
    assert resume(block, watcher, kept) == 0
    assert block.month == -1


@pytest.mark.parametrize("path", ["frontier.cn.catch_up", "cost.decline"])
def test_parameters_hold_from_the_first_month(before, kept, path):
    quantity = before.resolved.parameters[path]
    other = 0.5 * (quantity.value + quantity.range[1])
    like = rebuild_world(before, with_values(before.resolved, {path: other}), tables())
    block, watcher = start(like)
    assert resume(block, watcher, kept) == 0
    assert block.month == -1
    assert not watcher.share_sum.any()


def test_earlier_than_what_was_kept(before, kept):
    resolved = with_events(before.resolved, event("us.price_cut", "2023-06", 0.3))
    block, watcher = start(rebuild_world(before, resolved, tables()))
    assert resume(block, watcher, kept) == 5
    assert block.month == -1


def test_another_horizon_is_another_block(kept):
    block, _ = start(world(scenario("2023-12")))
    assert same_months(inputs(block), kept.inputs) == 0
