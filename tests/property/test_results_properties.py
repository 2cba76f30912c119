"""Properties of the reductions that hold for any input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numba import njit
from results_case import Case, frames_of

from sim.lanes.packs import WIDTH
from sim.record.bins import signed_edges, unit_edges, unit_table
from sim.record.cells import Book, Cells, add_signed, add_units, new_row
from sim.record.codelist import ECONOMY_BINS, QUANTILES, SIGNED_BINS
from sim.record.quantiles import cell_quantiles
from sim.record.spheres import structure
from sim.record.switching import allocate


def empty(bins):
    return Cells(
        np.zeros(1),
        np.full(1, np.inf),
        np.full(1, -np.inf),
        np.zeros(1, np.int32),
        np.zeros(bins, np.uint16),
    )


def book_of(cells):
    return Book(cells, np.zeros((1, 3), np.int64), new_row())


def quantiles(cells, edges):
    return cell_quantiles(cells._replace(hist=cells.hist[None]), edges)


@njit
def record(values, mask, table, book, bins, count):
    add_units(values, 1, mask, table, (0, 0, bins), book, count)


@njit
def record_signed(values, mask, book):
    add_signed(values, 0, mask, (0, 0, SIGNED_BINS), book, 1)


def as_pack(values):
    """A row of runs, and a mask of those that count; the others hold what may not be looked at."""
    row, mask = np.full((1, WIDTH), np.nan), np.zeros(WIDTH)
    row[0, : len(values)], mask[: len(values)] = values, 1.0
    return row, mask


def recorded(values, bins):
    cells, (row, mask) = empty(bins), as_pack(values)
    record(row, mask, unit_table(bins), book_of(cells), bins, 1)
    return cells


fractions = arrays(np.float64, st.integers(1, WIDTH), elements=st.floats(0, 1))
numbers = arrays(np.float64, st.integers(1, WIDTH), elements=st.floats(-1e4, 1e4))


def widest(edges, low, high):
    """The widest bin that touches [low, high]."""
    widths = np.diff(edges)
    touched = (edges[1:] >= low) & (edges[:-1] <= high)
    return widths[touched].max(initial=0.0)


@settings(deadline=None, max_examples=60)
@given(fractions)
def test_quantiles_of_fractions_are_within_a_bin(values):
    cells = recorded(values, ECONOMY_BINS)
    found = quantiles(cells, unit_edges(ECONOMY_BINS))[:, 0]
    assert cells.low[0] == values.min()
    assert cells.high[0] == values.max()
    assert cells.hist.sum() == cells.hits[0] == len(values)
    np.testing.assert_allclose(cells.total[0], values.sum(), rtol=1e-14)
    bound = widest(unit_edges(ECONOMY_BINS), values.min(), values.max())
    np.testing.assert_allclose(found, np.quantile(values, QUANTILES), atol=bound + 1e-12)


@settings(deadline=None, max_examples=60)
@given(numbers)
def test_quantiles_of_indicators_are_within_a_bin(values):
    cells, (row, mask) = empty(SIGNED_BINS), as_pack(values)
    record_signed(row, mask, book_of(cells))
    found = quantiles(cells, signed_edges())[:, 0]
    bound = np.abs(values).max() / 32 + 2.0**-7
    np.testing.assert_allclose(found, np.quantile(values, QUANTILES), atol=bound)


@settings(deadline=None, max_examples=40)
@given(fractions)
def test_equal_runs_are_exact(values):
    values[:] = values[0]
    cells = recorded(values, ECONOMY_BINS)
    assert (quantiles(cells, unit_edges(ECONOMY_BINS)) == values[0]).all()


@pytest.mark.parametrize(("workers", "order"), [(2, None), (3, [2, 0, 1]), (1, [1, 2, 0])])
def test_tables_do_not_depend_on_workers_or_order(workers, order):
    case = Case(runs=12, lanes=4, seed=2)
    alone = frames_of(case)
    for name, frame in frames_of(case, workers=workers, order=order).items():
        assert frame.equals(alone[name]), name


@settings(deadline=None, max_examples=40)
@given(arrays(np.float64, (4, 4), elements=st.floats(0.01, 1e6)))
def test_switching_keeps_its_margins(matrix):
    np.fill_diagonal(matrix, 0.0)
    left, joined = matrix.sum(axis=1), matrix.sum(axis=0)
    found = allocate(left, joined, rounds=20_000)
    assert (found.diagonal() == 0).all()
    np.testing.assert_allclose(found.sum(axis=1), left, rtol=1e-3, atol=1e-6 * left.sum())
    np.testing.assert_allclose(found.sum(axis=0), joined, rtol=1e-3, atol=1e-6 * left.sum())


def test_modularity_is_zero_on_average_over_relabellings():
    rng = np.random.default_rng(0)
    C = 6
    links = rng.random((C, C))
    links = links + links.T
    np.fill_diagonal(links, 0)
    links /= links.sum()
    labels = np.array([0, 0, 0, 1, 1, 3])
    from itertools import permutations

    every = np.array([labels[list(order)] for order in permutations(range(C))]).T
    found = np.zeros((3, every.shape[1]))
    structure(np.ascontiguousarray(every), links, links.sum(axis=1), found)
    assert abs(found[0].mean()) < 1e-12
    exact = sum(
        links[i, j] - links[i].sum() * links[j].sum()
        for i in range(C)
        for j in range(C)
        if labels[i] == labels[j]
    )
    square = (links.sum(axis=1) ** 2).sum()
    p = (3 * 2 + 2 * 1) / (C * (C - 1))
    assert found[0, 0] == pytest.approx(exact + square * (1 - p), rel=1e-12)
