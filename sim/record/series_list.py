"""The code list of the world's series: indicators, and what instruments see but consumer chat."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """One row of the code list."""

    name: str
    unit: str
    definition: str
    frequency: str
    resolution: str


STORED, RESOLUTION = "month, world", "1.6 % of the value"

#: World series that a driver passes every month and lane; append to extend.
INDICATORS: tuple[Entry, ...] = tuple(
    Entry(name, unit, definition, "month", RESOLUTION)
    for name, unit, definition in (
        ("lag_cn", "months", "Best released Chinese model behind the best released US model."),
        ("lag_cn_open", "months", "Best released Chinese open weights behind the US frontier."),
        ("lag_us_open", "months", "Best released US open weights behind the US frontier."),
        ("lag_other_open", "months", "Best open weights of other origin behind the US frontier."),
        ("capability_us", "frontier-months", "Best released US capability."),
        ("capability_cn", "frontier-months", "Best released Chinese capability."),
        ("price_us_closed", "USD/Mtok", "API price of closed US models."),
        ("price_cn_open", "USD/Mtok", "Price of hosted Chinese open weights."),
        ("markup_us", "fraction", "Mark-up of closed US services over unit cost."),
        ("scarcity", "ratio", "Scarcity price factor of accelerators, mean over economies."),
    )
)
INDICATOR_NAMES: tuple[str, ...] = tuple(entry.name for entry in INDICATORS)

#: Segments of the audiences that instruments look at: visitors of services, developers, developers
#: on an aggregator, firms, developers by their tokens, those who
#: download from hubs abroad.
SEGMENT_OF = (
    "consumers", "developers", "developers", "enterprise", "developers", "developers",
)  # fmt: skip

#: World series of the other instruments, named `channel.variable`. What each leaves out is said in
#: its definition; sources: the targets of the same channels in seeds/targets.
TOKEN_SERIES = ("cn_open_token_share", "cn_token_share", "open_token_share", "closed_token_share")
CHANNEL_SERIES: tuple[Entry, ...] = (
    Entry(
        "web_visits.cn_share",
        "fraction",
        "Chinese services among visits to chat services outside China, trial visits included; a "
        "user of a Chinese service visits observe.visits_per_user times as often as others. "
        "Leaves out apps' own traffic and offerings without a page.",
        STORED,
        RESOLUTION,
    ),
    *(
        Entry(
            f"aggregator.{name}",
            "fraction",
            f"{meaning} on an aggregator that resells APIs: developers' use of offerings sold by "
            "the token, open models over-represented by observe.aggregator_selection, China's "
            "developers by observe.aggregator_china. Leaves out own hardware, hybrids, national "
            "services and partnerships; a Chinese vendor's API of an open model counts as open.",
            STORED,
            RESOLUTION,
        )
        for name, meaning in (
            ("cn_open_token_share", "Chinese open weights among tokens"),
            ("cn_token_share", "Chinese models among tokens"),
            ("open_token_share", "Open weights among tokens"),
            ("closed_token_share", "Closed models among tokens"),
            ("closed_spend_share", "Closed models among spend at list prices"),
        )
    ),
    *(
        Entry(
            f"developers.{name}",
            "fraction",
            f"{meaning} of the world's developers, China's included; open means that the weights "
            "are used, hosted or on own hardware.",
            STORED,
            RESOLUTION,
        )
        for name, meaning in (
            ("cn_open_token_share", "Chinese open weights among tokens"),
            ("cn_token_share", "Offerings of Chinese origin among tokens"),
            ("open_token_share", "Open weights among tokens"),
            ("closed_token_share", "All other offerings among tokens"),
            ("closed_spend_share", "All other offerings among spend at list prices"),
        )
    ),
    *(
        Entry(
            f"weights_downloads.{bloc}_share",
            "fraction",
            f"Weights of {name} origin among the open weights that developers use, as a proxy of "
            "downloads. Leaves out automatic downloads and derived models.",
            STORED,
            RESOLUTION,
        )
        for bloc, name in (("cn", "Chinese"), ("us", "US"))
    ),
    Entry(
        "weights_downloads.cn_part",
        "fraction",
        "Chinese part of the Chinese and US weights that developers use, as a proxy of downloads; "
        "China's developers count as far as observe.downloads_china says.",
        STORED,
        RESOLUTION,
    ),
    Entry(
        "enterprise.open_share",
        "fraction",
        "Open weights among enterprises' use outside China.",
        STORED,
        RESOLUTION,
    ),
)
