"""The code list: every variable, indicator and channel series a run folder can hold.

One row says what a name means, its unit, how often it is stored and how fine its quantiles are;
`quarter ends` are March, June, September, December, and the first and last month of a run.
`as_markdown()` generates the table of the documentation, so text and tables cannot part.
"""

from __future__ import annotations

from sim.record.channel_list import CHANNEL_SERIES
from sim.record.entry import Entry

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

#: Bins of one quantile histogram. Resolution of a quantile = the bin it falls in.
ECONOMY_BINS = 48  # a fraction, economies: at most 0.033 wide at 0.5, 0.001 at 0 and 1
GROUP_BINS = 96  # a fraction, groups: at most 0.017 wide at 0.5, 0.0003 at 0 and 1
LEVEL_BINS = 96  # users, tokens, spend of groups: 4 bins an octave over 23.75 octaves
LEVEL_STEPS_LOG2 = 2
SIGNED_STEPS_LOG2 = 6  # indicators: 64 bins an octave (1.6 %), either sign
SIGNED_FLOOR_LOG2 = -8
SIGNED_OCTAVES = 28
SIGNED_HALF = SIGNED_OCTAVES << SIGNED_STEPS_LOG2
SIGNED_BINS = 2 * SIGNED_HALF + 1

#: Levels are binned per potential user; the smallest bin edge of each, as a power of two.
LEVELS = ("users", "tokens", "spend")
LEVEL_FLOOR_LOG2 = (-24, -10, -12)


_FRACTION = "bins equal in arcsin(sqrt x): 48 for economies (<= 0.033), 96 for groups (<= 0.017)"
_LEVEL = "12 to 25 % of the value"
_SIGNED = "1.6 % of the value"
_EXACT = "exact, from every replicate"

VARIABLES: tuple[Entry, ...] = (
    Entry(
        "adoption",
        "fraction",
        "Users as a share of the segment's potential users.",
        "month for groups, quarter ends for economies",
        _FRACTION,
    ),
    Entry(
        "share",
        "fraction",
        "An offering's share of the segment's use; for a group or all segments, weighted by users. "
        "Undefined where nobody uses AI.",
        "month for groups, quarter ends for economies",
        _FRACTION,
    ),
    Entry(
        "users",
        "persons",
        "Users by offering, a user of several counted in parts; no offering: all users.",
        "quarter ends for groups, December (mean) for economies",
        _LEVEL,
    ),
    Entry(
        "tokens",
        "million tokens/month",
        "Users times tokens per user.",
        "quarter ends for groups, December (mean) for economies",
        _LEVEL,
    ),
    Entry(
        "spend",
        "USD/month",
        "Users times the bill actually paid.",
        "quarter ends for groups, December (mean) for economies",
        _LEVEL,
    ),
)

#: World series that a driver passes every month and lane; append to extend.
INDICATORS: tuple[Entry, ...] = (
    Entry(
        "lag_cn",
        "months",
        "Best released Chinese model behind the best released US model.",
        "month",
        _SIGNED,
    ),
    Entry(
        "lag_cn_open",
        "months",
        "Best released Chinese open weights behind the US frontier.",
        "month",
        _SIGNED,
    ),
    Entry(
        "lag_us_open",
        "months",
        "Best released US open weights behind the US frontier.",
        "month",
        _SIGNED,
    ),
    Entry(
        "lag_other_open",
        "months",
        "Best open weights of other origin behind the US frontier.",
        "month",
        _SIGNED,
    ),
    Entry("capability_us", "frontier-months", "Best released US capability.", "month", _SIGNED),
    Entry(
        "capability_cn", "frontier-months", "Best released Chinese capability.", "month", _SIGNED
    ),
    Entry("price_us_closed", "USD/Mtok", "API price of closed US models.", "month", _SIGNED),
    Entry("price_cn_open", "USD/Mtok", "Price of hosted Chinese open weights.", "month", _SIGNED),
    Entry(
        "markup_us", "fraction", "Mark-up of closed US services over unit cost.", "month", _SIGNED
    ),
    Entry(
        "scarcity",
        "ratio",
        "Scarcity price factor of accelerators, mean over economies.",
        "month",
        _SIGNED,
    ),
)
INDICATOR_NAMES: tuple[str, ...] = tuple(entry.name for entry in INDICATORS)

METRICS: tuple[Entry, ...] = (
    Entry(
        "herfindahl",
        "fraction",
        "Sum of squared world shares of the offerings' use.",
        "June and December",
        _EXACT,
    ),
    Entry(
        "exposure",
        "fraction",
        "Use that another state could cut off: share times revocability, "
        "of offerings not of the economy's own bloc.",
        "June and December",
        _EXACT,
    ),
    Entry(
        "modularity",
        "1",
        "Modularity of the dominant-bloc partition of symmetrised trade, minus "
        "its expectation when the same labels are dealt at random.",
        "June and December",
        _EXACT,
    ),
    Entry(
        "assortativity",
        "1",
        "Newman's assortativity of dominant blocs on symmetrised trade.",
        "June and December",
        _EXACT,
    ),
    Entry(
        "cn_gap_closed",
        "0/1",
        "Best released Chinese >= best released US for three months in a row, at any time so far.",
        "June and December",
        _EXACT,
    ),
    Entry(
        "cn_leads",
        "0/1",
        "Best released Chinese above best released US.",
        "June and December",
        _EXACT,
    ),
    Entry(
        "led_by_us",
        "economies",
        "Economies whose largest use is of US origin.",
        "June and December",
        _EXACT,
    ),
    Entry(
        "led_by_cn",
        "economies",
        "Economies whose largest use is of Chinese origin.",
        "June and December",
        _EXACT,
    ),
)

#: Channel series reduced per economy and for the world (`WLD`), in the order of the accumulator.
CONSUMER_CHAT: tuple[Entry, ...] = (
    Entry(
        "ai_user_share",
        "fraction",
        "Consumers using AI as the channel would count them.",
        "month; quantiles of economies at quarter ends",
        _FRACTION,
    ),
    Entry(
        "cn_service_share",
        "fraction",
        "Chinese services among consumers' use.",
        "month; quantiles of economies at quarter ends",
        _FRACTION,
    ),
    Entry(
        "deepseek_share",
        "fraction",
        "DeepSeek among consumers' use.",
        "month; quantiles of economies at quarter ends",
        _FRACTION,
    ),
)

#: A driver's indicator named `channel.variable` lands in channels.parquet under WLD.
CHANNELS = (
    "consumer_chat",
    "web_visits",
    "aggregator",
    "developers",
    "weights_downloads",
    "enterprise",
)


def as_markdown() -> str:
    """The code list as one Markdown table."""
    lines = ["| name | unit | definition | stored | quantiles |", "|---|---|---|---|---|"]
    entries = (*VARIABLES, *INDICATORS, *METRICS, *CONSUMER_CHAT, *CHANNEL_SERIES)
    lines += ["| " + " | ".join(entry) + " |" for entry in entries]
    return "\n".join(lines) + "\n"
