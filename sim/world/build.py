"""From seed tables and a scenario to the arrays a run needs (`World`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import networkx as nx
import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.scenario import Resolved
from sim.world import prices, reach, releases
from sim.world.alignment import alignment, alliances
from sim.world.axes import BLOCS, CN, OTHER, RELEASED_BY, US
from sim.world.clouds import cloud_presence
from sim.world.compute import stock_factor
from sim.world.economies import HOME, Economies, Stances, derive
from sim.world.moving import economies_over_time, moving
from sim.world.network import (
    Sparse,
    exposure_weights,
    language_distance_weights,
    sparse_rows,
    trade_graph,
    trade_matrix,
)
from sim.world.offerings import Offerings, make_offerings
from sim.world.pack import LeverPaths, check_read, pack_levers, pack_world
from sim.world.parameters import WorldParams
from sim.world.preference import sovereignty_preference
from sim.world.refresh import months_that_differ
from sim.world.start import check_start
from sim.world.tables import SeedTables, load_tables

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class World:
    """Everything about the world that no draw changes. Axes: T months, C economies, S, O."""

    resolved: Resolved
    iso3: tuple[str, ...]
    regions: tuple[str, ...]
    region: Ints  # [C] place of its region
    countries: pl.DataFrame
    economies: Economies
    offerings: Offerings
    levers: LeverPaths
    fixed: WorldParams
    imports: Floats  # [C, C] USD, row imports from column
    partners: Sparse  # exposure weights, largest partners
    import_share: Floats  # [C, bloc] share of imports from the US, China, others
    graph: nx.DiGraph[str]
    available: Floats  # [T, C, S, O]
    banned: Floats  # [T, C, S, O]
    launched: Floats  # [T, C, O] 1 from the month of the launch on
    online: Floats  # [T, C] fraction of people
    income_month: Floats  # [T, C] USD a month per head
    income_log: Floats  # [T, C] ln(income / reference income)
    moving: dict[str, Floats]  # parameter that has a path -> [T]
    price_factor: Floats  # [T, C, O] list price over the world's
    seat_factor: Floats  # [T, C, O] subscription over that of the world's leading plan
    stock_factor: float  # part of the accelerators of the tables that is there at the start
    refused: Floats  # [T, bloc]
    presence: Floats  # [T, C, bloc] ln(1 + cloud regions)
    refresh: NDArray[np.bool_]  # [T, C] standing utility must be worked out anew
    dated: Floats  # [T, released track] best so far, frontier-months; NaN where none
    dated_until: Ints  # [released track] first month in which releases are random
    hard: Floats  # [task] 1 for frontier tasks
    facts: tuple[str, ...]  # listed facts: estimates, fills, caps

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(months, economies, segments, offerings)."""
        months, economies, segments, offerings = self.available.shape
        return months, economies, segments, offerings


class Standing(NamedTuple):
    """The part of a world that no lever, event, offering or segment moves."""

    iso3: tuple[str, ...]
    regions: tuple[str, ...]
    region: Ints
    countries: pl.DataFrame
    economies: Economies
    fixed: WorldParams
    imports: Floats
    partners: Sparse
    import_share: Floats
    graph: nx.DiGraph[str]
    facts: tuple[str, ...]


def build_world(
    resolved: Resolved, tables: SeedTables | None = None, order: Sequence[str] | None = None
) -> World:
    """Arrays of a scenario. `order`: economies to keep (any order; they are sorted by ISO3)."""
    check_start(resolved)
    check_read(resolved)
    tables = load_tables() if tables is None else tables
    return build_on(build_standing(resolved, tables, order), resolved, tables)


def build_standing(
    resolved: Resolved, tables: SeedTables, order: Sequence[str] | None = None
) -> Standing:
    """Economies and their trade, from the seed tables, `countries` and the fixed parameters."""
    everyone = _overridden(tables.countries, resolved).sort("iso3")
    countries = everyone
    if order is not None:
        countries = countries.filter(pl.col("iso3").is_in(list(order)))
    iso3 = tuple(countries["iso3"].to_list())
    fixed = pack_world(resolved)
    imports = trade_matrix(tables.trade, iso3)
    economies, capped = derive(
        countries,
        tables.dyads,
        resolved.countries,
        fixed,
        imports.sum(axis=1),
        _stances(tables, everyone, iso3),
    )
    trade_weights, untraded = exposure_weights(imports, countries["region"].to_list())
    regions = tuple(sorted(set(tables.countries["region"].to_list())))
    return Standing(
        iso3=iso3,
        regions=regions,
        region=np.array([regions.index(name) for name in countries["region"]], dtype=np.int64),
        countries=countries,
        economies=economies,
        fixed=fixed,
        imports=imports,
        partners=_partners(resolved, trade_weights, tables, iso3, economies, fixed),
        import_share=_import_share(trade_weights, iso3, fixed),
        graph=trade_graph(imports, iso3),
        facts=_facts(tables, iso3, untraded, capped),
    )


def _stances(tables: SeedTables, everyone: pl.DataFrame, iso3: Sequence[str]) -> Stances:
    """Stances of some economies, measured against all economies of the tables."""
    index, allied = alignment(tables.favourability, everyone), alliances(everyone)
    filled = [e.iso3 for e in tables.estimates if e.column == "digital_stri_data_flows"]
    insists = sovereignty_preference(tables.decisions, everyone, filled).level
    place = {code: row for row, code in enumerate(everyone["iso3"].to_list())}
    rows = [place[code] for code in iso3]
    return Stances(
        index[rows], index.mean(axis=0), allied[rows], insists[rows] - float(insists.mean())
    )


def build_on(
    standing: Standing,
    resolved: Resolved,
    tables: SeedTables,
    served: tuple[Floats, Floats] | None = None,
) -> World:
    """The world of a scenario on economies that are there already.

    served: what may be used where and what is banned, where that is known (`World.available`,
    `World.banned`).
    """
    iso3, economies, fixed = standing.iso3, standing.economies, standing.fixed
    offerings = make_offerings(resolved)
    levers = pack_levers(resolved, iso3)
    if served is None:
        app = [weight > 0.5 for weight in resolved.across("segments", "seat_weight")]
        open_to = reach.available(resolved, levers, economies, tables.providers, iso3, app)
        stopped = reach.banned(resolved, offerings, levers, len(iso3))
    else:
        open_to, stopped = served
    refused = reach.refused_share(open_to, offerings)
    refused[:, US] += levers.world.us_cutoffs
    refused[:, CN] += levers.world.cn_cutoffs
    launched = reach.launched(resolved, tables.launches, iso3)
    over_time = economies_over_time(resolved, tables, standing.countries, fixed)
    presence = _presence(standing, resolved, tables, levers)
    return World(
        **standing._asdict(),
        resolved=resolved,
        offerings=offerings,
        levers=levers,
        available=open_to,
        banned=stopped,
        launched=launched,
        online=over_time.online,
        income_month=economies.income_month * over_time.income,
        income_log=economies.income_log + np.log(over_time.income),
        moving=moving(resolved),
        price_factor=prices.price_factor(resolved, offerings, levers, iso3),
        seat_factor=prices.seat_factor(resolved, offerings, tables, iso3),
        stock_factor=float(stock_factor(tables.compute, (resolved.horizon.start, 1))[0]),
        refused=refused,
        presence=presence,
        refresh=months_that_differ(levers, open_to, stopped, presence, refused, launched),
        dated=_dated(levers, tables),
        dated_until=_dated_until(resolved, fixed, tables),
        hard=np.array([float(task.frontier) for task in resolved.tasks.values()]),
    )


def _overridden(countries: pl.DataFrame, resolved: Resolved) -> pl.DataFrame:
    for code, values in sorted(resolved.countries.items()):
        for column, value in sorted(values.items()):
            if column in countries.columns:
                countries = countries.with_columns(
                    pl.when(pl.col("iso3") == code)
                    .then(pl.lit(value))
                    .otherwise(pl.col(column))
                    .alias(column)
                )
    return countries


def _partners(
    resolved: Resolved,
    trade_weights: Floats,
    tables: SeedTables,
    iso3: Sequence[str],
    economies: Economies,
    fixed: WorldParams,
) -> Sparse:
    """Exposure network of the scenario's structure; `none` has no entries at all."""
    kind = resolved.structure.network
    if kind == "trade":
        return sparse_rows(trade_weights, fixed.world_partner_coverage)
    if kind == "language_distance":
        weights = language_distance_weights(tables.dyads, iso3, economies.people)
        return sparse_rows(weights, fixed.world_partner_coverage)
    return sparse_rows(np.zeros_like(trade_weights), fixed.world_partner_coverage)


def _import_share(weights: Floats, iso3: Sequence[str], fixed: WorldParams) -> Floats:
    """[C, bloc]; a home market buys `world.home_share` at home and scales the rest down."""
    shares = np.zeros((len(iso3), len(BLOCS)))
    for code, bloc in HOME.items():
        if code in iso3:
            shares[:, bloc] = weights[:, iso3.index(code)]
    for code, bloc in HOME.items():
        if code in iso3:
            row = iso3.index(code)
            shares[row] *= 1.0 - fixed.world_home_share
            shares[row, bloc] = fixed.world_home_share
    shares[:, OTHER] = 1.0 - shares[:, [US, CN]].sum(axis=1)
    return shares


def _presence(
    standing: Standing, resolved: Resolved, tables: SeedTables, levers: LeverPaths
) -> Floats:
    """[T, C, bloc] ln(1 + providers with a region), of the table and what levers add."""
    horizon = resolved.horizon.start, resolved.horizon.n_months
    there = cloud_presence(tables.clouds, standing.countries, horizon)
    there[:, :, US] += levers.economy.cloud_us
    there[:, :, CN] += levers.economy.cloud_cn
    return np.asarray(np.log1p(there))


def _dated(levers: LeverPaths, tables: SeedTables) -> Floats:
    return releases.capability(levers.released, releases.record_line(tables.frontier))


def _dated_until(resolved: Resolved, fixed: WorldParams, tables: SeedTables) -> Ints:
    """[released track] first month of random releases: after the tables end, or where a public
    release of the track has no place on the index; 0 where history is not dated.
    """
    last = int(fixed.world_dated_months)
    unscored = releases.unscored_since(tables.frontier, tables.releases)
    found = np.where(unscored >= 0, np.minimum(unscored, last), last)
    dated = [BLOCS[bloc] in resolved.structure.dated_releases for bloc in RELEASED_BY]
    return np.where(dated, found, 0).astype(np.int64)


def _facts(
    tables: SeedTables, iso3: Sequence[str], untraded: Sequence[int], capped: Sequence[str]
) -> tuple[str, ...]:
    facts = [f"{len(tables.estimates)} seed values are filled by rule (spheres validate --seeds)"]
    if untraded:
        names = ", ".join(iso3[c] for c in untraded)
        facts.append(f"no trade rows for {names}: exposure is the mean of their region")
    if capped:
        facts.append(f"market income capped by purchasing power in {', '.join(capped)}")
    return tuple(facts)
