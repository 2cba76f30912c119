"""The trade network: row-normalised exposure to partners' use, and its rivals.

W[c, j] is the weight of partner j in what economy c sees: j's share of c's goods imports. The rival
network weighs by distance and common language. NetworkX builds and measures both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import networkx as nx
import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Sparse(NamedTuple):
    """Rows of a weight matrix, largest partner first dropped last: CSR arrays."""

    start: Ints  # [C + 1]
    partner: Ints  # [entries] column, ascending within a row
    weight: Floats  # [entries] rows sum to 1


def trade_matrix(trade: pl.DataFrame, iso3: Sequence[str]) -> Floats:
    """Imports[c, j] in USD: what c buys from j (goods), economies in the order of `iso3`."""
    index = {code: k for k, code in enumerate(iso3)}
    imports = np.zeros((len(iso3), len(iso3)))
    for exporter, importer, usd in trade.select(
        "exporter_iso3", "importer_iso3", "usd"
    ).iter_rows():
        if exporter in index and importer in index and exporter != importer:
            imports[index[importer], index[exporter]] = usd
    return imports


def trade_graph(imports: Floats, iso3: Sequence[str]) -> nx.DiGraph[str]:
    """Directed graph exporter -> importer with `usd` on the edges."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(iso3)
    for c, j in np.argwhere(imports).tolist():
        graph.add_edge(iso3[j], iso3[c], usd=float(imports[c, j]))
    return graph


def exposure_weights(imports: Floats, region: Sequence[str]) -> tuple[Floats, tuple[int, ...]]:
    """(W [C, C] with rows summing to 1, economies without trade rows).

    An economy without any import row gets the mean row of its region (of all economies where nobody
    in its region trades); it is returned as a listed fact, not silently filled.
    """
    totals = imports.sum(axis=1, keepdims=True)
    weights = np.divide(imports, totals, out=np.zeros_like(imports), where=totals > 0)
    missing = tuple(int(c) for c in np.flatnonzero(totals[:, 0] == 0))
    trading = [int(j) for j in np.flatnonzero(totals[:, 0] > 0)]
    for c in missing:
        near = [j for j in trading if region[j] == region[c]]
        rows = weights[near if near else trading]
        row = rows.sum(axis=0) / max(len(rows), 1)
        row[c] = 0.0
        weights[c] = row / row.sum() if row.sum() > 0 else row
    return weights, missing


def language_distance_weights(
    dyads: pl.DataFrame, iso3: Sequence[str], population: Floats
) -> Floats:
    """Rival W [C, C]: population / distance (km), doubled for a common language; rows sum to 1."""
    index = {code: k for k, code in enumerate(iso3)}
    weights = np.zeros((len(iso3), len(iso3)))
    columns = dyads.select("iso3_a", "iso3_b", "dist_km", "common_language_cepii").iter_rows()
    for a, b, distance, language in columns:
        if a in index and b in index:
            i, j = index[a], index[b]
            pull = (1.0 + float(language or 0)) / float(distance)
            weights[i, j], weights[j, i] = pull * population[j], pull * population[i]
    return weights / weights.sum(axis=1, keepdims=True)


def sparse_rows(weights: Floats, coverage: float) -> Sparse:
    """The largest partners of each row that together cover `coverage` of it, renormalised."""
    start = [0]
    partner: list[int] = []
    weight: list[float] = []
    for row in weights:
        order = np.argsort(-row, kind="stable")
        total = np.cumsum(row[order])
        needed = int(np.searchsorted(total, coverage * total[-1])) + 1 if total[-1] > 0 else 0
        chosen = np.sort(order[:needed])
        chosen = chosen[row[chosen] > 0]
        partner.extend(int(j) for j in chosen)
        weight.extend(row[chosen] / row[chosen].sum())
        start.append(len(partner))
    return Sparse(
        np.array(start, dtype=np.int64), np.array(partner, dtype=np.int64), np.array(weight)
    )


def dense_rows(rows: Sparse) -> Floats:
    """The same weights as a full matrix [C, C]."""
    count = len(rows.start) - 1
    weights = np.zeros((count, count))
    for c in range(count):
        part = slice(rows.start[c], rows.start[c + 1])
        weights[c, rows.partner[part]] = rows.weight[part]
    return weights
