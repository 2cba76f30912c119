"""What the world offers in a month: frontier, releases, prices, worth by task (steps 1 to 3)."""

from dataclasses import dataclass

import numpy as np

from oracle.formulas import awareness, cost, feedback, frontier, tasks
from sim.draws.setting import Setting
from sim.world.axes import (
    BEST_OPEN,
    BLOCS,
    CN,
    CN_CLOSED,
    CN_OPEN,
    DOMESTIC,
    OTHER,
    OTHER_OPEN,
    PRICE_CN_OPEN,
    PRICE_OTHER_OPEN,
    PRICE_TRACKS,
    PRICE_US_CLOSED,
    PRICE_US_OPEN,
    RELEASED_BY,
    TRACKS,
    US,
    US_CLOSED,
    US_OPEN,
)

OPEN = (US_OPEN, CN_OPEN, OTHER_OPEN)


@dataclass(frozen=True)
class Used:
    """What the world used in a month."""

    users: np.ndarray  # [bloc] share
    spend: np.ndarray  # [bloc] share
    cn_open: float  # share of users on Chinese open weights
    us_closed: float  # share of users on what US vendors sell
    industry: float  # adoption of China's industrial segments


NOTHING = Used(np.zeros(len(BLOCS)), np.zeros(len(BLOCS)), 0.0, 0.0, 0.0)


class Supply:
    """The world's side of a run; `advance` moves it by a month.

    latent, buzz [bloc]; released [track] frontier-months; api [price track] USD per million tokens;
    worth [S, task, O] of models, tokens [S, O] million per user-month that they can be used for;
    home, abroad [S, O] attention that offerings draw.
    """

    def __init__(self, setting: Setting) -> None:
        """setting: its first replicate is run."""
        w, numbers = setting.world, setting.numbers
        self.world = w
        self.p = numbers.params.each(lambda a: a[0])
        self.s = numbers.segments.each(lambda a: a[:, 0])
        self.task = numbers.tasks.each(lambda a: a[:, 0])
        self.size = numbers.sizes[:, :, 0]
        self.draws = type(numbers.supply)(*(a[..., 0] for a in numbers.supply))
        self.on = 1.0 if w.resolved.structure.feedbacks else 0.0
        offerings = w.resolved.offerings.values()
        self.origin = np.array([[o.from_bloc(bloc) for bloc in BLOCS] for o in offerings])
        self.effort = numbers.offerings.effort[:, 0]
        p = self.p
        self.latent = np.array([p[f"frontier_{bloc}_start"] for bloc in BLOCS])
        self.buzz = np.zeros(len(BLOCS))
        self.released = np.zeros(len(TRACKS))
        self.released[US_CLOSED] = self.latent[US]
        self.released[US_OPEN] = self.latent[US] - p.release_gap_us_open
        self.released[CN_CLOSED] = self.latent[CN] - p.release_gap_cn_closed
        self.released[CN_OPEN] = self.latent[CN] - p.release_gap_cn_open
        self.released[OTHER_OPEN] = self.latent[OTHER] - p.release_gap_other_open
        self.api = np.zeros(len(PRICE_TRACKS))

    def advance(self, t: int, now: Used, then: Used) -> None:
        """Month t. now: use of last month; then: of the month that feedbacks are measured from."""
        self.t, self.now, self.then = t, now, then
        self.lever = self.world.levers.world.each(lambda path: path[t])
        self.advance_frontier()
        self.advance_releases()
        self.set_worth()
        self.set_attention()
        self.set_prices()

    def advance_frontier(self) -> None:
        """Latent capability of the three blocs (step 1)."""
        p, lever = self.p, self.lever
        self.us_openness = frontier.openness_after_deterrence(
            lever.us_openness, p.frontier_openness_deterrence, p.frontier_openness_spillover
        )
        compute = np.array([self.compute_us(), self.compute_cn(), self.compute_other()])
        spilled = [
            frontier.spillover_rate(rate, p.frontier_openness_spillover, self.us_openness)
            for rate in (p.frontier_cn_catch_up, p.frontier_other_catch_up)
        ]
        self.latent = frontier.advance(
            self.latent,
            frontier.pace(compute, p.frontier_elasticity),
            self.pace_factors(),
            frontier.catch_up(
                self.latent, self.latent.max(), np.array([p.frontier_us_catch_up, *spilled])
            ),
            p.frontier_shock_sd * self.draws.shock[self.t],
        )

    def compute_us(self) -> float:
        """Training compute of the US, relative to its reference path."""
        return self.p.frontier_us_compute * self.lever.us_compute_boost

    def compute_other(self) -> float:
        """Training compute of the others, in the same unit."""
        return self.p.frontier_other_compute * self.lever.other_compute_boost

    def compute_cn(self) -> float:
        """Training compute of China, in the same unit."""
        p, lever = self.p, self.lever
        tightness = lever.us_chip_controls_tightness
        chips = frontier.obtainable_chips(
            p.frontier_cn_chip_demand, tightness, lever.us_chip_controls_leakage
        )
        efficiency = frontier.algorithmic_efficiency(tightness, p.frontier_cn_induced_efficiency)
        return lever.cn_compute_boost * frontier.effective_compute(
            chips, p.frontier_cn_domestic_chips, lever.cn_domestic_efficiency, efficiency
        )

    def pace_factors(self) -> np.ndarray:
        """[bloc] factor on own pace: support, drags and feedbacks; the others have none of them."""
        p, lever = self.p, self.lever
        community = feedback.community_feedback(
            p.feedback_community_gain, self.now.cn_open, self.then.cn_open
        )
        us = frontier.pace_factor(
            p.frontier_us_pace, 0.0, lever.us_reporting_drag, self.on * self.gain(US)
        )
        cn = frontier.pace_factor(
            p.frontier_cn_pace,
            lever.cn_rnd_support,
            lever.cn_economy_drag,
            self.on * (self.gain(CN) + community),
        )
        return np.array([us, cn, p.frontier_other_pace])

    def gain(self, bloc: int) -> float:
        """What revenue and deployment data add to a bloc's pace."""
        return feedback.pace_feedback(
            self.p.feedback_revenue_gain,
            self.now.spend[bloc],
            self.then.spend[bloc],
            self.p.feedback_data_gain,
            self.now.users[bloc],
            self.then.users[bloc],
        )

    def advance_releases(self) -> None:
        """Releases, dated or random, and the attention they draw (step 2)."""
        p, lever = self.p, self.lever
        response = self.on * feedback.openness_response(
            p.feedback_openness_gain, self.now.cn_open, self.then.cn_open
        )
        us_open = frontier.opened_gap(p.release_gap_us_open, self.us_openness, response)
        cn_open = p.release_gap_cn_open + lever.cn_release_delay
        self.new = np.array([lever.buzz_us, lever.buzz_cn, 0.0])
        self.release(US_CLOSED, 0.0, p.release_interval_us_closed)
        self.release(US_OPEN, us_open, p.release_interval_us_open)
        self.release(CN_CLOSED, p.release_gap_cn_closed, p.release_interval_cn_closed)
        opened = self.draws.opened[self.t] < lever.cn_openness
        self.release(CN_OPEN, cn_open, p.release_interval_cn_open, opened)
        self.release(OTHER_OPEN, p.release_gap_other_open, p.release_interval_other_open)
        self.released[BEST_OPEN] = self.released[list(OPEN)].max()
        self.released[DOMESTIC] = self.released[BEST_OPEN] - p.release_gap_domestic
        self.buzz = frontier.buzz_left(self.buzz, p.attention_half_life, self.new)

    def release(self, track: int, gap: float, interval: float, allowed: bool = True) -> None:
        """One track of a bloc; allowed: whether the bloc lets a random release out. A dated release
        is what the record says, and its lab knows it too. Releases of the others draw no attention.
        """
        t, bloc = self.t, RELEASED_BY[track]
        if t < self.world.dated_until[track]:
            happens = self.release_dated(track, bloc)
        else:
            happens = allowed * frontier.release_happens(self.draws.release[t, track], interval)
            offered = frontier.offered(
                self.latent[bloc], gap, self.p.release_size_sd, self.draws.size[t, track]
            )
            self.released[track] = frontier.released(self.released[track], offered, happens)
        if bloc in (US, CN):
            self.new[bloc] += happens * frontier.release_buzz(
                self.draws.buzz[t, bloc], self.p.release_buzz_mean
            )

    def release_dated(self, track: int, bloc: int) -> bool:
        """The best on record by this month is out; whether it came out this very month."""
        best = self.world.dated[self.t, track]
        before = self.world.dated[self.t - 1, track] if self.t > 0 else np.nan
        if np.isnan(best):
            return False
        self.released[track] = frontier.released(self.released[track], best, 1.0)
        self.latent[bloc] = max(self.latent[bloc], best)
        return bool(np.isnan(before) or best > before)

    def set_prices(self) -> None:
        """API prices, computing, and China's weight in trade (step 3)."""
        p, lever, fixed = self.p, self.lever, self.world.fixed
        months = self.t - fixed.world_reference_month
        undated = max(self.t - fixed.world_dated_months, 0.0)
        base = p.cost_us_closed_markup
        self.markup = cost.markup(
            base,
            cost.share_felt(self.now.us_closed, self.then.us_closed, undated),
            self.then.us_closed,
            p.cost_us_closed_pass_through,
            lever.us_monetisation,
        )
        listed = np.zeros(len(PRICE_TRACKS))
        listed[PRICE_US_CLOSED] = lever.price_us_closed / (1.0 + base)
        listed[PRICE_US_OPEN] = lever.price_us_open
        listed[PRICE_CN_OPEN] = lever.price_cn_open
        listed[PRICE_OTHER_OPEN] = lever.price_other_open
        self.api = cost.declined(listed, p.cost_decline, undated)
        self.api[PRICE_US_CLOSED] = cost.api_price(
            self.api[PRICE_US_CLOSED], self.markup, lever.us_price_cut
        )
        self.china_scale = feedback.trade_scale(
            self.on * p.feedback_trade_gain, self.now.industry, self.then.industry
        )
        self.throughput = cost.declined(
            p.cost_local_tokens_mtok_hour, -p.cost_local_throughput_growth, months
        )
        self.hourly = cost.declined(
            p.cost_cn_open_local_accelerator_usd_hour, p.cost_local_accelerator_decline, months
        )
        self.accelerator = cost.declined(
            p.cost_accelerator_usd, p.cost_local_accelerator_decline, months
        )

    def set_worth(self) -> None:
        """What models do well in every task, and what that is worth and used for (step 6)."""
        s, task, of = self.s.each(lambda a: a[:, None, None]), self.task, self.world.offerings
        hard = np.array([one.frontier for one in self.world.resolved.tasks.values()])

        def done_well(capability: np.ndarray) -> np.ndarray:
            return tasks.done_well(capability, task.threshold, task.width)  # [..., task]

        then = self.tokens_of(done_well(self.world.fixed.world_reference_capability))  # [S, 1]
        general, top = self.released[of.track], self.released[of.track_frontier]
        part = done_well(np.where(hard, top[:, None], general[:, None]))  # [O, task]
        self.worth = tasks.worth(part.T, s.task_exponent)
        self.tokens = tasks.tokens(self.s.tokens_mtok_month[:, None], self.tokens_of(part), then)
        deeper = self.tokens_of(done_well(self.released[BEST_OPEN])) / then
        self.volume = self.p.cost_local_volume_mtok_month * (self.s.builds @ deeper[:, 0])

    def tokens_of(self, part: np.ndarray) -> np.ndarray:
        """[S, ...] tokens of a segment's work that is done to parts [..., task] of its tasks."""
        return (self.size * self.task.tokens) @ np.atleast_2d(part).T

    def set_attention(self) -> None:
        """Attention that offerings draw this month, in their bloc's home market and elsewhere."""
        effort, buzz = self.s.effort[:, None], self.origin @ self.buzz
        self.home = awareness.attention(effort, 1.0, self.p.attention_gain, buzz)
        self.abroad = awareness.attention(effort, self.effort, self.p.attention_gain, buzz)
