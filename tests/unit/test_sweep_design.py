"""Designs: where points lie, what seeds and the order of a file may change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy import stats

from sim.sweep.design import design_points, design_rows, design_table
from sim.sweep.distributions import value_at
from sim.sweep.schema import SweepFile, Uncertainty

A, B, C = "frontier.cn.pace", "frontier.us.pace", "frontier.other.pace"


def sweep(**parts):
    return SweepFile.model_validate({"schema_version": 1, "scenarios": ["baseline"], **parts})


def drawn(method, points, seed=1, **parts):
    both = {A: {"uniform": [0.0, 1.0]}, B: {"normal": [2.0, 0.5]}}
    return sweep(
        uncertainties=both, design={"method": method, "points": points, "seed": seed}, **parts
    )


def test_grid_is_every_combination():
    paths, rows = design_rows(
        sweep(
            uncertainties={B: {"values": [3, 4]}, A: {"values": [1, 2]}}, design={"method": "grid"}
        )
    )
    assert paths == (A, B)
    assert rows.tolist() == [[1, 3], [1, 4], [2, 3], [2, 4]]


def test_list_takes_values_side_by_side():
    _, rows = design_rows(sweep(uncertainties={A: {"values": [1, 2]}, B: {"values": [3, 4]}}))
    assert rows.tolist() == [[1, 3], [2, 4]]


def test_without_uncertainties_a_scenario_is_one_point():
    points = design_points(sweep(), 3)
    assert [(p.number, p.arm, p.values) for p in points] == [(0, 0, {}), (1, 1, {}), (2, 2, {})]


@pytest.mark.parametrize("method", ["lhs", "sobol", "monte-carlo"])
def test_the_seed_alone_decides(method):
    one, again = design_rows(drawn(method, 16))[1], design_rows(drawn(method, 16))[1]
    other = design_rows(drawn(method, 16, seed=2))[1]
    assert one.tobytes() == again.tobytes()
    assert not np.any(one == other)


def test_latin_hypercube_fills_every_stratum():
    _, rows = design_rows(drawn("lhs", 20))
    assert sorted((rows[:, 0] * 20).astype(int)) == list(range(20))


def test_sobol_balances_halves():
    _, rows = design_rows(drawn("sobol", 64))
    assert np.sum(rows[:, 0] < 0.5) == 32
    assert np.sum(rows[:, 1] < 2.0) == 32


def test_the_order_in_the_file_does_not_matter():
    both = {A: {"uniform": [0.0, 1.0]}, B: {"normal": [2.0, 0.5]}}
    design = {"method": "sobol", "points": 8}
    one = design_points(sweep(uncertainties=both, design=design), 2)
    turned = dict(reversed(both.items()))
    assert one == design_points(sweep(uncertainties=turned, design=design), 2)


@pytest.mark.parametrize("rank", [-0.8, 0.3, 0.9])
def test_rank_correlation_is_what_was_asked(rank):
    file = drawn("lhs", 4000, correlations=[{"between": [A, B], "rank": rank}])
    _, rows = design_rows(file)
    found = stats.spearmanr(rows[:, 0], rows[:, 1]).statistic
    assert found == pytest.approx(rank, abs=0.03)


def test_contradicting_correlations_are_refused():
    three = {path: {"uniform": [0, 1]} for path in (A, B, C)}
    pairs = [(A, B, 0.9), (B, C, 0.9), (A, C, -0.9)]
    file = sweep(
        uncertainties=three, design={"method": "lhs", "points": 4},
        correlations=[{"between": [a, b], "rank": r} for a, b, r in pairs],
    )  # fmt: skip
    with pytest.raises(np.linalg.LinAlgError):
        design_rows(file)


@pytest.mark.parametrize(
    ("kind", "reference"),
    [
        ({"uniform": [2, 5]}, stats.uniform(2, 3)),
        ({"triangular": [1, 2, 5]}, stats.triang(0.25, 1, 4)),
        ({"triangular": [1, 1, 5]}, stats.triang(0.0, 1, 4)),
        ({"triangular": [1, 5, 5]}, stats.triang(1.0, 1, 4)),
        ({"normal": [3, 0.5]}, stats.norm(3, 0.5)),
        ({"lognormal": [3, 0.5]}, stats.lognorm(0.5, scale=3)),
    ],
)
def test_quantile_functions(kind, reference):
    u = np.linspace(0.001, 0.999, 97)
    assert value_at(Uncertainty(**kind), u) == pytest.approx(reference.ppf(u), rel=1e-9)


@given(st.floats(0, 1))
def test_values_stay_finite_and_inside(u):
    at = np.array([u])
    assert value_at(Uncertainty(uniform=(2, 5)), at)[0] == pytest.approx(3.5, abs=1.5 + 1e-9)
    assert 1 <= value_at(Uncertainty(triangular=(1, 2, 5)), at)[0] <= 5
    assert np.isfinite(value_at(Uncertainty(normal=(0, 1)), at)[0])
    assert np.isfinite(value_at(Uncertainty(lognormal=(1, 1)), at)[0])
    assert value_at(Uncertainty(values=(7, 8, 9)), at)[0] in (7, 8, 9)


def test_table_has_a_row_a_point():
    points = design_points(sweep(uncertainties={A: {"values": [1, 2]}}), 2)
    table = design_table(points, [("baseline", "none"), ("tight", "none")])
    assert table.columns == ["point", "scenario", "policy", A]
    assert table["point"].to_list() == [0, 1, 2, 3]
    assert table["scenario"].to_list() == ["baseline", "baseline", "tight", "tight"]
    assert table[A].to_list() == [1.0, 2.0, 1.0, 2.0]


@pytest.mark.parametrize(
    "parts",
    [
        {"design": {"method": "lhs"}},
        {"design": {"method": "grid", "points": 4}},
        {"uncertainties": {A: {}}},
        {"uncertainties": {A: {"lognormal": [0, 1]}}},
        {"uncertainties": {A: {"triangular": [1, 0, 2]}}},
        {"replicates": 0},
        {"stop": {"outcome": "world.adoption", "half_width": 0.1, "at": [128]}},
    ],
)
def test_unsound_files_are_refused(parts):
    with pytest.raises(ValidationError):
        sweep(**parts)
