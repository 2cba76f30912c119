"""What the world's instruments would have seen: web visits, aggregator, developers, downloads.

Each channel counts part of the use that the model simulates, in its own unit and with its own
blind spots (`CHANNEL_SERIES` says which); none of them is "the" adoption. Consumer chat, which is
known economy by economy, is reduced in `sim.record.economies`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.equations import observe
from sim.lanes.jit import borrowing, inner
from sim.lanes.packs import WIDTH, aligned, load, store, widened
from sim.model.state import Supply
from sim.record.series_list import CHANNEL_SERIES, SEGMENT_OF, TOKEN_SERIES
from sim.record.users import add_users
from sim.scenario.resolved import Resolved
from sim.scenario.schema import Offering
from sim.world.axes import CN, US
from sim.world.build import World
from sim.world.parameters import OfferingParams, Params

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Audiences: whose use an instrument looks at. Rows of `Instruments.people`.
VISITORS, DEVELOPERS, LISTED, FIRMS, BUILDERS, DOWNLOADERS = 0, 1, 2, 3, 4, 5
#: Which audience a channel needs; without its segment the channel is absent.
AUDIENCE = {
    "web_visits": VISITORS,
    "aggregator": LISTED,
    "developers": DEVELOPERS,
    "weights_downloads": DOWNLOADERS,
    "enterprise": FIRMS,
}
#: Places in `CHANNEL_SERIES`.
_NAMES = tuple(entry.name for entry in CHANNEL_SERIES)
_TOKENS = len(TOKEN_SERIES) + 1
_VISITS, _FIRMS = _NAMES.index("web_visits.cn_share"), _NAMES.index("enterprise.open_share")
_AGGREGATOR = _NAMES.index(f"aggregator.{TOKEN_SERIES[0]}")
_DEVELOPERS = _NAMES.index(f"developers.{TOKEN_SERIES[0]}")
_DOWNLOADS = _NAMES.index("weights_downloads.cn_share")


class Instruments(NamedTuple):
    """Who and what each instrument sees. A audiences, C economies, O offerings."""

    people: Floats  # [A, C] persons of 15 to 64 in sight
    by_token: Floats  # [A] 1 where an audience counts by the tokens it uses, not by its people
    segment: Ints  # [A] segment row, -1 where the scenario has no such segment
    apps: Floats  # [O] Chinese vendors' services
    listed: Floats  # [O] of one bloc's models: on an aggregator where sold by the token
    listed_open: Floats  # [O] the same, models with open weights
    weights: Floats  # [O] open weights
    all: Floats  # [O] ones
    cn: Floats  # [O] part of Chinese origin
    us: Floats  # [O]
    price_track: Ints  # [O]
    rows: Ints  # [names] place of each series of this scenario in `CHANNEL_SERIES`


class Readings(NamedTuple):
    """What instruments see beside their audiences, as the runs of a pack have it."""

    api: Floats  # [price track, W] USD per million tokens
    buzz: Floats  # [bloc, W] attention
    api_weight: Floats  # [O, W]
    selection: Floats  # [W] odds that users of open models are on an aggregator
    visits: Floats  # [W] visits per user of a Chinese service
    curiosity: Floats  # [W] visits by the curious


def channel_names(resolved: Resolved) -> tuple[str, ...]:
    """`channel.variable` of every world series that this scenario's segments allow."""
    return tuple(
        entry.name
        for entry in CHANNEL_SERIES
        if SEGMENT_OF[AUDIENCE[entry.name.split(".")[0]]] in resolved.segments
    )


def make_instruments(world: World) -> Instruments:
    """Instruments of a world. An aggregator lists offerings of one bloc."""
    resolved, home = world.resolved, world.economies.home[:, CN] > 0
    offerings, segments = list(resolved.offerings.values()), list(resolved.segments)
    people = world.economies.people
    abroad = np.where(home, 0.0, people)
    on_list = np.where(home, people * world.fixed.observe_aggregator_china, people)
    on_hub = np.where(home, people * world.fixed.observe_downloads_china, people)
    origin = np.array([[o.from_bloc(b) for b in ("us", "cn", "other")] for o in offerings])
    weights = np.array([float(o.access == "weights") for o in offerings])
    by_token = np.array(resolved.across("offerings", "api_weight")) > 0.0
    listed = np.array([_is_listed(o) for o in offerings]) * by_token
    open_track = np.array([float(o.track.endswith("_open")) for o in offerings])
    return Instruments(
        people=np.stack([abroad, people, on_list, abroad, people, on_hub]),
        by_token=np.array([0.0, 0.0, 1.0, 0.0, 1.0, 0.0]),
        segment=np.array([segments.index(s) if s in segments else -1 for s in SEGMENT_OF]),
        apps=(origin[:, CN] == 1.0) * np.array([float(o.access == "service") for o in offerings]),
        listed=listed,
        listed_open=listed * open_track,
        weights=weights,
        all=np.ones(len(offerings)),
        cn=origin[:, CN].copy(),
        us=origin[:, US].copy(),
        price_track=world.offerings.price_track,
        rows=np.array([_NAMES.index(name) for name in channel_names(resolved)], dtype=np.int64),
    )


def _is_listed(offering: Offering) -> float:
    of_one_bloc = max(offering.origin.values(), default=0.0) == 1.0
    return float(of_one_bloc and offering.access != "partnership")


def channel_series(
    seen: Instruments,
    share: Floats,
    adoption: Floats,
    tokens: Floats,
    supply: Supply,
    p: Params,
    o: OfferingParams,
) -> Floats:
    """World series [name, L] of one month, in the order of `channel_names`; NaN where undefined.

    share: [C, S, O, L]; adoption: [C, S, L]; tokens: [C, S, O, L] per user-month; L <= 16. Of the
    parameters only those of instruments are read, of offerings whether they are sold by the token.
    """
    found, use = aligned(len(seen.rows), WIDTH), aligned(len(SEGMENT_OF), share.shape[2], WIDTH)
    sum_use(seen, widened(share), widened(adoption), widened(tokens), use)
    see_channels(
        seen,
        use,
        Readings(
            api=widened(supply.api),
            buzz=widened(supply.bloc.buzz),
            api_weight=widened(o.api_weight),
            selection=widened(p.observe_aggregator_selection),
            visits=widened(p.observe_visits_per_user),
            curiosity=widened(p.observe_curiosity),
        ),
        aligned(len(CHANNEL_SERIES), WIDTH),
        found,
    )
    return found[:, : adoption.shape[-1]]


@borrowing
def see_channels(
    seen: Instruments,
    use: Floats,
    beside: Readings,
    every: Floats,
    found: Floats,
) -> None:
    """`channel_series` from users of each audience, use [A, O, W], into found [name, W]; every [all
    names, W] is work space.
    What a run does not sell by the token is taken out of the use of `LISTED`.
    """
    for j in range(found.shape[1]):
        for k in range(use.shape[1]):
            if beside.api_weight[k, j] <= 0.0:
                use[LISTED, k, j] = 0.0
        firms = use[FIRMS]
        every[_VISITS, j] = _visits(
            j, seen, use[VISITORS], beside.visits[j], beside.curiosity[j], beside.buzz
        )
        api, odds = beside.api, beside.selection[j]
        _tokens(j, seen, use[LISTED], seen.listed, seen.listed_open, odds, api,
                every[_AGGREGATOR : _AGGREGATOR + _TOKENS])  # fmt: skip
        _tokens(j, seen, use[BUILDERS], seen.all, seen.weights, 1.0, api,
                every[_DEVELOPERS : _DEVELOPERS + _TOKENS])  # fmt: skip
        every[_DOWNLOADS, j] = _of_weights(j, seen.cn, seen.weights, use[DOWNLOADERS])
        every[_DOWNLOADS + 1, j] = _of_weights(j, seen.us, seen.weights, use[DOWNLOADERS])
        both = every[_DOWNLOADS, j] + every[_DOWNLOADS + 1, j]
        every[_DOWNLOADS + 2, j] = observe.part(every[_DOWNLOADS, j], both)
        every[_FIRMS, j] = _of_weights(j, seen.weights, seen.all, firms)
        for row in range(found.shape[0]):
            found[row, j] = every[seen.rows[row], j]


@borrowing
def sum_use(
    seen: Instruments, share: Floats, adoption: Floats, tokens: Floats, use: Floats
) -> None:
    """Users of each audience by offering, or their tokens, into use [A, O, W]."""
    use[:] = 0.0
    for c in range(share.shape[0]):
        add_audiences(c, seen, share, adoption, tokens[c], use)


@inner
def add_audiences(
    c: int, seen: Instruments, share: Floats, adoption: Floats, tokens: Floats, use: Floats
) -> None:
    """Add the users of economy ``c``, or their tokens, to those of each audience; tokens [S, O, W]
    per user-month.
    """
    for a in range(use.shape[0]):
        s, people = seen.segment[a], seen.people[a, c]
        if s < 0 or people == 0.0:
            continue
        if seen.by_token[a] == 0.0:
            add_users(c, s, people, share, adoption, use[a], False)
            continue
        users = load(adoption, (c, s)) * people
        for o in range(use.shape[1]):
            asked = users * load(share, (c, s, o)) * load(tokens, (s, o))
            store(use, (a, o), load(use, (a, o)) + asked)


@inner
def _visits(
    j: int, seen: Instruments, use: Floats, ratio: float, curiosity: float, buzz: Floats
) -> float:
    """Chinese services among visits of run ``j``."""
    cn = everything = 0.0
    for k in range(use.shape[0]):
        talk = seen.us[k] * buzz[US, j] + seen.cn[k] * buzz[CN, j]
        visits = use[k, j] * observe.visited(seen.apps[k], ratio, curiosity, talk)
        cn += seen.apps[k] * visits
        everything += visits
    return observe.part(cn, everything)


@inner
def _of_weights(j: int, wanted: Floats, among: Floats, use: Floats) -> float:
    """Part of the offerings `wanted` in the use of those of `among`, in run ``j``."""
    part = everything = 0.0
    for k in range(use.shape[0]):
        part += wanted[k] * (use[k, j] * among[k])
        everything += use[k, j] * among[k]
    return observe.part(part, everything)


@inner
def _tokens(
    j: int,
    seen: Instruments,
    use: Floats,
    listed: Floats,
    is_open: Floats,
    selection: float,
    api: Floats,
    every: Floats,
) -> None:
    """Shares of tokens by origin and openness, and of spend, of one audience's tokens in run ``j``:
    the five series of `TOKEN_SERIES` and closed spend, into every [5, W].
    """
    cn_open = cn = opened = closed = everything = paid = closed_paid = 0.0
    for k in range(use.shape[0]):
        tokens = use[k, j] * observe.selected(listed[k], is_open[k], selection)
        spend = tokens * api[seen.price_track[k], j]
        everything += tokens
        paid += spend
        cn_open += seen.cn[k] * is_open[k] * tokens
        cn += seen.cn[k] * tokens
        opened += is_open[k] * tokens
        closed += (1.0 - is_open[k]) * tokens
        closed_paid += (1.0 - is_open[k]) * spend
    every[0, j] = observe.part(cn_open, everything)
    every[1, j] = observe.part(cn, everything)
    every[2, j] = observe.part(opened, everything)
    every[3, j] = observe.part(closed, everything)
    every[4, j] = observe.part(closed_paid, paid)
