"""Whoever asks the page for a scenario gets an answer, whatever others ask for meanwhile."""

from __future__ import annotations

import random
import threading
import time

import numpy as np
import pytest

from sim.errors import Cancelled
from sim.runs.run import run
from sim.web import view_data
from sim.web.app import RunRequest, _run
from sim.web.ensembles import Ensembles, Limits
from sim.web.selection import Selection, Upload, View, resolve

SHORT = "schema_version: 1\nname: short\nextends: baseline\nhorizon: {end: 2023-03}\n"
SELECTION = Selection(upload=Upload(name="short.yaml", text=SHORT))
RUNS = 240
PATIENCE_S = 60.0
VIEWS = (View(), View(segment="developers"), View(group="region:Africa"), View(measure="spend"))


class Client:
    """One request of a tab, on a thread as the server gives it one."""

    def __init__(self, ensembles: Ensembles, view: View) -> None:
        self.stop, self.said, self.error = threading.Event(), [], None
        self.thread = threading.Thread(target=self._ask, args=(ensembles, view), daemon=True)
        self.thread.start()

    def _ask(self, ensembles: Ensembles, view: View) -> None:
        try:
            _run(ensembles, RunRequest(selection=SELECTION, view=view), self.stop, self.said.append)
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            self.error = error

    def wait_for(self, runs: int) -> None:
        """Until so many runs were told of, or the request is over."""
        end = time.monotonic() + PATIENCE_S
        while self.thread.is_alive() and self.told() < runs:
            assert time.monotonic() < end, f"told of {self.told()} runs and no more"
            time.sleep(0.002)

    def told(self) -> int:
        return max((m.get("runs", m.get("done", 0)) for m in list(self.said)), default=0)

    def end(self) -> None:
        """It ended, by itself or called off."""
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive(), f"hangs at {self.told()} runs"
        if self.stop.is_set() and isinstance(self.error, Cancelled):
            return
        assert self.error is None, repr(self.error)
        assert self.said[-1] == {"kind": "end"}
        assert self.told() == RUNS


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """The model is compiled before anybody's patience is measured."""
    found = Ensembles(Limits(replicates=RUNS))
    found.first(found.runs_of(resolve(SELECTION)), threading.Event())
    found.close()


@pytest.fixture
def ensembles():
    found = Ensembles(Limits(replicates=RUNS))
    yield found
    assert (found.running, found.hurried) == (0, 0), "something is still held"
    found.close()


def refined_to(ensembles: Ensembles, runs: int) -> None:
    """A tab that was left when it had got so far."""
    left = Client(ensembles, View())
    left.wait_for(runs)
    left.stop.set()
    left.end()


@pytest.mark.parametrize("runs", [16, 32, 96, 200])
def test_a_scenario_that_was_left_half_way_is_filled_when_it_is_asked_for_again(ensembles, runs):
    refined_to(ensembles, runs)
    again = Client(ensembles, View())
    again.end()
    stages = [m["runs"] for m in again.said if m["kind"] == "stage"]
    assert stages[0] >= runs, "what there is comes at once"
    assert stages[-1] == RUNS


def test_a_second_tab_looks_on_and_goes_on_where_the_first_is_closed(ensembles):
    first = Client(ensembles, View())
    first.wait_for(96)
    second = Client(ensembles, View(segment="developers"))
    second.wait_for(96)
    first.stop.set()
    first.end()
    second.end()


def test_two_tabs_at_once_share_the_work(ensembles):
    tabs = [Client(ensembles, view) for view in VIEWS]
    for tab in tabs:
        tab.end()
    (runs,) = ensembles.scenarios.values()
    assert len(runs.blocks) == RUNS // 16, "no block was run twice"


def test_what_others_ran_meanwhile_is_given_too(ensembles):
    """A request that was drawing at 200 runs when another one finished must still show the end."""
    Client(ensembles, View()).end()
    (runs,) = ensembles.scenarios.values()
    stages = ensembles.further(runs, 200, threading.Event(), lambda n: None)
    assert list(stages) == [RUNS]


def test_refining_in_a_hurry_is_an_error_and_no_standstill(ensembles):
    refined_to(ensembles, 32)
    (runs,) = ensembles.scenarios.values()
    with ensembles.in_a_hurry(), pytest.raises(RuntimeError, match="wait for itself"):
        next(ensembles.further(runs, 32, threading.Event(), lambda n: None))


def test_what_is_shown_is_one_state_of_the_runs(ensembles):
    """A view is made of several fields; runs that come meanwhile must not be in half of them."""
    refined_to(ensembles, 32)
    (runs,) = ensembles.scenarios.values()
    now = runs.so_far()
    before = now.done, now.share_sum.copy(), view_data.stage(now, View())
    Client(ensembles, View()).end()
    assert runs.done == RUNS > now.done
    assert before[0] == now.done
    np.testing.assert_array_equal(before[1], now.share_sum)
    assert before[2] == view_data.stage(now, View())


@pytest.mark.slow
def test_no_order_of_requests_and_departures_blocks():
    """A hundred sequences; all ask for one scenario while it is refined."""
    resolved_numbers = None
    for seed in range(100):
        luck = random.Random(seed)
        ensembles = Ensembles(Limits(replicates=RUNS, ensembles=12))
        tabs = []
        for _ in range(luck.randint(2, 6)):
            tabs.append(Client(ensembles, luck.choice(VIEWS)))
            step = luck.random()
            if step < 0.5:
                tabs[-1].wait_for(luck.choice((16, 32, 64, 128, 200)))
            if step < 0.7:
                luck.choice(tabs).stop.set()
        last = Client(ensembles, View())
        for tab in luck.sample(tabs, luck.randint(0, len(tabs))):
            tab.stop.set()
        for tab in (*tabs, last):
            tab.end()
        assert (ensembles.running, ensembles.hurried) == (0, 0), f"sequence {seed}"
        (runs,) = ensembles.scenarios.values()
        numbers = view_data.headline(runs)
        resolved_numbers = resolved_numbers or numbers
        assert numbers == resolved_numbers, f"sequence {seed}: order changes the numbers"
        ensembles.close()
    table = run(runs.world.resolved, RUNS, 1).tables["outcomes"]
    wanted = table.filter(outcome="world.adoption").sort("period", "replicate")["value"].tail(RUNS)
    np.testing.assert_allclose(numbers["runs"]["world.adoption"], wanted, rtol=2e-6)
