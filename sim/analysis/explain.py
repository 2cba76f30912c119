"""Why one economy decided as it did in one month: every term of the decision, added up.

Runs the reference model, parameters at their centres and luck from the seed's first replicate, up
to that month and reads the decision off it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.analysis.decision import (
    AdoptionView,
    Explanation,
    LocalConditions,
    OfferingView,
    SegmentDecision,
    WorldOffer,
)
from sim.analysis.flips import flips
from sim.analysis.moment import Before, Freezer, Moment, before
from sim.draws.setting import make_setting
from sim.equations import adoption
from sim.errors import OutsideHorizon, SchemaError, UnknownKey, nearest
from sim.model.country import Country
from sim.model.model import Spheres
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
    model = Spheres(make_setting(build_world(resolved), seed, (0,), spread=False))
    for _ in range(t):
        model.step()
    country = model.countries[model.world.iso3.index(code)]
    start = before(country)
    model.step()
    return Explanation(
        scenario=resolved.name,
        scenario_hash=resolved.hash,
        seed=seed,
        iso3=code,
        economy=economies.rows[code].get("name", code),
        month=month,
        world=_world_offer(model),
        local=LocalConditions(
            country.local_cost, country.scarcity, country.accelerators, country.chip_access
        ),
        segments=_decisions(country, start, Freezer(model).freeze(country, start), chosen),
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


def utility_terms(country: Country, drift: Floats) -> dict[str, Floats]:
    """The summands of `country.utility`, [S, O] each. drift: of affinity, before the month."""
    m, view = country.model, country.appraisal
    imitation = m.s.imitation * country.exposure
    return {
        **view.terms,
        "capability": m.quality,
        "attention": m.attention * view.abroad,
        "price": -m.s.price_sensitivity * country.burden,
        "sovereignty": -view.sovereignty,
        "affinity drift": m.s.affinity_weight * (m.world.origin[country.index] @ drift),
        "imitation": imitation,
        "lock-in": country.habit - imitation,
        "standards": np.broadcast_to(country.standards, country.utility.shape),
    }


def adoption_terms(country: Country) -> dict[str, Floats]:
    """The summands of `country.readiness` (log odds of adoption in the long run), [S, 1] each."""
    m, k = country.model, country.model.world.reference
    shape = np.ones_like(country.readiness)
    return {
        "readiness": m.supply.kappa * shape,
        "price": -m.s.burden_sensitivity
        * country.burden[:, k : k + 1]
        * m.world.pays[m.month, country.index][:, None],
        "reach": m.s.reach_weight * country.appraisal.log_reach,
        "value of the offer": m.s.value_weight * country.value,
        "economy": m.adoption_effect[country.index] * shape,
    }


def _decisions(
    country: Country, start: Before, moment: Moment, names: Sequence[str]
) -> tuple[SegmentDecision, ...]:
    segments = country.model.world.resolved.segments
    terms, effects = utility_terms(country, start.drift), adoption_terms(country)
    found = []
    for s, (name, segment) in enumerate(segments.items()):
        if name not in names:
            continue
        views = _offerings(country, s, start, terms)
        best = [view for view in views if view.feasible][:2]
        found.append(
            SegmentDecision(
                name=name,
                label=segment.label,
                anew=float(country.anew[s, 0]),
                offerings=views,
                leader=best[0].name if best else None,
                runner_up=best[1].name if len(best) > 1 else None,
                gap=best[0].utility - best[1].utility if len(best) > 1 else None,
                adoption=_adoption(country, s, start, effects),
                flips=flips(moment, s),
            )
        )
    return tuple(found)


def _offerings(
    country: Country, s: int, start: Before, terms: dict[str, Floats]
) -> tuple[OfferingView, ...]:
    view = country.appraisal
    views = [
        OfferingView(
            name=name,
            label=offering.label,
            terms={term: float(values[s, o]) for term, values in terms.items()},
            utility=float(country.utility[s, o]),
            feasible=bool(view.mask[s, o] > 0.0),
            reach=float(view.reach[s, o]),
            price=float(country.price[s, o]),
            burden=float(country.burden[s, o]),
            share_before=float(start.share[s, o]),
            choice_share=float(country.chosen[s, o]),
            share=float(country.share[s, o]),
        )
        for o, (name, offering) in enumerate(country.model.world.resolved.offerings.items())
    ]
    return tuple(sorted(views, key=lambda view: (not view.feasible, -view.choice_share)))


def _adoption(country: Country, s: int, start: Before, terms: dict[str, Floats]) -> AdoptionView:
    m = country.model
    online = adoption.ceiling(
        float(m.world.economies.online[country.index]),
        float(m.supply.offline[0]),
        m.p.adoption_ceiling_exponent,
    )
    return AdoptionView(
        before=float(start.adoption[s, 0]),
        level=float(country.adoption[s]),
        target=float(country.target[s, 0]),
        online=online,
        index=float(country.readiness[s, 0]),
        terms={term: float(values[s, 0]) for term, values in terms.items()},
    )


def _world_offer(model: Spheres) -> WorldOffer:
    supply = model.supply
    return WorldOffer(
        released=dict(zip(TRACKS, map(float, supply.released[:, 0]), strict=True)),
        api_price=dict(zip(PRICE_TRACKS, map(float, supply.api[:, 0]), strict=True)),
        buzz=dict(zip(BLOCS, map(float, supply.buzz[:, 0]), strict=True)),
        us_closed_markup=float(supply.markup[0]),
    )
