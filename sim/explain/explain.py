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
    TaskView,
    WorldOffer,
)
from sim.explain.flips import flips
from sim.explain.frozen import Before, Chosen, Freezer, FrozenDecision, before
from sim.lanes.elementary import log
from sim.lanes.jit import rows
from sim.model.single import Single
from sim.model.terms import (
    ADOPTION_TERMS,
    ANEW,
    AWARENESS,
    BURDEN,
    CEILING,
    CHOSEN,
    CLOSENESS,
    COSTS,
    INDEX,
    KNOWN,
    NEST,
    PRICE_MONTH,
    REACH,
    REACHED,
    READINESS,
    SPEED,
    TARGET,
    TASKS,
    TIE,
    UTILITY,
    UTILITY_TERMS,
)
from sim.scenario import Resolved
from sim.scenario.economies import read_economies
from sim.scenario.schema import MONTH, Horizon, month_index
from sim.world.axes import BLOCS, PRICE_TRACKS, TRACKS
from sim.world.build import build_world
from sim.world.tables import load_tables

Floats = NDArray[np.float64]
log_rows = rows(log)
#: Summands that the month does not tell of: they multiply attraction in two steps of it.
QUEUE, MET = "own hardware", "met in use"


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
    tables = load_tables()
    run = Single(make_setting(build_world(resolved, tables), seed, (0,), spread=False))
    c = run.world.iso3.index(code)
    run.advance(t)
    start = before(run, c)
    run.advance(1)
    return Explanation(
        scenario=resolved.name,
        scenario_hash=resolved.hash,
        seed=seed,
        iso3=code,
        economy=economies.rows[code].get("name", code),
        month=month,
        world=_world_offer(run),
        local=_local(run, c, start),
        segments=_decisions(Freezer(run, tables.providers), c, start, chosen),
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
        UTILITY_TERMS[number]: (-1.0 if number in COSTS else 1.0) * run.told_of(c, number)
        for number in range(len(UTILITY_TERMS))
        if number not in (REACH, AWARENESS, TASKS, NEST)
    }
    ties = run.told[c, :, : len(BLOCS), TIE] @ run.world.offerings.origin.T
    found: dict[str, Floats] = {}
    for name, values in terms.items():
        if name == UTILITY_TERMS[CLOSENESS]:
            found |= {"supplier tie": ties, "affinity": values - ties}
        else:
            found[name] = values
    return found


def attraction_terms(run: Single, c: int, frozen: FrozenDecision) -> dict[str, Floats]:
    """What reach, awareness, own hardware, nests and tasks add to the utility, [S, O] each; with it
    they sum to ln of an offering's part of what is chosen anew, up to one number per segment. 0
    for offerings that reach nobody who knows them.
    """
    found = {
        UTILITY_TERMS[number]: run.told_of(c, number) for number in (REACH, AWARENESS, NEST, TASKS)
    }
    found[QUEUE] = log_rows(frozen.served) * np.ones_like(frozen.weighed.utility)
    if frozen.replicator:
        found[MET] = log_rows(frozen.before.share + frozen.p.choice_entry)
    return {name: np.where(frozen.feasible, values, 0.0) for name, values in found.items()}


def adoption_terms(run: Single, c: int) -> dict[str, Floats]:
    """The summands of the log odds of adoption in the long run, [S] each."""
    return {
        name: run.told[c, :, 0, READINESS + number] for number, name in enumerate(ADOPTION_TERMS)
    }


def _decisions(
    freezer: Freezer, c: int, start: Before, names: Sequence[str]
) -> tuple[SegmentDecision, ...]:
    run = freezer.run
    frozen, effects = freezer.freeze(c, start), adoption_terms(run, c)
    terms, anew = utility_terms(run, c), run.told[c, :, 0, ANEW]
    terms |= attraction_terms(run, c, frozen)
    chosen = frozen.choose(frozen.weighed)
    asked = {s: name for s, name in enumerate(run.world.resolved.segments) if name in names}
    turned, found = flips(frozen, asked), []
    for s, name in asked.items():
        views = _offerings(run, c, s, frozen, terms)
        best = [view for view in views if view.feasible][:2]
        found.append(
            SegmentDecision(
                name=name,
                label=run.world.resolved.segments[name].label,
                anew=float(anew[s]),
                offerings=views,
                leader=best[0].name if best else None,
                runner_up=best[1].name if len(best) > 1 else None,
                gap=best[0].attraction - best[1].attraction if len(best) > 1 else None,
                tasks=task_views(run, s, frozen, chosen),
                adoption=_adoption(run, c, s, start, effects),
                flips=turned[s],
            )
        )
    return tuple(found)


def _offerings(
    run: Single, c: int, s: int, frozen: FrozenDecision, terms: dict[str, Floats]
) -> tuple[OfferingView, ...]:
    state, told = run.memory.state.offering, run.told[c, s]
    views = [
        OfferingView(
            name=name,
            label=offering.label,
            terms={term: float(values[s, o]) for term, values in terms.items()},
            utility=float(told[o, UTILITY]),
            attraction=float(sum(values[s, o] for values in terms.values())),
            feasible=bool(frozen.feasible[s, o]),
            reach=float(told[o, REACHED]),
            served=float(frozen.served[o]),
            known=float(told[o, KNOWN]),
            price=float(told[o, PRICE_MONTH]),
            burden=float(told[o, BURDEN]),
            installed=float(frozen.before.stock[s, o]),
            latent=float(state.latent[c, s, o]),
            share_before=float(frozen.before.share[s, o]),
            choice_share=float(told[o, CHOSEN]),
            share=float(state.share[c, s, o]),
        )
        for o, (name, offering) in enumerate(run.world.resolved.offerings.items())
    ]
    return tuple(sorted(views, key=lambda view: (not view.feasible, -view.choice_share)))


def task_views(run: Single, s: int, frozen: FrozenDecision, chosen: Chosen) -> tuple[TaskView, ...]:
    """What becomes of every task of segment row s."""
    values, found = frozen.values(chosen.odds)[s], []
    of, supply = run.world.offerings, run.memory.supply
    for q, (name, task) in enumerate(run.world.resolved.tasks.items()):
        odds, pull = float(chosen.odds[s, q]), chosen.pull[s] * frozen.weighed.worth[s, q]
        first, total = int(pull.argmax()), float(pull.sum())
        track = (of.track_frontier if frozen.hard[q] > 0.0 else of.track)[first]
        found.append(
            TaskView(
                name=name,
                label=task.label,
                size=float(frozen.sizes[s, q]),
                done=odds / (1.0 + odds),
                value=float(values[q]),
                leader=frozen.offerings[first] if total > 0.0 else None,
                leader_part=float(pull[first]) / total if total > 0.0 else 0.0,
                done_well=float(supply.track.part[track, q]) if total > 0.0 else 0.0,
            )
        )
    return tuple(found)


def _adoption(run: Single, c: int, s: int, start: Before, terms: dict[str, Floats]) -> AdoptionView:
    told, of = run.told[c, s, 0], run.given.segments
    before_, target, speed = float(start.adoption[s]), float(told[TARGET]), float(told[SPEED])
    ceiling = float(told[CEILING])
    part = before_ / ceiling if ceiling > 0.0 else 0.0  # nobody is online: nobody could
    return AdoptionView(
        before=before_,
        level=float(run.memory.state.segment.adoption[c, s]),
        target=target,
        ceiling=ceiling,
        online=float(run.world.online[run.month, c]),
        index=float(told[INDEX]),
        terms={term: float(values[s]) for term, values in terms.items()},
        speed=speed,
        speed_terms={
            "by itself": float(of.speed_start[s]),
            "users at home": float(of.speed_spread[s]) * part,
            "users among partners": float(of.speed_partners[s] * run.memory.state.economy.met[c]),
        },
        covered=speed if target >= before_ else float(run.given.params.adoption_fall),
    )


def _local(run: Single, c: int, start: Before) -> LocalConditions:
    w, state = run.world, run.memory.state
    local, names = state.economy, tuple(w.resolved.offerings)
    goodwill = state.region.goodwill[w.region[c]] * w.offerings.from_blocs
    return LocalConditions(
        local_cost=float(local.local_cost[c]),
        scarcity=float(local.scarcity[c]),
        served=float(local.served[c]),
        accelerators=float(local.accelerators[c]),
        chip_access=float(local.chip_access[c]),
        partners=float(local.met[c]),
        ecosystem=dict(zip(w.offerings.families, map(float, start.ecosystem), strict=True)),
        trust=dict(zip(names, map(float, state.relation.trust[c]), strict=True)),
        region=w.regions[w.region[c]],
        goodwill=dict(zip(names, map(float, goodwill), strict=True)),
    )


def _world_offer(run: Single) -> WorldOffer:
    supply = run.memory.supply
    return WorldOffer(
        released=dict(zip(TRACKS, map(float, supply.released), strict=True)),
        api_price=dict(zip(PRICE_TRACKS, map(float, supply.api), strict=True)),
        buzz=dict(zip(BLOCS, map(float, supply.bloc.buzz), strict=True)),
        us_closed_markup=float(supply.world.markup),
    )
