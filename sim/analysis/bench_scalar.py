"""A country that computes cell by cell in plain Python: the scalar form of the Mesa model.

For `spheres bench` only, which times both forms of the Mesa model and reports the faster. The
formulas are the text of `sim.equations` without compilation, with the logarithm and the
exponential of the C library; numbers are Python floats in lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.bench_lists import Fixed, Month, Row, plain, see_view
from sim.equations import access, adoption, choice, cost, feedback, network, sovereignty
from sim.model.appraisal import appraise
from sim.model.country import Country

if TYPE_CHECKING:
    from sim.model.model import Spheres

monthly_price, burden_of = plain(cost.monthly_price), plain(cost.burden)
seat_of = plain(cost.seat_price)
utility_of, attraction_of = plain(choice.utility), plain(choice.attraction)
habit_of, stock_of = plain(network.habit), plain(network.installed_base)
nest_of, factor_of = plain(choice.nest_attraction), plain(choice.nest_factor)
share_of, renewed_of = plain(choice.choice_share), plain(choice.renewed)
anew_of, kept_of = plain(choice.part_anew), plain(choice.kept_factor)
value_of, exposure_of = plain(choice.inclusive_value), plain(network.partner_exposure)
index_of, target_of = plain(adoption.adoption_index), plain(adoption.adoption_target)
adopted_of, ceiling_of = plain(adoption.adopted), plain(adoption.ceiling)
unit_of, standards_of = plain(cost.unit_price), plain(sovereignty.standards_pull)
discount_of, drift_of = plain(cost.package_discount), plain(feedback.alignment_drift)
access_of = plain(access.chip_access)
# Stays compiled: where there is no hardware it divides by zero, which Python refuses.
scarcity_of = cost.scarcity
capacity_of, saving_of = plain(cost.local_capacity), plain(cost.power_saving)
local_of, premium_of = plain(cost.local_cost), plain(cost.control_premium)
aided_of, granted_of = plain(cost.aided), plain(cost.granted)
accelerators_of = plain(cost.accelerators_next)


class ScalarCountry(Country):
    """State as in `Country`, in lists: share, stock, bill [S][O], adoption [S], drift [B]."""

    def __init__(self, model: Spheres, index: int, fixed: Fixed) -> None:
        """fixed: from `fix(model)`."""
        super().__init__(model, index)
        self.fixed = fixed
        segments, offerings = self.share.shape
        self.shares = [[0.0] * offerings for _ in range(segments)]
        self.stocks = [[0.0] * offerings for _ in range(segments)]
        self.bills = [[0.0] * offerings for _ in range(segments)]
        self.levels = [0.0] * segments
        self.drifts, self.leans, self.reference = [0.0] * 3, [0.0] * 3, [0.0] * 3
        e = model.world.economies
        self.income, self.online = float(e.income_month[index]), float(e.online[index])
        self.gdp, self.partner = float(e.gdp_month[index]), float(e.belt_road[index])
        self.ally, self.capped = float(e.ally[index]), float(e.capped[index])
        self.tier2 = float(e.tier2[index])

    def live(self, now: Month) -> None:
        """Steps 4 to 9 of the month."""
        m, c = self.model, self.index
        if m.world.refresh[m.month, c]:
            self.view = see_view(appraise(m, c, m.month))
        self.find_prices(now)
        self.see_partners(now)
        for s in range(len(self.levels)):
            self.decide(s, now)
        self.settle(now)

    def find_prices(self, now: Month) -> None:
        """Chip access, scarcity, and the price of a million tokens by offering."""
        m, p, f, t = self.model, self.model.p, self.fixed, self.model.month
        lever = m.world.levers.world
        saving = saving_of(p.cost_low_power_saving, lever.cn_low_power_chips[t], self.partner)
        self.chips = access_of(
            self.capped,
            lever.us_chip_controls_tier2_cap[t] * self.tier2,
            lever.us_chip_controls_tightness[t],
            lever.us_chip_controls_leakage[t],
        )
        capacity = capacity_of(
            self.accelerators,
            m.world.fixed.world_inference_share,
            now.throughput,
            p.cost_local_utilisation,
        )
        self.scarcity = scarcity_of(self.local_demand, capacity, p.cost_scarcity_steepness)
        local = local_of(
            now.hourly * saving,
            premium_of(p.cost_local_control_premium, self.chips),
            self.scarcity,
            p.cost_local_energy_usd_hour * saving,
            now.throughput,
            p.cost_local_utilisation,
            p.cost_local_staff_income_share * self.income,
            p.cost_local_volume_mtok_month,
        )
        local = float(aided_of(local, p.cost_aid_discount, lever.cn_aid[t], self.partner))
        package = float(lever.us_allies_package[t])
        self.cut = [discount_of(package, self.ally, covered) for covered in f.packaged]
        lower = float(lever.us_price_cut[t])
        seats = zip(f.o["seat_usd_month"], f.packaged, strict=True)
        self.seats = [seat_of(seat, lower, covered) for seat, covered in seats]
        mixed = zip(now.api, f.o["api_weight"], f.o["local_weight"], strict=True)
        self.unit = [unit_of(api, a, local, b) for api, a, b in mixed]

    def see_partners(self, now: Month) -> None:
        """Partners' use, shared standards and drift, by offering."""
        m, c, origin = self.model, self.index, self.fixed.origin[self.index]
        weight, scale = self.fixed.weight_china[c], now.china_scale
        seen = zip(now.exposure[c], now.china, strict=True)
        self.seen = [exposure_of(flow, weight, china, scale) for flow, china in seen]
        reach = float(m.world.levers.world.standards_reach[m.month])
        gain, (us, cn, other) = m.p.standards_gain, self.leans
        self.common = [
            foreign * standards_of(reach, gain, a * us + b * cn + d * other)
            for foreign, (a, b, d) in zip(self.fixed.foreign, origin, strict=True)
        ]
        us, cn, other = self.drifts
        self.bond = [a * us + b * cn + d * other for a, b, d in origin]

    def decide(self, s: int, now: Month) -> None:
        """Prices, choice, renewal and adoption of segment row `s`."""
        f, view, mask = self.fixed, self.view, self.view.mask[s]
        similarity = self.model.p.choice_similarity
        pull, heavy = self.attract(s, now)
        totals = [0.0] * f.nests
        for nest, value in zip(f.nest, pull, strict=True):
            totals[nest] += value
        weights = [nest_of(total, similarity) for total in totals]
        everything = sum(weights)
        factors = [factor_of(a, b, everything) for a, b in zip(totals, weights, strict=True)]
        kept = [share * open_ for share, open_ in zip(self.shares[s], mask, strict=True)]
        kept_total = sum(kept)
        anew = anew_of(kept_total, f.s["churn"][s])
        keep, memory = kept_of(kept_total, anew), f.s["memory"][s]
        share = [
            renewed_of(old, keep, share_of(value, factors[nest]), anew)
            for old, value, nest in zip(kept, pull, f.nest, strict=True)
        ]
        self.shares[s] = share
        both = zip(self.stocks[s], share, strict=True)
        self.stocks[s] = [stock_of(stock, part, memory) for stock, part in both]
        index = index_of(
            now.kappa[s],
            f.s["burden_sensitivity"][s],
            heavy * float(self.model.world.pays[self.model.month, self.index, s]),
            f.s["reach_weight"][s],
            view.log_reach[s],
            f.s["value_weight"][s],
            value_of(everything),
            f.effect[self.index],
        )
        target = target_of(
            ceiling_of(self.online, now.offline, self.model.p.adoption_ceiling_exponent),
            index,
            view.some[s],
        )
        self.levels[s] = adopted_of(self.levels[s], target, f.s["speed"][s], view.some[s])

    def attract(self, s: int, now: Month) -> tuple[Row, float]:
        """(attraction of every offering, burden of the reference offering) for a segment."""
        f, view, reference = self.fixed, self.view, self.model.world.reference
        per_budget, mask, standing = view.per_budget[s], view.mask[s], view.standing[s]
        sovereignty, stock, bill = view.sovereignty[s], self.stocks[s], self.bills[s]
        quality, attention, tokens = now.quality[s], now.attention[s], now.tokens[s]
        seats, seat_weight, paying = self.seats, f.s["seat_weight"][s], f.s["paying"][s]
        sensitivity, imitation = f.s["price_sensitivity"][s], f.s["imitation"][s]
        lock_in, closeness = f.s["lock_in"][s], f.s["affinity_weight"][s]
        pull, heavy = [0.0] * len(mask), 0.0
        for k, open_ in enumerate(mask):
            if open_ == 0.0 and k != reference:
                bill[k] = 0.0
                continue
            price = monthly_price(seats[k], seat_weight, tokens, self.unit[k], self.cut[k])
            burden = burden_of(price, per_budget)
            bill[k] = price * paying * open_
            if k == reference:
                heavy = burden
            value = utility_of(
                standing[k],
                quality[k] + attention[k] * view.abroad[k],
                sensitivity,
                burden,
                sovereignty[k],
                closeness * self.bond[k],
                habit_of(imitation, self.seen[k], lock_in, stock[k]),
                self.common[k],
            )
            pull[k] = attraction_of(value, open_)
        return pull, heavy

    def settle(self, now: Month) -> None:
        """Accelerators, tokens asked of them, and drift of affinity."""
        m, p, f, t = self.model, self.model.p, self.fixed, self.model.month
        lever = m.world.levers
        given = granted_of(
            float(lever.economy.gulf_buildout[t, self.index]),
            float(lever.world.cn_aid[t]),
            self.partner,
            p.cost_aid_accelerators_month,
        )
        self.accelerators = accelerators_of(
            self.accelerators,
            p.cost_accelerator_retirement,
            self.gdp * p.cost_accelerator_gdp_share,
            p.cost_accelerator_usd,
            self.chips,
            given,
        )
        use = [0.0] * len(f.nest)
        self.local_demand = 0.0
        for s, share in enumerate(self.shares):
            users = f.potential[self.index][s] * self.levels[s]
            asked = 0.0
            for k, part in enumerate(share):
                use[k] += users * part
                asked += users * part * f.o["local_weight"][k]
            self.local_demand += now.tokens[s] * asked
        total = sum(use)
        if total > 0.0:
            rows = list(zip(use, f.origin[self.index], strict=True))
            self.leans = [sum(part * row[b] for part, row in rows) / total for b in range(3)]
        if t <= m.world.fixed.world_reference_month:
            self.reference = self.leans
        states = zip(self.drifts, self.leans, self.reference, strict=True)
        self.drifts = [drift_of(a, b, r, p.affinity_drift_speed) for a, b, r in states]
