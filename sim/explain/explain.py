"""Why one economy decided as it did in one month: every term of the decision, added up.

Runs one replicate, parameters at their centres and luck from the seed's first, up to that month,
and reads off what the month itself tells of its decisions (`sim.model.terms`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import make_setting
from sim.errors import OutsideHorizon, SchemaError, UnknownKey, nearest
from sim.explain.decision import (
    AdoptionView,
    Explanation,
    LocalConditions,
    OfferingView,
    SegmentDecision,
    WorldOffer,
)
from sim.explain.flips import flips
from sim.explain.frozen import Before, Freezer, before
from sim.model.single import Single
from sim.model.terms import (
    ADOPTION_TERMS,
    ANEW,
    BURDEN,
    CEILING,
    CHOSEN,
    CLOSENESS,
    COSTS,
    INDEX,
    PRICE_MONTH,
    REACHED,
    READINESS,
    TARGET,
    TIE,
    UTILITY,
    UTILITY_TERMS,
)
from sim.scenario import Resolved
from sim.scenario.economies import read_economies
from sim.scenario.schema import MONTH, Horizon, month_index
from sim.world.axes import BLOCS, PRICE_TRACKS, TRACKS
from sim.world.build import build_world

Floats = NDArray[np.float64]


def explain(
    resolved: Resolved, iso3: str, month: str, segments: Iterable[str] = (), seed: int = 1
) -> Explanation:
    """The decision of economy `iso3` in `month` (YYYY-MM) for `segments` (all if none is named).

    Raises UnknownEconomy, OutsideHorizon, SchemaError (not a month) and UnknownKey (segment).
    """
    economies = read_economies()
    code = economies.known(iso3.upper() if iso3.upper() in economies.rows else iso3)
    t = step_of(resolved.horizon, month)
    chosen = chosen_segments(resolved, list(segments))
    run = Single(make_setting(build_world(resolved), seed, (0,), spread=False))
    c = run.world.iso3.index(code)
    run.advance(t)
    start = before(run, c)
    run.advance(1)
    local = run.memory.state.economy
    return Explanation(
        scenario=resolved.name,
        scenario_hash=resolved.hash,
        seed=seed,
        iso3=code,
        economy=economies.rows[code].get("name", code),
        month=month,
        world=_world_offer(run),
        local=LocalConditions(
            local_cost=float(local.local_cost[c]),
            scarcity=float(local.scarcity[c]),
            accelerators=float(local.accelerators[c]),
            chip_access=float(local.chip_access[c]),
        ),
        segments=_decisions(run, c, start, chosen),
    )


def step_of(horizon: Horizon, month: str) -> int:
    """The step of a month. Raises SchemaError, or OutsideHorizon naming the months there are."""
    first, last = horizon.label(0), horizon.label(horizon.n_months - 1)
    if not re.fullmatch(MONTH, month):
        raise SchemaError(f"'{month}' is not a month", hint=f"Write YYYY-MM, {first} to {last}")
    t = month_index(month) - horizon.start
    if not 0 <= t < horizon.n_months:
        hint = f"The horizon is {first} to {last}"
        raise OutsideHorizon(f"{month} is outside the months that are simulated", hint=hint)
    return t


def chosen_segments(resolved: Resolved, names: Sequence[str]) -> list[str]:
    """`names` if the scenario has them, all segments if none. Raises UnknownKey."""
    for name in names:
        if name not in resolved.segments:
            hint = nearest(name, resolved.segments) or f"Legal: {', '.join(resolved.segments)}"
            raise UnknownKey(f"there is no segment '{name}'", hint=hint)
    return [name for name in resolved.segments if not names or name in names]


def utility_terms(run: Single, c: int) -> dict[str, Floats]:
    """The summands of the utility of economy row c, [S, O] each; their sum is the utility."""
    terms = {
        name: (-1.0 if number in COSTS else 1.0) * run.told_of(c, number)
        for number, name in enumerate(UTILITY_TERMS)
    }
    ties = run.told[c, :, : len(BLOCS), TIE] @ run.world.offerings.origin.T
    found: dict[str, Floats] = {}
    for name, values in terms.items():
        if name == UTILITY_TERMS[CLOSENESS]:
            found |= {"supplier tie": ties, "affinity": values - ties}
        else:
            found[name] = values
    return found


def adoption_terms(run: Single, c: int) -> dict[str, Floats]:
    """The summands of the log odds of adoption in the long run, [S] each."""
    found = {
        name: run.told[c, :, 0, READINESS + number] for number, name in enumerate(ADOPTION_TERMS)
    }
    return found | {"price": -found["price"]}


def _decisions(
    run: Single, c: int, start: Before, names: Sequence[str]
) -> tuple[SegmentDecision, ...]:
    frozen, effects = Freezer(run).freeze(c, start), adoption_terms(run, c)
    terms, anew = utility_terms(run, c), run.told[c, :, 0, ANEW]
    found = []
    for s, (name, segment) in enumerate(run.world.resolved.segments.items()):
        if name not in names:
            continue
        views = _offerings(run, c, s, start, terms)
        best = [view for view in views if view.feasible][:2]
        found.append(
            SegmentDecision(
                name=name,
                label=segment.label,
                anew=float(anew[s]),
                offerings=views,
                leader=best[0].name if best else None,
                runner_up=best[1].name if len(best) > 1 else None,
                gap=best[0].utility - best[1].utility if len(best) > 1 else None,
                adoption=_adoption(run, c, s, start, effects),
                flips=flips(frozen, s),
            )
        )
    return tuple(found)


def _offerings(
    run: Single, c: int, s: int, start: Before, terms: dict[str, Floats]
) -> tuple[OfferingView, ...]:
    state, told = run.memory.state, run.told[c, s]
    views = [
        OfferingView(
            name=name,
            label=offering.label,
            terms={term: float(values[s, o]) for term, values in terms.items()},
            utility=float(told[o, UTILITY]),
            feasible=bool(state.offering.mask[c, s, o] > 0.0),
            reach=float(told[o, REACHED]),
            price=float(told[o, PRICE_MONTH]),
            burden=float(told[o, BURDEN]),
            share_before=float(start.share[s, o]),
            choice_share=float(told[o, CHOSEN]),
            share=float(state.offering.share[c, s, o]),
        )
        for o, (name, offering) in enumerate(run.world.resolved.offerings.items())
    ]
    return tuple(sorted(views, key=lambda view: (not view.feasible, -view.choice_share)))


def _adoption(run: Single, c: int, s: int, start: Before, terms: dict[str, Floats]) -> AdoptionView:
    told = run.told[c, s, 0]
    return AdoptionView(
        before=float(start.adoption[s, 0]),
        level=float(run.memory.state.segment.adoption[c, s]),
        target=float(told[TARGET]),
        online=float(told[CEILING]),
        index=float(told[INDEX]),
        terms={term: float(values[s]) for term, values in terms.items()},
    )


def _world_offer(run: Single) -> WorldOffer:
    supply = run.memory.supply
    return WorldOffer(
        released=dict(zip(TRACKS, map(float, supply.released), strict=True)),
        api_price=dict(zip(PRICE_TRACKS, map(float, supply.api), strict=True)),
        buzz=dict(zip(BLOCS, map(float, supply.bloc.buzz), strict=True)),
        us_closed_markup=float(supply.world.markup),
    )
