"""Work on blocks: its order, its end, and runs that break."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from small_worlds import scenario, world

from sim.draws.setting import make_setting
from sim.ensemble.block import Block, prepare
from sim.ensemble.job import MONTHS, Control, PerThread, advance, run_blocks, run_until_sound
from sim.errors import Cancelled
from sim.model.watch import Nobody

PATIENCE_S = 20.0


def until_called_off(control):
    end = time.monotonic() + PATIENCE_S
    with pytest.raises(Cancelled):  # noqa: PT012 - asked again and again
        while time.monotonic() < end:
            control.check()


def test_results_come_in_the_order_of_the_parts():
    def work(part):
        time.sleep(0.02 if part % 3 == 0 else 0.0)
        return part

    found = []
    run_blocks(work, range(20), found.append, Control(3))
    run_blocks(work, [], found.append, Control(3))
    assert found == list(range(20))


def test_no_more_parts_are_begun_than_workers_and_one_that_waits():
    begun, taken = [], []

    def take(_):
        time.sleep(0.02)
        taken.append(len(begun) - len(taken))

    run_blocks(begun.append, range(20), take, Control(2))
    assert len(begun) == 20
    assert max(taken) <= 3


def test_whoever_takes_the_results_may_fail_too():
    threads, ended = [], []
    control = Control(2)

    def work(part):
        threads.append(threading.current_thread())
        if part:
            until_called_off(control)
            ended.append(part)

    def take(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_blocks(work, range(9), take, control)
    assert set(ended) <= {1, 2}
    assert not any(thread.is_alive() for thread in threads)


def test_the_others_end_after_an_error_and_other_jobs_go_on():
    stop, ended, threads = threading.Event(), [], ThreadPoolExecutor(2)
    control = Control(2, stop=stop)

    def work(part):
        if part == 0:
            raise ZeroDivisionError
        until_called_off(control)
        ended.append(part)

    with pytest.raises(ZeroDivisionError):
        run_blocks(work, range(9), ended.append, control, threads)
    assert set(ended) <= {1, 2}
    assert not stop.is_set()
    assert threads.submit(lambda: 3).result(PATIENCE_S) == 3
    threads.shutdown()


def test_whoever_waits_is_not_kept_waiting_when_it_is_called_off():
    stop, threads, release = threading.Event(), ThreadPoolExecutor(1), threading.Event()
    threads.submit(release.wait)
    threading.Timer(0.1, stop.set).start()
    with pytest.raises(Cancelled):
        run_blocks(int, range(3), print, Control(1, stop=stop), threads)
    release.set()
    threads.shutdown()


def test_every_thread_has_its_own():
    own, meet = PerThread(list), threading.Barrier(2, timeout=PATIENCE_S)

    def work(part):
        meet.wait()
        own.mine().append(part)

    run_blocks(work, range(8), print, Control(2))
    assert sorted(part for mine in own.all for part in mine) == list(range(8))
    assert len(own.all) == 2


def test_a_block_is_called_off_between_two_years():
    like = world(scenario("2025-12"))
    block = Block(prepare(like), make_setting(like, 1, (0, 1)))
    stop, rests = threading.Event(), []

    def pause():
        rests.append(block.month)
        if len(rests) == 2:
            stop.set()

    with pytest.raises(Cancelled):
        advance(block, 36, Nobody(False), Control(stop=stop, pause=pause), np.ones(2, bool))
    assert rests == [-1, MONTHS - 1]
    assert block.month == MONTHS - 1


def test_a_run_that_breaks_is_left_out_and_named():
    like = world(scenario("2024-12"))
    setting = make_setting(like, 1, (5, 6, 7))
    setting.numbers.supply.shock[15, :, 1] = np.nan
    tried = []

    def attempt(live):
        tried.append(live.tolist())
        block = Block(prepare(like), setting)
        advance(block, 24, Nobody(False), Control(), live)
        return block.month

    found = run_until_sound(np.ones(3, bool), attempt)
    assert tried == [[True, True, True], [True, False, True]]
    assert found.live.tolist() == [True, False, True]
    assert [(f.replicate, f.iso3, f.equation) for f in found.failures] == [(6, "WLD", "frontier")]
    assert found.result == 23
