"""From kept runs to what the page draws: bands, headline numbers, the map, one economy.

Numbers are rounded to what a screen can show; shares are fractions.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.charts.palette import stack_order
from sim.errors import UnknownEconomy, UnknownKey, nearest
from sim.scenario.economies import read_economies
from sim.web.block_runs import Singles
from sim.web.scenario_runs import ScenarioRuns
from sim.web.selection import View
from sim.world.axes import BLOCS

Floats = NDArray[np.float64]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
ALL = "all"
WORLD = "world:World"


def group_names(runs: ScenarioRuns) -> list[str]:
    """`kind:name` of every group, the world first."""
    return [f"{kind}:{name}" for kind, name in runs.plan.layout.groups]


def check_view(runs: ScenarioRuns, view: View) -> None:
    """Raise UnknownKey for a view there is not."""
    layout = runs.plan.layout
    for word, legal in (
        (view.group, group_names(runs)),
        (view.segment, [ALL, *layout.segments]),
    ):
        if word not in legal:
            raise UnknownKey(f"there is no '{word}' to show", hint=nearest(word, legal))
    if view.group != WORLD and (view.segment != ALL or view.measure == "spend"):
        hint = "Segments and spending are shown for the world"
        raise UnknownKey(f"'{view.group}' is shown for all segments and by users only", hint=hint)
    if view.measure == "spend" and view.segment != ALL:
        raise UnknownKey("spending is shown for all segments together", hint="Choose all")


def stage(runs: ScenarioRuns, view: View) -> dict[str, Any]:
    """What is drawn first when a stage is complete."""
    resolved = runs.world.resolved
    return {
        "live": runs.live,
        "hash": resolved.hash[:8],
        "name": resolved.name,
        "bands": bands(runs, view),
        "headline": headline(runs),
    }


def bands(runs: ScenarioRuns, view: View) -> dict[str, Any]:
    """Quantiles of the cumulative share (of use, of people, or of spending) in stacking order.

    values: [Q][O][5], offerings in `order`; each: the same of every share by itself; level:
    [Q][5], users as a share of potential users.
    """
    check_view(runs, view)
    amount, people = _amounts(runs, view)
    layout = runs.plan.layout
    order = stack_order(layout.offerings)
    stacked = amount[:, [layout.offerings.index(name) for name in order]].astype(np.float64)
    total = stacked.sum(axis=1, keepdims=True)
    whole = np.broadcast_to(people, total.shape) if view.measure == "people" else total
    share = np.divide(stacked, whole, out=np.zeros_like(stacked), where=whole > 0)
    cumulative = np.cumsum(share, axis=1)
    return {
        "order": order,
        "months": [layout_month(runs, t) for t in runs.plan.recorded],
        "values": rounded(quantiles(cumulative)),
        "each": rounded(quantiles(share)),
        "level": None
        if view.measure == "spend"
        else rounded(quantiles(_part(total[:, 0], people))),
    }


def _part(amount: Floats, people: Floats) -> Floats:
    """Users as a share of the people [N] who could use AI; 0 where there are none."""
    found: Floats = np.divide(amount, people, out=np.zeros_like(amount), where=people > 0.0)
    return found


def _amounts(runs: ScenarioRuns, view: View) -> tuple[Singles, Floats]:
    """Amounts [Q, O, N] of a view, and how many people [N] could use AI there."""
    layout = runs.plan.layout
    g = group_names(runs).index(view.group)
    if view.measure == "spend":
        spend = runs.gather("spend")
        return spend, np.ones(spend.shape[-1])
    potential = runs.gather("potential")[g]
    if view.segment == ALL:
        return runs.gather("users")[:, g], potential[-1]
    s = layout.segments.index(view.segment)
    return runs.gather("segments")[:, s], potential[s]


#: Families of offerings whose share of the world's use stands among the headline numbers.
HEADLINES = ("us", "cn", "cn_open", "exposure")


def headline(runs: ScenarioRuns) -> dict[str, Any]:
    """Named outcomes of the last month, replicate by replicate (None where one failed)."""
    layout, plan = runs.plan.layout, runs.plan
    use = runs.whole("users")[-1].astype(np.float64)
    total, by_home = use[0].sum(axis=0), use[len(layout.groups) :]
    some = np.where(total > 0, total, np.nan)
    revocability = runs.whole("revocability").astype(np.float64)
    found = {}
    for name in HEADLINES:
        if name in layout.families:
            k = layout.families.index(name)
            each = revocability if k == plan.exposure else np.ones_like(revocability)
            outcome = "world.exposure" if name == "exposure" else f"world.share.{name}"
            found[outcome] = listed(np.einsum("bo,bol,ol->l", plan.family[k], by_home, each) / some)
    adoption = _part(total, runs.whole("potential")[0, -1])
    found["world.adoption"] = listed(np.where(np.isnan(total), np.nan, adoption))
    return {"month": layout_month(runs, layout.n_months - 1), "runs": found}


def quantiles(runs: NDArray[np.float64]) -> NDArray[np.float64]:
    """[..., 5] over the last axis, as `QUANTILES`."""
    return np.moveaxis(np.quantile(runs, QUANTILES, axis=-1), 0, -1)


def rounded(values: NDArray[np.float64]) -> Any:  # noqa: ANN401 - nested lists
    """Nested lists with five decimals, None where undefined."""
    whole = np.round(values, 5).astype(object)
    whole[~np.isfinite(values)] = None
    return whole.tolist()


def listed(values: Sequence[float] | NDArray[np.float64]) -> list[float | None]:
    """Numbers of runs with seven significant digits, None where undefined."""
    return [float(f"{value:.7g}") if np.isfinite(value) else None for value in values]


def layout_month(runs: ScenarioRuns, t: int) -> str:
    """`YYYY-MM` of step t."""
    return runs.world.resolved.horizon.label(t)


def world_map(runs: ScenarioRuns) -> dict[str, Any]:
    """Every month and economy as bytes [T * C] in base64: index of the leading offering (255: no
    use), share of runs that agree on it, adoption, and the shares of the blocs (0 to 250).
    """
    assert runs.share_sum is not None
    assert runs.leading is not None
    assert runs.adopted_sum is not None
    live = max(runs.live, 1)
    leader = runs.leading.argmax(axis=2)
    agreed = runs.leading.max(axis=2) / live
    share = runs.share_sum / live
    fields = {
        "leader": np.where(agreed > 0, leader, 255).astype(np.uint8),
        "agreed": scaled(agreed),
        "adoption": scaled(runs.adopted_sum / live),
    }
    for k, bloc in enumerate(BLOCS):
        fields[bloc] = scaled(np.einsum("tco,co->tc", share, runs.plan.origin[:, :, k]))
    return {
        "iso3": list(runs.world.iso3),
        "offerings": list(runs.plan.layout.offerings),
        "months": [layout_month(runs, t) for t in range(runs.plan.layout.n_months)],
        "fields": {name: base64.b64encode(f.tobytes()).decode() for name, f in fields.items()},
    }


def scaled(fraction: NDArray[Any]) -> NDArray[np.uint8]:
    """Fractions as whole numbers 0 to 250."""
    return np.clip(np.round(fraction * 250.0), 0, 250).astype(np.uint8)


def economy(runs: ScenarioRuns, iso3: str) -> dict[str, Any]:
    """Cumulative shares and adoption of one economy over the first runs. Raises UnknownEconomy."""
    world = runs.world
    if iso3 not in world.iso3:
        raise UnknownEconomy(f"unknown economy '{iso3}'", hint=nearest(iso3, world.iso3))
    c, layout = world.iso3.index(iso3), runs.plan.layout
    order = stack_order(layout.offerings)
    share = runs.gather("economy")[:, c].astype(np.float64)
    stacked = share[:, [layout.offerings.index(name) for name in order]]
    return {
        "iso3": iso3,
        "name": read_economies().rows[iso3].get("name", iso3),
        "runs": share.shape[-1],
        "order": order,
        "months": [layout_month(runs, t) for t in runs.plan.recorded],
        "values": rounded(quantiles(np.cumsum(stacked, axis=1))),
        "each": rounded(quantiles(stacked)),
        "level": rounded(quantiles(runs.gather("adoption")[:, c].astype(np.float64))),
    }
