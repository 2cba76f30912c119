"""The code list: every variable, indicator and channel series a run folder can hold.

One row says what a name means, its unit, how often it is stored and how fine its quantiles are;
`quarter ends` are March, June, September, December, and the first and last month of a run.
`as_markdown()` generates the table of the documentation, so text and tables cannot part.
"""

from __future__ import annotations

from sim.record.outcomes import OUTCOMES
from sim.record.series_list import CHANNEL_SERIES, INDICATORS, Entry

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

#: Named outcomes that are no variable or indicator of their own.
METRICS: tuple[Entry, ...] = tuple(
    Entry(one.name, one.unit, one.definition, "June and December", "exact, from every replicate")
    for one in OUTCOMES
    if one.definition
)

#: Channel series reduced per economy and for the world (`WLD`), in the order of the accumulator.
CONSUMER_CHAT: tuple[Entry, ...] = tuple(
    Entry(name, "fraction", definition, "month; quantiles of economies at quarter ends", _FRACTION)
    for name, definition in (
        ("ai_user_share", "Consumers using AI as the channel would count them."),
        ("cn_service_share", "Chinese services among consumers' use."),
        ("deepseek_share", "DeepSeek among consumers' use."),
    )
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


#: Name -> unit of everything that a table of the world holds.
UNITS = {entry.name: entry.unit for entry in (*VARIABLES, *INDICATORS, *METRICS)}


def as_markdown() -> str:
    """The code list as one Markdown table."""
    lines = ["| name | unit | definition | stored | quantiles |", "|---|---|---|---|---|"]
    entries = (*VARIABLES, *INDICATORS, *METRICS, *CONSUMER_CHAT, *CHANNEL_SERIES)
    lines += ["| " + " | ".join(entry) + " |" for entry in entries]
    return "\n".join(lines) + "\n"
