"""What judges the engine sees: each formula, each number, each draw and the order of a month."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import oracle
import pytest
from busy_world import NINE, busy
from judged import TOLERANCE, engine, judge
from oracle import formulas
from oracle.economy import Economy
from oracle.formulas import Formulas
from oracle.world import Oracle
from small_worlds import tables

from sim.draws.setting import make_setting
from sim.equations import (
    access,
    adoption,
    awareness,
    choice,
    cost,
    feedback,
    frontier,
    history,
    network,
    sovereignty,
    tasks,
)
from sim.world.build import build_world
from sim.world.parameters import OfferingParams, Params, SegmentParams, TaskParams

SOURCE = "\n".join(path.read_text() for path in sorted(Path(oracle.__path__[0]).glob("*.py")))
CALLS = sorted(set(re.findall(r"(?<![\w.])([a-z]+)\.([a-z_]+)\(", SOURCE)))
FORMULAS = [call for call in CALLS if isinstance(getattr(formulas, call[0], None), Formulas)]
FIELDS = [
    *(("params", name) for name in Params.names),
    *(("segments", name) for name in SegmentParams.names),
    *(("offerings", name) for name in OfferingParams.names),
    *(("tasks", name) for name in TaskParams.names),
]
IMITATIVE = {"imitated", "choice_entry"}  # read where choice follows the replicator rule
#: Only ratios of these matter: a factor on all of them is no change.
RATIOS = {("tasks", "weight"), ("choice", "nest_factor")}
#: Instruments: only observation channels read them.
UNREAD = {"observe_aggregator_selection", "observe_visits_per_user", "observe_curiosity"}


@cache
def course(name=""):
    """(setting of lane 0, what the engine shows of it) where every mechanism is at work."""
    rule = "replicator" if name in IMITATIVE else "nested_logit"
    structure = busy().structure.model_copy(update={"choice": rule})
    resolved = busy().model_copy(update={"structure": structure})
    world = build_world(resolved, tables(), order=NINE)
    return make_setting(world, 3, (0,)), [lanes[0] for lanes in engine(world, 3)]


def is_seen(setting, months):
    """Whether the oracle with this setting parts from what the engine showed."""
    model = Oracle(setting)
    for found in months:
        model.step()
        if judge(found, model)[0] > TOLERANCE:
            return True
    return False


@pytest.mark.parametrize("name", ["", "imitated"])
def test_nothing_is_seen_where_nothing_is_changed(name):
    assert not is_seen(*course(name))


def test_all_formulas_of_the_month_are_found():
    months = (
        access,
        adoption,
        awareness,
        choice,
        cost,
        feedback,
        frontier,
        history,
        network,
        sovereignty,
        tasks,
    )
    held = {
        (module.__name__.rpartition(".")[2], name)
        for module in months
        for name, found in vars(module).items()
        if hasattr(found, "py_func") and found.__module__ == module.__name__
    }
    assert held - {("access", "log_reach")} == set(FORMULAS) - {("observe", "lag")}


@pytest.mark.parametrize(("module", "name"), FORMULAS)
def test_a_changed_formula_is_seen(monkeypatch, module, name):
    home = getattr(formulas, module)
    right, power = getattr(home, name), 1.001 if (module, name) in RATIOS else 1.0
    monkeypatch.setattr(home, name, lambda *numbers: right(*numbers) ** power * 1.001)
    assert is_seen(*course(name))


@pytest.mark.parametrize(("part", "name"), FIELDS)
def test_a_changed_number_is_seen(part, name):
    setting, months = course(name)
    numbers = getattr(setting.numbers, part)
    factor = 3.0 if name.startswith("release_interval") else 1.001  # a release is, or is not
    changed = numbers.replaced(**{name: numbers[name] * factor + 1e-5})
    moved = replace(setting, numbers=setting.numbers._replace(**{part: changed}))
    assert is_seen(moved, months) == (name not in UNREAD)


@pytest.mark.parametrize("name", ["constants", "taste", "adoption", "growth", "sizes"])
def test_changed_draws_of_economies_are_seen(name):
    setting, months = course()
    numbers = setting.numbers._replace(**{name: getattr(setting.numbers, name) + 1e-5})
    assert is_seen(replace(setting, numbers=numbers), months)


@pytest.mark.parametrize("name", ["shock", "release", "size", "opened", "buzz", "mood", "regional"])
def test_changed_draws_of_supply_are_seen(name):
    setting, months = course()
    drawn = getattr(setting.numbers.supply, name)
    supply = setting.numbers.supply._replace(**{name: drawn + 1.0})
    assert is_seen(replace(setting, numbers=setting.numbers._replace(supply=supply)), months)


STEPS = (
    "look_around",
    "see_costs",
    "see_prices",
    "hear",
    "remember",
    "see_offers",
    "choose",
    "adopt",
    "renew",
    "build",
    "drift_along",
)


def swapped(first, second):
    """An economy that does two parts of its month the other way round."""

    def step(self):
        steps = [*STEPS]
        one, other = steps.index(first), steps.index(second)
        steps[one], steps[other] = steps[other], steps[one]
        for name in steps:
            getattr(self, name)()

    return step


def see_this_month(self):
    """Partners' use as it becomes, one economy after the other, not as it was."""
    self.model.per_person[self.index] = self.users.sum(axis=0) / self.people
    self.model.exposure = self.model.network @ self.model.per_person


SWAPS = (
    ("hear", "choose"),
    ("remember", "build"),
    ("see_costs", "build"),
    ("choose", "adopt"),
    ("adopt", "build"),
    ("renew", "build"),
)


@pytest.mark.parametrize("swap", SWAPS)
def test_another_order_is_seen(monkeypatch, swap):
    setting, months = course()
    model = Oracle(setting)
    model.step()  # what a first month leaves behind serves parts that come too early
    monkeypatch.setattr(Economy, "step", swapped(*swap))
    worst = 0.0
    for found in months[1:]:
        model.step()
        worst = max(worst, judge(found, model)[0])
    assert worst > TOLERANCE


def test_use_of_this_month_instead_of_the_last_is_seen(monkeypatch):
    drift_along = Economy.drift_along
    monkeypatch.setattr(
        Economy, "drift_along", lambda self: (drift_along(self), see_this_month(self))
    )
    assert is_seen(*course())


def test_what_is_kept_too_long_is_seen():
    """The oracle appraises anew every month; what is kept in between must come to the same."""
    world = build_world(busy(), tables(), order=NINE)
    kept = replace(world, refresh=world.refresh & (np.arange(world.shape[0]) == 0)[:, None])
    assert world.refresh[1:].any()
    assert is_seen(make_setting(world, 3, (0,)), [lanes[0] for lanes in engine(kept, 3)])
