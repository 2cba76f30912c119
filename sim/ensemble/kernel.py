"""One month of all economies over lanes; the counterpart of `sim.model.country`.

Every formula is an equation of `sim.equations`, inlined; this file holds loops and order only.
Runs are the innermost axis, so the compiler packs each equation across runs. It does so only where
it can prove that rows do not overlap, and gives up past eight comparisons: hence many short loops
that store one row each and read at most eight.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.appraise import appraise
from sim.ensemble.arrays import Ground, Lanes, Work
from sim.ensemble.settling import build, tally
from sim.ensemble.surroundings import see_partners, see_prices
from sim.equations import adoption, choice, cost, network
from sim.equations.jit import borrowing, inner
from sim.equations.supply import Supply
from sim.world.parameters import OfferingParams, Params, SegmentParams, WorldLevers

Floats = NDArray[np.float64]


@borrowing
def advance_economies(
    t: int,
    g: Ground,
    refresh: NDArray[np.bool_],
    p: Params[Floats],
    s: SegmentParams,
    o: OfferingParams,
    constants: Floats,
    taste: Floats,
    effect: Floats,
    lever: WorldLevers,
    supply: Supply,
    lanes: Lanes,
    work: Work,
) -> None:
    """Steps 4 to 9 of month t for every economy; reads the portfolios of t-1."""
    lanes.use[:] = 0.0
    lanes.spend[:] = 0.0
    for c in range(g.online.shape[0]):
        if refresh[t, c]:
            appraise(t, c, g, p, s, o, constants, taste, lever, lanes)
        see_prices(t, c, g, p, o, lever, supply, lanes, work)
        see_partners(t, c, g, p, lever, supply, lanes, work)
        work.use[:] = 0.0
        work.local_use[:] = 0.0
        for j in range(work.ceiling.shape[0]):
            work.ceiling[j] = adoption.ceiling(
                g.online[c], supply.offline[j], p.adoption_ceiling_exponent[j]
            )
        for segment in range(s.churn.shape[0]):
            appeal(t, c, segment, g, s, o, lever, supply, lanes, work)
            if g.imitative:
                imitate(c, segment, g, p, lanes, work)
            share_out(p, work)
            renew(c, segment, g, s, lanes, work)
            adopt(c, segment, s, effect, supply, lanes, work)
            tally(c, segment, g, s, o, supply, lanes, work)
        build(t, c, g, p, lanes, work)


@inner
def appeal(
    t: int,
    c: int,
    segment: int,
    g: Ground,
    s: SegmentParams,
    o: OfferingParams,
    lever: WorldLevers,
    supply: Supply,
    lanes: Lanes,
    work: Work,
) -> None:
    """Price, burden, utility and attraction of every offering to a segment."""
    offerings, width = work.pull.shape
    work.nests[:] = 0.0
    for j in range(width):
        work.per_budget[j] = cost.per_budget(s.budget_share[segment, j], g.income_month[c])
    for k in range(offerings):
        mask, nest = lanes.mask[c, segment, k], g.nest[k]
        if mask == 0.0 and k != g.reference:
            work.pull[k, :] = 0.0
            lanes.bill[c, segment, k, :] = 0.0
            continue
        cut = cost.package_discount(lever.us_allies_package[t], g.ally[c], g.packaged[k])
        for j in range(width):
            work.value[j] = cost.monthly_price(
                cost.seat_price(o.seat_usd_month[k, j], lever.us_price_cut[t], g.packaged[k]),
                s.seat_weight[segment, j],
                supply.tokens[segment, j],
                work.unit[k, j],
                cut,
            )
        for j in range(width):
            lanes.bill[c, segment, k, j] = work.value[j] * s.paying[segment, j] * mask
        for j in range(width):
            work.burden[j] = cost.burden(work.value[j], work.per_budget[j])
        if k == g.reference:
            for j in range(width):
                work.reference_burden[j] = work.burden[j] * g.pays[t, c, segment]
        weigh(c, segment, k, g, s, supply, lanes, work)
        for j in range(width):
            work.pull[k, j] = choice.attraction(work.value[j], mask)
        for j in range(width):
            work.nests[nest, j] += work.pull[k, j]


@inner
def weigh(
    c: int,
    segment: int,
    k: int,
    g: Ground,
    s: SegmentParams,
    supply: Supply,
    lanes: Lanes,
    work: Work,
) -> None:
    """Utility of one offering to a segment, from its terms, into `work.value`."""
    width = work.value.shape[0]
    abroad, first = 1.0, k * width
    for b in range(3):
        abroad -= g.origin[c, k, b] * g.home[c, b]
    for j in range(width):
        work.habit[j] = network.habit(
            s.imitation[segment, j],
            work.exposure[first + j],
            s.lock_in[segment, j],
            lanes.stock[c, segment, k, j],
        )
    for j in range(width):
        work.kept[j] = supply.quality[segment, k, j] + supply.attention[segment, k, j] * abroad
    for j in range(width):
        work.anew[j] = s.affinity_weight[segment, j] * work.bond[k, j]
    for j in range(width):
        work.value[j] = choice.utility(
            lanes.standing[c, segment, k, j],
            work.kept[j],
            s.price_sensitivity[segment, j],
            work.burden[j],
            0.0,
            work.anew[j],
            work.habit[j],
            work.common[k, j],
        )


@inner
def imitate(c: int, segment: int, g: Ground, p: Params[Floats], lanes: Lanes, work: Work) -> None:
    """Replicator rule: attractions weighed by last month's use."""
    offerings, width = work.pull.shape
    work.nests[:] = 0.0
    for k in range(offerings):
        for j in range(width):
            work.pull[k, j] = choice.imitated(
                work.pull[k, j], lanes.share[c, segment, k, j], p.choice_entry[j]
            )
        for j in range(width):
            work.nests[g.nest[k], j] += work.pull[k, j]


@inner
def share_out(p: Params[Floats], work: Work) -> None:
    """Nested logit: from attractions by nest to the factor of each nest, and the total."""
    width = work.total.shape[0]
    work.total[:] = 0.0
    for n in range(work.nests.shape[0]):
        for j in range(width):
            work.weights[n, j] = choice.nest_attraction(work.nests[n, j], p.choice_similarity[j])
        for j in range(width):
            work.total[j] += work.weights[n, j]
    for n in range(work.nests.shape[0]):
        for j in range(width):
            work.weights[n, j] = choice.nest_factor(
                work.nests[n, j], work.weights[n, j], work.total[j]
            )


@inner
def renew(c: int, segment: int, g: Ground, s: SegmentParams, lanes: Lanes, work: Work) -> None:
    """The part of use up for renewal is chosen anew; the installed base follows."""
    offerings, width = work.pull.shape
    work.kept[:] = 0.0
    for k in range(offerings):
        mask = lanes.mask[c, segment, k]
        for j in range(width):
            work.kept[j] += lanes.share[c, segment, k, j] * mask
    for j in range(width):
        work.renewal[j] = choice.part_anew(work.kept[j], s.churn[segment, j])
    for j in range(width):
        work.kept[j] = choice.kept_factor(work.kept[j], work.renewal[j])
    for k in range(offerings):
        mask, nest = lanes.mask[c, segment, k], g.nest[k]
        for j in range(width):
            lanes.share[c, segment, k, j] = choice.renewed(
                lanes.share[c, segment, k, j] * mask,
                work.kept[j],
                choice.choice_share(work.pull[k, j], work.weights[nest, j]),
                work.renewal[j],
            )
        for j in range(width):
            lanes.stock[c, segment, k, j] = network.installed_base(
                lanes.stock[c, segment, k, j],
                lanes.share[c, segment, k, j],
                s.memory[segment, j],
            )


@inner
def adopt(
    c: int,
    segment: int,
    s: SegmentParams,
    effect: Floats,
    supply: Supply,
    lanes: Lanes,
    work: Work,
) -> None:
    """Adoption of a segment relaxes towards its target."""
    width, some = work.total.shape[0], 0.0
    for k in range(work.pull.shape[0]):
        some = max(some, lanes.mask[c, segment, k])
    for j in range(width):
        work.value[j] = choice.inclusive_value(work.total[j])
    for j in range(width):
        work.value[j] = adoption.adoption_index(
            supply.kappa[segment, j],
            s.burden_sensitivity[segment, j],
            work.reference_burden[j],
            s.reach_weight[segment, j],
            lanes.log_reach[c, segment, j],
            s.value_weight[segment, j],
            work.value[j],
            effect[c, j],
        )
    for j in range(width):
        work.value[j] = adoption.adoption_target(work.ceiling[j], work.value[j], some)
    for j in range(width):
        lanes.adoption[c, segment, j] = adoption.adopted(
            lanes.adoption[c, segment, j], work.value[j], s.speed[segment, j], some
        )
