"""Shapley values: textbook games, exact sums, groups of changes, and the worlds between two."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import compare
from sim.compare.attribution import EXACT, on_one_grid, shapley, worlds
from sim.compare.attribution_groups import by_namespace, groups_of
from sim.compare.specs import read_arms
from sim.scenario import load
from sim.scenario.alter import without_offering

SHORT = ["horizon.end=2023-12"]


def game(seed: int, count: int):
    """A game with random values of every set, over three replicates."""

    def value(chosen):
        return np.random.default_rng([seed, sum(1 << i for i in chosen)]).normal(size=3)

    return value


def test_gloves():
    # Two left gloves and one right one: a pair is worth 1 (Shapley values 1/6, 1/6, 4/6).
    def value(chosen):
        return np.array([float(2 in chosen and bool({0, 1} & chosen))])

    parts, said = shapley(3, value)
    assert parts[:, 0] == pytest.approx([1 / 6, 1 / 6, 4 / 6])
    assert said == ""


def all_orders(count, value):
    """Shapley values by their definition, over every order."""
    orders = list(permutations(range(count)))
    parts = [np.zeros_like(value(frozenset())) for _ in range(count)]
    for order in orders:
        for k, i in enumerate(order):
            before = frozenset(order[:k])
            parts[i] += (value(before | {i}) - value(before)) / len(orders)
    return np.stack(parts)


def test_exact_values_are_means_over_all_orders():
    value = game(4, 5)
    assert shapley(5, value)[0] == pytest.approx(all_orders(5, value), abs=1e-12)


def test_who_changes_nothing_gets_exactly_nothing():
    value = game(5, 4)
    parts, _ = shapley(5, lambda chosen: value(frozenset(chosen) - {3}))
    assert not np.any(parts[3].view(np.int64))
    assert parts[[0, 1, 2, 4]].all()


def test_beyond_the_limit_orders_are_sampled_and_said():
    count = EXACT + 1
    weights = np.arange(1.0, count + 1)

    def value(chosen):
        return np.array([sum(weights[i] for i in chosen) + 0.5 * ({0, 1} <= set(chosen))])

    parts, said = shapley(count, value, seed=3)
    assert "sampled orders" in said
    assert parts.sum() == pytest.approx(weights.sum() + 0.5)
    assert parts[2:, 0] == pytest.approx(weights[2:])
    assert parts[0, 0] == pytest.approx(1.25)  # reversed orders halve the shared part exactly
    assert np.array_equal(parts, shapley(count, value, seed=3)[0])


#: The grid on which parts lie is not finer than 2**-1000; smaller effects would vanish in it.
PART = st.floats(-1e9, 1e9, allow_subnormal=False).filter(lambda x: x == 0.0 or abs(x) > 1e-200)


@settings(max_examples=200, deadline=None)
@given(
    parts=st.lists(PART, min_size=1, max_size=12),
    seed=st.integers(0, 99),
)
def test_parts_sum_to_the_total_in_any_order(parts, seed):
    rounded, total = on_one_grid(np.array(parts)[:, None])
    shuffled = np.random.default_rng(seed).permutation(rounded[:, 0])
    assert sum(float(x) for x in shuffled) == math.fsum(shuffled) == total[0]
    assert rounded[:, 0] == pytest.approx(parts, rel=1e-9, abs=1e-12 * max(map(abs, parts)))


def policy(folder, name, lever, to, on="2023-06"):
    path = folder / f"{name}.yaml"
    path.write_text(
        f"schema_version: 1\nkind: policy\nname: {name}\nevents:\n"
        f"  - {{on: {on}, lever: {lever}, to: {to}, confidence: assumed}}\n",
        "utf-8",
    )
    return str(path)


def test_parts_of_a_comparison(tmp_path):
    cut = policy(tmp_path, "cut", "us.price_cut", 0.5)
    late = policy(tmp_path, "late", "us.chip_controls.tightness", 0.1, on="2023-09")
    laid = {"policies": [cut, late], "sets": ["buzz.cn=0.3"], "everywhere": SHORT}
    found = compare("baseline", replicates=8, attribute=True, **laid)
    parts, whole = found.tables["attribution"], found.tables["differences"]
    assert parts["group"].unique(maintain_order=True).to_list() == [cut, late, "buzz.cn=0.3"]
    assert parts["outcome"].n_unique() == whole["outcome"].n_unique()
    sums = parts.group_by("outcome", "period").agg(
        pl.col("part").sum().alias("sum"), pl.col("total").first(), pl.len()
    )
    assert sums.filter(pl.col("sum") != pl.col("total")).is_empty()
    assert set(sums["len"]) == {3}
    both = sums.join(whole, on=["outcome", "period"]).drop_nulls("difference")
    assert len(both) == len(whole.drop_nulls("difference"))
    assert both["total"].to_numpy() == pytest.approx(both["difference"].to_numpy(), rel=1e-9)
    june = parts.filter(pl.col("period").dt.month() == 6, pl.col("group") == late)
    assert not np.any(june["part"].drop_nulls().to_numpy())
    moved = parts.filter(pl.col("outcome") == "world.share.us_closed", pl.col("group") == cut)
    assert (moved["low"] > 0).all()
    assert any("6 further worlds" in fact for fact in found.facts)
    assert worlds(found.arms) == 6
    assert "What the differences are made of" in found.summary()


def test_an_empty_diff_has_no_parts():
    found = compare("baseline", "baseline", replicates=2, attribute=True, everywhere=SHORT)
    assert found.tables["attribution"].is_empty()
    assert any("no parts" in fact for fact in found.facts)


def test_a_file_is_split_by_the_first_word_of_what_it_changes():
    base, other = load("baseline"), load("open-gambit")
    groups = groups_of(*read_arms("baseline", ["open-gambit"]))
    assert "us" in groups.names
    assert "affinity" in groups.names
    assert len(groups.names) == len(set(groups.names))
    everything = frozenset(range(len(groups.names)))
    assert groups.world(frozenset()).hash == base.hash
    assert groups.world(everything).hash == other.hash
    only = groups.world(frozenset({groups.names.index("us")}))
    changed = {e.lever for e in only.events} ^ {e.lever for e in base.events}
    assert all(lever.startswith("us.") for lever in changed)
    assert only.hash not in (base.hash, other.hash)


def test_offerings_and_segments_change_together_when_one_is_added():
    base = load("baseline")
    other = without_offering(base, "other_open")
    groups = by_namespace(base, other)
    assert groups.names == ("offerings and segments",)
    assert groups.world(frozenset({0})) == other
    assert groups.world(frozenset()) == base
