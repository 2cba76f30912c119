"""Claims about structure: each a property of the model that is looked up, or of a run that is made.

One function a claim, found by its id; a structural claim without one is an error, so that none is
taken for granted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import log

import numpy as np

from sim.claims.claim import Claim, Contrast
from sim.claims.watched import Watched, local_costs, watched
from sim.claims.worlds import Runs, altered
from sim.errors import SpheresError
from sim.explain.explain import explain
from sim.explain.indifferent import NEAR, indifferent
from sim.scenario import Resolved

SOME_REFUSED = "BRA"
#: A month after the last dated event, for claims about a decision.
NOW = "2026-12"
#: Part of what the best model does well that a model may miss and still match it.
MATCHED = 0.05
VENDORS = ("access.openai", "access.google", "access.anthropic")


@dataclass(frozen=True)
class Held:
    """Whether a property holds, the figure that shows it, and the month it is about."""

    holds: bool
    text: str
    at: str | None = None


def check_structure(claim: Claim, base: Resolved, runs: Runs) -> Held:
    """The property a claim is about. Raises SpheresError if nobody wrote its check."""
    if claim.id not in CHECKS:
        raise SpheresError(f"no structural check is written for {claim.id}")
    return CHECKS[claim.id](base, runs)


def _never_used(economies: tuple[str, ...], base: Resolved, runs: Runs) -> Held:
    """D000-05, D003-09: closed US services have no users there, in any segment and month."""
    seen = _watch(base, runs)
    most = max(float(seen.closed_us[iso3].max()) for iso3 in economies)
    return Held(most == 0.0, f"largest share in {' and '.join(economies)}: {most:g}")


def _cannot_be_refused(base: Resolved, _: Runs) -> Held:
    """D001-02: with all vendors refusing, downloaded weights reach everybody as before."""
    contrast = Contrast(on=dict.fromkeys(VENDORS, 0), start=NOW, economies=(SOME_REFUSED,))
    refused = altered(base, contrast.on, contrast)
    gaps, reaches, closed = [], [], []
    pairs = (explain(world, SOME_REFUSED, NOW).segments for world in (base, refused))
    for before, after in zip(*pairs, strict=True):
        was = {view.name: view for view in before.offerings}
        now = {view.name: view for view in after.offerings}
        gaps.append(abs(now["cn_open_local"].utility - was["cn_open_local"].utility))
        reaches.append(now["cn_open_local"].reach)
        closed.append(now["us_closed"].reach)
    text = f"reach {min(reaches):g}, utility moved by {max(gaps):g}; closed US {max(closed):.2f}"
    return Held(min(reaches) == 1.0 and max(gaps) == 0.0, f"in {SOME_REFUSED}: {text}", NOW)


def _three_ways(base: Resolved, _: Runs) -> Held:
    """D001-12: access, how cost arises, customisation."""
    us, cn = base.offerings["us_closed"], base.offerings["cn_open_local"]
    keys = ("api_weight", "local_weight", "customisation")
    value = {
        side: {k: base.quantities[f"offerings.{name}.{k}"].value for k in keys}
        for side, name in (("us", "us_closed"), ("cn", "cn_open_local"))
    }
    differ = us.access != cn.access and all(value["us"][k] != value["cn"][k] for k in keys)
    parts = [f"{k} {value['us'][k]:g} against {value['cn'][k]:g}" for k in keys]
    return Held(differ, f"access {us.access} against {cn.access}, " + ", ".join(parts))


def _aid_follows_membership(base: Resolved, _: Runs) -> Held:
    """D002-06: aid changes the cost of hosting in members of the Belt and Road and nowhere else."""
    contrast = Contrast(on={"cn.aid": 1}, off={"cn.aid": 0}, start=NOW)
    full, member = local_costs(altered(base, contrast.on, contrast), NOW)
    none, _member = local_costs(altered(base, contrast.off, contrast), NOW)
    cheaper, same = full < none, full == none
    text = f"cheaper in {int(cheaper.sum())} of {int(member.sum())} members"
    return Held(
        bool(cheaper[member].all() and same[~member].all()),
        f"{text}, the same in {int(same[~member].sum())} of {int((~member).sum())} others",
        NOW,
    )


def _near_indifferent(base: Resolved, _: Runs) -> Held:
    """D002-14: economies of neither power that could go either way, and what flips each."""
    found = [one for one in indifferent(base, NOW) if one.iso3 not in ("USA", "CHN")]
    flipped = [one for one in found if one.flip is not None]
    names = ", ".join(f"{one.iso3} {one.segment}" for one in found[:6])
    text = f"{len(found)} segments within {NEAR:g} logit, {len(flipped)} with a flip: {names}"
    return Held(bool(found) and len(flipped) == len(found), text, NOW)


def _canada(base: Resolved, _: Runs) -> Held:
    """D003-10: the decision adds up term by term, and a single change flips its government."""
    segments = explain(base, "CAN", NOW).segments
    rests = [
        [sum(view.terms.values()) - log(view.choice_share) for view in s.offerings if view.feasible]
        for s in segments
    ]  # one number for each segment, if the terms are all there is
    off = max(max(rest) - min(rest) for rest in rests)
    government = next(s for s in segments if s.name == "government")
    first = government.flips[0] if government.flips else None
    text = f"government led by {government.leader}; " + (first.text if first else "no flip")
    return Held(off < 1e-9 and first is not None, text, NOW)


def _easy_tasks_met(base: Resolved, runs: Runs) -> Held:
    """D004-01: Chinese models do an easy task as well as any, and act on their own less well."""
    seen = _watch(base, runs)
    easy, alone = seen.short_easy, seen.short_alone
    text = f"{easy.mean():.1%} in chat and search, {alone.mean():.1%} in acting alone for a day"
    holds = bool((easy <= MATCHED).all() and (alone > MATCHED).all())
    return Held(holds, f"short of the best in {seen.short_at}: {text}", seen.short_at)


def _use_without_race(base: Resolved, runs: Runs) -> Held:
    """D004-04: a price cut moves use and spend, and the race not at all while feedbacks are off."""
    contrast = Contrast(
        on={"us.price_cut": 0.3, "structure.feedbacks": False},
        off={"us.price_cut": 0, "structure.feedbacks": False},
        start=NOW,
    )
    on, off = (altered(base, side, contrast) for side in (contrast.on, contrast.off))
    runs.add([on, off])

    def moved(name: str) -> float:
        gap = runs.outcome(on, name, None) - runs.outcome(off, name, None)
        return float(np.nanmax(np.abs(gap)))

    race = [moved(f"world.{name}") for name in ("capability_us", "capability_cn", "lag_cn")]
    used = {name: moved(name) for name in ("world.share.cn", "world.spend.us", "world.exposure")}
    text = f"race moved by {max(race):g}, Chinese share by up to {used['world.share.cn']:.2g}"
    return Held(max(race) == 0.0 and min(used.values()) > 0.0, text, runs.label(None))


def _more_to_attack(base: Resolved, runs: Runs) -> Held:
    """D004-15: more of China's enterprises use AI at the end than at the start."""
    seen = _watch(base, runs)
    first, last = seen.china_enterprises[11], seen.china_enterprises[-1]
    start, end = base.horizon.label(11), base.horizon.label(base.horizon.n_months - 1)
    text = f"{first.mean():.1%} in {start}, {last.mean():.1%} in {end}"
    return Held(bool((last > first).all()), text, end)


def _watch(base: Resolved, runs: Runs) -> Watched:
    return watched(base, runs.seed)


CHECKS: dict[str, Callable[[Resolved, Runs], Held]] = {
    "D000-05": partial(_never_used, ("CHN",)),
    "D001-02": _cannot_be_refused,
    "D001-12": _three_ways,
    "D002-06": _aid_follows_membership,
    "D002-14": _near_indifferent,
    "D003-09": partial(_never_used, ("CHN", "PRK")),
    "D003-10": _canada,
    "D004-01": _easy_tasks_met,
    "D004-04": _use_without_race,
    "D004-15": _more_to_attack,
}
