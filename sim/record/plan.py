"""What a world's results look like: labels of all axes, fixed reduction inputs, indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.equations import observe
from sim.lanes.jit import borrowing, rows
from sim.model.facts import Given
from sim.model.state import Memory, Supply
from sim.record.accumulators import Work
from sim.record.channels import (
    Instruments,
    Readings,
    channel_names,
    channel_series,
    see_channels,
)
from sim.record.layout import Layout
from sim.record.plan_arrays import Places, ReductionPlan, Sight, build_plan, make_layout
from sim.record.series_list import INDICATOR_NAMES
from sim.scenario.quantity import Quantity
from sim.world.axes import (
    BLOCS,
    CN,
    CN_CLOSED,
    CN_OPEN,
    OTHER,
    OTHER_OPEN,
    PRICE_CN_OPEN,
    PRICE_US_CLOSED,
    US,
    US_CLOSED,
    US_OPEN,
)
from sim.world.build import World
from sim.world.economies import HOME
from sim.world.parameters import OfferingParams, Params

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SPHERES = ("US and allies", "China and partners", "Non-aligned")
TIERS = ("0", "1", "2", "3")
brand_rows = rows(observe.observed_brand)
_INDICATORS = len(INDICATOR_NAMES)


def plan_results(
    world: World, *, with_economies: bool = True, with_flows: bool = True
) -> tuple[Layout, ReductionPlan]:
    """Layout and reduction inputs of a world. Without economies only groups and outcomes remain."""
    resolved = world.resolved
    groups, index = _groups(world)
    layout = make_layout(
        resolved.horizon.start,
        resolved.horizon.n_months,
        world.iso3,
        list(resolved.segments),
        list(resolved.offerings),
        groups,
        extra_indicators=channel_names(resolved),
    )
    offerings = list(resolved.offerings.values())
    origin = np.array([[o.from_bloc(bloc) for bloc in BLOCS] for o in offerings])
    service = np.array([float(o.access == "service") for o in offerings])
    apps = origin[:, CN] * service * (origin[:, CN] == 1.0)
    brand = np.full(len(world.iso3), world.fixed.observe_deepseek_share)
    brand[world.economies.home[:, CN] > 0] = world.fixed.observe_deepseek_share_home
    coverage = np.where(world.economies.home[:, CN] > 0, world.fixed.observe_coverage_china, 1.0)
    plan = build_plan(
        layout,
        Places(world.economies.people, _home(world), index, world.imports),
        Sight(
            coverage,
            np.broadcast_to(apps, (len(world.iso3), len(offerings))),
            brand_rows(apps, brand[:, None]),
        ),
        origin=origin,
        unit=np.array(
            [_largest(resolved.quantities[f"segments.{s}.potential"]) for s in resolved.segments]
        ),
        with_economies=with_economies,
        with_flows=with_flows,
    )
    return layout, plan


def _largest(potential: Quantity) -> float:
    """Part of the people that a segment can be at most: all of them unless it is fixed and some."""
    return potential.value if potential.draw is None and potential.value > 0.0 else 1.0


def planned_alike(one: World, other: World) -> bool:
    """Whether `plan_results` gives the same for two worlds, as far as identity tells: economies
    that are the same object, equal horizons, equal segments and offerings in one order.
    """
    a, b = one.resolved, other.resolved
    return (
        one.countries is other.countries
        and one.economies is other.economies
        and one.imports is other.imports
        and one.fixed == other.fixed
        and a.horizon == b.horizon
        and a.structure == b.structure
        and list(a.segments.items()) == list(b.segments.items())
        and list(a.offerings.items()) == list(b.offerings.items())
        and all(
            b.quantities.get(path) == quantity
            for path, quantity in a.quantities.items()
            if path.startswith(("segments.", "offerings."))
        )
    )


def _groups(world: World) -> tuple[Mapping[str, Sequence[str]], dict[str, Ints]]:
    """Names of the groups of each dimension, and the group of each economy."""
    table = world.countries
    names = {
        "region": sorted(set(table["region"].to_list())),
        "income": [
            g
            for g in ("Low", "Lower middle", "Upper middle", "High")
            if g in table["income_group"].to_list()
        ],
        "bloc": list(SPHERES),
        "tier": list(TIERS),
    }
    tiers = [str(int(tier)) for tier in table["ai_diffusion_tier"].to_list()]
    member = {
        "region": table["region"].to_list(),
        "income": table["income_group"].to_list(),
        "bloc": [SPHERES[k] for k in sphere(world)],
        "tier": tiers,
    }
    index = {
        kind: np.array([names[kind].index(name) for name in member[kind]], dtype=np.int64)
        for kind in names
    }
    return names, index


def sphere(world: World) -> Ints:
    """[C] political sphere: 0 US and its allies, 1 China and its partners, 2 neither or both.

    Allies are NATO members and major non-NATO allies; partners have a defence pact with China or
    are in the Shanghai Cooperation Organisation with a Belt and Road document.
    """
    us = world.economies.alliance[:, US] > 0
    cn = world.economies.alliance[:, CN] > 0
    return np.where(us & ~cn, 0, np.where(cn & ~us, 1, 2)).astype(np.int64)


def _home(world: World) -> Ints:
    home = np.full(len(world.iso3), OTHER, dtype=np.int64)
    for code, bloc in HOME.items():
        if code in world.iso3:
            home[world.iso3.index(code)] = bloc
    return home


def world_series(
    seen: Instruments,
    supply: Supply,
    scarcity: Floats,
    share: Floats,
    adoption: Floats,
    tokens: Floats,
    p: Params,
    o: OfferingParams,
) -> Floats:
    """All world series [indicator, lane] of a month: `indicators`, then `channel_series`."""
    channels = channel_series(seen, share, adoption, tokens, supply, p, o)
    return np.concatenate([indicators(supply, scarcity), channels])


def indicators(supply: Supply, scarcity: Floats) -> Floats:
    """World series [indicator, L] in the order of the code list; scarcity [C, L]."""
    found = np.zeros((len(INDICATOR_NAMES), scarcity.shape[-1]))
    see_indicators(supply.released, supply.api, supply.world.markup, scarcity, found)
    return found


@borrowing
def see_indicators(
    released: Floats, api: Floats, markup: Floats, scarcity: Floats, found: Floats
) -> None:
    """`indicators` into found [indicator, L]."""
    for j in range(found.shape[1]):
        us = max(released[US_CLOSED, j], released[US_OPEN, j])
        cn = max(released[CN_CLOSED, j], released[CN_OPEN, j])
        scarce = 0.0
        for c in range(scarcity.shape[0]):
            scarce += scarcity[c, j]
        found[0, j] = observe.lag(us, cn)
        found[1, j] = observe.lag(us, released[CN_OPEN, j])
        found[2, j] = observe.lag(us, released[US_OPEN, j])
        found[3, j] = observe.lag(us, released[OTHER_OPEN, j])
        found[4, j] = us
        found[5, j] = cn
        found[6, j] = api[PRICE_US_CLOSED, j]
        found[7, j] = api[PRICE_CN_OPEN, j]
        found[8, j] = markup[j]
        found[9, j] = scarce / scarcity.shape[0]


@borrowing
def see_world(seen: Instruments, memory: Memory, given: Given, work: Work) -> None:
    """`world_series` on packs, into `work.series`, from the users in `work.audience`."""
    supply, found, p = memory.supply, work.series, given.params
    scarcity = memory.state.economy.scarcity
    see_indicators(supply.released, supply.api, supply.world.markup, scarcity, found)
    see_channels(
        seen,
        work.audience,
        Readings(
            supply.api,
            supply.bloc.buzz,
            given.offerings.api_weight,
            p.observe_aggregator_selection,
            p.observe_visits_per_user,
            p.observe_curiosity,
        ),
        work.every,
        found[_INDICATORS:],
    )
