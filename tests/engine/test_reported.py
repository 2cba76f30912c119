"""What tables, outcomes and the page report is summed from what each replicate simulated.

Every quantity that can be drawn is drawn in turn. Amounts are worked out here from the shares and
levels of each lane and from what the lane drew, and compared with what the reductions kept.
"""

import numpy as np
import polars as pl
import pytest
from small_worlds import EIGHT, scenario, tables, with_draws, with_values

from sim.compare import tables as paired_tables
from sim.compare.paired import pair
from sim.draws.setting import make_setting
from sim.ensemble.block import Block, prepare
from sim.ensemble.runner import run_ensemble
from sim.runs.mesa import run_mesa
from sim.runs.tables import tables as made
from sim.web.page_watcher import new_page_watcher
from sim.world.build import build_world
from sim.world.pack import drawable

BASE = scenario("2023-06")
DRAWABLE = sorted(drawable(BASE))
#: What reductions multiply and weigh with, beside shares and levels.
READ = [p for p in DRAWABLE if p.endswith((".potential", ".revocability", ".api_weight"))]
RUNS, SEED = 4, 3


def drawn(path):
    """The scenario with one quantity drawn widely around its centre, or away from 0."""
    value, (low, high) = BASE.quantities[path].value, BASE.quantities[path].range
    size = abs(value) or 0.1 * min(1.0, high - low)
    return with_draws(BASE, {path: ("half_normal" if value == low else "normal", 0.3 * size)})


class Simulated:
    """Lanes of a world in its last month, and the amounts that follow from them."""

    def __init__(self, world, runs=RUNS, seed=SEED):
        self.world, self.setting = world, make_setting(world, seed, tuple(range(runs)))
        block = Block(prepare(world), self.setting)
        for _ in range(world.shape[0]):
            block.step()
        n, lanes = self.setting.numbers, block.lanes
        #: [C, S, L] persons who could use AI
        self.could = world.economies.people[:, None, None] * n.segments.potential
        self.reached = self.could * lanes.adoption
        self.use = self.reached[:, :, None] * lanes.share  # [C, S, O, L]
        self.spend = self.use * lanes.bill
        self.adoption = self.reached.sum(axis=(0, 1)) / self.could.sum(axis=(0, 1))
        self.tokens = (self.use * block.memory.state.offering.tokens[..., :runs]).sum(
            axis=(0, 1, 2)
        )
        self.revocability = n.offerings.revocability

    def exposure(self):
        """[L] use that another state could cut off."""
        foreign = 1.0 - self._own()
        weighed = self.use.sum(axis=1) * foreign[:, :, None] * self.revocability
        return weighed.sum(axis=(0, 1)) / self.use.sum(axis=(0, 1, 2))

    def share(self, bloc):
        """[L] a bloc's share of use; an economy's own service is its home bloc's."""
        weighed = self.use.sum(axis=1) * self._of(bloc)[:, :, None]
        return weighed.sum(axis=(0, 1)) / self.use.sum(axis=(0, 1, 2))

    def _home(self):
        home = self.world.economies.home.copy()
        home[:, 2] = 1.0 - home[:, :2].sum(axis=1)
        return home

    def _of(self, bloc):
        origin, home = self.world.offerings.origin, self._home()
        domestic = origin.sum(axis=1) == 0
        return np.where(domestic, home[:, [bloc]], origin[:, bloc])

    def _own(self):
        return sum(self._of(b) * self._home()[:, [b]] for b in range(3))


def last(totals, name):
    """[L] a named outcome in the last month."""
    names = [outcome.name for outcome in totals.layout.outcomes]
    return totals.outcomes[names.index(name), -1]


def check(found, simulated):
    """Tables and outcomes of an ensemble against the lanes."""
    named = ("world.adoption", "world.exposure", "world.share.us", "world.share.cn")
    outcome = {name: last(found.totals, name) for name in named}
    close = pytest.approx
    assert outcome["world.adoption"] == close(simulated.adoption, rel=1e-9)
    assert outcome["world.exposure"] == close(simulated.exposure(), rel=1e-9, abs=1e-12)
    assert outcome["world.share.us"] == close(simulated.share(0), rel=1e-9, abs=1e-12)
    assert outcome["world.share.cn"] == close(simulated.share(1), rel=1e-9, abs=1e-12)
    table = made(found.totals)
    world = table["world"].filter(group="World")
    end = world["period"].max()
    rows = world.filter(pl.col("offering").is_null(), period=end, segment="all")
    amounts = {row["variable"]: row for row in rows.iter_rows(named=True)}
    users = simulated.use.sum(axis=(0, 1, 2))
    for name, runs in (
        ("users", users),
        ("tokens", simulated.tokens),
        ("spend", simulated.spend.sum(axis=(0, 1, 2))),
    ):
        assert amounts[name]["mean"] == close(runs.mean(), rel=1e-9)
        # levels are binned by quarters of an octave, 19 %
        assert amounts[name]["p50"] == close(np.median(runs), rel=0.25)
    chat = table["channels"].filter(iso3="WLD", channel="consumer_chat", period=end)
    seen = simulated.world.fixed.observe_coverage_china
    home = simulated.world.economies.home[:, 1] > 0
    consumers = simulated.reached[:, 0] * np.where(home, seen, 1.0)[:, None]
    observed = consumers.sum(axis=0) / simulated.could[:, 0].sum(axis=0)
    row = chat.filter(variable="ai_user_share").row(0, named=True)
    assert row["mean"] == close(observed.mean(), rel=1e-9)


@pytest.mark.parametrize("path", DRAWABLE)
def test_the_engine_reports_what_it_simulated(path):
    world = build_world(drawn(path), tables(), order=EIGHT)
    check(run_ensemble(world, RUNS, SEED), Simulated(world))


@pytest.mark.parametrize("path", READ)
def test_both_engines_report_the_same(path):
    world = build_world(drawn(path), tables(), order=EIGHT)
    one, other = run_mesa(world, 2, SEED), run_ensemble(world, 2, SEED)
    assert one.totals.outcomes == pytest.approx(other.totals.outcomes, rel=1e-9, nan_ok=True)
    check(one, Simulated(world, runs=2))


def test_a_comparison_reports_what_each_arm_simulated():
    base = drawn("segments.consumers.potential")
    other = with_values(base, {"us.price_cut": 0.5})
    paired = pair(base, [other], RUNS, SEED, order=EIGHT)
    arms = [Simulated(build_world(one, tables(), order=EIGHT)) for one in (base, other)]
    adoption = paired.axes.outcomes.index("world.adoption")
    for outcomes, arm in zip(paired.outcomes, arms, strict=True):
        assert outcomes[adoption, -1] == pytest.approx(arm.adoption, rel=1e-9)
    path = paired_tables.paths(paired).filter(group="World", segment="all", variable="adoption")
    row = path.filter(period=path["period"].max()).row(0, named=True)
    assert row["base"] == pytest.approx(arms[0].adoption.mean(), rel=1e-9)
    assert row["alternative"] == pytest.approx(arms[1].adoption.mean(), rel=1e-9)
    c = arms[0].world.iso3.index("BRA")
    here = arms[0].reached[c].sum(axis=0) / arms[0].could[c].sum(axis=0)
    economy = paired_tables.economies(paired).filter(iso3="BRA", variable="adoption")
    row = economy.filter(period=economy["period"].max()).row(0, named=True)
    assert row["base"] == pytest.approx(here.mean(), rel=1e-9)
    moved = paired_tables.switching(paired).filter(group="World")
    moved = moved.filter(period=moved["period"].max())
    everyone = arms[0].could.sum(axis=(0, 1)).mean()
    assert moved["users"].sum() == pytest.approx(everyone, rel=1e-9)
    using = moved.filter(pl.col("base_offering") != "none")["users"].sum()
    assert using == pytest.approx(arms[0].reached.sum(axis=(0, 1)).mean(), rel=1e-9)


def test_what_a_waiting_person_sees_is_what_was_simulated():
    world = build_world(drawn("segments.consumers.potential"), tables(), order=EIGHT)
    simulated = Simulated(world)
    block = Block(prepare(world), simulated.setting)
    months, C, S, O = world.shape  # noqa: E741 - the model's notation
    live = np.ones(RUNS, dtype=bool)
    seen = new_page_watcher((months - 1,), months, np.ones((1, C)), S, O, live)
    block.advance(months, seen)
    by_offering = simulated.use.sum(axis=(0, 1))
    assert seen.users[0, 0, :, :RUNS] == pytest.approx(by_offering, rel=1e-9)
    by_segment = simulated.use.sum(axis=0)
    assert seen.segments[0, :, :, :RUNS] == pytest.approx(by_segment, rel=1e-9)


def test_users_follow_the_draw():
    """The reported case: three replicates that simulated 756, 869 and 823 million users."""
    wide = with_draws(
        with_values(BASE, {"segments.consumers.potential": 0.7}),
        {"segments.consumers.potential": ("lognormal", 0.2)},
    )
    world = build_world(wide, tables(), order=EIGHT)
    simulated = Simulated(world)
    potential = simulated.setting.numbers.segments.potential[0]
    assert potential.std() > 0.05
    table = made(run_ensemble(world, RUNS, SEED).totals)["world"]
    users = table.filter(
        pl.col("offering").is_null(), group="World", segment="consumers", variable="users"
    )
    row = users.filter(period=users["period"].max()).row(0, named=True)
    runs = simulated.use[:, 0].sum(axis=(0, 1))
    assert row["mean"] == pytest.approx(runs.mean(), rel=1e-9)
    assert row["p05"] == pytest.approx(np.quantile(runs, 0.05), rel=0.1)
    assert row["p95"] == pytest.approx(np.quantile(runs, 0.95), rel=0.1)
