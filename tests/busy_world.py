"""A small world in which every mechanism is at work.

Policy levers are on, feedback gains above zero, computing scarce, releases random from the fifth
month on, and China is ahead of the US in the end. Services are withdrawn and come back.
"""

from functools import cache

from small_worlds import EIGHT, event, scenario, with_events, with_values

from sim.scenario import Resolved

NINE = (*EIGHT, "CUB")  # Cuba's market income is capped by purchasing power
LEVERS_ON = {
    "us.openness": 0.3,
    "us.allies_package": 0.2,
    "us.partnership_scale": 0.2,
    "us.monetisation": 0.1,
    "us.chip_controls.tier2_cap": 0.2,
    "cn.aid": 0.5,
    "cn.low_power_chips": 0.5,
    "cn.openness": 0.9,
    "forum.engagement": 0.5,
    "standards.reach": 0.5,
    "buzz.us": 0.2,
    "partnership.signed": 0.3,
}
#: (lever, from, until, value, economies)
WITHDRAWN = (
    ("access.openai", "2023-05", "2023-09", 0.0, ("BRA", "DEU", "KEN")),
    ("access.google", "2023-05", "2023-09", 0.0, ("BRA", "KEN")),
    ("access.anthropic", "2023-05", "2023-09", 0.0, ("BRA", "KEN")),
    ("ban.cn.consumers", "2023-08", "2023-12", 1.0, ("IND",)),
    ("ban.cn.enterprise", "2023-06", None, 0.5, ("DEU",)),
)
MECHANISMS_ON = {
    "world.dated_months": 4,
    "world.reference_month": 4,
    "world.inference_share": 0.001,
    "frontier.cn.pace": 3.0,
    "release.interval.us_open": 1.1,
    "release.interval.cn_open": 1.1,
    "offerings.cn_open_hosted.effort": 8.0,
    "offerings.cn_open_local.effort": 8.0,
    "release.gap.us_open": 2.0,
    "feedback.revenue_gain": 0.3,
    "feedback.data_gain": 0.3,
    "feedback.community_gain": 0.3,
    "feedback.openness_gain": 10.0,
    "feedback.trade_gain": 1.0,
    "segments.government.industrial": 0.5,
    "segments.developers.speed_start": 0.9,  # at their target early, and back when it falls
    "offerings.us_closed.revocability": 0.9,
    "offerings.cn_service.revocability": 0.9,
}


@cache
def busy(end: str = "2024-06") -> Resolved:
    """The scenario, up to a month."""
    on = (event(path, "2023-02", value) for path, value in LEVERS_ON.items())
    off = (
        event(path, since, value, until=until, economies=economies)
        for path, since, until, value, economies in WITHDRAWN
    )
    resolved = with_values(with_events(scenario(end), *on, *off), MECHANISMS_ON)
    deal = resolved.offerings["us_partnership"].model_copy(update={"from": "2023-03"})
    return resolved.model_copy(update={"offerings": {**resolved.offerings, "us_partnership": deal}})
